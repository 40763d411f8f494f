"""What a sentence claims, held against the findings and statements of the library.

A figure is the library's own only when value, endpoint, time, treatment, population and setting
agree. What agrees in the value alone is a coincidence, and what agrees in all but one is the most
useful thing an audit can tell.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from secondline.answers.binding import read
from secondline.answers.lexicon import Lexicon
from secondline.answers.planning import GROUPS
from secondline.answers.ranking import Ranking
from secondline.answers.refusing import RELAPSE
from secondline.answers.sentences import SHARES, Figure, Sentence
from secondline.answers.wording import is_comparison
from secondline.answers.words import stems, tokens
from secondline.domain.evidence import Finding, Statement
from secondline.library.library import Library
from secondline.statistics.consistency import p_value, printed, printed_range, proportion
from secondline.statistics.figures_in_text import COARSE, Quantity, plain, quantities

Feature = tuple[str, str]

TREATMENTS = ("regimen", "drug")
SUBJECTS = ("regimen", "drug", "factor", "study")
WEIGHT = {"regimen": 3.0, "drug": 2.0, "factor": 2.0, "study": 3.0, "endpoint": 1.5, "disease": 1.0}
# At relapse a remission is a second one, whether it is called so or not.
REMISSION = re.compile(r"(?:second complete )?remission|complete remission of leukemia")
SAID_OF_ALL = frozenset(stems(["relapse", "relapsed", "recurrence", "recurrent"]))
SAME_MONTHS = 0.5
HEAVIEST_WORD = 3.0  # a rare word weighs no more: a claim is told in words of its own
UNKNOWN_WORD = 1.5  # a word that no statement has
SAME_GROUP = 0.4  # of what a group is called a claim must name
FAR = 0.2  # of what a claim names; a finding whose statement has less is not looked at


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
    labels: frozenset[str]
    clocks: frozenset[tuple[str, str]]
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


class Evidence:
    """The findings of one library, ready to be compared with what texts claim."""

    def __init__(self, library: Library, lexicon: Lexicon, ranking: Ranking) -> None:
        self.library = library
        self.lexicon = lexicon
        self.ranking = ranking
        self._said: dict[str, Sentence] = {}
        self._groups: dict[str, Sentence] = {}

    @cached_property
    def entries(self) -> Mapping[str, tuple[Entry, ...]]:
        """The findings of every statement that stands, by its id."""
        return {
            statement.id: tuple(self._entry(statement, f) for f in statement.findings)
            for statement in self.library.statements.values()
            if self.ranking.is_shown(statement.id)
        }

    def _entry(self, statement: Statement, finding: Finding) -> Entry:
        group = () if finding.group == "all" else (finding.group,)
        compared = (finding.reference_group,) if finding.reference_group else ()
        words = tokens(" . ".join((*group, *compared)))
        concepts = self.lexicon.names(words) | self.lexicon.in_capitals(finding.group)
        features = frozenset((c.kind, c.id) for c in concepts if c.kind in SUBJECTS)
        having = self.ranking.features_of(statement.id)
        treatments = {f for f in features | having if f[0] in TREATMENTS}
        regimens = (statement.intervention, statement.comparator)
        treatments |= {("regimen", id_) for id_ in regimens if id_}
        sort = _sort(finding, self.library)
        return Entry(
            statement=statement,
            finding=finding,
            disease=self.library.disease_of(statement.id),
            sort=sort,
            values=tuple(values_of(sort, finding)),
            months=months_of(finding.timepoint),
            having=having,
            group=features,
            treatments=frozenset(self._with_drugs(treatments)),
            drugs=any(map(self._is_medicine, treatments)),
        )

    def _is_medicine(self, feature: Feature) -> bool:
        """Say whether a feature is a drug, or a regimen with drugs: "radiotherapy" is too wide."""
        kind, id_ = feature
        return kind == "drug" or (kind == "regimen" and bool(self.library.regimens[id_].drugs))

    def _with_drugs(self, features: Iterable[Feature]) -> Iterator[Feature]:
        for kind, id_ in features:
            yield kind, id_
            if kind == "regimen" and id_ in self.library.regimens:
                yield from (("drug", drug) for drug in self.library.regimens[id_].drugs)

    def features(self, sentence: Sentence) -> frozenset[Feature]:
        """Return the terms and the stems of a sentence."""
        named = {(c.kind, c.id) for c in sentence.concepts if c.kind in WEIGHT}
        return frozenset(named | {("word", stem) for stem in sentence.words})

    def weight(self, features: Iterable[Feature]) -> float:
        """Return what features weigh together: terms more than words, rare more than common."""
        return sum(map(self.weight_of, features))

    def weight_of(self, feature: Feature) -> float:
        """Return what a feature weighs; words less, since a claim is told in words of its own."""
        if feature[0] != "word":
            return self.ranking.weight(feature)
        known = self.ranking.is_known(feature)
        return min(self.ranking.weight(feature), HEAVIEST_WORD) if known else UNKNOWN_WORD

    def asked(
        self, sentence: Sentence, lean: Sentence | None, disease: str | None, relapse: bool | None
    ) -> Asked:
        """Return a claim as it can be compared with findings.

        Args:
            sentence: the claim.
            lean: the sentence before it, where the claim leans on that one.
            disease: what the claim is about; None when it does not say.
            relapse: whether it is about relapse; None when it does not say.
        """
        features = self.features(sentence)
        if lean is not None:
            features |= {f for f in self.features(lean) if f[0] != "word"}
        return Asked(
            features=features,
            total=self.weight(features) or 1.0,
            shared=self.ranking.shared(features, self.weight_of),
            treatments=frozenset(f for f in features if self._is_medicine(f)),
            studies=frozenset(f for f in features if f[0] == "study"),
            factors=frozenset(f for f in features if f[0] == "factor" and f[1] not in GROUPS),
            labels=sentence.labels | (lean.labels if lean else frozenset()),
            clocks=sentence.clocks,
            disease=disease,
            relapse=relapse,
        )

    def matches(self, figure: Figure, asked: Asked) -> list[Match]:
        """Return the findings that a figure may be, nearest first, whatever their value."""
        kind = figure.quantity.kind
        sort = "share" if kind in SHARES else kind
        far = FAR * asked.total
        near_enough = (id_ for id_, weight in asked.shared.items() if weight >= far)
        found = []
        for entry in (entry for id_ in near_enough for entry in self.entries[id_]):
            if asked.disease and entry.disease and entry.disease != asked.disease:
                continue
            if entry.sort != sort and not (kind == "p" and entry.finding.p_value):
                continue
            more = self.weight(asked.features & (entry.group - entry.having))
            near = (asked.shared[entry.statement.id] + more) / asked.total
            found.append(Match(entry, near, frozenset(self._differences(figure, entry, asked))))
        return sorted(found, key=lambda m: (len(m.differs), -m.near, m.entry.statement.id))

    def _differences(self, figure: Figure, entry: Entry, asked: Asked) -> Iterator[str]:
        if figure.endpoints and not self._same_endpoint(figure.endpoints, entry.finding.endpoint):
            yield "endpoint"
        both = figure.months is not None and entry.months is not None
        if both and abs((figure.months or 0) - (entry.months or 0)) > SAME_MONTHS:
            yield "time"
        if asked.treatments and entry.drugs and not asked.treatments & entry.treatments:
            yield "treatment"
        if asked.studies and not asked.studies & entry.having:
            yield "study"
        if asked.relapse is not None and asked.relapse == self._is_first_treatment(entry):
            yield "setting"
        yield from self._group_differences(figure, entry, asked)
        if asked.factors and not asked.factors & (entry.having | entry.group):
            yield "population"

    @staticmethod
    def _is_first_treatment(entry: Entry) -> bool:
        """Say whether a finding is of first treatment: neither its group nor endpoint relapsed."""
        told = f"{entry.finding.group} {entry.finding.endpoint}".lower()
        return entry.statement.setting == "newly diagnosed" and RELAPSE.search(told) is None

    def _group_differences(self, figure: Figure, entry: Entry, asked: Asked) -> Iterator[str]:
        """Say how the group of a finding differs from the one a figure is claimed of."""
        if entry.finding.group == "all" or figure.changed:
            return
        group = self.group(entry.finding.group)
        called, named = _called(group), asked.labels | _terms(asked.features)
        exact = figure.quantity.kind == "count" and self.has_value(figure.quantity, entry)
        exact |= bool(group.bounds) and group.bounds <= asked.labels
        factors = {f for f in entry.group if f[0] == "factor"}
        exact |= bool(factors) and factors <= asked.factors
        if called and not exact and len(called & named) < SAME_GROUP * len(called):
            yield "subgroup"
        if any(_is_on_another_clock(clock, asked.clocks) for clock in group.clocks):
            yield "clock"
        own = figure.own | {f"{c.kind}:{c.id}" for c in figure.terms}
        rivals = (
            _called(self.group(other.finding.group))
            for other in self.entries[entry.statement.id]
            if other.finding.endpoint == entry.finding.endpoint
            and other.finding.group != "all"
            and other.sort == entry.sort == "share"
            and not is_comparison(other.finding)
        )
        if any(own & (rival - called) and not own & (called - rival) for rival in rivals):
            yield "arm"

    def group(self, name: str) -> Sentence:
        """Return the name of a group, read."""
        if name not in self._groups:
            self._groups[name] = read(name, self.lexicon)
        return self._groups[name]

    def _same_endpoint(self, asked: Collection[str], endpoint: str) -> bool:
        return endpoint in asked or any(
            self._kin(endpoint) & self._kin(other)
            for other in asked
            if other in self.library.endpoints
        )

    def _kin(self, endpoint: str) -> frozenset[str]:
        """Return what makes endpoints one family: survival is not event-free survival."""
        found = self.library.endpoints[endpoint]
        if found.column == "survival":
            return frozenset({f"survival {found.kind}"})
        if REMISSION.fullmatch(endpoint):
            return frozenset({"remission"})
        return frozenset({endpoint})

    @staticmethod
    def has_value(quantity: Quantity, entry: Entry) -> bool:
        """Say whether a finding holds a figure, as far as rounding lets one tell."""
        finding = entry.finding
        if quantity.kind == "count" and finding.events is not None:
            return finding.events == quantity.events and finding.n == quantity.n
        if quantity.kind == "count" and finding.n != quantity.n:
            return False
        if quantity.kind == "p":
            found = p_value(finding.p_value or "")
            return found is not None and abs(found[1] - quantity.low) < 1e-9
        return any(_covers(quantity, ends) for ends in entry.values)

    def says(self, statement: Statement) -> Sentence:
        """Return what a statement says, read."""
        if statement.id not in self._said:
            self._said[statement.id] = read(statement.says, self.lexicon)
        return self._said[statement.id]

    def nearest(self, asked: Asked, most: int) -> list[tuple[float, Statement]]:
        """Return the nearest statements with how much of what a claim names they have, 0 to 1."""
        found = (
            (weight / asked.total, self.library.statements[id_])
            for id_, weight in asked.shared.items()
            if asked.disease is None or self.library.disease_of(id_) == asked.disease
        )
        return nsmallest(most, found, key=lambda pair: (-pair[0], pair[1].id))


def _sort(finding: Finding, library: Library) -> str:
    """Say what sort of figure a finding gives."""
    endpoint = library.endpoints[finding.endpoint]
    if finding.effect is not None or endpoint.kind == "effect-only":
        return "ratio"
    return "span" if endpoint.kind == "duration" else "share"


def values_of(sort: str, finding: Finding) -> Iterator[tuple[float, float, float]]:
    """Yield what a finding gives: both ends, and half a unit of its last digit."""
    text = finding.estimate or ""
    if sort == "span":
        for span in (q for q in quantities(plain(text)) if q.kind == "span"):
            yield span.low, span.high, 0.5 * 10.0**-span.decimals
        return
    ends = printed_range(text) or ((one, one) if (one := printed(text)) else None)
    if sort == "ratio":
        if ends:
            yield ends[0].value, ends[1].value, 0.5 * 10.0 ** -ends[0].decimals
        return
    shares = [proportion(end) for end in ends or ()]
    if len(shares) == 2 and shares[0] and shares[1]:
        yield shares[0][0], shares[1][0], shares[0][1]
    else:
        for share in (q for q in quantities(plain(text)) if q.kind == "percent"):
            yield share.low, share.high, 0.5 * 10.0 ** -max(share.decimals, 0)
    if finding.events is not None and finding.n:
        exact = 100 * finding.events / finding.n
        yield exact, exact, 0.0


def _covers(quantity: Quantity, ends: tuple[float, float, float]) -> bool:
    """Say whether a figure is a value, or rounds to it; a range must have both ends."""
    low, high, half = ends
    allowed = COARSE if quantity.decimals < 0 else max(half, 0.5 * 10.0**-quantity.decimals)
    if quantity.relation == "~" and quantity.decimals == 0:
        allowed = max(allowed, 1.0)
    return abs(quantity.low - low) <= allowed + 1e-9 and abs(quantity.high - high) <= allowed + 1e-9


def _called(group: Sentence) -> frozenset[str]:
    """Return what a group is called: stems and bounds of its name, and the treatments in it."""
    treatments = {(c.kind, c.id) for c in group.concepts if c.kind in TREATMENTS}
    return (group.labels - SAID_OF_ALL) | _terms(treatments)


def _terms(features: Iterable[Feature]) -> frozenset[str]:
    return frozenset(f"{kind}:{id_}" for kind, id_ in features if kind in TREATMENTS)


def _is_on_another_clock(clock: tuple[str, str], clocks: Collection[tuple[str, str]]) -> bool:
    """Say whether a claim counts the same time from something else."""
    return any(bound_ == clock[0] and counted != clock[1] for bound_, counted in clocks)


def months_of(timepoint: str | None) -> float | None:
    """Return a timepoint in months; None when it is not one plain span."""
    spans = [q for q in quantities(plain(timepoint or "")) if q.kind == "span"]
    return spans[0].low if len(spans) == 1 and spans[0].low == spans[0].high else None
