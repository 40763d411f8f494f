"""A rule of a pathway for one patient: its criterion, and the gaps that its sources leave."""

from collections.abc import Callable

from secondline.criteria.explain import Explanation
from secondline.criteria.tree import Criterion
from secondline.domain.pathways import AnyRule
from secondline.domain.truth import MET, NOT_MET, UNKNOWN
from secondline.library.library import Library


def explain_rule(
    rule: AnyRule, library: Library, explained: Callable[[Criterion], Explanation]
) -> Explanation:
    """Explain a rule; where its sources give no answer for such a patient, it is unknown.

    An unknown that no missing fact would decide has no `missing`: the gap is in the evidence.

    Args:
        rule: the rule.
        library: where its criteria are.
        explained: explains a criterion for the patient.
    """
    explanation = explained(library.criteria[rule.id])
    gap = library.criteria.get(f"{rule.id}?")
    if gap is None or explanation.truth is MET:
        return explanation
    undecided = explained(gap)
    if undecided.truth is NOT_MET:
        return explanation
    open_criterion = explanation.truth is UNKNOWN
    because = explanation.because if open_criterion else undecided.because
    missing = explanation.missing if open_criterion else ()
    if undecided.truth is UNKNOWN:
        missing = tuple(dict.fromkeys(missing + undecided.missing))
    return Explanation(UNKNOWN, because, missing)
