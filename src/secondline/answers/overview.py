"""What a general question is answered with: the pathways first, then the strongest evidence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from secondline.answers.answer import Reader
from secondline.answers.families import GENERAL_ASPECTS, aspect_of_option, is_told
from secondline.answers.plan import Plan
from secondline.answers.ranking import Ranking
from secondline.answers.situation import Criteria, Situation
from secondline.answers.understanding import Understanding
from secondline.domain.evidence import Statement
from secondline.domain.pathways import AnyRule, Caution, Option, Outlook, Pathway, Stratum
from secondline.domain.truth import MET
from secondline.library.library import Library

# What decides, what can be done, what to expect, then the rest.
OVERVIEW = (
    "approach",
    "factors",
    "options",
    "local-control",
    "transplant",
    "outcomes",
    "maintenance",
    "trial",
    "supportive",
    "uncertain",
)
OF_GROUPS = {"factors", "outcomes"}  # who asks for these is not told what can be done
ROLES = ("standard", "local-control", "alternative", "trial", "supportive", "avoid")
MOST_OF_AN_ASPECT = 8  # statements of one aspect in an overview of everything
MOST_OF_ONE_ASPECT = 16  # where few aspects were asked for
MOST_OF_A_STUDY = 3  # of them from one study
ABOUT_MOST = 3.0  # the weight of tests that most patients pass
MOST_SHARING_WORDS = 4  # statements that share a telling word with a general question
NEAREST: Mapping[Reader, int] = {"clinician": 18, "family": 10}
# statements nearest to a question that asks for some aspects only


class Overview:
    """Plans answers to questions about a disease as a whole, for one kind of reader."""

    def __init__(self, library: Library, ranking: Ranking, tests: Criteria, reader: Reader) -> None:
        self._reader = reader
        self._library = library
        self._ranking = ranking
        self._tests = tests
        self._aspect_of = {t: a.id for a in library.aspects.values() for t in a.topics}
        classes = [rule for rule in library.rules.values() if isinstance(rule, Stratum | Outlook)]
        self._classes = Counter(id_ for rule in classes for id_ in rule.statements)

    def plan(self, understanding: Understanding, disease: str, situation: Situation) -> Plan:
        """Plan all of it, or the aspects asked for with those that are told beside them."""
        asked = set(understanding.aspects)
        whole = self._is_of_all(asked, understanding)
        aspects = tuple(a for a in self._library.aspects if a in asked | self._beside(asked))
        if whole:
            aspects = (*OVERVIEW, *(a for a in aspects if a not in OVERVIEW))
        plan = Plan(overview=True, items={aspect: [] for aspect in aspects})
        for pathway in self._library.pathways_of(disease):
            self._add_pathway(plan, pathway, situation)
        for aspect, items in plan.items.items():
            items.sort(key=_role)
            if not whole and aspect in OF_GROUPS and self._reader == "clinician":
                plan.items[aspect] = [item for item in items if not isinstance(item, Option)]
        if not whole and self._reader == "clinician":
            near = self._ranking.sharing_words(understanding, disease)
            self._add(plan, islice(near, MOST_SHARING_WORDS), situation)
        most = MOST_OF_AN_ASPECT if whole else MOST_OF_ONE_ASPECT
        self._add(plan, self.strongest(disease, aspects, most), situation)
        if not whole:
            ranked = self._ranking.ranked(understanding, disease)
            self._add(plan, (s.id for _, s in ranked[: NEAREST[self._reader]]), situation)
        return plan

    def _is_of_all(self, asked: set[str], understanding: Understanding) -> bool:
        """Say whether all is asked for; "side effects of the treatment" asks for no treatment."""
        aside = self._reader == "family" and asked - GENERAL_ASPECTS
        if aside and not understanding.ids("whole"):
            return False
        return not asked or bool(asked & GENERAL_ASPECTS)

    def _beside(self, asked: set[str]) -> set[str]:
        """Return what clinicians are told beside the aspects they ask for."""
        if self._reader == "family":
            return set()
        return {each for aspect in asked for each in self._library.aspects[aspect].beside}

    def aspect_of(self, rule: AnyRule) -> str:
        """Return the aspect under which a rule is told: that of its first statement.

        Families look for an option elsewhere.
        """
        aspects = [self._aspect_of[self._library.statements[id_].topic] for id_ in rule.statements]
        if self._reader == "family" and isinstance(rule, Option):
            return aspect_of_option(rule, aspects, self._library)
        return aspects[0]

    def is_told(self, statement: Statement) -> bool:
        """Say whether a statement has words for the reader."""
        return self._reader == "clinician" or is_told(statement)

    def _add_pathway(self, plan: Plan, pathway: Pathway, situation: Situation) -> None:
        schemes = [id_ for scheme in pathway.schemes for id_ in scheme.statements]
        self._add(plan, (id_ for id_ in schemes if self._is_close(id_, situation)), situation)
        for rule in pathway.rules:
            possible = isinstance(rule, Option) and situation.is_possible(rule)
            warns = isinstance(rule, Caution) and situation.truth(rule) is MET
            if isinstance(rule, Option | Caution) and (possible or warns):
                plan.items.get(self.aspect_of(rule), []).append(rule)

    def _is_close(self, statement: str, situation: Situation) -> bool:
        """Say whether a statement is about most patients, or about such as the one recorded."""
        found = self._library.statements[statement]
        of_most = self._tests.speciality(found) <= ABOUT_MOST
        of_all = of_most and not self._is_of_one_treatment(found)
        return of_all or situation.fit(found) > ABOUT_MOST

    def _is_of_one_treatment(self, statement: Statement) -> bool:
        """Say whether a factor or an outcome was seen after one treatment only."""
        of_groups = self._aspect_of[statement.topic] in OF_GROUPS
        return of_groups and statement.intervention is not None

    def strongest(
        self, disease: str, aspects: Iterable[str], most: int = MOST_OF_AN_ASPECT
    ) -> Iterator[str]:
        """Yield the strongest statements, aspect by aspect; a study is told a few times."""
        for aspect in aspects:
            told: Counter[str] = Counter()
            topics = self._library.aspects[aspect].topics
            ordered = sorted(
                (s for s in self._library.of_disease[disease] if s.topic in topics),
                key=self._strength,
            )
            for statement in ordered:
                study = statement.study or statement.citation.source
                shown = self._ranking.is_shown(statement.id) and self.is_told(statement)
                if shown and told[study] < MOST_OF_A_STUDY:
                    told[study] += 1
                    if sum(told.values()) <= most:
                        yield statement.id

    def _strength(self, statement: Statement) -> tuple[bool, bool, bool, bool, int, str, int, str]:
        """Order an overview: relapse as a whole, principles, what classes of patients rest on.

        Then strong evidence and new evidence. Statements about most patients come before those
        about few.
        """
        source = self._library.sources[statement.citation.source]
        level = statement.level
        code = (level.derived or level.printed or "E") if level else "E"
        speciality = self._tests.speciality(statement)
        return (
            statement.setting == "newly diagnosed",
            self._is_of_one_treatment(statement),
            speciality > (ABOUT_MOST if self._classes[statement.id] else 0),
            statement.topic != "principle",
            -self._classes[statement.id],
            code,
            -(source.year or 0),
            statement.id,
        )

    def _add(self, plan: Plan, ids: Iterable[str], situation: Situation) -> None:
        """Add statements to the sections that are shown, where they may describe the patient."""
        for statement in (self._library.statements[id_] for id_ in ids):
            if situation.may_apply(statement):
                plan.items.get(self._aspect_of[statement.topic], []).append(statement)


def _role(item: AnyRule | Statement) -> int:
    """Order rules by the role that their sources give an option; what is no option comes last."""
    return ROLES.index(item.role) if isinstance(item, Option) else len(ROLES)
