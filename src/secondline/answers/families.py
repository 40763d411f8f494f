"""What of a plan a family is told, and in which order: what it asked for, and the usual first."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain

from secondline.answers.plan import Item
from secondline.answers.understanding import Understanding
from secondline.answers.words import tokens
from secondline.criteria.evaluate import evaluate
from secondline.criteria.tree import facts_in
from secondline.domain.evidence import Statement
from secondline.domain.facts import CodeSet, Patient, Value
from secondline.domain.pathways import Option
from secondline.domain.truth import NOT_MET
from secondline.library.library import Library

GENERAL_ASPECTS = {"options", "approach"}
ALWAYS_TOLD = {"supportive", "trial"}  # every option of them, to whoever asks about them
GENERAL_FACTS = {"disease", "disease_status", "metastatic_at_diagnosis"}
NAMED_GROUPS = GENERAL_FACTS | {"tumor_type"}  # a type stands in every sentence about it
# A family that asks in general is not told of relapse in special places, nor of options for single
# types, to which its child need not belong; asked about them, it is.
ORDINARY: Mapping[str, Value] = {
    "cns_disease": False,
    "second_cns_relapse": False,
    "relapse_sites": CodeSet(frozenset({"marrow"})),
    "tumor_type": "other",
}
PLACES_OF_OPTIONS = ("transplant", "local-control", "maintenance", "options")
LOCALIZED = Patient({"metastatic_at_diagnosis": False})
# The order of options in an overview; statements stand with trials.
ROLE_ORDER = {"standard": 0, "alternative": 1, "local-control": 1, "supportive": 1, "avoid": 3}
WITH_TRIALS = 2
ENOUGH_OF_A_SECTION = 2  # items on relapse as a whole; where there are fewer, types are told too


class Families:
    """Suits the items of a plan to families."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def suited(
        self,
        items: Mapping[str, list[Item]],
        understanding: Understanding,
        patient: Patient,
        *,
        overview: bool,
    ) -> dict[str, list[Item]]:
        """Return the items by aspect, those first that a question asks for.

        What has no words for families is left out, and so are corrections of pages that a family
        never read, unless it asks about such a claim.

        Args:
            items: by aspect, as planned.
            understanding: of the question.
            patient: what is recorded of the patient.
            overview: the question is about the situation as a whole.
        """
        ordinary = Patient({**ORDINARY, **patient.facts})
        claims = "popular-claim" in understanding.ids("factor")
        near = {each.id for its in items.values() for each in its if isinstance(each, Statement)}
        found: dict[str, list[Item]] = {}
        for aspect, planned in items.items():
            once = {item.id: item for item in planned}.values()
            told = [i for i in once if is_told(i) and (claims or not _is_correction(i))]
            if overview:
                told = sorted(self._of_everybody(told, ordinary), key=_place)
            else:
                told.sort(key=lambda item: _is_far(item, near))
            if aspect == "outcomes":
                told.sort(key=lambda item: not _has_frequencies(item))
            found[aspect] = sorted(told, key=self._is_of_spread_disease)
        asked = [a for a in understanding.aspects if a in found and a not in GENERAL_ASPECTS]
        return {aspect: found[aspect] for aspect in dict.fromkeys([*asked, *found])}

    def _of_everybody(self, items: Iterable[Item], ordinary: Patient) -> list[Item]:
        """Return the items about relapse as a whole; where they are few, also single types."""
        items = tuple(items)
        found = [item for item in items if self._is_general(item, ordinary)]
        if len(found) < ENOUGH_OF_A_SECTION:
            rest = (i for i in items if i not in found and isinstance(i, Statement))
            found += [i for i in rest if is_about(i, NAMED_GROUPS, self._library)]
        return found

    def _is_general(self, item: Item, ordinary: Patient) -> bool:
        """Say whether an item is about relapse as a whole, or is possible in an ordinary one."""
        if isinstance(item, Statement):
            return is_about(item, GENERAL_FACTS, self._library)
        return evaluate(self._library.decisions[item.id], ordinary) is not NOT_MET

    def _is_of_spread_disease(self, item: Item) -> bool:
        """Say whether an item describes only disease that had spread at the start: told last."""
        criterion = self._library.criteria.get(item.id)
        if not isinstance(item, Statement) or criterion is None:
            return False
        return evaluate(criterion, LOCALIZED) is NOT_MET


def aspect_of_option(option: Option, aspects: Collection[str], library: Library) -> str:
    """Return where a family looks for an option, given the aspects of the statements behind it.

    What was measured or is unknown about an option does not make it an outcome or a gap; where
    nothing else stands behind it, its label tells.
    """
    if option.role in {"trial", "local-control"}:
        return option.role
    if option.role == "supportive":
        is_care = "supportive" in aspects or set(aspects) == {"approach"}
        return "supportive" if is_care else "approach"
    label = set(tokens(option.label))
    named = (a for a in PLACES_OF_OPTIONS if label.intersection(library.aspects[a].words))
    behind = (aspect for aspect in aspects if aspect in PLACES_OF_OPTIONS)
    return next(chain(behind, named), "approach")


def is_told(item: Item) -> bool:
    """Say whether an item has words for families."""
    return isinstance(item, Option | Statement) and item.plain is not None


def is_about(statement: Statement, facts: Collection[str], library: Library) -> bool:
    """Say whether these facts alone tell whom a statement describes."""
    criterion = library.criteria.get(statement.id)
    return criterion is None or set(facts_in(criterion)).issubset(facts)


def _has_frequencies(item: Item) -> bool:
    """Say whether an item tells how many children of a hundred something happened to."""
    return isinstance(item, Statement) and any(finding.plain_group for finding in item.findings)


def _is_correction(item: Item) -> bool:
    return isinstance(item, Statement) and item.topic == "correction"


def _is_far(item: Item, near: Collection[str]) -> bool:
    """Say whether a rule has nothing in common with the statements nearest to a question."""
    return not isinstance(item, Statement) and not set(near).intersection(item.statements)


def _place(item: Item) -> int:
    """Return where an item stands in an overview: what is usual first."""
    return ROLE_ORDER.get(item.role, WITH_TRIALS) if isinstance(item, Option) else WITH_TRIALS
