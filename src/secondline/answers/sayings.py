"""Judges a claim without figures: borne out, refuted, said with more force, or not said."""

import re
from collections.abc import Iterable
from dataclasses import replace

from secondline.answers.alignment import SUBJECTS, Evidence
from secondline.answers.audited import Judgement
from secondline.answers.bearing import COMPARISON
from secondline.answers.claims import Claim
from secondline.answers.judgements import judgements
from secondline.answers.matches import Asked
from secondline.answers.planning import GROUPS
from secondline.answers.report_words import NOT_INFERIOR
from secondline.answers.said import claimed
from secondline.answers.strength import extreme, is_still_open
from secondline.answers.wording import told
from secondline.domain.evidence import Statement, Verdict

NEAR = 0.45  # of what a claim names a statement must have, where it has all its subjects
SAME_SUBJECT = 0.6  # where it has not
LOOKED_AT = 12  # statements nearest to a claim
SHOWN = 3  # statements beside a verdict
# Judgements that hold in one disease and not in the next.
OF_A_DISEASE = {"gain", "rule", "influence", "cure"}

ONE_CHILD = re.compile(
    r"\b(?:your|my|our|this|his|her) (?:\w+ )?(?:child|son|daughter|boy|girl|kid)\b", re.IGNORECASE
)
BESIDE_FIGURES: tuple[tuple[str, Verdict, str], ...] = (
    ("refuted", "contradicted", "The figure is held, and the evidence says otherwise beside it."),
    ("of a part", "population-differs", 'The figure is not of "{word}" patients.'),
    ("weaker", "overstated", 'No figure bears out "{word}".'),
)
DECIDING = {"borne out", "refuted", "unclear"}  # the nearest statement that is one of these
Borne = tuple[str, float, Statement]  # the deciding words of the claim, nearness, statement


class Sayings:
    """Judges what claims say against the statements of one library."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def left_open(self, claim: Claim, asked: Asked, *, has_figures: bool) -> str:
        """Say what a claim, and the text around it, leave open; "" where it can be held."""
        if asked.disease or asked.studies or self._of_one_disease(asked):
            return ""
        if has_figures and not any(f[0] in SUBJECTS for f in asked.features):
            return "The text does not say of which disease, treatment or study its figure is."
        if any(j.axis in OF_A_DISEASE for j in judgements(claim.sentence.text)):
            return "The text does not say in which disease, and that decides whether it holds."
        return ""

    def _of_one_disease(self, asked: Asked) -> bool:
        """Say whether what a claim names belongs together to one disease: a trial, a site."""
        named = (self.evidence.diseases_of(f) for f in asked.features if f[0] in SUBJECTS)
        among = [diseases for diseases in named if diseases]
        return bool(among) and len(frozenset.intersection(*among)) == 1

    def judge(self, claim: Claim, asked: Asked) -> Judgement:
        """Judge a claim without figures by what the nearest statements say.

        A correction says what others claim, so that only its verdict bears a claim out.
        """
        near = [
            (score, statement)
            for score, statement in self.evidence.nearest(asked, LOOKED_AT)
            if statement.topic != "correction" and score >= NEAR
        ]
        held = [pair for pair in near if pair[1].topic != "gap"]
        chosen = (held or near)[:SHOWN]
        if not chosen:
            return Judgement("not-found", "No statement of the library bears it out.")
        score, best = chosen[0]
        statements = tuple(statement for _, statement in chosen)
        of_subject = {f for f in asked.features if f[0] in SUBJECTS and f[1] not in GROUPS}
        words = (f for f in asked.features if f[0] == "word")
        strange = not of_subject and not all(map(self.evidence.ranking.is_known, words))
        if strange:  # a claim about nothing held, such as a remedy that nobody studied
            return Judgement("not-found", "No statement of the library is about this.")
        covered = bool(of_subject) and of_subject <= self.evidence.ranking.features_of(best.id)
        if score < (NEAR if covered else SAME_SUBJECT):
            note = f"No statement of the library bears it out. The nearest: {best.says}"
            return Judgement("not-found", note, (best,), score)
        if best.topic == "gap":
            return Judgement("not-found", best.says, (best,), score)
        text = claim.sentence.text
        if is_still_open(text) and (results := self._results(asked, statements)):
            note = f"There are results since: {' '.join(told(results, results.findings))}"
            return Judgement("outdated", note, (results,), score)
        return self._borne_out(claim, held or near)

    def beside_figures(self, claim: Claim, judged: Judgement) -> Judgement | None:
        """Judge what a claim says beside figures that are held; None where it says no more."""
        if judged.verdict != "supported":
            return None
        if ONE_CHILD.search(claim.sentence.text):
            note = "A figure of a group that was studied is no forecast for one child."
            return replace(judged, verdict="overstated", note=f"{note} {judged.note}")
        held = claimed(claim.sentence, self.evidence.lexicon)
        found = [self.evidence.beside_figures(held, s) for s in judged.statements]
        for how, verdict, note in BESIDE_FIGURES:
            if found and all(each.how == how for each in found):
                told_first = note.format(word=found[0].because)
                return replace(judged, verdict=verdict, note=f"{told_first} {judged.note}")
        return None

    def _borne_out(self, claim: Claim, near: list[tuple[float, Statement]]) -> Judgement:
        """Judge a claim by the statements that bear it out, refute it, or say less."""
        by_bearing: dict[str, list[Borne]] = {}
        held = claimed(claim.sentence, self.evidence.lexicon)
        for score, statement in near:
            found = self.evidence.bearing(held, statement)
            by_bearing.setdefault(found.how, []).append((found.because, score, statement))
        # Where statements disagree, the one that is nearest to the claim decides.
        decides = next((how for how in by_bearing if how in DECIDING), "")
        if decides == "borne out":
            borne_out = by_bearing[decides]
            return self._too_strong(claim, borne_out) or _with(borne_out, "supported", "")
        if decides == "refuted":
            note = "The evidence says otherwise:"
            return _with(by_bearing[decides], "contradicted", note)
        if decides == "unclear":
            note = "No statement bears it out. The nearest tells in other words what is not so:"
            return _with(by_bearing[decides], "not-found", note)
        if part := by_bearing.get("of a part"):
            note = f'The evidence is of a part of these patients only ("{part[0][0]}"):'
            return _with(part, "overstated", note)
        if weaker := by_bearing.get("weaker"):
            return _with(weaker, "overstated", f'The evidence is weaker than "{weaker[0][0]}":')
        because, score, nearest = by_bearing["unsaid"][0]
        missing = because if because == COMPARISON else f'"{because}"'
        note = (
            "No statement of the library bears it out. The nearest does not speak of"
            f" {missing}: {nearest.says}"
        )
        return Judgement("not-found", note, (nearest,), score)

    @staticmethod
    def _too_strong(claim: Claim, borne_out: list[Borne]) -> Judgement | None:
        text, says = claim.sentence.text, " ".join(s.says for _, _, s in borne_out)
        if NOT_INFERIOR.search(text) and not NOT_INFERIOR.search(says):
            note = "A test that shows no difference shows no equivalence. The nearest:"
            return _with(borne_out, "overstated", note)
        if strong := extreme(text, says):
            return _with(borne_out, "overstated", f'The evidence is weaker than "{strong}":')
        return None

    @staticmethod
    def _results(asked: Asked, statements: Iterable[Statement]) -> Statement | None:
        """Return a statement with results on the trial or the treatment that a claim calls open."""
        named = {id_ for _, id_ in asked.studies | asked.treatments}
        for statement in statements:
            if statement.findings and {statement.study, statement.intervention} & named:
                return statement
        return None


def _with(borne: list[Borne], verdict: Verdict, note: str) -> Judgement:
    statements = tuple(statement for _, _, statement in borne[:SHOWN])
    return Judgement(verdict, f"{note} {statements[0].says}".strip(), statements, borne[0][1])
