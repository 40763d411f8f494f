"""Published evidence: sources, statements and the findings they report, as printed.

These records have no slots: thousands of them are read back at every start, faster without.
"""

from dataclasses import dataclass
from typing import Literal

ReadDepth = Literal["full text", "abstract", "part of abstract", "secondary"]
SourceKind = Literal[
    "randomized trial",
    "single-arm or early-phase trial",
    "cohort",
    "meta-analysis",
    "review",
    "guideline",
    "evidence summary",
    "preclinical study",
    "label",
    "registry record",
    "web page",
]
Setting = Literal["relapse", "refractory", "progression", "newly diagnosed"]
LevelColumn = Literal["survival", "quality of life", "event-free", "response"]
Verdict = Literal[
    "supported",
    "figure-differs",
    "population-differs",
    "contradicted",
    "overstated",
    "outdated",
    "arithmetic",
    "not-found",
]
Standing = Literal["submitted", "under review", "approved", "withdrawn"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One bibliographic record, and how deep it was read.

    Attributes:
        read: how much of the source the editors saw; `secondary` means only through `via`.
        via: the source id through which a secondary claim is known.
        year: as printed; absent when the record shows none.
    """

    id: str
    kind: SourceKind
    title: str
    authors: str = ""
    journal: str = ""
    year: int | None = None
    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    registration: str | None = None
    read: ReadDepth
    via: str | None = None
    url: str | None = None
    note: str | None = None
    retracted: str | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One reported result. Every figure is the string that the source prints.

    Attributes:
        group: whom it describes; "all" for the whole population of the statement.
        estimate: the figure; absent when only a P value is reported for a comparison.
        interval, interval_kind: its uncertainty; IQR is an interquartile range, "not stated" is
            for a ± that the source does not explain.
        coverage: of a confidence interval, such as "83.8%"; absent for the usual 95%.
        events, n: counts of patients.
        timepoint, clock: when, and counted from what.
        effect: HR, OR, RR, SHR (a subdistribution hazard ratio) or difference; absent for a plain
            rate, count or duration.
        plain_group: the group in a family's words; absent when families are not shown it.
        unanchored: why its figures are not found in the stored text of its source.
    """

    group: str = "all"
    endpoint: str
    effect: Literal["HR", "OR", "RR", "SHR", "difference"] | None = None
    adjusted: bool = False
    estimate: str | None = None
    interval: str | None = None
    interval_kind: Literal["CI", "SE", "IQR", "range", "not stated"] | None = None
    coverage: str | None = None
    events: int | None = None
    n: int | None = None
    p_value: str | None = None
    p_sided: Literal["one", "two"] | None = None
    timepoint: str | None = None
    clock: str | None = None
    reference_group: str | None = None
    favours: str | None = None
    plain_group: str | None = None
    unanchored: str | None = None


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Where a statement comes from: source, place in it, and the source it is known through."""

    source: str
    locator: str | None = None
    via: str | None = None


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level of evidence: the code as printed, and the one its design and endpoint give."""

    printed: str | None = None
    scheme: Literal["pdq-2023", "pdq-legacy"] = "pdq-2023"
    assigned_by: str | None = None
    derived: str | None = None

    def __str__(self) -> str:
        parts = [self.printed or ""]
        if self.derived and self.derived != self.printed:
            parts.append(f"by definition {self.derived}")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A claim that readers meet on popular pages, and what tracing it to the sources came to.

    Attributes:
        claim: in our own words, with the figures it is made with; no answer ever tells it.
        verdict: of the trace; what it rests on is said by the statement.
    """

    claim: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One point a reader would cite, in our own words, with the findings behind it.

    Attributes:
        says: the sentence for clinicians; it holds no outcome figures, the findings do.
        plain: the same for a family; absent when the statement is not shown to families.
        applies_when: a criterion over patient facts: whom the figures describe.
        caution: what a careful reader of an answer must know.
        note: what only editors need: how it was encoded, what must not be counted twice.
        groups_total: how many patients the groups of the findings are together, where the source
            says so; their n must add up to it.
        conflicts_with, supersedes: ids of other statements.
        claims: the popular claims that a correction traced; none for other topics.
        withdrawn: why the statement no longer stands.
    """

    id: str
    topic: str
    says: str
    plain: str | None = None
    population: str
    setting: Setting
    study: str | None = None
    intervention: str | None = None
    comparator: str | None = None
    findings: tuple[Finding, ...] = ()
    groups_total: int | None = None
    citation: Citation
    level: Level | None = None
    applies_when: str | None = None
    caution: str | None = None
    note: str | None = None
    conflicts_with: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    claims: tuple[Claimed, ...] = ()
    withdrawn: str | None = None


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What a finding counts. Names that look alike and count differently are different endpoints.

    Attributes:
        kind: proportion, duration, count, or effect-only (reported as a ratio only).
        column: where the level-of-evidence scheme ranks it; absent for toxicity and description.
        censored: estimated over time (Kaplan-Meier, cumulative incidence), so that a table of
            counts does not give its P.
        not_comparable: endpoints that look alike and count differently.
        compared: which of its findings may stand in one figure: "never" any two, or only those
            "within a study", where each source counts in its own way; absent for all.
        detail: left out of an overview where a statement reports another endpoint too.
        lay: finishes "About 37 of 100 children ..."; absent when families are not shown it.
        lay_rest: finishes "About 63 ...", the others of the hundred; absent where it says nothing.
    """

    id: str
    kind: Literal["proportion", "duration", "count", "effect-only"]
    column: LevelColumn | None = None
    censored: bool = False
    not_comparable: tuple[str, ...] = ()
    compared: Literal["never", "within a study"] | None = None
    detail: bool = False
    definition: str | None = None
    abbreviation: str | None = None
    synonyms: tuple[str, ...] = ()
    lay: str | None = None
    lay_rest: str | None = None
