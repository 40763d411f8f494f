"""A sentence is shown only when every figure in it belongs to a finding of a cited statement.

That a number occurs somewhere in the source says little: wrong sentences are mostly made of right
numbers. So a number is bound here to the endpoint and time at the head of its sentence and to the
group before it.
"""

from collections.abc import Collection, Iterable, Mapping

from secondline.answers.wording import (
    AFTER_HEAD,
    BETWEEN_FINDINGS,
    OTHERWISE,
    figures,
    head,
    named_head,
    natural_frequency,
    shares_head,
    studied,
)
from secondline.domain.evidence import Endpoint, Finding, Statement


def supported(
    text: str,
    statements: Iterable[Statement],
    endpoints: Mapping[str, Endpoint],
    passages: Collection[str] = (),
) -> bool:
    """Say whether the cited statements support a sentence.

    Supported are the exact words of a statement or of a pathway passage, and sentences in which
    every clause states one finding: its group, endpoint, timepoint, clock and each of its figures,
    and no other figure.

    Args:
        text: the sentence as shown.
        statements: the statements it cites.
        endpoints: the endpoint vocabulary, for the plain wording.
        passages: reviewed texts of the rules that the sentence cites.
    """
    statements = tuple(statements)
    written = {s.says for s in statements} | {s.plain for s in statements}
    written |= {s.caution for s in statements} | {studied(s) for s in statements} | set(passages)
    if text in written:
        return True
    for statement in statements:
        findings = statement.findings
        if any(text == natural_frequency(f, endpoints[f.endpoint]) for f in findings):
            return True
        for first in findings:
            names = (head(first), named_head(first, statement.study))
            beginnings = (*names, *(OTHERWISE + name for name in names))
            if any(_is_told(text, beginning, first, findings) for beginning in beginnings):
                return True
    return False


def _is_told(text: str, beginning: str, first: Finding, findings: Iterable[Finding]) -> bool:
    """Say whether a sentence has this head, then states findings that stand under it, each once."""
    if not text.startswith(beginning + AFTER_HEAD) or not text.endswith("."):
        return False
    rest = text.removeprefix(beginning + AFTER_HEAD).removesuffix(".")
    pending = [finding for finding in findings if shares_head(finding, first)]
    while rest:
        match = next((finding for finding in pending if states(rest, finding)), None)
        if match is None:
            return False
        pending.remove(match)
        rest = rest.removeprefix(figures(match)).removeprefix(BETWEEN_FINDINGS)
    return True


def states(clause: str, finding: Finding) -> bool:
    """Say whether a text begins with this finding: group, estimate, counts, interval, P."""
    worded = figures(finding)
    return clause == worded or clause.startswith(worded + BETWEEN_FINDINGS)
