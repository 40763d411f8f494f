"""What a group of patients is called, and whether a claim means that group."""

from collections.abc import Collection, Iterable

from secondline.answers.planning import GROUPS
from secondline.answers.ranking import Feature
from secondline.answers.sentences import Sentence
from secondline.answers.words import stems

# Factors of how something was studied or given, not of patients: nobody differs by them.
OF_NO_PATIENTS = GROUPS | {
    "drug-approval",
    "meta-analysis",
    "nomogram",
    "order-of-regimens",
    "popular-claim",
    "primary-endpoint",
    "randomized-evidence",
    "reinduction-factor",
}
TREATMENTS = ("regimen", "drug")
SAME_GROUP = 0.4  # of what a group is called a claim must name
# Words of a group's name that make it no narrower: "relapsed", "range of the studies cited".
SAID_OF_ALL = frozenset(
    stems(["relapse", "relapsed", "recurrence", "recurrent"])
    + stems(["range", "studies", "cited", "reported", "series", "evaluable"])
)


def is_told_whole(group: Sentence, labels: Collection[str], features: Collection[Feature]) -> bool:
    """Say whether a claim has every word of a group's name, or its treatment where it is no more.

    Args:
        group: the name, read.
        labels: stems and bounds of the claim.
        features: its terms.
    """
    words = group.labels - SAID_OF_ALL
    if group.bounds or not words:
        return False
    treatments = [
        (names, {(c.kind, c.id) for c in concepts if c.kind in TREATMENTS})
        for names, concepts in group.names
    ]
    named = {stem for names, found in treatments if found for stem in stems(list(names))}
    treated = {feature for _, found in treatments for feature in found}
    return words <= set(labels) or (words <= named and treated <= set(features))


def called(group: Sentence) -> frozenset[str]:
    """Return what a group is called: stems and bounds of its name, and the treatments in it."""
    treatments = {(c.kind, c.id) for c in group.concepts if c.kind in TREATMENTS}
    return (group.labels - SAID_OF_ALL) | terms(treatments)


def terms(features: Iterable[Feature]) -> frozenset[str]:
    """Return the treatments among features, as "kind:id"."""
    return frozenset(f"{kind}:{id_}" for kind, id_ in features if kind in TREATMENTS)
