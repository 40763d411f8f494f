"""A sheet fitted to one page: the longest beginning of its order with room, and what is left."""

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from secondline.desk import Reference
from secondline.interfaces.sheet.characters import printable
from secondline.interfaces.sheet.content import Block, Entry, Piece, Sheet

Paper = Literal["a4", "letter"]
Page = dict[str, Any]  # what the template takes
LONGEST_TITLE = 60  # characters, of a reference without authors
LONGEST_NAME = 130  # characters, of a title that alone tells a reference from others
SUMMARY = "evidence summary"
REMARK = re.compile(r"\s*\([^)]*\)")  # beside authors: "(authors not in excerpt)"
DENSE, GENEROUS = (9.0, 8.4, 7.8), (12.0, 11.0, 10.0)  # sizes in points, the largest that holds all


@dataclass(frozen=True, slots=True)
class Fitted:
    """One page, and for each section what it had no room for: "4 more options, 2 shortened"."""

    page: Page
    left_out: tuple[str, ...]


def fitted(sheet: Sheet, paper: Paper, fits: Callable[[Page], bool]) -> Fitted:
    """Return the page that shows most.

    Everything in the largest print that has room for it; otherwise in the smallest print the
    longest beginning of the order that has.

    Args:
        sheet: the content in full.
        paper: the page.
        fits: says whether a page is one page when it is set.

    Raises:
        ValueError: what stands on every sheet has no room; no sheet of the library has so much.
    """
    sizes = GENEROUS if sheet.generous else DENSE
    everything = len(sheet.order)
    for size in sizes:
        page = page_of(sheet, everything, paper, size)
        if fits(page):
            return Fitted(page, ())
    shown, beyond = -1, everything  # so many steps fit, so many do not
    while beyond - shown > 1:
        middle = (shown + beyond) // 2
        if fits(page_of(sheet, middle, paper, sizes[-1])):
            shown = middle
        else:
            beyond = middle
    if shown < 0:
        raise ValueError("what must stand on the sheet is longer than a page")
    return Fitted(page_of(sheet, shown, paper, sizes[-1]), tuple(left_out(sheet, shown)))


def left_out(sheet: Sheet, steps: int) -> Iterator[str]:
    """Yield for each section what is left out after so many steps."""
    given = Counter(sheet.order[:steps])
    for number, block in enumerate(sheet.blocks):
        if told := _left(block, [given[number, entry] for entry in range(len(block.entries))]):
            yield f"{block.heading}: {told}"


def page_of(sheet: Sheet, steps: int, paper: Paper, size: float) -> Page:
    """Return what the template takes, with so many steps of the order shown."""
    given = Counter(sheet.order[:steps])
    cited: set[int] = set()
    blocks, absent = [], []
    for number, block in enumerate(sheet.blocks):
        counts = [given[number, entry] for entry in range(len(block.entries))]
        shown = [
            replace(entry, pieces=entry.pieces[: entry.together + count - 1])
            for entry, count in zip(block.entries, counts, strict=True)
            if count
        ]
        cited.update(n for entry in shown for piece in entry.pieces for n in piece.citations)
        told = _left(block, counts)
        if shown:
            blocks.append(_block(block, shown, f"{told}: see {sheet.full}." if told else ""))
        elif told:
            absent.append(f"{block.heading} ({told})")
    numbers = {reference.id: reference.number for reference in sheet.references}
    references = [
        {"number": str(reference.number), "text": printable(_source(reference, numbers))}
        for reference in sheet.references
        if reference.number in cited
    ]
    return {
        "paper": {"a4": "a4", "letter": "us-letter"}[paper],
        "size": size,
        "generous": sheet.generous,
        "kind": sheet.kind,
        "title": printable(sheet.title),
        "opening": [[printable(name), printable(words)] for name, words in sheet.opening],
        "blocks": blocks,
        "also": f"No room for: {'; '.join(absent)}. See {sheet.full}." if absent else "",
        "references": references,
        "standing": printable(sheet.standing),
        "origin": printable(sheet.origin),
        "disclaimer": printable(sheet.disclaimer),
    }


def _left(block: Block, counts: list[int]) -> str:
    """Say what of a section is left out: "4 more options (2 trial), 2 shortened", or nothing."""
    pairs = list(zip(block.entries, counts, strict=True))
    absent: Counter[str] = Counter()
    for entry, count in pairs:
        absent[entry.group] += 0 if count else entry.weight
    shortened = sum(entry.weight for entry, count in pairs if 0 < count < entry.steps)
    name = block.one if (absent.total() or shortened) == 1 else block.many
    if not absent.total():
        return f"{shortened} {name} shortened" if shortened else ""
    more = "more " if any(counts) else ""
    groups = "; ".join(
        f"{group[:1].lower()}{group[1:]}" if number == absent.total()  # all of them
        else f"{number} {group[:1].lower()}{group[1:]}"
        for group, number in absent.items()
        if number and group
    )  # fmt: skip
    told = f"{absent.total()} {more}{name}{f' ({groups})' if groups else ''}"
    return f"{told}, {shortened} shortened" if shortened else told


def _block(block: Block, shown: list[Entry], left: str) -> Page:
    return {
        "heading": printable(block.heading),
        "note": printable(block.note),
        "form": block.form,
        "left": left,
        "groups": [
            {"name": printable(name), "entries": [_entry(entry) for entry in entries]}
            for name, entries in groupby(shown, key=lambda entry: entry.group)
        ],
    }


def _entry(entry: Entry) -> Page:
    return {
        "cautioned": entry.cautioned,
        "pieces": [
            {
                "lead": printable(piece.lead),
                "text": printable(piece.text),
                "citations": _numbers(piece),
            }
            for piece in entry.pieces
        ],
    }


def _numbers(piece: Piece) -> str:
    """Write citations with runs joined: "2, 5, 20–23"."""
    runs: list[list[int]] = []
    for number in piece.citations:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    joined = (f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return ", ".join(joined)


def _source(reference: Reference, numbers: Mapping[str, int]) -> str:
    """Write a reference in a line: who, when, where to find it, how deep it was read."""
    found = (
        f"PMID {reference.pmid}" if reference.pmid
        else f"doi:{reference.doi}" if reference.doi
        else reference.registration or reference.journal
    )  # fmt: skip
    read, _, via = reference.read.removesuffix(")").partition(" (through ")
    depth = f"{read} [{numbers[via]}]" if via in numbers else read
    if reference.kind == SUMMARY and not (reference.pmid or reference.doi):
        found = ""  # the title says whose it is; boards and addresses are the same for many
    named = _named(reference, by_title=not found)
    told = (part.removesuffix(".") for part in (named, found or "", depth) if part)
    return f"{'. '.join(told)}."


def _named(reference: Reference, *, by_title: bool) -> str:
    """Name a reference by its first author or its title, and its year."""
    first, *others = REMARK.sub("", reference.authors).split(",")
    who = f"{first.strip().removesuffix(' et al.')} et al." if others else first.strip()
    if by_title or not who:
        longest = LONGEST_NAME if by_title else LONGEST_TITLE
        who = textwrap.shorten(reference.title, longest, placeholder="…")
    year = str(reference.year or "")
    return who if year in who else f"{who} {year}"
