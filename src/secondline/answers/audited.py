"""What an audit comes to: of one part of a claim, of a claim, of a text."""

from collections.abc import Mapping
from dataclasses import dataclass

from secondline.domain.evidence import Statement, Verdict
from secondline.domain.references import Reference


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
class Audit:
    """An audited text.

    Attributes:
        edition: the hash of the knowledge it was held against.
        review: how many of the statements used have which editorial standing.
    """

    edition: str
    claims: tuple[AuditedClaim, ...]
    references: tuple[Reference, ...]
    review: Mapping[str, int]
    disclaimer: str
