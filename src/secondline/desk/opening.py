"""What is opened or checked before there is a desk: a library, its problems, the literature."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from secondline.desk.desk import Desk
from secondline.library.documents import Problem
from secondline.library.opening import LibraryError, open_library

if TYPE_CHECKING:
    from secondline.literature.literature import Literature


def open(root: Path | str | None = None) -> Desk:  # noqa: A001  # secondline.open() reads like prose
    """Open the bundled library, or the knowledge under another folder.

    Raises:
        LibraryError: the knowledge cannot be used; every problem is named.
    """
    return Desk(open_library(Path(root) if root is not None else None))


def literature(address: str | None = None) -> "Literature":
    """Open the literature that was added, documents of others that no editor has reviewed.

    Args:
        address: of its database; None for SECONDLINE_DATABASE, or SQLite in the user's folder.
    """
    from secondline.literature.literature import Literature  # noqa: PLC0415

    return Literature(address)


def check(root: Path | str | None = None) -> Iterable[Problem]:
    """Return every problem of the bundled knowledge, or of the knowledge under another folder.

    Schema, ids, references and criteria come first; figures, levels, wording, rules and cases are
    looked at when these are in order.
    """
    # Asking and assessing do without the gate; they need not wait for its import.
    from secondline.assessment.cases import failing_cases  # noqa: PLC0415
    from secondline.editorial.tampering import log_problems  # noqa: PLC0415
    from secondline.library.check import check_library  # noqa: PLC0415

    try:
        library = open_library(Path(root) if root is not None else None, fresh=True)
    except LibraryError as error:
        return error.problems
    return tuple(sorted((*check_library(library), *failing_cases(library), *log_problems(library))))
