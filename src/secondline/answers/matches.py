"""What is compared in an audit: a claim, a finding, and how they differ."""

from collections.abc import Mapping
from dataclasses import dataclass

from secondline.answers.cohorts import Cohort
from secondline.answers.ranking import Feature
from secondline.domain.evidence import Finding, Statement


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding as it can be compared with a claim.

    Attributes:
        sort: share, ratio or span.
        values: what it gives: both ends, and half the last digit; percentages in percent, spans
            in months.
        months: its timepoint; None when it has none, or none that is a plain span.
        having: the features of its statement.
        group: features of the group it describes, none for the whole population.
        treatments: regimens and drugs of the statement and the group.
        drugs: whether some of these are medicines.
    """

    statement: Statement
    finding: Finding
    disease: str | None
    sort: str
    values: tuple[tuple[float, float, float], ...]
    months: float | None
    having: frozenset[Feature]
    group: frozenset[Feature]
    treatments: frozenset[Feature]
    drugs: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim as it can be compared with findings: its features, and what they weigh."""

    features: frozenset[Feature]
    total: float
    shared: Mapping[str, float]
    treatments: frozenset[Feature]
    studies: frozenset[Feature]
    factors: frozenset[Feature]
    factor_names: tuple[tuple[str, ...], ...]
    labels: frozenset[str]
    clocks: frozenset[tuple[str, str]]
    cohort: Cohort
    disease: str | None
    relapse: bool | None


@dataclass(frozen=True, slots=True)
class Match:
    """A finding beside a figure of a claim.

    Attributes:
        near: how much of what the claim names the statement and the group have, 0 to 1.
        differs: in what they differ: endpoint, time, treatment, setting, study, population,
            clock, subgroup (the finding's group is narrower than the claim), arm (the claim gives
            another figure to the finding's group).
    """

    entry: Entry
    near: float
    differs: frozenset[str]
