"""Search for a patient who meets a criterion: unreachable and contradictory rules are found so."""

from collections.abc import Mapping

from secondline.criteria.cells import cells
from secondline.criteria.evaluate import evaluate
from secondline.criteria.explain import is_open
from secondline.criteria.tree import (
    Criterion,
    Known,
    Negated,
    asks_each_fact_once,
    children_of,
    facts_in,
)
from secondline.domain.facts import FactDefinition, Patient
from secondline.domain.truth import MET, NOT_MET, UNKNOWN, Truth

NOBODY = Patient({})


def satisfying_patient(
    node: Criterion, vocabulary: Mapping[str, FactDefinition], start: Patient = NOBODY
) -> Patient | None:
    """Find a patient for whom the criterion is met, or None when there can be none.

    Facts are given values one after another; a branch is left as soon as it is decided.
    `known` is tried with the fact absent as well.

    Args:
        node: the criterion, references resolved.
        vocabulary: the definitions of its facts.
        start: what is recorded already; only facts that are open are given values.
    """
    names = [name for name in facts_in(node) if is_open(start[name])]
    return _satisfied(node, start, names, vocabulary)


def settled_anyway(
    node: Criterion, patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> Truth:
    """Return the answer that holds however the gaps turn out, or unknown when it depends.

    Kleene logic leaves `x or not x` open; a search for a patient on either side does not. Where
    no fact is asked twice there is nothing to find, and the evaluated answer stands.
    """
    if asks_each_fact_once(node):
        return evaluate(node, patient)
    if satisfying_patient(node, vocabulary, patient) is None:
        return NOT_MET
    if satisfying_patient(Negated(node), vocabulary, patient) is None:
        return MET
    return UNKNOWN


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
    for value in cells(vocabulary[name], [node], patient[name]):
        if found := _satisfied(node, patient.having(**{name: value}), rest, vocabulary):
            return found
    return _satisfied(node, patient, rest, vocabulary) if _asks_known(node) else None


def _asks_known(node: Criterion) -> bool:
    return isinstance(node, Known) or any(map(_asks_known, children_of(node)))
