"""A patient as given: facts checked against the vocabulary, derived facts, contradictions."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secondline.assessment.dates import date_range, months_between
from secondline.assessment.values import value_of
from secondline.criteria.evaluate import evaluate
from secondline.criteria.tree import facts_in
from secondline.criteria.vocabulary import suggestion
from secondline.criteria.words import recorded
from secondline.domain.facts import (
    CodeSet,
    FactDefinition,
    Interval,
    Patient,
    Reason,
    Unknown,
    Value,
)
from secondline.domain.truth import MET
from secondline.library.documents import KnowledgeError, read_text, read_yaml
from secondline.library.library import Library

DURATIONS: Mapping[str, tuple[str, str]] = {
    "diagnosis_to_relapse_months": ("date_of_diagnosis", "date_of_relapse"),
    "end_of_therapy_to_relapse_months": ("date_of_end_of_therapy", "date_of_relapse"),
    "first_remission_months": ("date_of_first_remission", "date_of_relapse"),
}


class PatientError(ValueError):
    """Facts that cannot be read; `problems` holds one line for each, without its value's owner."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts given that cannot stand together. They are treated as unknown."""

    id: str
    facts: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Record:
    """A patient ready to be assessed, and what was found on the way.

    Attributes:
        conflicts: contradictions; the facts they name are unknown now.
        unheard: treatments the vocabulary does not know; the list of treatments counts as open,
            since it cannot be said what they contain.
    """

    patient: Patient
    conflicts: tuple[Conflict, ...]
    unheard: tuple[str, ...] = ()


def read_patient_file(path: Path | str) -> Mapping[str, Any]:
    """Read `{"facts": {name: value}}` from a JSON or YAML file; "-" is not read here.

    Raises:
        PatientError: the file is missing, too large, binary, or not of that shape.
    """
    path = Path(path)
    try:
        return patient_facts(read_text(path), yaml=path.suffix in {".yaml", ".yml"})
    except KnowledgeError as error:
        line = f", line {error.line}" if error.line else ""
        raise PatientError([f"{path}{line}: {error}"]) from None


def patient_facts(text: str, *, yaml: bool = False) -> Mapping[str, Any]:
    """Read the facts from JSON text, or from YAML in which every scalar is a string.

    Raises:
        PatientError: the text is not JSON, or has no "facts".
        KnowledgeError: the text is not YAML as knowledge files are written.
    """
    try:
        data = read_yaml(text) if yaml else json.loads(text, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, RecursionError) as error:
        raise PatientError([f"the patient is not JSON: {error}"]) from None
    if not isinstance(data, dict) or not isinstance(data.get("facts"), dict):
        raise PatientError(['expected {"facts": {name: value, ...}}; see secondline facts'])
    if extra := sorted(set(data) - {"facts"}):
        raise PatientError([f'"{extra[0]}" stands beside "facts"; put every fact inside "facts"'])
    facts: dict[str, Any] = data["facts"]
    return facts


def _refuse_constant(name: str) -> float:
    raise PatientError([f"{name} is not a number that can be compared"])


def as_given(facts: Mapping[str, Any], library: Library) -> tuple[tuple[str, str], ...]:
    """Return facts as given, in the order of the vocabulary: each label and what is recorded.

    Nothing is derived and nothing is masked: this is the record that an assessment starts from.

    Raises:
        PatientError: with every unknown fact, wrong type, unit or code, each with its repair.
    """
    values = _read_values(facts, library)
    return tuple(
        (fact.label, recorded(values[name], fact))
        for name, fact in library.facts.items()
        if name in values
    )


def read_record(facts: Mapping[str, Any], library: Library) -> Record:
    """Check given facts, add what follows from them, and mask what contradicts itself.

    Raises:
        PatientError: with every unknown fact, wrong type, unit or code, each with its repair.
    """
    values = _read_values(facts, library)
    unheard = _name_therapies(values, library)
    conflicts = [*_derive(values, library.facts), *_dates(values, library.facts)]
    conflicts += _contradictions(Patient(values), library)
    for conflict in conflicts:
        values.update(dict.fromkeys(conflict.facts, Unknown(Reason.CONFLICTING)))
    return Record(Patient(values), tuple(conflicts), unheard)


def _read_values(facts: Mapping[str, Any], library: Library) -> dict[str, Value]:
    values: dict[str, Value] = {}
    problems: list[str] = []
    for name, raw in facts.items():
        if (fact := library.facts.get(name)) is None:
            problems.append(f"{name} is not a fact{suggestion(name, library.facts)}")
            continue
        try:
            values[name] = value_of(fact, raw)
        except ValueError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise PatientError(problems)
    return values


def _name_therapies(values: dict[str, Value], library: Library) -> tuple[str, ...]:
    """Give the treatments received their codes: "adriamycin" is doxorubicin, a regimen its drugs.

    Returns the names that the vocabulary does not know. They leave the list open: a misspelled
    drug must not read as "not given".
    """
    given = values.get("prior_therapies")
    if not isinstance(given, CodeSet):
        return ()
    names = names_of_treatments(library)
    keys = {code: treatment_key(code) for code in given.codes}
    unheard = tuple(sorted(code for code, key in keys.items() if key not in names))
    codes = frozenset(c for code, key in keys.items() for c in names.get(key, (code,)))
    values["prior_therapies"] = CodeSet(codes, given.complete and not unheard)
    return unheard


def names_of_treatments(library: Library) -> Mapping[str, tuple[str, ...]]:
    """Return every name by which a treatment may be recorded, as a key, with the codes it means."""
    names: dict[str, tuple[str, ...]] = {
        treatment_key(name): (drug.id,)
        for drug in library.drugs.values()
        for name in (drug.id, *drug.names)
    }
    for regimen in library.regimens.values():
        for name in (regimen.id, regimen.abbreviation):
            if name and regimen.drugs:
                names.setdefault(treatment_key(name), regimen.drugs)
    for fact in library.facts.values():
        if fact.derived_from:
            names.update({code: (code,) for code in fact.derived_from[1]})
    return names


def treatment_key(name: str) -> str:
    """Spell the name of a treatment as its codes are: "Nitrogen mustard" is nitrogen-mustard."""
    return name.casefold().replace(" ", "-")


def _derive(values: dict[str, Value], facts: Mapping[str, FactDefinition]) -> list[Conflict]:
    """Add bool facts that follow from sets and from each other; return what disagrees."""
    conflicts = []
    for fact in facts.values():
        if fact.derived_from and (given := values.get(fact.derived_from[0])) is not None:
            derived = _derived(given, fact.derived_from[1])
            stated = values.get(fact.name)
            if derived is not None and isinstance(stated, bool) and stated != derived:
                conflicts.append(
                    Conflict(
                        f"{fact.name}-differs",
                        (fact.name,),
                        f"{fact.label} is given as {'yes' if stated else 'no'}, but the list of"
                        f" {facts[fact.derived_from[0]].label} says {'yes' if derived else 'no'}",
                    )
                )
            elif derived is not None:
                values[fact.name] = derived
    for fact in facts.values():
        for implied in fact.implies:
            if values.get(fact.name) is True and not isinstance(values.get(implied), bool):
                values[implied] = True
            if values.get(implied) is False and not isinstance(values.get(fact.name), bool):
                values[fact.name] = False
    return conflicts


def _derived(given: Value, codes: tuple[str, ...]) -> bool | None:
    if not isinstance(given, CodeSet):
        return None
    if given.codes & set(codes):
        return True
    return False if given.complete else None


def _dates(values: dict[str, Value], facts: Mapping[str, FactDefinition]) -> list[Conflict]:
    """Compute durations from dates where they are not given; return where both disagree."""
    conflicts = []
    for name, (start, end) in DURATIONS.items():
        first, last = values.get(start), values.get(end)
        if not isinstance(first, str) or not isinstance(last, str):
            continue
        computed = months_between(date_range(first), date_range(last))
        given = values.get(name)
        if given is None or isinstance(given, Unknown):
            low, high = computed
            values[name] = low if low == high else Interval(low, high)
        elif not _overlap(given, computed):
            conflicts.append(
                Conflict(
                    f"{name}-differs",
                    (name,),
                    f"{facts[name].label} as given disagrees with the dates given",
                )
            )
    return conflicts


def _overlap(given: Value, computed: tuple[float, float]) -> bool:
    low, high = (given.low, given.high) if isinstance(given, Interval) else (given, given)
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return True
    return low < computed[1] + 1 and high > computed[0] - 1


def _contradictions(patient: Patient, library: Library) -> list[Conflict]:
    conflicts = []
    for rule in library.contradictions.values():
        if rule.order:
            if _out_of_order(patient[rule.order[0]], patient[rule.order[1]]):
                conflicts.append(Conflict(rule.id, rule.order, rule.because))
        elif evaluate(criterion := library.criteria[rule.id], patient) is MET:
            named = rule.masks or tuple(fact for fact in facts_in(criterion) if fact != "disease")
            facts = tuple(fact for fact in named if fact in patient.facts)
            conflicts.append(Conflict(rule.id, facts, rule.because))
    return conflicts


def _out_of_order(shorter: Value, longer: Value) -> bool:
    low = shorter.low if isinstance(shorter, Interval) else shorter
    high = longer.high if isinstance(longer, Interval) else longer
    return isinstance(low, float) and isinstance(high, float) and low > high
