"""Other readings of a sentence: a figure may count what the sentence names in another place.

Which of the endpoints and times of a long sentence a figure belongs to is read from the words
beside it, and such a reading can be wrong. A figure that a statement holds for an endpoint that is
named elsewhere in the sentence is not called wrong for that, unless the sentence gives this
endpoint to another figure, which the statement does not hold: then the two are exchanged.
"""

from collections.abc import Iterable

from secondline.answers.alignment import SAME_MONTHS, Evidence
from secondline.answers.matches import Entry, Match
from secondline.answers.sentences import SHARES, Figure, Sentence


def may_be_meant(
    sentence: Sentence, figure: Figure, match: Match, figures: Iterable[Figure], evidence: Evidence
) -> bool:
    """Say whether a figure may be that of a finding for another endpoint or time.

    Args:
        sentence: of the claim.
        figure: of this sentence.
        match: a finding with its value, which differs by its endpoint, its time, or both.
        figures: all figures of the sentence.
        evidence: the findings.
    """
    entry = match.entry
    if "endpoint" in match.differs:
        if figure.beside:
            return False
        named = sentence.ids("endpoint")
        if not any(evidence.same_endpoint(frozenset({each}), entry) for each in named):
            return False
    if "time" in match.differs and not _names_time(sentence, entry):
        return False
    return not any(
        evidence.same_endpoint(other.endpoints, entry) and not _is_held(other, entry, evidence)
        for other in figures
        if other is not figure and _is_of_one_sort(other, figure)
    )


def _names_time(sentence: Sentence, entry: Entry) -> bool:
    spans = (q for q in sentence.quantities if q.kind == "span" and q.low == q.high)
    return entry.months is None or any(abs(q.low - entry.months) <= SAME_MONTHS for q in spans)


def _is_held(figure: Figure, entry: Entry, evidence: Evidence) -> bool:
    """Say whether the statement of a finding holds a figure for the same endpoint."""
    return any(
        each.finding.endpoint == entry.finding.endpoint
        and evidence.has_value(figure.quantity, each)
        for each in evidence.entries[entry.statement.id]
    )


def _is_of_one_sort(one: Figure, other: Figure) -> bool:
    kinds = {one.quantity.kind, other.quantity.kind}
    return len(kinds) == 1 or kinds <= SHARES
