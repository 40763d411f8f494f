"""Opening a library: the files as they are, then the kept library of their edition or a new one."""

import gc
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from secondline.library.cache import cached, keep
from secondline.library.digest import edition_of
from secondline.library.documents import LARGEST_FILE, KnowledgeError, Problem, read_text
from secondline.library.library import Library, bundled_knowledge
from secondline.library.review_log import (
    CHECKPOINT_FILE,
    LARGEST_LOG,
    LOG_FILE,
    LogHead,
    ReviewLogError,
    read_checkpoint,
)

SUFFIXES = (".yaml", ".yml", ".md", ".jsonl")
PLACES = re.compile(
    r"(?:sources|statements|cases)/.+\.yaml|pathways/.+\.md|reviews\.jsonl"
    r"|terms/(?:facts|endpoints|diseases|regimens|drugs|factors|aspects|refusals|contradictions"
    r"|explanations)\.yaml"
)
MISPLACED = (
    "it would not be read; knowledge is sources/, statements/ and cases/ with .yaml files,"
    " pathways/ with .md files, the files of terms/, and reviews.jsonl"
)
NOT_KNOWLEDGE = {"README.md", "missing.md"}  # for people; of no effect on what is answered


class LibraryError(ValueError):
    """Knowledge that cannot be used. `problems` holds all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(report(self.problems))


def report(problems: Iterable[Problem]) -> str:
    """Write problems file by file, each file once, with the command that checks again."""
    by_file: dict[str, list[Problem]] = {}
    for problem in sorted(problems):
        by_file.setdefault(problem.file, []).append(problem)
    parts = []
    for file, found in by_file.items():
        count = f"{len(found)} problem{'s' if len(found) > 1 else ''}"
        parts.append("\n".join([f"{file}: {count}", *(f"  {problem}" for problem in found)]))
    parts.append("Repair them and run: secondline library check")
    return "\n".join(parts)


def open_library(root: Path | None = None, *, fresh: bool = False) -> Library:
    """Read the bundled knowledge, or the knowledge under another root.

    Args:
        root: another folder of knowledge.
        fresh: read and validate every file, also where this edition was read before.

    Raises:
        LibraryError: with every problem of every file: schema, ids, references, criteria.
    """
    with _no_collection():
        return _opened(root or bundled_knowledge(), fresh=fresh)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from searching what is only being built: a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _opened(root: Path, *, fresh: bool) -> Library:
    texts = _texts(root)
    edition = edition_of((name, text.encode()) for name, text in texts.items())
    if not fresh and isinstance(kept := cached("library", edition), Library):
        _require_checkpoint(root, kept.log)
        return replace(kept, root=root)
    # Reading the records needs what a kept library does without.
    from secondline.library.reading import read_library  # noqa: PLC0415

    library, problems = read_library(root, texts, edition)
    if problems:
        raise LibraryError(problems)
    _require_checkpoint(root, library.log)
    if not fresh:
        keep("library", edition, library)
    return library


def _require_checkpoint(root: Path, log: LogHead) -> None:
    """Require that the review log of a folder is the one whose checkpoint stands beside it.

    Raises:
        LibraryError: it is not, or only one of the two is there.
    """
    path = root / CHECKPOINT_FILE
    message = None
    if path.exists():
        try:
            checkpoint = read_checkpoint(read_text(path))
        except (KnowledgeError, ReviewLogError) as error:
            raise LibraryError([Problem(f"knowledge/{CHECKPOINT_FILE}", "", str(error))]) from None
        if (checkpoint.size, checkpoint.root) != (log.size, log.root):
            message = (
                f"it has {log.size} entries with the root {log.root}, {CHECKPOINT_FILE} says"
                f" {checkpoint.size} with {checkpoint.root}: the log was edited; restore both"
            )
    elif log.size:
        message = (
            f"{CHECKPOINT_FILE} is missing, so that nothing shows whether the log is whole;"
            " restore both files of the edition"
        )
    if message:
        raise LibraryError([Problem(f"knowledge/{LOG_FILE}", "", message)])


def _texts(root: Path) -> dict[str, str]:
    """Return the text of every knowledge file by its name.

    Raises:
        LibraryError: there is no such folder, or files cannot be read; all of them are named.
    """
    if not root.is_dir():
        raise LibraryError([Problem(str(root), "", "there is no such folder of knowledge")])
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name in sorted(_names(root)):
        if not name.endswith(SUFFIXES) or name in NOT_KNOWLEDGE:
            continue
        if not PLACES.fullmatch(name):
            problems.append(Problem(f"knowledge/{name}", "", MISPLACED))
            continue
        try:
            largest = LARGEST_LOG if name == LOG_FILE else LARGEST_FILE
            texts[name] = read_text(root / name, largest)
        except KnowledgeError as error:
            where = f"line {error.line}" if error.line else ""
            problems.append(Problem(f"knowledge/{name}", where, str(error)))
    if problems:
        raise LibraryError(problems)
    return texts


def _names(root: Path) -> Iterator[str]:
    """Yield the name of every file under a folder; `os.walk` asks the system less than `rglob`."""
    for folder, _, files in os.walk(root):
        place = Path(folder).relative_to(root).as_posix()
        yield from (file if place == "." else f"{place}/{file}" for file in files)
