"""Search for a patient who meets a criterion: unreachable and contradictory rules are found so."""

from collections.abc import Mapping

from secondline.criteria.cells import cells
from secondline.criteria.evaluate import evaluate
from secondline.criteria.tree import Criterion, Known, children_of, facts_in
from secondline.domain.facts import FactDefinition, Patient
from secondline.domain.truth import MET, NOT_MET


def satisfying_patient(node: Criterion, vocabulary: Mapping[str, FactDefinition]) -> Patient | None:
    """Find a patient for whom the criterion is met, or None when there can be none.

    Facts are given values one after another; a branch is left as soon as it is decided.
    `known` is tried with the fact absent as well.
    """
    return _satisfied(node, Patient({}), list(facts_in(node)), vocabulary)


def _satisfied(
    node: Criterion,
    patient: Patient,
    names: list[str],
    vocabulary: Mapping[str, FactDefinition],
) -> Patient | None:
    truth = evaluate(node, patient)
    if truth is MET:
        return patient
    if not names or (truth is NOT_MET and not _asks_known(node)):
        return None
    name, rest = names[0], names[1:]
    for value in cells(vocabulary[name], [node]):
        if found := _satisfied(node, patient.having(**{name: value}), rest, vocabulary):
            return found
    return _satisfied(node, patient, rest, vocabulary) if _asks_known(node) else None


def _asks_known(node: Criterion) -> bool:
    return isinstance(node, Known) or any(map(_asks_known, children_of(node)))
