"""The result of assessing one patient, in the shape that every surface shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from secondline.domain.references import Reference


@dataclass(frozen=True, slots=True)
class Turn:
    """A value of one missing fact that would decide an open result, and how."""

    fact: str
    value: str
    gives: str


@dataclass(frozen=True, slots=True)
class StratumResult:
    """One class of a scheme for this patient.

    Attributes:
        settled: how an unknown turns out whatever is missing; None where it depends, or is a gap
            of the sources.
        would_change: the values of single facts that decide an unknown.
    """

    id: str
    scheme: str
    label: str
    truth: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    statements: tuple[str, ...]
    settled: str | None
    would_change: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class OptionResult:
    """One option for this patient: eligible, not-eligible or unknown, and why.

    Attributes:
        settled, would_change: as of a stratum.
    """

    id: str
    label: str
    role: str
    verdict: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    statements: tuple[str, ...]
    citations: tuple[int, ...]
    caution: str | None
    settled: str | None
    would_change: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class OutlookResult:
    """One published result that describes such patients; its figure is withheld while unknown."""

    id: str
    endpoint: str
    population: str
    estimate: str | None
    interval: str | None
    timepoint: str | None
    statements: tuple[str, ...]
    citations: tuple[int, ...]
    applies: str
    caution: str | None


@dataclass(frozen=True, slots=True)
class CautionResult:
    """A warning for this patient."""

    id: str
    text: str
    statements: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that is not known, and the rules that it would help to decide."""

    fact: str
    label: str
    would_change: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the evidence says about one patient, and what it cannot say yet."""

    disease: str
    edition: str
    strata: tuple[StratumResult, ...]
    options: tuple[OptionResult, ...]
    outlook: tuple[OutlookResult, ...]
    cautions: tuple[CautionResult, ...]
    missing: tuple[MissingFact, ...]
    conflicts: tuple[str, ...]
    references: tuple[Reference, ...]
    review: Mapping[str, int]
    disclaimer: str
