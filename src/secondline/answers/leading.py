"""Which rule answers a specific question in short: one that speaks of what the question names."""

from collections.abc import Collection

from secondline.answers.answer import Reader
from secondline.answers.overview import Overview
from secondline.answers.plan import Leading
from secondline.answers.ranking import PARTICULAR, Feature, Ranking
from secondline.answers.situation import Situation
from secondline.answers.understanding import Understanding
from secondline.domain.evidence import Statement
from secondline.domain.pathways import AnyRule, Caution, Option, Stratum
from secondline.domain.truth import MET, UNKNOWN
from secondline.library.library import Library

COVERING = 8  # so many of the nearest statements make a rule heavy
NEAREST = 4  # one of so many stands behind a rule that answers in short
ENOUGH_FOR_A_LEAD = 2  # of the nearest statements stand behind it
ENOUGH_OF_THE_NAMED = 0.6  # of the weight of what is named; words and evidence of a rule count half
HARM = "toxicity"
OF_CLASSES = {"factors", "definitions"}  # who asks for these may be answered by a class of patients
OF_OUTLOOK = {"factors", "outcomes"}
BESIDE = 0.25  # how much less a rule counts for each thing that only its label names
LATER = ("factor", "second-or-later-relapse")


class Leads:
    """Chooses the rule whose words answer a question in short, for one kind of reader."""

    def __init__(
        self, library: Library, ranking: Ranking, overview: Overview, reader: Reader
    ) -> None:
        self._library = library
        self._ranking = ranking
        self._overview = overview
        self._reader = reader

    def lead(
        self, best: tuple[Statement, ...], understanding: Understanding, situation: Situation
    ) -> Leading | None:
        """Return the rule that the nearest statements stand behind; the nearest weigh most.

        A rule counts less when much of what stands behind it was not asked for, or when its label
        names treatments and situations that the question does not. Where the nearest
        statement tells a harm, or harms are asked for, no rule on what may be done answers that.
        """
        if not best or best[0].topic == HARM or HARM in understanding.aspects:
            return None
        weights = {statement.id: 1 / (1 + rank) for rank, statement in enumerate(best[:COVERING])}
        nearest = {statement.id for statement in best[:NEAREST]}
        heaviest, lead = 0.0, None
        for rule in self._library.rules_of(situation.disease):
            if not isinstance(rule, Leading):
                continue
            shared = [weights[id_] for id_ in rule.statements if id_ in weights]
            weight = sum(shared) * len(shared) / (len(rule.statements) or 1)
            weight /= 1 + BESIDE * len(self._beside(rule, understanding))
            alone = isinstance(rule, Option) and len(shared) == len(rule.statements) == 1
            enough = alone or len(shared) >= ENOUGH_FOR_A_LEAD
            if not enough or weight <= heaviest or nearest.isdisjoint(rule.statements):
                continue
            # A warning leads only where it holds; an option or a stratum also while it is open.
            needed = {MET} if isinstance(rule, Caution) else {MET, UNKNOWN}
            of_patient = isinstance(rule, Stratum) and situation.is_of_a_patient  # told for it
            if of_patient or situation.truth(rule) not in needed:
                continue
            if self._speaks_of(rule, understanding):
                heaviest, lead = weight, rule
        return lead if lead and self._may_lead(lead, understanding) else None

    def _beside(self, rule: Leading, understanding: Understanding) -> set[Feature]:
        """Return what the label of a rule names and the question does not."""
        asked = {(concept.kind, concept.id) for concept in understanding.concepts}
        return set(self._ranking.terms_of_label(rule.id) - asked)

    def _speaks_of(self, rule: Leading, understanding: Understanding) -> bool:
        """Say whether a rule is about what a question names, and about no later relapse beside it.

        A warning that holds for the patient is. A class of patients answers only who asks what
        decides the outlook, or how relapse is defined.
        """
        if isinstance(rule, Caution):
            return True
        if isinstance(rule, Option) and self._asks_for_the_outlook_alone(understanding):
            return False
        if isinstance(rule, Stratum) and OF_CLASSES.isdisjoint(understanding.aspects):
            return False
        named = [f for f in self._ranking.terms(understanding) if f[0] in PARTICULAR]
        own = self._ranking.terms_of(rule.id) | set(self._studied(rule))
        special = LATER in self._ranking.terms_of_label(rule.id) and LATER not in named
        if special and not _treatments(own) & _treatments(named):
            return False
        behind = own.union(*(self._ranking.features_of(id_) for id_ in rule.statements))
        total = sum(map(self._ranking.weight, named))
        said = sum(self._ranking.weight(f) * ((f in own) + (f in behind)) / 2 for f in named)
        return said >= ENOUGH_OF_THE_NAMED * total

    def _asks_for_the_outlook_alone(self, understanding: Understanding) -> bool:
        """Say whether a question asks how patients did, and for no treatment."""
        treatments = understanding.ids("regimen") | understanding.ids("drug")
        return bool(understanding.aspects) and not treatments.union(
            set(understanding.aspects) - OF_OUTLOOK
        )

    def _studied(self, rule: AnyRule) -> list[Feature]:
        """Return the treatments and studies of the statements behind a rule."""
        behind = [self._library.statements[id_] for id_ in rule.statements]
        found = [("regimen", s.intervention) for s in behind if s.intervention]
        return found + [("study", s.study) for s in behind if s.study]

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
        return not asked or self._overview.aspect_of(rule) in asked


def _treatments(features: Collection[Feature]) -> set[Feature]:
    return {feature for feature in features if feature[0] in {"regimen", "drug"}}
