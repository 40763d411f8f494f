"""From a plan to the sections of an answer."""

from collections.abc import Iterator

from secondline.answers.answer import Section, Sentence
from secondline.answers.composition import Composer
from secondline.answers.plan import Plan
from secondline.answers.planning import Planner
from secondline.domain.evidence import Statement
from secondline.domain.pathways import AnyRule, Caution, Option, Stratum
from secondline.library.library import Library

IN_SHORT = "In short"
ALSO_NAMED = "Also listed, each for its own situation; ask about one for its evidence: "
ENOUGH_FOR_FAMILIES = 4  # sentences in a section
WITH_CAUTION = 4  # the statements nearest to a specific question are told with their cautions
IN_FULL = 4  # nearest statements are told with details and with whom they describe
FIGURES_OF_A_RULE = 2  # statements whose figures stand behind an option where many are told


class Teller:
    """Tells plans, made by one planner, in the words of a composer."""

    def __init__(self, library: Library, planner: Planner) -> None:
        self.library = library
        self.planner = planner
        self._schemes = {s.scheme: s.label for p in library.pathways.values() for s in p.schemes}

    def sections(self, plan: Plan, composer: Composer) -> Iterator[Section]:
        """Yield the sections of a plan, in its order; uncertainty and conflicts last."""
        family = composer.reader == "family"
        if plan.lead and (
            section := composer.section(IN_SHORT, self._passage(plan.lead, composer))
        ):
            yield section
        for aspect_id, items in plan.items.items():
            sentences: list[Sentence] = []
            for place, item in enumerate(items):
                if family and len(sentences) >= ENOUGH_FOR_FAMILIES:
                    break
                if plan.overview and not family and _is_full(sentences, plan, aspect_id):
                    plan.leave_out(aspect_id, items[place:])
                    break
                if isinstance(item, Statement):
                    caution = not plan.overview and len(composer.told) < WITH_CAUTION
                    brief = (
                        plan.rank.get(item.id, IN_FULL) >= IN_FULL and not plan.is_of_few_aspects
                    )
                    sentences += composer.statement(item, caution=caution, overview=brief)
                else:
                    sentences += self._rule(item, composer, plan)
            if not family:
                sentences += self._named(plan.named.get(aspect_id, []), composer)
            if aspect_id == "uncertain":
                sentences += self._conflicts(plan, composer)
            if section := composer.section(self._heading(aspect_id, family), sentences):
                yield section
        if "uncertain" not in plan.items:
            sentences = self._conflicts(plan, composer)
            if section := composer.section(self._heading("uncertain", family), sentences):
                yield section

    def _named(self, options: list[Option], composer: Composer) -> Iterator[Sentence]:
        """Name options for which there is no room, so that they can be asked about."""
        if options:
            text = f"{ALSO_NAMED}{'; '.join(option.label for option in options)}."
            first = dict.fromkeys(option.statements[0] for option in options)
            yield from composer.sentence(
                text, [self.library.statements[id_] for id_ in first], {text}
            )

    def _heading(self, aspect: str, family: bool) -> str:
        found = self.library.aspects[aspect]
        return found.plain_heading if family else found.heading

    def _rule(self, rule: AnyRule, composer: Composer, plan: Plan) -> Iterator[Sentence]:
        """Tell the passage of a rule, then the figures of the statements behind it.

        Families are told the plain words of an option, and where they ask how children did those of
        its statements; both would say the same twice.
        """
        cited = [self.library.statements[id_] for id_ in rule.statements]
        passage = list(self._passage(rule, composer))
        yield from passage
        if composer.reader == "family":
            if passage and composer.numbers:
                for statement in cited[:FIGURES_OF_A_RULE]:
                    yield from composer.statement(statement)
            return
        brief = plan.overview or plan.brief
        told = _nearest(cited, plan) if brief else cited
        for statement in sorted(told, key=lambda s: plan.rank.get(s.id, len(plan.rank))):
            yield from composer.figures(statement, overview=brief)

    def _passage(self, rule: AnyRule, composer: Composer) -> Iterator[Sentence]:
        """Tell the passage of a rule, or its plain words where it has some; once in an answer.

        A warning is told in its own words, and a class of patients after its name: their passages
        are read one after the other, and some say nothing alone.
        """
        text = rule.passage
        if isinstance(rule, Caution):
            text = rule.text
        elif isinstance(rule, Stratum):
            text = f"{self._schemes[rule.scheme]}: {rule.label}. {text}"
        if composer.reader == "family":
            text = (isinstance(rule, Option) and rule.plain) or ""
        if text and rule.id not in composer.told_rules:
            composer.told_rules.add(rule.id)
            cited = [self.library.statements[id_] for id_ in rule.statements]
            yield from composer.sentence(text, cited, {text})

    def _conflicts(self, plan: Plan, composer: Composer) -> list[Sentence]:
        """Tell what contradicts the statements told; in an overview, where figures differ."""
        if composer.reader == "family":
            return []
        found: list[Sentence] = []
        for statement in list(self.planner.conflicting(composer.told)):
            if statement.topic == "correction":
                found += composer.sentence(
                    statement.says, [statement]
                )  # not the figures it corrects
            elif plan.overview and statement.findings:
                if not _is_full(found, plan, "uncertain"):
                    found += composer.statement(statement, overview=True)
            elif not plan.overview:
                found += composer.statement(statement, caution=True)
        return found


def _nearest(cited: list[Statement], plan: Plan) -> list[Statement]:
    """Return the first statements behind a rule and those of them nearest to the question."""
    places = enumerate(cited)
    return [s for place, s in places if place < FIGURES_OF_A_RULE or s.id in plan.rank]


def _is_full(sentences: list[Sentence], plan: Plan, aspect: str) -> bool:
    """Say whether a section of an overview holds as much as there is room for."""
    return sum(len(sentence.text.split()) for sentence in sentences) >= plan.room(aspect)
