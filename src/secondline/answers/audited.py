"""An audited text, in the shape that every surface shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from secondline.domain.evidence import Verdict
from secondline.domain.references import Reference


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
