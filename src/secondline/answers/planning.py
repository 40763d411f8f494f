"""Which pathway passages and statements an answer is made of, section by section."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from secondline.answers.answer import Reader
from secondline.answers.families import (
    ALWAYS_TOLD,
    GENERAL_ASPECTS,
    GENERAL_FACTS,
    Families,
    Item,
    aspect_of_option,
    is_about,
    is_told,
)
from secondline.answers.ranking import PARTICULAR, Ranking
from secondline.answers.understanding import Understanding
from secondline.criteria.evaluate import evaluate
from secondline.criteria.tree import facts_in
from secondline.domain.evidence import Statement
from secondline.domain.facts import Patient
from secondline.domain.pathways import AnyRule, Caution, Option, Pathway, Stratum
from secondline.domain.truth import MET, NOT_MET, UNKNOWN, Truth
from secondline.library.library import Library

OVERVIEW = (
    "approach",
    "factors",
    "outcomes",
    "options",
    "local-control",
    "maintenance",
    "transplant",
    "trial",
    "supportive",
    "uncertain",
)
MOST_STATEMENTS: Mapping[Reader, int] = {"clinician": 18, "family": 10}
MOST_OF_A_STUDY = 6
MOST_OF_AN_ASPECT = 8  # statements in an overview of a disease without a pathway
MOST_OF_AN_OVERVIEW = 2  # of them from one study
COVERING = 8  # a term is covered when one of so many nearest statements has it
ENOUGH_FOR_A_LEAD = 2  # of the nearest statements stand behind a rule that answers in short
MOST_OF_A_TERM = 3  # statements that a term named in the question has among the nearest
FAR = 0.1  # of the best score; what scores less is not looked at
FIT = 0.25  # what each recorded fact that a statement's criterion is met by adds to its score
ADDED = 2  # statements for a term or an aspect that the nearest do not cover
NEAR_THE_BEST = 0.4  # of the best score; what scores less is about something else

Leading = Stratum | Option | Caution
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


@dataclass(slots=True)
class Plan:
    """What to tell: rules by their passages, statements by themselves.

    Attributes:
        overview: the question is about the situation as a whole.
        lead: the rule whose passage answers a specific question in short, if there is one.
        items: by aspect, both in the order in which they are shown.
    """

    overview: bool
    lead: Leading | None = None
    items: dict[str, list[Item]] = field(default_factory=dict)


class Planner:
    """Plans answers over one library for one kind of reader."""

    def __init__(self, library: Library, ranking: Ranking, reader: Reader) -> None:
        self._library = library
        self._ranking = ranking
        self._reader = reader
        self._families = Families(library)
        self._aspect_of = {t: a.id for a in library.aspects.values() for t in a.topics}

    def plan(self, understanding: Understanding, disease: str, patient: Patient) -> Plan:
        """Plan an overview, from the pathway if there is one, or a specific answer by rank."""
        if "disease" not in patient.facts:
            patient = patient.having(disease=disease)
        specific = self._ranking.is_specific(understanding)
        if specific:
            plan = self._specific(understanding, disease, patient)
        else:
            plan = self._overview(understanding, disease, patient)
        if self._reader == "family":
            plan.items = self._families.suited(
                plan.items, understanding, patient, overview=plan.overview
            )
        return plan

    def _is_told(self, statement: Statement) -> bool:
        """Say whether a statement has words for the reader."""
        return self._reader == "clinician" or is_told(statement)

    def topics(self, disease: str) -> frozenset[str]:
        """Return the topics of the statements of a disease that have words for the reader."""
        return frozenset(s.topic for s in self._library.of_disease[disease] if self._is_told(s))

    def _overview(self, understanding: Understanding, disease: str, patient: Patient) -> Plan:
        asked = set(understanding.aspects)
        aside = self._reader == "family" and asked - GENERAL_ASPECTS
        if aside and not understanding.ids("whole"):
            whole = False  # "side effects of the treatment" asks for no treatment
        else:
            whole = not asked or bool(asked & GENERAL_ASPECTS)
        also = tuple(a for a in self._library.aspects if a in asked and a not in OVERVIEW)
        shown = (
            (*OVERVIEW, *also) if whole else tuple(a for a in self._library.aspects if a in asked)
        )
        plan = Plan(overview=True, items={aspect: [] for aspect in shown})
        for pathway in self._library.pathways_of(disease):
            self._add_pathway(plan, pathway, patient)
        self._add(plan, self._strongest(disease, shown), patient)
        if not whole:
            ranked = self._ranking.ranked(understanding, disease)
            self._add(plan, (s.id for _, s in ranked[: MOST_STATEMENTS[self._reader]]), patient)
        return plan

    def _add_pathway(self, plan: Plan, pathway: Pathway, patient: Patient) -> None:
        self._add(plan, (id_ for s in pathway.schemes for id_ in s.statements), patient)
        for rule in pathway.rules:
            possible = isinstance(rule, Option) and self._is_possible(rule, patient)
            warns = isinstance(rule, Caution) and self._truth(rule, patient) is MET
            if isinstance(rule, Option | Caution) and (possible or warns):
                plan.items.get(self._aspect_of_rule(rule), []).append(rule)

    def _strongest(self, disease: str, aspects: Iterable[str]) -> Iterator[str]:
        """Yield the statements of a disease without a pathway, aspect by aspect.

        Principles lead, then randomized evidence, then the newest; a study is told a few times.
        """
        for aspect in aspects:
            told: Counter[str] = Counter()
            topics = self._library.aspects[aspect].topics
            ordered = sorted(
                (s for s in self._library.of_disease[disease] if s.topic in topics),
                key=self._strength,
            )
            for statement in ordered:
                study = statement.study or statement.citation.source
                shown = self._ranking.is_shown(statement.id) and self._is_told(statement)
                if shown and told[study] < MOST_OF_AN_OVERVIEW:
                    told[study] += 1
                    if sum(told.values()) <= MOST_OF_AN_ASPECT:
                        yield statement.id

    def _strength(self, statement: Statement) -> tuple[bool, bool, bool, str, int, str]:
        """Order an overview: relapse as a whole, principles, strong evidence, new evidence."""
        source = self._library.sources[statement.citation.source]
        level = statement.level
        code = (level.derived or level.printed or "E") if level else "E"
        return (
            statement.setting == "newly diagnosed",
            not is_about(statement, GENERAL_FACTS, self._library),
            statement.topic != "principle",
            code,
            -(source.year or 0),
            statement.id,
        )

    def _add(self, plan: Plan, ids: Iterable[str], patient: Patient) -> None:
        """Add statements to the sections that are shown, where they may describe the patient."""
        for statement in (self._library.statements[id_] for id_ in ids):
            if self._may_apply(statement, patient):
                plan.items.get(self._aspect_of[statement.topic], []).append(statement)

    def _specific(self, understanding: Understanding, disease: str, patient: Patient) -> Plan:
        """Plan by rank: the aspect of the nearest statement first.

        An aspect that is asked for and that no ranked statement belongs to is told from the
        pathway; an option that the patient cannot have is not told at all.
        """
        rules = self._library.rules_of(disease)
        best = self.best(understanding, disease, patient)
        order = dict.fromkeys(self._aspect_of[statement.topic] for statement in best)
        order.update(dict.fromkeys(understanding.aspects))
        order.update(dict.fromkeys(self._library.aspects))
        if not best or self._aspect_of[best[0].topic] != "uncertain":
            order["uncertain"] = order.pop("uncertain")  # last, unless it is the answer
        plan = Plan(overview=False, items={aspect: [] for aspect in order})
        named = understanding.ids("regimen")
        by_somebody = understanding.ids("study") or understanding.ids("factor") & GROUPS
        for rule in rules:
            if not isinstance(rule, Option) or not self._is_possible(rule, patient):
                continue
            aspect = self._aspect_of_rule(rule)
            asked = aspect in understanding.aspects and self._is_recorded(rule, patient)
            whole = aspect in understanding.ids("whole") and not named and not by_somebody
            if rule.id in named or asked or whole or self._is_always_told(aspect, understanding):
                plan.items[aspect].append(rule)
        for statement in best:
            plan.items[self._aspect_of[statement.topic]].append(statement)
        lead = self._lead(best, rules, patient)
        plan.lead = lead if lead and self._may_lead(lead, understanding) else None
        for aspect in understanding.aspects:
            if not plan.items[aspect]:
                overview = self._overview(understanding, disease, patient)
                plan.items[aspect] = overview.items.get(aspect, [])
        return plan

    def _is_always_told(self, aspect: str, understanding: Understanding) -> bool:
        """Say whether a family that asks about an aspect is told every option of it."""
        asked = aspect in understanding.aspects
        return self._reader == "family" and asked and aspect in ALWAYS_TOLD

    def _may_lead(self, rule: Leading, understanding: Understanding) -> bool:
        """Say whether a rule may answer in short.

        Families are told first what they asked for, and of an option that is advised against only
        when they name one.
        """
        if self._reader == "clinician":
            return True
        advised_against = isinstance(rule, Option) and rule.role == "avoid"
        if advised_against and not understanding.ids("regimen") | understanding.ids("drug"):
            return False
        asked = understanding.aspects
        return not asked or self._aspect_of_rule(rule) in asked

    def _lead(
        self, best: tuple[Statement, ...], rules: Iterable[AnyRule], patient: Patient
    ) -> Leading | None:
        """Return the rule that the nearest statements stand behind; the nearest weigh most.

        A rule counts less when much of what stands behind it was not asked for.
        """
        weights = {statement.id: 1 / (1 + rank) for rank, statement in enumerate(best[:COVERING])}
        heaviest, lead = 0.0, None
        for rule in rules:
            if not isinstance(rule, Leading):
                continue
            # A warning leads only where it holds; an option or a stratum also while it is open.
            needed = {MET} if isinstance(rule, Caution) else {MET, UNKNOWN}
            if self._truth(rule, patient) not in needed:
                continue
            shared = [weights[id_] for id_ in rule.statements if id_ in weights]
            weight = sum(shared) * len(shared) / (len(rule.statements) or 1)
            alone = isinstance(rule, Option) and len(shared) == len(rule.statements) == 1
            if (alone or len(shared) >= ENOUGH_FOR_A_LEAD) and weight > heaviest:
                heaviest, lead = weight, rule
        return lead

    def _is_recorded(self, option: Option, patient: Patient) -> bool:
        """Say whether what is recorded of a patient makes an option possible."""
        recorded = bool(set(patient) - {"disease", "disease_status"})
        return recorded and self._truth(option, patient) is MET

    def _is_possible(self, rule: AnyRule, patient: Patient) -> bool:
        return self._truth(rule, patient) is not NOT_MET

    def _truth(self, rule: AnyRule, patient: Patient) -> Truth:
        return evaluate(self._library.decisions[rule.id], patient)

    def _aspect_of_rule(self, rule: AnyRule) -> str:
        aspects = [self._aspect_of[self._library.statements[id_].topic] for id_ in rule.statements]
        if self._reader == "family" and isinstance(rule, Option):
            return aspect_of_option(rule, aspects, self._library)
        return aspects[0]

    def best(
        self, understanding: Understanding, disease: str, patient: Patient
    ) -> tuple[Statement, ...]:
        """Return the statements nearest to a question that may describe the patient.

        Every term that the question names and every aspect it asks for is covered by the best
        statements that have it, so that a question of several parts is answered in all of them.
        """
        near = self._ranking.ranked(understanding, disease)
        far = FAR * near[0][0] if near else 0.0
        ranked = sorted(
            (
                (score * self._fit(statement, patient), statement)
                for score, statement in near
                if score > far and self._is_told(statement) and self._may_apply(statement, patient)
            ),
            key=lambda pair: (-pair[0], pair[1].id),
        )
        regimens = understanding.ids("regimen")
        told: Counter[str] = Counter()
        chosen: list[Statement] = []
        for score, statement in ranked[: MOST_STATEMENTS[self._reader]]:
            source = statement.study or statement.citation.source
            asked = statement.intervention in regimens or told[source] < MOST_OF_A_STUDY
            if score >= NEAR_THE_BEST * ranked[0][0] and asked:
                told[source] += 1
                chosen.append(statement)
        for term in self._ranking.terms(understanding):
            enough = MOST_OF_A_TERM if term[0] in PARTICULAR else 1
            having = [s for _, s in ranked if self._ranking.has(s, term)]
            missing = enough - sum(statement in having for statement in chosen[:COVERING])
            if missing > 0:
                chosen += islice((s for s in having if s not in chosen), max(missing, ADDED))
        for aspect in understanding.aspects:
            topics = self._library.aspects[aspect].topics
            if not any(statement.topic in topics for statement in chosen):
                chosen += islice((s for _, s in ranked if s.topic in topics), ADDED)
        return self._primary_first(chosen)

    def outlook(self, understanding: Understanding, disease: str) -> tuple[Statement, ...]:
        """Return how groups of children did, for a family that asks what no study can foretell."""
        found: list[Item] = [
            self._library.statements[id_] for id_ in self._strongest(disease, ("outcomes",))
        ]
        patient = Patient({"disease": disease})
        suited = self._families.suited({"outcomes": found}, understanding, patient, overview=True)[
            "outcomes"
        ]
        return tuple(item for item in suited if isinstance(item, Statement))

    def _fit(self, statement: Statement, patient: Patient) -> float:
        """Say how much nearer a statement is for being about patients like the one recorded."""
        criterion = self._library.criteria.get(statement.id)
        if criterion is None or evaluate(criterion, patient) is not MET:
            return 1.0
        return 1.0 + FIT * len(set(facts_in(criterion)) - {"disease", "disease_status"})

    def _primary_first(self, chosen: list[Statement]) -> tuple[Statement, ...]:
        """Let the paper's own figure lead where a summary of it says otherwise."""
        ordered: list[Statement] = []
        for statement in chosen:
            if self._library.restates(statement):
                contradicting = (s for s in chosen if s.id in statement.conflicts_with)
                ordered += (s for s in contradicting if not self._library.restates(s))
            ordered.append(statement)
        return tuple(dict.fromkeys(ordered))

    def conflicting(self, told: set[str]) -> Iterator[Statement]:
        """Yield statements that contradict what was told and were not told themselves."""
        for id_ in sorted(told):
            for other in self._library.statements[id_].conflicts_with:
                if other not in told and self._ranking.is_shown(other):
                    yield self._library.statements[other]

    def foreign_to(self, patient: Patient) -> frozenset[str]:
        """Return the statements whose figures do not describe a patient; none for nobody."""
        if not patient.facts:
            return frozenset()
        return frozenset(
            id_ for id_, s in self._library.statements.items() if not self._may_apply(s, patient)
        )

    def _may_apply(self, statement: Statement, patient: Patient) -> bool:
        criterion = self._library.criteria.get(statement.id)
        return criterion is None or evaluate(criterion, patient) is not NOT_MET
