"""What a sentence claims, held against the findings and statements of the library.

A figure is the library's own only when value, endpoint, time, treatment, population and setting
agree. What agrees in the value alone is a coincidence, and what agrees in all but one is the most
useful thing an audit can tell.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from heapq import nsmallest
from math import fsum

from secondline.answers.bearing import bearing, beside_figures, senses
from secondline.answers.binding import read
from secondline.answers.claims import Claim
from secondline.answers.cohorts import Cohorts, calls_them, cohort_in
from secondline.answers.finding_values import (
    covers,
    family,
    is_cut_elsewhere,
    is_cut_on_the_other_side,
    is_on_another_clock,
    is_told_in_parts,
    months_of,
    sort_of,
    values_of,
)
from secondline.answers.group_names import (
    OF_NO_PATIENTS,
    SAME_GROUP,
    TREATMENTS,
    called,
    is_told_whole,
    terms,
)
from secondline.answers.lexicon import Lexicon
from secondline.answers.matches import Asked, Entry, Match
from secondline.answers.ranking import Feature, Ranking
from secondline.answers.refusing import RELAPSE
from secondline.answers.said import Claimed, Said, Told, said_by, with_claim
from secondline.answers.sentences import SHARES, Figure, Sentence
from secondline.answers.turning import Bearing, denied, marked_otherwise
from secondline.answers.wording import is_comparison
from secondline.answers.words import stems, tokens
from secondline.domain.evidence import Finding, Statement
from secondline.library.library import Library
from secondline.statistics.consistency import p_value
from secondline.statistics.figures_in_text import Quantity, plain

SUBJECTS = ("regimen", "drug", "factor", "study")
WEIGHT = {"regimen": 3.0, "drug": 2.0, "factor": 2.0, "study": 3.0, "endpoint": 1.5, "disease": 1.0}
SOME_STUDIES = re.compile(r"\b(?:studies|trials|cohorts|series)$")  # the name of no study
SAME_MONTHS = 0.5
HEAVIEST_WORD = 3.0  # a rare word weighs no more: a claim is told in words of its own
UNKNOWN_WORD = 1.5  # a word that no statement has
MANY = 20  # patients, of whom a count is hardly the same by chance
FAR = 0.2  # of what a claim names; a finding whose statement has less is not looked at


class Evidence:
    """The findings of one library, ready to be compared with what texts claim."""

    def __init__(self, library: Library, lexicon: Lexicon, ranking: Ranking) -> None:
        self.library = library
        self.lexicon = lexicon
        self.ranking = ranking
        self.cohorts = Cohorts(library)
        self._said: dict[str, Said] = {}
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
        sort = sort_of(finding, self.library)
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
        named = {
            (c.kind, c.id)
            for c in sentence.concepts
            if c.kind in WEIGHT and not (c.kind == "study" and SOME_STUDIES.search(c.id))
        }
        return frozenset(named | {("word", stem) for stem in sentence.words})

    def weight(self, features: Iterable[Feature]) -> float:
        """Return what features weigh together: terms more than words, rare more than common."""
        return fsum(map(self.weight_of, features))  # the same in whichever order

    def weight_of(self, feature: Feature) -> float:
        """Return what a feature weighs; words less, since a claim is told in words of its own."""
        if feature[0] != "word":
            return self.ranking.weight(feature)
        known = self.ranking.is_known(feature)
        return min(self.ranking.weight(feature), HEAVIEST_WORD) if known else UNKNOWN_WORD

    def asked(self, claim: Claim) -> Asked:
        """Return a claim as it can be compared with findings."""
        sentence, lean = claim.sentence, claim.before
        features = self.features(sentence)
        if lean is not None:
            features |= {f for f in self.features(lean) if f[0] != "word"}
        return Asked(
            features=features,
            total=self.weight(features) or 1.0,
            shared=self.ranking.shared(features, self.weight_of),
            treatments=frozenset(f for f in features if self._is_medicine(f)),
            studies=frozenset(f for f in features if f[0] == "study"),
            factors=frozenset(
                f for f in features if f[0] == "factor" and f[1] not in OF_NO_PATIENTS
            ),
            factor_names=tuple(
                words for words, found in sentence.names if any(c.kind == "factor" for c in found)
            ),
            labels=sentence.labels | (lean.labels if lean else frozenset()),
            clocks=sentence.clocks,
            cohort=cohort_in(claim.text),  # not of a list that it is part of
            disease=self._disease(claim),
            relapse=claim.relapse,
        )

    def _disease(self, claim: Claim) -> str | None:
        """Return the disease of a claim: a trial that it names goes before the rest of its page."""
        named = (f for f in self.features(claim.sentence) if f[0] == "study")
        diseases = frozenset().union(*map(self.diseases_of, named))
        if not diseases or claim.disease in diseases or claim.sentence.ids("disease"):
            return claim.disease
        return next(iter(diseases)) if len(diseases) == 1 else None

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
            if kind == "span" and not figure.endpoints and not self._names_endpoint(asked, entry):
                continue  # months are of many things
            more = self.weight(asked.features & (entry.group - entry.having))
            near = (asked.shared[entry.statement.id] + more) / asked.total
            found.append(Match(entry, near, frozenset(self._differences(figure, entry, asked))))
        return sorted(found, key=lambda m: (len(m.differs), -m.near, m.entry.statement.id))

    @staticmethod
    def _names_endpoint(asked: Asked, entry: Entry) -> bool:
        """Say whether a claim has the words of an endpoint, wherever they stand."""
        words = stems(tokens(entry.finding.endpoint.removeprefix("median ")))
        return {("word", stem) for stem in words} <= asked.features

    def _differences(self, figure: Figure, entry: Entry, asked: Asked) -> Iterator[str]:
        yield from self.differences_of_all(figure, entry, asked)
        yield from self._group_differences(figure, entry, asked)

    def differences_of_all(self, figure: Figure, entry: Entry, asked: Asked) -> Iterator[str]:
        """Say how a finding differs from a figure, whichever group of its patients it is of."""
        if figure.endpoints and not self.same_endpoint(figure.endpoints, entry, asked):
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
        yield from self.cohorts.differences(asked.cohort, entry.statement, entry.finding)
        # So many of so many patients of a study are the same patients, whatever they are called.
        same = figure.quantity.kind == "count" and self.has_value(figure.quantity, entry)
        same &= (figure.quantity.n or 0) >= MANY
        others = asked.factors and not asked.factors & (entry.having | entry.group)
        if others and not same and not calls_them(entry.statement, asked.factor_names):
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
        words, named = called(group), asked.labels | terms(asked.features)
        exact = figure.quantity.kind == "count" and self.has_value(figure.quantity, entry)
        exact &= not entry.finding.endpoint.startswith("share of")  # the group is what it counts
        exact |= bool(group.bounds) and group.bounds <= asked.labels
        factors = {f for f in entry.group if f[0] == "factor"}
        exact |= bool(factors) and factors <= asked.factors
        exact |= is_told_whole(group, asked.labels, asked.features)
        # Who names one side of a comparison speaks of the comparison.
        exact |= is_comparison(entry.finding) and bool(words & named)
        if words and not exact and len(words & named) < SAME_GROUP * len(words):
            yield "subgroup"
        if any(is_on_another_clock(clock, asked.clocks) for clock in group.clocks):
            yield "clock"
        if any(
            is_cut_elsewhere(bound_, asked.labels) or is_cut_on_the_other_side(bound_, asked.labels)
            for bound_ in group.bounds
        ):
            yield "population"
        if figure.quantity.kind == "p":  # of all arms together
            return
        own = figure.own | {f"{c.kind}:{c.id}" for c in figure.terms}
        rivals = (
            called(self.group(other.finding.group))
            for other in self.entries[entry.statement.id]
            if other.finding.endpoint == entry.finding.endpoint
            and other.finding.group != "all"
            and other.sort == entry.sort
            and other.sort != "ratio"
            and not is_comparison(other.finding)
        )
        if any(own & (rival - words) and not own & (words - rival) for rival in rivals):
            yield "arm"

    def is_of_comparator(self, quantity: Quantity, statement: Statement) -> bool:
        """Say whether a figure is one of the arm that a statement compares its treatment with."""
        arm = set(self._with_drugs([("regimen", statement.comparator or "")]))
        arm -= set(self._with_drugs([("regimen", statement.intervention or "")]))
        groups = (e.group for e in self.entries[statement.id] if self.has_value(quantity, e))
        return any(group and group <= arm for group in groups)

    def group(self, name: str) -> Sentence:
        """Return the name of a group, read."""
        if name not in self._groups:
            self._groups[name] = read(name, self.lexicon)
        return self._groups[name]

    def same_endpoint(
        self, named: Collection[str], entry: Entry, asked: Asked | None = None
    ) -> bool:
        """Say whether a finding is of an endpoint that is named, with what a claim adds to it."""
        endpoint = entry.finding.endpoint
        # The best response is a response; which one a claim means it need not say.
        if not {endpoint, endpoint.removeprefix("best ")}.isdisjoint(named):
            return True
        return any(
            family(self.library.endpoints[endpoint]) & family(self.library.endpoints[other])
            or is_told_in_parts(other, endpoint, asked.features if asked else ())
            for other in named
            if other in self.library.endpoints
        )

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
        return any(covers(quantity, ends) for ends in entry.values)

    def said(self, statement: Statement) -> Said:
        """Return what a statement says, as a claim is held against it."""
        if statement.id not in self._said:
            self._said[statement.id] = said_by(statement, self.library, self.ranking, self.lexicon)
        return self._said[statement.id]

    def bearing(self, claim: Claimed, statement: Statement) -> Bearing:
        """Return how a statement stands to a claim without figures."""
        return bearing(claim, self.said(statement), self.lexicon, self.weight_of)

    def senses(self, claim: Claimed, statement: Statement, popular: str = "") -> frozenset[str]:
        """Return how a statement stands to the judgements and comparisons of a claim.

        Args:
            claim: as read.
            statement: what it is held against.
            popular: a claim that the statement traces, in the words of which it speaks, too.
        """
        said = self.said(statement)
        said = with_claim(said, popular, self.lexicon) if popular else said
        return frozenset(found.how for found in senses(claim, said, self.lexicon))

    def opposes(self, claim: Claimed, popular: str) -> bool:
        """Say whether a claim says the opposite of another by a denial right before a word."""
        text = Told(plain(popular))
        blank = Said((text,), text, frozenset(), frozenset(), frozenset(), (), (), ())
        return any(marked_otherwise(claim, blank))

    def beside_figures(self, claim: Claimed, statement: Statement) -> Bearing:
        """Return how a statement stands to what a claim says beside figures that are held."""
        return beside_figures(claim, self.said(statement), self.lexicon)

    def denies(self, claim: Claimed, statement: Statement, popular: str) -> bool:
        """Say whether a claim denies what a statement and the claim it traces affirm, or turned."""
        said = with_claim(self.said(statement), popular, self.lexicon)
        return any(denied(claim, said))

    def diseases_of(self, feature: Feature) -> frozenset[str]:
        """Return the diseases whose statements have a feature."""
        having = self.ranking.shared([feature])
        return frozenset(d for id_ in having if (d := self.library.disease_of(id_)))

    def nearest(self, asked: Asked, most: int) -> list[tuple[float, Statement]]:
        """Return the nearest statements with how much of what a claim names they have, 0 to 1."""
        found = (
            (weight / asked.total, self.library.statements[id_])
            for id_, weight in asked.shared.items()
            if asked.disease is None or self.library.disease_of(id_) == asked.disease
        )
        return nsmallest(most, found, key=lambda pair: (-pair[0], pair[1].id))
