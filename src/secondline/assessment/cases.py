"""Invented patients with the results that the rules must give."""

from collections.abc import Iterator

from secondline.assessment.patient import PatientError, read_record
from secondline.criteria.explain import explain
from secondline.library.documents import Problem
from secondline.library.library import Library


def failing_cases(library: Library) -> Iterator[Problem]:
    """Run every case and yield what comes out otherwise than expected."""
    for case in library.cases.values():
        file = f"knowledge/{library.files[case.id]}"
        try:
            patient = read_record(case.facts, library).patient
        except PatientError as error:
            for message in error.problems:
                yield Problem(file, case.id, message)
            continue
        missing: set[str] = set()
        for truth, rules in case.expect.items():
            for id_ in rules:
                explanation = explain(library.decisions[id_], patient)
                missing.update(explanation.missing)
                if explanation.truth.value != truth:
                    found = explanation.truth.value
                    yield Problem(file, case.id, f"{id_} is {found}; the case expects {truth}")
        for fact in case.missing:
            if fact not in missing:
                yield Problem(file, case.id, f"{fact} is not reported missing by the rules named")
