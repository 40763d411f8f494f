"""Phrases by which facts are said: alternatives written out, and what is wrong with them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product

from secondline.domain.facts import FactDefinition, Said
from secondline.domain.terms import Term

ALTERNATIVES = re.compile(r"\(([^()]*)\)")
SLOT = re.compile(r"<(\w+)>")
SLOTS = {"time", "percent", "size", "number", "treatment"}
BETWEEN = " to "  # of an interval said in words: "0 to 6"


def spelled_out(phrase: str, spell: Callable[[str], str] = str) -> Iterator[str]:
    """Yield every wording of a phrase: "(a|b|) c" is "a c", "b c" and "c".

    Args:
        phrase: with its alternatives in brackets.
        spell: how each part of it is spelled.
    """
    parts = ALTERNATIVES.split(phrase)
    choices = ([spell(each) for each in part.split("|")] for part in parts)
    for chosen in product(*choices):
        yield " ".join(part for part in chosen if part)


def ends(words: str) -> tuple[float, float]:
    """Return the ends of a number said in words: "4", or "-600 to 0".

    Raises:
        ValueError: it is neither a number nor two numbers joined by "to".
    """
    low, _, high = words.partition(BETWEEN)
    return float(low), float(high or low)


def all_phrases(said: Said) -> Iterator[tuple[str, str]]:
    """Yield every phrase with the key that it stands under."""
    for key in ("yes", "no", "value", "treatment"):
        yield from ((key, phrase) for phrase in getattr(said, key))
    for key in ("codes", "only", "values", "unclear"):
        for phrases in getattr(said, key).values():
            yield from ((key, phrase) for phrase in phrases)


def with_treatments_named(
    facts: Mapping[str, FactDefinition], drugs: Mapping[str, Term]
) -> dict[str, FactDefinition]:
    """Return the facts; those that hold treatments write them as the vocabulary of drugs does.

    Only names that are more than the id with blanks for its hyphens: 131I-MIBG, hu14.18-IL2.
    """
    names = {
        drug.id: drug.name for drug in drugs.values() if drug.name != drug.id.replace("-", " ")
    }
    return {
        name: replace(fact, written={**names, **fact.written}) if holds_treatments(fact) else fact
        for name, fact in facts.items()
    }


def holds_treatments(fact: FactDefinition) -> bool:
    """Say whether a fact is an open list: its codes are those of the drugs, or any others."""
    return fact.kind == "set" and not fact.codes


def written_problems(fact: FactDefinition) -> Iterator[str]:
    """Yield the codes whose writing is told and that the fact does not have."""
    for code in fact.written:
        if code not in fact.codes and not holds_treatments(fact):
            yield f"{code!r} is not a code of it; expected {' | '.join(fact.codes)}"


def said_problems(fact: FactDefinition) -> Iterator[str]:
    """Yield what is wrong with how a fact is said: keys of another kind, codes, numbers, slots."""
    said = fact.said
    if said is None:
        return
    fitting = {
        "bool": {"yes", "no", "treatment", "unclear"},
        "number": {"value", "values", "unclear"},
        "code": {"codes", "unclear"},
        "set": {"codes", "only", "unclear"} if fact.codes else {"yes", "no", "unclear"},
    }.get(fact.kind, set())
    for key, phrase in all_phrases(said):
        if key not in fitting:
            yield f"{key}: a {fact.kind} is not said so; it may have {', '.join(sorted(fitting))}"
        if phrase.count("(") != phrase.count(")") or "|" in ALTERNATIVES.sub("", phrase):
            yield f"{phrase!r} has an alternative without its brackets; write (a|b)"
        if unknown := set(SLOT.findall(phrase)) - SLOTS:
            yield f"{phrase!r} has <{min(unknown)}>; expected one of {', '.join(sorted(SLOTS))}"
        if key == "value" and len(SLOT.findall(phrase)) != 1:
            yield f"{phrase!r} holds no quantity, or several; write one, such as <time>"
    for keys in (*said.codes, *said.only):
        for code in keys.split():
            if code not in fact.codes:
                yield f"{code!r} is not a code of it; expected {' | '.join(fact.codes)}"
    for words in said.values:
        try:
            ends(words)
        except ValueError:
            yield f"{words!r} is no number; write one, or two as in 0 to 6"
