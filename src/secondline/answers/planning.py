"""Which pathway passages and statements an answer is made of, section by section."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from secondline.answers.answer import Reader
from secondline.answers.families import ALWAYS_TOLD, GENERAL_ASPECTS, Families
from secondline.answers.leading import COVERING, HARM, Leads
from secondline.answers.overview import ROLES, Overview
from secondline.answers.plan import Item, Plan
from secondline.answers.ranking import PARTICULAR, Ranking
from secondline.answers.situation import Criteria, Situation
from secondline.answers.understanding import Understanding
from secondline.domain.evidence import Statement
from secondline.domain.facts import CodeSet, Patient, Value
from secondline.domain.pathways import Option, Outlook
from secondline.library.library import Library

NOBODY = Patient({})
MOST_STATEMENTS: Mapping[Reader, int] = {"clinician": 36, "family": 10}
MOST_WORDS = 1_100  # of the nearest statements
WORDS_OF_A_FINDING = 6
BEHIND = 0.5  # what standing behind an option that is told adds to the score of a statement
MOST_OF_A_STUDY = 8
MOST_OF_A_TERM = 3  # statements that a term named in the question has among the nearest
ENOUGH_OF_AN_ASPECT = 4  # statements for each aspect that is asked for
OF_BOTH = 2  # statements for each term named beside each aspect that is asked for
FAR = 0.1  # of the best score; what scores less is not looked at
FIT = 0.1  # what the weight of the recorded facts that a statement asks for adds to its score
ADDED = 2  # statements for a term or an aspect that the nearest do not cover
NEAR_THE_BEST = 0.4  # of the best score; what scores less is about something else
TERM = 4.0  # weight of recorded facts that a term shared with the question counts as much as
MOST_OUTLOOKS = 12  # whose statements are nearer for describing the recorded patient
FEW_OPTIONS = 3  # so many are told with all of their figures
MOST_OPTIONS = 10  # told with their figures; the others are named

# Who asks what one of them says is not told all options.
GROUPS = {
    "bfm",
    "children-s-cancer-group",
    "children-s-oncology-group",
    "cibmtr",
    "cws",
    "ebmt",
    "eortc",
    "epssg",
    "inrg",
    "intreall",
    "italian-group",
    "itcc",
    "nant",
    "pediatric-oncology-group",
    "ponte-di-legno",
    "siopen",
    "st-jude",
    "tacl",
    "uk-all-group",
}


def _length(statement: Statement) -> int:
    """Estimate the words in which a statement is told."""
    return len(statement.says.split()) + WORDS_OF_A_FINDING * len(statement.findings)


class Planner:
    """Plans answers over one library for one kind of reader."""

    def __init__(self, library: Library, ranking: Ranking, tests: Criteria, reader: Reader) -> None:
        self._reader = reader
        self._families = Families(library)
        self._library = library
        self._ranking = ranking
        self._tests = tests
        self._overview = Overview(library, ranking, tests, reader)
        self._leads = Leads(library, ranking, self._overview, reader)
        self._aspect_of = {t: a.id for a in library.aspects.values() for t in a.topics}
        self._of_nobody = {d: Situation(d, NOBODY, tests) for d in library.held}

    def plan(self, understanding: Understanding, disease: str, situation: Situation) -> Plan:
        """Plan an overview, from the pathway if there is one, or a specific answer by rank.

        Of what a question names one of, a type of tumor or a site, it tells nothing of the others.
        """
        if asked := self._asked(understanding, situation.patient):
            situation = situation.asked_of(asked)
        specific = self._ranking.is_specific(understanding)
        if specific:
            plan = self._specific(understanding, disease, situation)
        else:
            plan = self._overview.plan(understanding, disease, situation)
        if self._reader == "family":
            plan.items = self._families.suited(
                plan.items, understanding, situation.patient, overview=plan.overview
            )
        return plan

    def situation(self, disease: str, patient: Patient) -> Situation:
        """Return what is known of a patient with a disease, or of nobody in particular."""
        if patient.facts:
            return Situation(disease, patient, self._tests)
        return self._of_nobody[disease]

    def _asked(self, understanding: Understanding, patient: Patient) -> dict[str, Value]:
        """Return the facts that a question is about by the one type or site that it names."""
        named: dict[str, set[str]] = {}
        for id_ in understanding.ids("factor"):
            for fact, code in self._library.factors[id_].about.items():
                named.setdefault(fact, set()).add(code)
        return {
            fact: CodeSet(frozenset(codes)) if self._library.facts[fact].kind == "set" else code
            for fact, codes in sorted(named.items())
            if len(codes) == 1 and fact not in patient.facts
            for code in codes
        }

    def topics(self, disease: str) -> frozenset[str]:
        """Return the topics of the statements of a disease that have words for the reader."""
        its = self._library.of_disease[disease]
        return frozenset(s.topic for s in its if self._overview.is_told(s))

    def _specific(self, understanding: Understanding, disease: str, situation: Situation) -> Plan:
        """Plan by rank: the aspect of the nearest statement first.

        An aspect that is asked for and that no ranked statement belongs to is told from the
        pathway; an option that the patient cannot have is not told at all.
        """
        options = self._options(understanding, disease, situation)
        best = self.best(understanding, disease, situation, options[:MOST_OPTIONS])
        order = dict.fromkeys(understanding.aspects if self._is_of_one(understanding) else ())
        order.update(dict.fromkeys(self._aspect_of[statement.topic] for statement in best))
        order.update(dict.fromkeys(understanding.aspects))
        order.update(dict.fromkeys(self._library.aspects))
        if not best or self._aspect_of[best[0].topic] != "uncertain":
            order["uncertain"] = order.pop("uncertain")  # last, unless it is the answer
        plan = Plan(overview=False, items={aspect: [] for aspect in order})
        for statement in self._of_all_named(best, options, understanding):
            plan.items[self._aspect_of[statement.topic]].append(statement)
        for option in options[:MOST_OPTIONS]:
            plan.items[self._overview.aspect_of(option)].append(option)
        for option in options[MOST_OPTIONS:]:
            plan.named.setdefault(self._overview.aspect_of(option), []).append(option)
        for statement in best:
            plan.items[self._aspect_of[statement.topic]].append(statement)
        plan.brief = len(options) > FEW_OPTIONS
        plan.rank = {statement.id: place for place, statement in enumerate(best)}
        plan.lead = self._leads.lead(best, understanding, situation)
        for aspect in understanding.aspects:
            if not plan.items[aspect]:
                overview = self._overview.plan(understanding, disease, situation)
                plan.items[aspect] = overview.items.get(aspect, [])
        return plan

    def _is_of_one(self, understanding: Understanding) -> bool:
        """Say whether a question asks for one part of an answer, which is then told first.

        Who asks what can be done is told first what is nearest.
        """
        return len(understanding.aspects) == 1 and not GENERAL_ASPECTS & set(understanding.aspects)

    def _of_all_named(
        self, best: Iterable[Statement], options: Iterable[Option], understanding: Understanding
    ) -> list[Statement]:
        """Return the statements that are about all that is named, where no option told is.

        "VIT after earlier relapse regimens": what is known of both comes before what is known of
        one of them.
        """
        named = [term for term in self._ranking.terms(understanding) if term[0] in PARTICULAR]
        behind = {id_ for option in options for id_ in option.statements}
        found = [s for s in best if all(self._ranking.has(s, term) for term in named)]
        own = len(named) > 1 and not behind.intersection(s.id for s in found)
        return found[:OF_BOTH] if own else []

    def _options(
        self, understanding: Understanding, disease: str, situation: Situation
    ) -> list[Option]:
        """Return the options asked for, those of the situation first, then by their role.

        Named options are told; all that are possible when all are asked for, or when the facts
        of a patient are given and treatment, or an aspect of it, is asked for. Where some belong
        to the situation, of the others only those of the same pathways are told.
        """
        named = understanding.ids("regimen")
        by_somebody = understanding.ids("study") or understanding.ids("factor") & GROUPS
        whole = set() if named or by_somebody else understanding.ids("whole")
        asked = set(understanding.aspects)
        always = asked & ALWAYS_TOLD if self._reader == "family" else set()
        near: dict[str, float] = {}
        chosen: list[tuple[Option, str]] = []
        for pathway in self._library.pathways_of(disease):
            for rule in pathway.rules:
                if not isinstance(rule, Option):
                    continue
                parts = {"options", self._overview.aspect_of(rule)}
                close = situation.closeness(rule) if parts & asked else 0.0
                wanted = rule.id in named or parts & whole or close or parts & always
                if wanted and situation.is_possible(rule):
                    near[rule.id] = close + TERM * self._ranking.shared_terms(rule, understanding)
                    chosen.append((rule, pathway.id))
        ours = {pathway for rule, pathway in chosen if near[rule.id]}
        told = [rule for rule, pathway in chosen if not ours or pathway in ours]
        return sorted(told, key=lambda rule: (-near[rule.id], ROLES.index(rule.role)))

    def outlook(self, understanding: Understanding, disease: str) -> tuple[Statement, ...]:
        """Return how groups of children did, for a family that asks what no study can foretell."""
        ids = self._overview.strongest(disease, ("outcomes",))
        found: list[Item] = [self._library.statements[id_] for id_ in ids]
        suited = self._families.suited(
            {"outcomes": found}, understanding, Patient({"disease": disease}), overview=True
        )
        return tuple(item for item in suited["outcomes"] if isinstance(item, Statement))

    def _outlooks(self, disease: str, situation: Situation) -> list[Outlook]:
        """Return the published results that describe the recorded patient most closely."""
        close = {
            rule.id: situation.closeness(rule)
            for rule in self._library.rules_of(disease)
            if isinstance(rule, Outlook)
        }
        outlooks = [rule for rule in self._library.rules_of(disease) if isinstance(rule, Outlook)]
        closest = sorted((r for r in outlooks if close[r.id]), key=lambda r: -close[r.id])
        return closest[:MOST_OUTLOOKS]

    def best(
        self,
        understanding: Understanding,
        disease: str,
        situation: Situation,
        options: Iterable[Option] = (),
    ) -> tuple[Statement, ...]:
        """Return the nearest statements; no part of the question is left without one.

        Every term that the question names and every aspect it asks for is covered by the best
        statements that have it, so that a question of several parts is answered in all of them.
        """
        telling = [*options, *self._outlooks(disease, situation)]
        behind = {id_ for rule in telling for id_ in rule.statements}
        near = self._ranking.ranked(understanding, disease)
        far = FAR * near[0][0] if near else 0.0
        ranked = sorted(
            (
                (
                    score
                    * (1 + FIT * situation.fit(statement))
                    * (1 + BEHIND * (statement.id in behind)),
                    statement,
                )
                for score, statement in near
                if score > far
                and self._overview.is_told(statement)
                and situation.may_apply(statement)
            ),
            key=lambda pair: (-pair[0], pair[1].id),
        )
        regimens = understanding.ids("regimen")
        told: Counter[str] = Counter()
        chosen: list[Statement] = []
        words = 0
        for score, statement in ranked[: MOST_STATEMENTS[self._reader]]:
            source = statement.study or statement.citation.source
            asked = statement.intervention in regimens or told[source] < MOST_OF_A_STUDY
            if score >= NEAR_THE_BEST * ranked[0][0] and asked and words < MOST_WORDS:
                told[source] += 1
                words += _length(statement)
                chosen.append(statement)
        for term in self._ranking.terms(understanding):
            enough = MOST_OF_A_TERM if term[0] in PARTICULAR else 1
            having = [s for _, s in ranked if self._ranking.has(s, term)]
            missing = enough - sum(statement in having for statement in chosen[:COVERING])
            if missing > 0:
                chosen += islice((s for s in having if s not in chosen), max(missing, ADDED))
        for aspect in understanding.aspects:
            topics = self._library.aspects[aspect].topics
            its = [s for _, s in ranked if s.topic in topics]
            missing = ENOUGH_OF_AN_ASPECT - sum(s.topic in topics for s in chosen)
            if missing > 0:
                chosen += islice((s for s in its if s not in chosen), missing)
            for term in self._ranking.terms(understanding):
                if term[0] in PARTICULAR:
                    both = (s for s in its if self._ranking.has(s, term))
                    chosen += (s for s in islice(both, OF_BOTH) if s not in chosen)
        chosen += self._harms(islice(options, MOST_OPTIONS), situation, chosen)
        return self._primary_first(chosen)

    def _harms(
        self, options: Iterable[Option], situation: Situation, told: Collection[Statement]
    ) -> Iterator[Statement]:
        """Yield for each option that is told what its treatment did beside helping.

        The statement that fits the recorded facts best, of those on harms of a treatment that the
        option's evidence is about; none where one is told already.
        """
        for option in options:
            behind = (self._library.statements[id_] for id_ in option.statements)
            treatments = {s.intervention for s in behind if s.intervention}
            harms = [
                s
                for s in self._library.of_disease[situation.disease]
                if s.topic == HARM
                and s.intervention in treatments
                and self._overview.is_told(s)
                and situation.may_apply(s)
            ]
            if harms and not any(s in told for s in harms):
                yield max(harms, key=lambda s: (situation.fit(s), s.id))

    def _primary_first(self, chosen: Iterable[Statement]) -> tuple[Statement, ...]:
        """Let the paper's own figure lead where a summary of it says otherwise."""
        chosen = list(chosen)
        ordered: list[Statement] = []
        for statement in chosen:
            if self._library.restates(statement):
                contradicting = (s for s in chosen if s.id in statement.conflicts_with)
                ordered += (s for s in contradicting if not self._library.restates(s))
            ordered.append(statement)
        return tuple(dict.fromkeys(ordered))

    def conflicting(self, told: set[str]) -> Iterator[Statement]:
        """Yield statements that contradict what was told and were not told themselves.

        A summary that yields to the paper's own figures is never told without them: those first.
        """
        library = self._library
        for id_ in sorted(told):
            for other in map(
                library.statements.__getitem__, library.statements[id_].conflicts_with
            ):
                if other.id in told or not self._ranking.is_shown(other.id):
                    continue
                if library.yields(other):
                    own = map(library.statements.__getitem__, other.conflicts_with)
                    yield from (s for s in own if s.id not in told and not library.restates(s))
                yield other

    def foreign_to(self, situation: Situation | None) -> frozenset[str]:
        """Return the statements whose figures do not describe a recorded patient."""
        if situation is None or not situation.is_of_a_patient:
            return frozenset()
        its = self._library.of_disease[situation.disease]
        return frozenset(s.id for s in its if not situation.may_apply(s))
