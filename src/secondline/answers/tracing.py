"""Popular claims that editors traced to their sources, found again in foreign texts."""

import re
from dataclasses import dataclass

from secondline.answers.alignment import Evidence
from secondline.answers.binding import read
from secondline.answers.matches import Asked
from secondline.answers.ranking import Feature
from secondline.answers.report_words import EXTREME
from secondline.answers.sentences import Sentence
from secondline.domain.evidence import Statement, Verdict

ALIKE = 0.55  # how alike a claim and a traced one must be, 0 to 1
ALIKE_WITH_A_FIGURE = 0.45  # where they share a figure
WHOLE = 0.6  # of what a traced claim names must stand in the text
WHOLE_WITH_A_FIGURE = 0.5
OTHERWISE_MEANT = 0.8  # what is left of the likeness where one speaks of all, or denies
QUANTIFIER = re.compile(r"\b(?:all|every|each|any|only|always|never|none)\b")
AT_DIAGNOSIS = re.compile(r"\bdiagnos", re.IGNORECASE)
TOLD = {"percent", "count", "ratio", "p"}  # kinds of figures by which a claim is known


@dataclass(frozen=True, slots=True)
class Traced:
    """A popular claim that editors traced, read."""

    statement: Statement
    sentence: Sentence
    features: frozenset[Feature]
    weight: float
    verdict: Verdict


class Tracer:
    """Finds the traced claim that a claim is."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.popular = tuple(
            self._traced(statement, claimed.claim, claimed.verdict)
            for statement in evidence.library.statements.values()
            if evidence.ranking.is_shown(statement.id)
            for claimed in statement.claims
        )

    def _traced(self, statement: Statement, claim: str, verdict: Verdict) -> Traced:
        sentence = read(claim, self.evidence.lexicon)
        features = self.evidence.features(sentence)
        return Traced(statement, sentence, features, self.evidence.weight(features), verdict)

    def find(self, sentence: Sentence, asked: Asked) -> tuple[float, Traced] | None:
        """Return the most alike traced claim with how alike it is, 0 to 1; None without one.

        A traced claim with figures is found by them: all are in the text, or it is another claim.
        Among those that are alike, one that shares a figure goes before one that has none.
        """
        mine, best = _figures(sentence), None
        for traced in self.popular:
            own = self.evidence.library.disease_of(traced.statement.id)
            if asked.disease and own and own != asked.disease:
                continue
            its = _figures(traced.sentence)
            if its - mine or (mine and not its and traced.verdict == "supported"):
                continue
            if traced.sentence.bounds and not traced.sentence.bounds & sentence.bounds:
                continue
            common = self.evidence.weight(asked.features & traced.features)
            alike = 2 * common / (asked.total + traced.weight)
            if common < (WHOLE_WITH_A_FIGURE if its else WHOLE) * traced.weight:
                continue
            alike *= OTHERWISE_MEANT ** _otherwise_meant(sentence, traced.sentence)
            if alike < (ALIKE_WITH_A_FIGURE if its else ALIKE):
                continue
            found = bool(its), alike, traced
            if best is None or found[:2] > best[:2]:
                best = found
        return best and best[1:]


def _figures(sentence: Sentence) -> set[tuple[object, ...]]:
    told = [q for q in sentence.quantities if q.kind in TOLD]
    told += [f.quantity for f in sentence.figures if f.quantity.kind == "span"]
    return {(q.kind, round(q.low, 1), round(q.high, 1)) for q in told}


def _otherwise_meant(claim: Sentence, traced: Sentence) -> int:
    """Count in how many ways two claims that share their words differ in what they mean."""
    mine, its = (
        {*QUANTIFIER.findall(s.text.lower()), *map(str.lower, EXTREME.findall(s.text))}
        for s in (claim, traced)
    )
    denied, denied_there = (
        {label[3:] for label in s.labels if label.startswith("no:")} for s in (claim, traced)
    )
    turned = (denied & (traced.labels - denied_there)) | (denied_there & (claim.labels - denied))
    clock, clock_there = (bool(AT_DIAGNOSIS.search(s.text)) for s in (claim, traced))
    return int(mine != its) + int(bool(turned)) + int(clock != clock_there)
