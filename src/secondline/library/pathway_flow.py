"""A pathway as a diagram: which facts lead to which strata, and which to which options."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from secondline.criteria.tree import facts_in
from secondline.domain.facts import FactDefinition
from secondline.domain.pathways import Option, Stratum
from secondline.library.catalog import NoSuchRecord
from secondline.library.library import Library


@dataclass(frozen=True, slots=True)
class Branch:
    """Rules of a pathway that ask the same.

    Attributes:
        sort: of the rules.
        scheme: of strata, by its label; empty for options.
        asks: the facts that any of the rules asks, in the order of the vocabulary, without the
            disease, which all of them ask; empty where a rule holds for every patient.
        gives: the rules, in the order of the pathway.
    """

    sort: Literal["strata", "options"]
    scheme: str
    asks: tuple[FactDefinition, ...]
    gives: tuple[Stratum, ...] | tuple[Option, ...]


def pathway_flow(pathway: str, library: Library) -> tuple[Branch, ...]:
    """Return the strata of each scheme, then the options by the facts that they ask, fewest first.

    Raises:
        NoSuchRecord: no pathway has the id.
    """
    if pathway not in library.pathways:
        raise NoSuchRecord(f"no pathway has the id {pathway!r}")
    options = sorted(_options(pathway, library), key=lambda branch: len(branch.asks))
    return (*_strata(pathway, library), *options)


def _strata(pathway: str, library: Library) -> Iterator[Branch]:
    held = library.pathways[pathway]
    strata = [rule for rule in held.rules if isinstance(rule, Stratum)]
    for scheme in held.schemes:
        classes = tuple(each for each in strata if each.scheme == scheme.scheme)
        if classes:
            yield Branch("strata", scheme.label, _asked(classes, library), classes)


def _options(pathway: str, library: Library) -> Iterator[Branch]:
    by_facts: dict[tuple[str, ...], list[Option]] = {}
    for rule in library.pathways[pathway].rules:
        if isinstance(rule, Option):
            names = tuple(fact.name for fact in _asked([rule], library))
            by_facts.setdefault(names, []).append(rule)
    for options in by_facts.values():
        yield Branch("options", "", _asked(options, library), tuple(options))


def _asked(rules: Iterable[Stratum | Option], library: Library) -> tuple[FactDefinition, ...]:
    asked = {name for rule in rules for name in facts_in(library.decisions[rule.id])}
    return tuple(f for f in library.facts.values() if f.name in asked and f.name != "disease")
