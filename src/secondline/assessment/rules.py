"""A rule of a pathway for one patient: its criterion, and the gaps that its sources leave."""

from secondline.criteria.explain import Explanation, explain
from secondline.domain.facts import Patient
from secondline.domain.pathways import AnyRule
from secondline.domain.truth import MET, NOT_MET, UNKNOWN
from secondline.library.library import Library


def explain_rule(rule: AnyRule, patient: Patient, library: Library) -> Explanation:
    """Explain a rule; where its sources give no answer for such a patient, it is unknown.

    An unknown that no missing fact would decide has no `missing`: the gap is in the evidence.
    """
    explanation = explain(library.criteria[rule.id], patient)
    gap = library.criteria.get(f"{rule.id}?")
    if gap is None or explanation.truth is MET:
        return explanation
    undecided = explain(gap, patient)
    if undecided.truth is NOT_MET:
        return explanation
    open_criterion = explanation.truth is UNKNOWN
    because = explanation.because if open_criterion else undecided.because
    missing = explanation.missing if open_criterion else ()
    if undecided.truth is UNKNOWN:
        missing = tuple(dict.fromkeys(missing + undecided.missing))
    return Explanation(UNKNOWN, because, missing)
