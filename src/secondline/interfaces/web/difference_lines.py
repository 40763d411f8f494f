"""A difference between two texts as lines for a page, with the words that changed within them."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

WORD = re.compile(r"\w+|\s+|[^\w\s]")
MOST_WORDS = 3_000  # of one change; comparing more word by word takes too long
FIRST_LINE = (" - id:", "-- id:", "+- id:")
SIGNS = {"-": "removed", "+": "added"}


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One line.

    Attributes:
        sort: removed, added, same, or skipped for lines that are left out.
        parts: pieces of its text, each with whether it is what changed.
    """

    sort: str
    parts: tuple[tuple[str, bool], ...]


def difference_lines(difference: str) -> list[DifferenceLine]:
    """Return a difference, as `review.difference` writes it, line by line."""
    found: list[DifferenceLine] = []
    runs = [(sort, list(lines)) for sort, lines in groupby(difference.splitlines(), key=_sort)]
    if runs and runs[0][0] == "skipped" and runs[1][1][0].startswith(FIRST_LINE):
        runs.pop(0)  # nothing is left out before the first line of a statement
    while runs:
        sort, lines = runs.pop(0)
        texts = [line[1:] for line in lines]
        if sort == "removed" and runs and runs[0][0] == "added":
            added = [line[1:] for line in runs.pop(0)[1]]
            found += _changed(texts, added)
        else:
            found += [DifferenceLine(sort, ((text, False),)) for text in texts]
    return found


def _sort(line: str) -> str:
    return "skipped" if line == "  ..." else SIGNS.get(line[:1], "same")


def _changed(removed: list[str], added: list[str]) -> Iterator[DifferenceLine]:
    """Yield lines that replace others, word by word."""
    old, new = WORD.findall("\n".join(removed)), WORD.findall("\n".join(added))
    marked: tuple[set[int], set[int]] = (set(), set())
    if max(len(old), len(new)) <= MOST_WORDS:
        # A break between lines is a blank: a paragraph that was wrapped anew did not change.
        one, other = ([" " if word.isspace() else word for word in side] for side in (old, new))
        for tag, a, b, c, d in difflib.SequenceMatcher(
            None, one, other, autojunk=False
        ).get_opcodes():
            if tag != "equal":
                marked[0].update(_seen(old, a, b))
                marked[1].update(_seen(new, c, d))
    yield from _lines("removed", old, marked[0])
    yield from _lines("added", new, marked[1])


def _seen(words: list[str], start: int, end: int) -> range:
    """Return the words of a change without the blanks at its ends, which nobody sees."""
    while start < end and words[start].isspace():
        start += 1
    while start < end and words[end - 1].isspace():
        end -= 1
    return range(start, end)


def _lines(sort: str, words: list[str], marked: set[int]) -> Iterator[DifferenceLine]:
    parts: list[tuple[str, bool]] = []
    for at, word in enumerate(words):
        first, *others = word.split("\n")
        _join(parts, first, at in marked)
        for text in others:
            yield DifferenceLine(sort, tuple(parts))
            parts = []
            _join(parts, text, at in marked)
    yield DifferenceLine(sort, tuple(parts))


def _join(parts: list[tuple[str, bool]], text: str, marked: bool) -> None:
    if parts and parts[-1][1] == marked:
        parts[-1] = (parts[-1][0] + text, marked)
    elif text:
        parts.append((text, marked))
