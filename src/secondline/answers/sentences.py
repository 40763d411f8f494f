"""One sentence of a text, as it is read: its terms, its figures, and what each is a figure of.

A figure alone says nothing. It is bound to its endpoint, its time, and the words beside it that
tell it from the other figures of the sentence; `binding` does so.
"""

import re
from dataclasses import dataclass

from secondline.answers.lexicon import Concept
from secondline.statistics.figures_in_text import Quantity

FIGURE = re.compile(r"q(\d+)q")  # stands for a figure among the tokens of a sentence
SHARES = {"percent", "count"}
RESULTS = {"percent", "count", "ratio", "p", "dose", "interval"}  # kinds that can be results


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a sentence with what the sentence says of it.

    Attributes:
        endpoints: ids of what it counts, by the nearest name; several where a name is ambiguous.
        months: the time at which it was counted; None when the sentence gives none.
        beside: whether what it counts is named right beside it, and not only elsewhere.
        own: what tells it from the other figures: stems and bounds near it, "no:" before one that
            is denied.
        terms: the terms that are named in its own part of the sentence.
        changed: it is one side of a change: "rose from 40% to 60%"; whose it is is not said.
        around: the same of the rest of the sentence, without what tells the other figures.
    """

    quantity: Quantity
    endpoints: frozenset[str]
    months: float | None
    beside: bool
    own: frozenset[str]
    terms: frozenset[Concept]
    around: frozenset[str]
    changed: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as read.

    Attributes:
        text: as `figures_in_text.plain` writes it.
        concepts: the terms it names.
        names: the words by which it names them, with the terms that they may stand for.
        words: stems of its words.
        figures: results, in reading order.
        bounds: times and sizes that describe a group, as `bound` writes them.
        clocks: what the times among the bounds are counted from, where the sentence says it.
        quantities: every figure, results and bounds, in reading order.
    """

    text: str
    concepts: frozenset[Concept]
    names: tuple[tuple[tuple[str, ...], frozenset[Concept]], ...]
    words: frozenset[str]
    labels: frozenset[str]
    figures: tuple[Figure, ...]
    bounds: frozenset[str]
    clocks: frozenset[tuple[str, str]]
    quantities: tuple[Quantity, ...]

    def ids(self, kind: str) -> frozenset[str]:
        """Return the ids of the terms of one kind."""
        return frozenset(concept.id for concept in self.concepts if concept.kind == kind)


def bound(quantity: Quantity) -> str:
    """Write a figure that describes a group so that equal bounds are equal: ">=18 months"."""
    sign = {"<": "<", ">": ">"}.get(quantity.relation, "")
    ends = (
        f"{quantity.low:g}"
        if quantity.low == quantity.high
        else f"{quantity.low:g}-{quantity.high:g}"
    )
    return f"{quantity.kind}:{sign}{ends}{quantity.unit}"
