"""The audit of foreign texts: each claim held against the evidence, with verdict and reason."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from secondline.answers.alignment import Evidence
from secondline.answers.audited import Audit, AuditedClaim, Judgement
from secondline.answers.claim_arithmetic import arithmetic_problems
from secondline.answers.claims import Claim, read_claims
from secondline.answers.contrasts import contrasts
from secondline.answers.finding_values import the_others
from secondline.answers.lexicon import Lexicon
from secondline.answers.matches import Asked, Match
from secondline.answers.pages import text_of_page
from secondline.answers.ranking import Ranking
from secondline.answers.readings import may_be_meant
from secondline.answers.report_words import LEVEL_CODE, OF_EVIDENCE, OLDER_SCHEME
from secondline.answers.said import claimed
from secondline.answers.sayings import LOOKED_AT, SAME_SUBJECT, Sayings
from secondline.answers.sentences import SHARES, Figure, Sentence
from secondline.answers.strength import SIGNIFICANT_P, overclaimed
from secondline.answers.tracing import Tracer
from secondline.answers.understanding import unheld_names, unheld_treatments
from secondline.answers.wording import studied, told
from secondline.assessment.assessment import review_counts
from secondline.domain.evidence import Verdict
from secondline.domain.references import ReferenceList
from secondline.library.library import Library
from secondline.statistics.consistency import p_value
from secondline.statistics.figures_in_text import COARSE, Quantity

NEAR = 0.45  # of what a claim names a finding must have to be its own
RARELY_BY_CHANCE = 0.4  # the same for a figure with decimals
NEARER = 0.55  # where the claim does not say what its figure counts
THE_VERY_CLAIM = 0.75  # so alike, what was traced leads over figures that are held
BESIDE = 2  # statements beside a traced claim, for the evidence itself
SHOWN = 3  # pieces of evidence beside a verdict
FEW = set(range(20))  # so few patients are of many series
HALF = 50.0  # percent
HELD = "The library holds it."
WHOM = frozenset({"setting", "population", "subgroup", "clock"})
# Where a claim has several figures or parts, the verdict that leads.
LEADING: tuple[Verdict, ...] = (
    "arithmetic",
    "contradicted",
    "population-differs",
    "figure-differs",
    "overstated",
    "outdated",
    "not-found",
    "supported",
)


class Auditor:
    """Audits texts against one library."""

    def __init__(self, library: Library, lexicon: Lexicon, ranking: Ranking) -> None:
        self.library = library
        self.lexicon = lexicon
        self.evidence = Evidence(library, lexicon, ranking)
        self.tracer = Tracer(self.evidence)
        self.sayings = Sayings(self.evidence)
        self.censored = {e.id for e in library.endpoints.values() if e.censored}

    def audit(self, page: str, disclaimer: str) -> Audit:
        """Audit a text or an HTML page, claim by claim.

        Raises:
            TextError: it is empty, too long or not text.
        """
        references = ReferenceList()
        used: set[str] = set()
        audited = []
        reading = read_claims(text_of_page(page), self.lexicon)
        for claim in reading.claims:
            judged = self.judge(claim)
            sources = [s for x in judged.statements for s in self.library.sources_of(x)]
            used.update(s.id for s in judged.statements)
            audited.append(
                AuditedClaim(
                    text=claim.text,
                    verdict=judged.verdict,
                    note=judged.note,
                    statements=tuple(s.id for s in judged.statements),
                    citations=references.cite(sources),
                )
            )
        return Audit(
            edition=self.library.edition,
            claims=tuple(audited),
            passed_over=reading.passed_over,
            read_whole=reading.whole,
            references=references.references(),
            review=review_counts(used, self.library),
            disclaimer=disclaimer,
        )

    def judge(self, claim: Claim) -> Judgement:
        """Judge one claim: its arithmetic, what editors traced, its figures, or what it says."""
        asked = self.evidence.asked(claim)
        if wrong := next(arithmetic_problems(claim.sentence, self.censored), None):
            return Judgement("arithmetic", wrong)
        text = claim.sentence.text
        if LEVEL_CODE.search(claim.text) and OF_EVIDENCE.search(text):
            return self._older_scheme(asked)
        traced = self._traced(claim, asked)
        told_here = _told_figures(claim.sentence)
        missing = self.sayings.left_open(claim, asked, has_figures=bool(told_here))
        if traced is None and missing:
            return Judgement("not-found", missing)
        parts = [self._figure(claim, figure, asked) for figure in told_here]
        parts = self._with_comparators(told_here, parts)
        parts = self._with_contrasts(claim, told_here, parts, asked)
        if not parts:
            return traced or self.sayings.judge(claim, asked)
        refuted = any(p.verdict in {"contradicted", "arithmetic"} for p in parts)
        if traced is not None and traced.verdict == "supported" and refuted:
            return _joined(parts)
        if traced is not None and not all(p.verdict == "supported" and p.exact for p in parts):
            return traced
        if traced is not None and traced.near >= THE_VERY_CLAIM:
            return traced
        joined = _joined(parts)
        return (
            self._overclaimed(claim, joined) or self.sayings.beside_figures(claim, joined) or joined
        )

    def _with_comparators(
        self, figures: Sequence[Figure], parts: list[Judgement]
    ) -> list[Judgement]:
        """Hold the figure of the other arm, too, where one is named: "with A (69% vs. 45%)"."""
        held = {p.statements[0] for p in parts if p.verdict == "supported" and p.statements}
        return [
            replace(part, verdict="supported", note="The library holds it, of the other group.")
            if part.verdict == "overstated"
            and part.statements[0] in held
            and self.evidence.is_of_comparator(figure.quantity, part.statements[0])
            else part
            for figure, part in zip(figures, parts, strict=True)
        ]

    def _with_contrasts(
        self, claim: Claim, figures: Sequence[Figure], parts: list[Judgement], asked: Asked
    ) -> list[Judgement]:
        """Judge together the figures of the two sides of one cut: "X if early, Y if late"."""
        judged = list(parts)
        for found in contrasts(claim.sentence, figures, asked, self.evidence, NEARER):
            for place, match in zip(found.figures, found.matches, strict=True):
                judged[place] = (
                    replace(self._judged("supported", HELD, [match]), exact=True)
                    if found.agrees
                    else self._judged("contradicted", "The figure is of the other group.", [match])
                )
        return judged

    def _older_scheme(self, asked: Asked) -> Judgement:
        """Judge a claim that states a level of evidence by a code of the scheme before 2023."""
        older = [
            (asked.shared.get(s.id, 0.0), s)
            for s in self.library.statements.values()
            if OLDER_SCHEME in s.says
        ]
        _, best = max(older, key=lambda pair: (pair[0], pair[1].id))
        note = f"The code belongs to a scheme of levels of evidence that was replaced. {best.says}"
        return Judgement("outdated", note, (best,))

    def _traced(self, claim: Claim, asked: Asked) -> Judgement | None:
        """Return the verdict of the traced claim that this one is, if it is one."""
        if (found := self.tracer.find(claim.sentence, asked)) is None:
            return None
        alike, traced = found
        statement = traced.statement
        held = claimed(claim.sentence, self.evidence.lexicon)
        senses = self.evidence.senses(held, statement, traced.sentence.text)
        if "refuted" in senses:
            return None  # it shares its words with the claim, and says the opposite
        if self.evidence.opposes(held, traced.sentence.text):
            if traced.verdict == "supported" and alike >= THE_VERY_CLAIM:
                return Judgement("contradicted", statement.says, (statement,), alike)
            return None
        if traced.verdict == "supported" and (
            senses or self.evidence.denies(held, statement, traced.sentence.text)
        ):
            return None
        note = " ".join((statement.says, *told(statement, statement.findings)))
        beside = (
            other
            for score, other in self.evidence.nearest(asked, LOOKED_AT)
            if score >= SAME_SUBJECT and other.topic not in {"correction", "gap"}
        )
        return Judgement(traced.verdict, note, (statement, *islice(beside, BESIDE)), alike)

    def _figure(self, claim: Claim, figure: Figure, asked: Asked) -> Judgement:
        """Judge a figure; of those who died it is held, too, where those alive are the others."""
        judged = self._one_figure(claim, figure, asked)
        if judged.verdict != "supported" and (others := the_others(figure)):
            of_others = self._one_figure(claim, others, asked)
            died = "died" in figure.endpoints and judged.verdict == "not-found"
            told = died and of_others.verdict == "figure-differs"
            return of_others if of_others.exact or told else judged
        return judged

    def _one_figure(self, claim: Claim, figure: Figure, asked: Asked) -> Judgement:
        """Judge whether a figure is the library's, of the same endpoint, time and people."""
        if unknown := tuple(unheld_treatments(claim.sentence.text, self.lexicon)):
            return Judgement("not-found", f"Not in the library: {', '.join(unknown)}.")
        matches = self.evidence.matches(figure, asked)
        quantity = figure.quantity
        same = [m for m in matches if not m.differs and m.near >= NEAR]
        valued = [
            m
            for m in matches
            if self.evidence.has_value(quantity, m.entry) and not _is_of_a_part(m)
        ]
        needed = NEAR if figure.endpoints or quantity.kind in {"p", "ratio"} else NEARER
        held = [m for m in valued if not m.differs and m.near >= needed]
        if held := [m for m in held if m.entry.statement.topic != "correction"] or held:
            return replace(self._judged("supported", HELD, held), exact=True)
        if quantity.relation in {"<", ">"} or quantity.low != quantity.high:
            judged = self._bound(quantity, same)
            if judged is not None:
                return judged
        unheld = tuple(unheld_names(claim.text, self.lexicon))
        if unheld:
            note = f"Not in the library: {', '.join(unheld)}."
            return Judgement("not-found", note)
        swapped = [m for m in valued if m.differs == {"arm"} and m.near >= NEAR]
        if swapped:
            return self._judged("contradicted", "The figure is of the other group.", swapped)
        if judged := self._other_people(quantity, valued):
            return judged
        meant = [
            m
            for m in valued
            if m.differs and m.differs <= {"endpoint", "time"} and m.near >= NEARER
            if may_be_meant(claim.sentence, figure, m, claim.sentence.figures, self.evidence)
        ]
        if meant:
            return self._judged("supported", HELD, meant)
        elsewhere = [m for m in valued if m.differs <= {"endpoint", "time"} and m.near >= NEARER]
        if elsewhere:
            return self._judged(
                "figure-differs", "The figure is held for another endpoint or time.", elsewhere
            )
        if claim.disease and (judged := self._other_disease(figure, asked)):
            return judged
        sizes = {int(q.low) for q in claim.sentence.quantities if q.kind == "patients"}
        alone = len([f for f in claim.sentence.figures if f.quantity.kind in SHARES]) == 1
        of_series = sizes - FEW if alone and figure.endpoints else set()
        near = [m for m in same if m.near >= NEARER or m.entry.finding.n in of_series]
        if near:
            return self._judged("figure-differs", "The library holds another figure.", near)
        return self._judged(
            "not-found",
            f"No source in the library carries {_written(quantity, claim.sentence)} for this.",
            same,
        )

    @staticmethod
    def _overclaimed(claim: Claim, judged: Judgement) -> Judgement | None:
        """Judge what a claim makes of figures that are held: significant, not inferior, a cure."""
        if judged.verdict != "supported":
            return None
        said = " ".join((judged.note, *(s.says for s in judged.statements)))
        values = [p_value(f.p_value or "") for s in judged.statements for f in s.findings]
        small = any(q.kind == "p" and q.low < SIGNIFICANT_P for q in claim.sentence.quantities)
        held = [value[1] for value in values if value]
        found = overclaimed(claim.sentence.text, said, held, has_small_p=small)
        return found and replace(judged, verdict=found[0], note=f"{found[1]} {judged.note}")

    def _other_people(self, quantity: Quantity, valued: list[Match]) -> Judgement | None:
        """Judge a figure that is held for others: a part of the patients, or other patients."""
        part = [m for m in valued if m.differs == {"subgroup"} and m.near >= NEAR]
        if part:
            return self._judged("overstated", "The figure is of a part of the patients.", part)
        near = NEAR if quantity.decimals < 1 else RARELY_BY_CHANCE
        others = [m for m in valued if m.differs and m.differs <= WHOM and m.near >= near]
        if others:
            return self._judged("population-differs", "The figure is of other patients.", others)
        return None

    def _other_disease(self, figure: Figure, asked: Asked) -> Judgement | None:
        """Judge a figure that is held for another disease only."""
        everywhere = replace(asked, disease=None)
        found = [
            m
            for m in self.evidence.matches(figure, everywhere)
            if m.near >= NEARER
            and m.differs <= WHOM
            and self.evidence.has_value(figure.quantity, m.entry)
        ]
        if not found:
            return None
        return self._judged("population-differs", "The figure is of another disease.", found)

    def _bound(self, quantity: Quantity, same: list[Match]) -> Judgement | None:
        """Judge a bound or a range by every finding that describes the same."""
        inside: list[Match] = []
        outside: list[Match] = []
        for match in same:
            for low, high, _ in match.entry.values:
                fits = _fits(quantity, low, high)
                (inside if fits else outside).append(match)
        if not inside and not outside:
            return None
        if not outside:
            return self._judged("supported", "The library's figures lie within it.", inside)
        verdict: Verdict = "figure-differs" if inside else "contradicted"
        judged = self._judged(verdict, "The library holds figures outside it.", outside)
        within = tuple(match.entry.statement for match in _distinct(inside)[:SHOWN])
        return replace(judged, statements=tuple(dict.fromkeys((*judged.statements, *within))))

    def _judged(self, verdict: Verdict, because: str, matches: list[Match]) -> Judgement:
        shown = _distinct(matches)[:SHOWN]
        found = [
            sentence
            for match in shown
            for sentence in told(match.entry.statement, (match.entry.finding,))
        ]
        whom = [studied(match.entry.statement) for match in shown[:1]]
        return Judgement(
            verdict,
            " ".join((because, *found, *whom)),
            tuple(dict.fromkeys(match.entry.statement for match in shown)),
            max((match.near for match in shown), default=0.0),
        )


def _joined(parts: list[Judgement]) -> Judgement:
    """Join the parts of a claim: the most serious verdict leads, its notes first."""
    ordered = sorted(parts, key=lambda part: LEADING.index(part.verdict))
    leading = [part for part in ordered if part.verdict == ordered[0].verdict]
    return Judgement(
        ordered[0].verdict,
        " ".join(dict.fromkeys(part.note for part in leading)),
        tuple(dict.fromkeys(s for part in ordered for s in part.statements)),
        ordered[0].near,
    )


def _is_of_a_part(match: Match) -> bool:
    """Say whether a correction shows the figure of a part, which it is there to tell apart."""
    return match.entry.statement.topic == "correction" and match.entry.finding.group != "all"


def _told_figures(sentence: Sentence) -> list[Figure]:
    """Return the figures that can be looked for.

    A fraction in words is left out where a percentage beside it tells the same, and where it is
    the half that a median leaves: "half of them lived less than 11 months".
    """
    found = [f for f in sentence.figures if f.quantity.kind not in {"interval", "dose"}]
    exact = [
        f.quantity.low for f in found if f.quantity.kind in SHARES and f.quantity.decimals >= 0
    ]
    spans = any(bound_.startswith(("span:<", "span:>")) for bound_ in sentence.bounds)

    def is_loose(quantity: Quantity) -> bool:
        near = any(abs(quantity.low - value) <= COARSE for value in exact)
        half = spans and quantity.low == HALF
        return quantity.decimals < 0 and quantity.low == quantity.high and (near or half)

    return [f for f in found if not is_loose(f.quantity)]


def _fits(quantity: Quantity, low: float, high: float) -> bool:
    if quantity.relation == "<":
        return high <= quantity.high
    if quantity.relation == ">":
        return low >= quantity.low
    return quantity.low <= low and high <= quantity.high


def _written(quantity: Quantity, sentence: Sentence) -> str:
    return sentence.text[quantity.start : quantity.end].strip()


def _distinct(matches: list[Match]) -> list[Match]:
    """Leave out findings that say the same of the same study."""
    seen: dict[tuple[object, ...], Match] = {}
    for match in matches:
        finding, statement = match.entry.finding, match.entry.statement
        key = (
            statement.study,
            finding.endpoint,
            finding.group,
            finding.estimate,
            finding.timepoint,
        )
        seen.setdefault(key, match)
    return list(seen.values())
