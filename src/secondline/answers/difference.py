"""What differs between two answers: sentences, figures, references, refusal, standing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal

from secondline.answers.answer import Answer
from secondline.answers.digest import digest_of
from secondline.domain.references import Reference

Kind = Literal["added", "removed", "changed"]
FIGURE = re.compile(r"[<>≤≥]?\s?[−-]?\d+(?:[.,]\d+)*%?")
# Per cent of similarity from which two texts are one sentence that was changed: low for sentences
# about one statement, whose wording may change as a whole, high for all others.
SAME_STATEMENT = 40
ANY_STATEMENT = 90
TOLD_APART = {
    "sections",
    "references",
    "review",
    "edition",
    "digest",
    "worded_by",
}  # shown on their own


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value of an answer before and after; None where there is none."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence with all that a reader sees of it; `sources` are the ids behind its numbers."""

    heading: str
    text: str
    level: str | None
    statements: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that came, went, or reads otherwise.

    Attributes:
        differs: of a changed sentence, which of its parts differ.
        figures: of a changed sentence, the figures that differ.
    """

    kind: Kind
    before: Told | None
    after: Told | None
    differs: tuple[str, ...] = ()
    figures: tuple[ValueChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """A reference that came, went, or is described otherwise."""

    kind: Kind
    id: str
    title: str
    values: tuple[ValueChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers, by what differs.

    Attributes:
        same: they are the same, byte for byte in canonical JSON.
        editions, digests: before and after.
        altered: names of the files whose content is not what their digest was made from.
        reordered: sentences or numbers that both have stand in another order.
        standing: how many of the statements used have which editorial standing, where it differs.
        values: whatever else differs: the refusal and its reason, question, reader, ...
    """

    same: bool
    editions: tuple[str, str]
    digests: tuple[str, str]
    altered: tuple[str, ...]
    sentences: tuple[SentenceChange, ...]
    reordered: bool
    references: tuple[ReferenceChange, ...]
    standing: tuple[ValueChange, ...]
    values: tuple[ValueChange, ...]


def difference(before: Answer, after: Answer, altered: tuple[str, ...] = ()) -> Difference:
    """Say what differs between two answers; `altered` names those that fail their digest."""
    old, new = _told(before), _told(after)
    pairs = _pairs(old, new)
    sentences = tuple(_sentences(old, new, pairs))
    references = tuple(_references(before.references, after.references))
    standing = tuple(_values(before.review, after.review))
    values = tuple(_values(_rest(before), _rest(after)))
    nothing_else = not (sentences or references or standing or values)
    return Difference(
        same=before.digest == after.digest,
        editions=(before.edition, after.edition),
        digests=(before.digest, after.digest),
        altered=altered,
        sentences=sentences,
        reordered=_crossing(pairs) or (nothing_else and _content(before) != _content(after)),
        references=references,
        standing=standing,
        values=values,
    )


def _told(answer: Answer) -> list[Told]:
    ids = {reference.number: reference.id for reference in answer.references}
    return [
        Told(
            section.heading,
            sentence.text,
            sentence.level,
            sentence.statements,
            tuple(ids.get(number, f"[{number}]") for number in sentence.citations),
        )
        for section in answer.sections
        for sentence in section.sentences
    ]


def _pairs(old: list[Told], new: list[Told]) -> dict[int, int]:
    """Pair the sentences of two answers by their places: alike in all, in text, then nearest."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()

    def pair(places: Iterable[tuple[int, int]]) -> None:
        for i, j in places:
            if i not in pairs and j not in taken:
                pairs[i] = j
                taken.add(j)

    pair((i, j) for i, told in enumerate(old) for j, other in enumerate(new) if told == other)
    pair((i, j) for i, a in enumerate(old) for j, b in enumerate(new) if a.text == b.text)
    pair(_nearest(old, new, pairs))
    return pairs


def _nearest(old: list[Told], new: list[Told], pairs: Mapping[int, int]) -> list[tuple[int, int]]:
    """Return the places of sentences that may be one changed sentence, the most alike first."""
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # most answers are not compared

    found = []
    for i in set(range(len(old))) - pairs.keys():
        for j in set(range(len(new))) - set(pairs.values()):
            alike = ratio(old[i].text, new[j].text)
            one = not set(old[i].statements).isdisjoint(new[j].statements)
            if alike >= (SAME_STATEMENT if one else ANY_STATEMENT):
                found.append((old[i].heading != new[j].heading, -alike, i, j))
    return [(i, j) for *_, i, j in sorted(found)]


def _crossing(pairs: Mapping[int, int]) -> bool:
    return any(a > b for a, b in pairwise(pairs[i] for i in sorted(pairs)))


def _sentences(
    old: list[Told], new: list[Told], pairs: Mapping[int, int]
) -> Iterator[SentenceChange]:
    """Yield what changed in the order of the new answer, then what went."""
    backwards = {j: i for i, j in pairs.items()}
    for j, after in enumerate(new):
        if j not in backwards:
            yield SentenceChange("added", None, after)
            continue
        before = old[backwards[j]]
        differs = tuple(
            f.name for f in fields(Told) if getattr(before, f.name) != getattr(after, f.name)
        )
        if differs:
            figures = tuple(_figures(before.text, after.text))
            yield SentenceChange("changed", before, after, differs, figures)
    for i, before in enumerate(old):
        if i not in pairs:
            yield SentenceChange("removed", before, None)


def _figures(before: str, after: str) -> Iterator[ValueChange]:
    """Yield the figures of a text that differ, those that stand together as one."""
    old, new = ([f.strip() for f in FIGURE.findall(text)] for text in (before, after))
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            was, now = " ".join(old[i:i_end]) or None, " ".join(new[j:j_end]) or None
            yield ValueChange("figure", was, now)


def _references(
    before: Iterable[Reference], after: Iterable[Reference]
) -> Iterator[ReferenceChange]:
    old, new = ({r.id: r for r in references} for references in (before, after))
    for id_, reference in new.items():
        if id_ not in old:
            yield ReferenceChange("added", id_, reference.title)
        elif values := tuple(_values(_described(old[id_]), _described(reference))):
            yield ReferenceChange("changed", id_, reference.title, values)
    for id_, reference in old.items():
        if id_ not in new:
            yield ReferenceChange("removed", id_, reference.title)


def _described(reference: Reference) -> dict[str, Any]:
    return {key: value for key, value in asdict(reference).items() if key != "number"}


def _rest(answer: Answer) -> dict[str, Any]:
    return {f.name: getattr(answer, f.name) for f in fields(answer) if f.name not in TOLD_APART}


def _content(answer: Answer) -> str:
    """Return a digest of all that two editions could have in common."""
    content = {f.name: getattr(answer, f.name) for f in fields(answer)}
    return digest_of({**content, "edition": ""})


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueChange]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield ValueChange(name, before.get(name), after.get(name))
