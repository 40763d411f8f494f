"""Which pathway passages and statements an answer is made of, section by section."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from secondline.answers.ranking import Ranking
from secondline.answers.understanding import Understanding
from secondline.criteria.evaluate import evaluate
from secondline.domain.evidence import Statement
from secondline.domain.facts import Patient
from secondline.domain.pathways import AnyRule, Caution, Named, Option, Outlook, Pathway
from secondline.domain.truth import NOT_MET
from secondline.library.library import Library

OVERVIEW = (
    "approach",
    "factors",
    "outcomes",
    "options",
    "local-control",
    "maintenance",
    "avoid",
    "trial",
    "supportive",
    "uncertain",
)
MOST_STATEMENTS = 14
NEAR_THE_BEST = 0.45  # of the best score; what scores less is about something else

Item = AnyRule | Statement


@dataclass(slots=True)
class Plan:
    """What to tell: rules by their passages, statements by themselves.

    Attributes:
        overview: the question is about the situation as a whole.
        items: by aspect, both in the order in which they are shown.
    """

    overview: bool
    items: dict[str, list[Item]] = field(default_factory=dict)


class Planner:
    """Plans answers over one library."""

    def __init__(self, library: Library, ranking: Ranking) -> None:
        self._library = library
        self._ranking = ranking
        self._aspect_of = {t: a.id for a in library.aspects.values() for t in a.topics}

    def plan(self, understanding: Understanding, pathway: Pathway, patient: Patient) -> Plan:
        """Plan an overview from the pathway, or an answer to a specific question by rank."""
        if self._ranking.is_specific(understanding):
            return self._specific(understanding, pathway, patient)
        return self._overview(understanding, pathway, patient)

    def _overview(self, understanding: Understanding, pathway: Pathway, patient: Patient) -> Plan:
        asked = set(understanding.aspects)
        whole = not asked or asked & {"options", "approach"}
        shown = OVERVIEW if whole else tuple(a for a in self._library.aspects if a in asked)
        plan = Plan(overview=True, items={aspect: [] for aspect in shown})
        self._add(plan, (id_ for s in pathway.schemes for id_ in s.statements), patient)
        for rule in pathway.rules:
            if isinstance(rule, Option | Caution):
                plan.items.get(self._aspect_of_rule(rule), []).append(rule)
            elif isinstance(rule, Outlook | Named):
                self._add(plan, rule.statements, patient)
        if not whole:
            best = (s.id for _, s in self._ranking.ranked(understanding)[:MOST_STATEMENTS])
            self._add(plan, best, patient)
        return plan

    def _add(self, plan: Plan, ids: Iterable[str], patient: Patient) -> None:
        """Add statements to the sections that are shown, where they may describe the patient."""
        for statement in (self._library.statements[id_] for id_ in ids):
            if self._may_apply(statement, patient):
                plan.items.get(self._aspect_of[statement.topic], []).append(statement)

    def _specific(self, understanding: Understanding, pathway: Pathway, patient: Patient) -> Plan:
        plan = Plan(overview=False)
        regimens = understanding.ids("regimen")
        for rule in pathway.rules:
            if isinstance(rule, Option) and rule.id in regimens:
                plan.items.setdefault(self._aspect_of_rule(rule), []).append(rule)
        for statement in self.best(understanding, patient):
            plan.items.setdefault(self._aspect_of[statement.topic], []).append(statement)
        return plan

    def _aspect_of_rule(self, rule: AnyRule) -> str:
        return self._aspect_of[self._library.statements[rule.statements[0]].topic]

    def best(self, understanding: Understanding, patient: Patient) -> Iterator[Statement]:
        """Yield the statements nearest to a question that may describe the patient."""
        ranked = [
            (score, statement)
            for score, statement in self._ranking.ranked(understanding)
            if self._may_apply(statement, patient)
        ]
        for score, statement in ranked[:MOST_STATEMENTS]:
            if score >= NEAR_THE_BEST * ranked[0][0]:
                yield statement

    def conflicting(self, told: set[str]) -> Iterator[Statement]:
        """Yield statements that contradict what was told and were not told themselves."""
        for id_ in sorted(told):
            for other in self._library.statements[id_].conflicts_with:
                if other not in told and self._ranking.is_shown(other):
                    yield self._library.statements[other]

    def _may_apply(self, statement: Statement, patient: Patient) -> bool:
        criterion = self._library.criteria.get(statement.id)
        return criterion is None or evaluate(criterion, patient) is not NOT_MET
