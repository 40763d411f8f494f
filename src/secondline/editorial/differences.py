"""What differs between two texts of a statement, and between two editions."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secondline.domain.evidence import Standing
from secondline.library.digest import plain
from secondline.library.opening import open_library
from secondline.library.writing import statement_text


@dataclass(frozen=True, slots=True)
class StatementDifference:
    """A statement in two editions.

    Attributes:
        before, after: its standing; None where the edition does not hold it.
        difference: of its words, line by line as its file holds them, removed lines with "-" and
            added ones with "+"; empty when only the standing differs.
    """

    id: str
    before: Standing | None
    after: Standing | None
    difference: str


@dataclass(frozen=True, slots=True)
class EditionDifference:
    """What changed from one edition to another, statement by statement."""

    before: str
    after: str
    statements: tuple[StatementDifference, ...]


NEAR = 2  # lines around a change that are shown with it


def difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, whole: bool = False
) -> str:
    """Return what differs between two texts of a statement, as lines; empty when nothing does.

    Args:
        before, after: plain data; None for no statement.
        whole: with all lines that are the same, so that both texts can be read.
    """
    old, new = (statement_text(words).splitlines() if words else [] for words in (before, after))
    near = len(old) + len(new) if whole else NEAR
    lines = list(difflib.unified_diff(old, new, lineterm="", n=near))[2:]  # without file names
    return "\n".join("  ..." if line.startswith("@@") else line for line in lines)


def edition_changes(one: Path | str | None, other: Path | str | None) -> EditionDifference:
    """Say what changed from one edition to another; None is the bundled one.

    Raises:
        LibraryError: one of them cannot be used.
    """
    before, after = (
        open_library(Path(root) if root is not None else None) for root in (one, other)
    )
    found = []
    for id_ in sorted({*before.statements, *after.statements}):
        old, new = (
            plain(library.statements[id_]) if id_ in library.statements else None
            for library in (before, after)
        )
        was, is_now = (
            library.standing(id_) if id_ in library.statements else None
            for library in (before, after)
        )
        if old != new or was != is_now:
            found.append(StatementDifference(id_, was, is_now, difference(old, new)))
    return EditionDifference(before.edition, after.edition, tuple(found))
