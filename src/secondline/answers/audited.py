"""What an audit comes to: of one part of a claim, of a claim, of a text."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from secondline.domain.evidence import Statement, Verdict
from secondline.domain.references import Reference

Why = Literal["no claim", "reference", "too long"]
UNJUDGED: Mapping[Why, tuple[str, str]] = {
    "no claim": (
        "sentence or heading without a claim that evidence could bear out",
        "sentences and headings without a claim that evidence could bear out",
    ),
    "reference": ("entry of a list of references", "entries of a list of references"),
    "too long": ("run of words too long for a sentence", "runs of words too long for a sentence"),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one part of a claim came to.

    Attributes:
        near: how much of what the claim names the evidence has, 0 to 1.
        exact: a figure is held as it stands, not only within a bound.
    """

    verdict: Verdict
    note: str
    statements: tuple[Statement, ...] = ()
    near: float = 0.0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class AuditedClaim:
    """A claim with its verdict, the reason, and the evidence it rests on."""

    text: str
    verdict: Verdict
    note: str
    statements: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A sentence that was read and is not judged.

    Attributes:
        why: it says nothing that evidence could bear out, is an entry of a list of references, or
            runs on too long to be a sentence.
        after: how many claims stand before it.
    """

    text: str
    why: Why
    after: int


@dataclass(frozen=True, slots=True)
class Audit:
    """An audited text.

    Attributes:
        edition: the hash of the knowledge it was held against.
        passed_over: what else the text says, in its order.
        read_whole: False where the text has more claims or sentences than are read.
        review: how many of the statements used have which editorial standing.
    """

    edition: str
    claims: tuple[AuditedClaim, ...]
    passed_over: tuple[PassedOver, ...]
    read_whole: bool
    references: tuple[Reference, ...]
    review: Mapping[str, int]
    disclaimer: str

    def in_order(self) -> Iterator[AuditedClaim | tuple[PassedOver, ...]]:
        """Yield the whole text as it was read: claims, and between them what is none."""
        others = {at: tuple(those) for at, those in groupby(self.passed_over, lambda x: x.after)}
        for number, claim in enumerate(self.claims):
            if number in others:
                yield others[number]
            yield claim
        if len(self.claims) in others:
            yield others[len(self.claims)]

    def left_unjudged(self) -> str:
        """Say how much of the text is not judged, and why; "" where all of it is."""
        counts = Counter(each.why for each in self.passed_over)
        told = [
            f"{count} {one if count == 1 else several}"
            for why, (one, several) in UNJUDGED.items()
            if (count := counts[why])
        ]
        if not self.read_whole:
            told.append("reading ended before the end of the text, which is too long")
        return f"Not judged: {'; '.join(told)}." if told else ""
