"""Publishing: the library and all approved words become a new folder of knowledge, an edition."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from secondline.assessment.cases import failing_cases
from secondline.editorial.dossier import Dossier
from secondline.editorial.log import Log
from secondline.editorial.problems import EditorialError
from secondline.editorial.words import Words, library_digest, words_in_force
from secondline.library.check import check_library
from secondline.library.digest import content_digest
from secondline.library.library import Library
from secondline.library.opening import LibraryError, open_library
from secondline.library.review_log import (
    CHECKPOINT_FILE,
    LOG_FILE,
    Checkpoint,
    LogHead,
    new_entry,
    now,
)
from secondline.library.writing import statement_text, with_statement


def publish(log: Log, library: Library, folder: Path, who: str) -> Checkpoint:
    """Publish an edition: a library with all approved words, the log, and its checkpoint.

    The log of the edition ends before the entry that tells of the publication, since that entry
    names the edition, which is a hash of the log with the knowledge.

    Raises:
        EditorialError: the folder exists, or the library was changed outside of the log.
        LibraryError: the gate finds problems; nothing is published.
    """
    with log.reading() as state:
        state.require(new_entry(who, "publish"))
        if changed := sorted(_unknown_words(library, state.dossiers)):
            raise EditorialError(
                f"the library holds words of {', '.join(changed)} that the log does not know;"
                " propose them, or publish from the folder that they were approved for"
            )
        words = {
            id_: words_in_force(id_, state, log, library)
            for id_, dossier in state.dossiers.items()
            if dossier.in_force not in {"", library_digest(id_, library)}
        }
        head = log.head()
        lines = list(log.lines(head.size))
    checkpoint = build_edition(library, folder, words=words, lines=lines, head=head)
    told = new_entry(
        who,
        "publish",
        edition=checkpoint.edition,
        size=checkpoint.size,
        root=checkpoint.root,
    )
    try:
        log.append(lambda _: [told])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # an edition that the log does not know
        raise
    return checkpoint


def build_edition(
    library: Library,
    folder: Path,
    *,
    words: Mapping[str, Words],
    lines: Sequence[str],
    head: LogHead,
) -> Checkpoint:
    """Write an edition into a new folder, whole or not at all.

    Args:
        library: the edition before.
        folder: the new folder; it must not exist.
        words: the statements that change, by id.
        lines: the log until now.
        head: its size and root.

    Raises:
        EditorialError: the folder exists, or cannot be written.
        LibraryError: the gate finds problems in the new edition; nothing was written.
    """
    if folder.resolve().is_relative_to(library.root.resolve()):
        raise EditorialError(f"{folder} lies within the knowledge that is published; name another")
    if folder.exists():
        raise EditorialError(f"{folder} exists; an edition goes into a new folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    except OSError as error:
        raise EditorialError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        checkpoint = Checkpoint(size=head.size, root=head.root, time=now())
        checkpoint = _write(library, draft, words, lines, checkpoint)
        draft.chmod(0o755)
        draft.rename(folder)
    except (OSError, shutil.Error) as error:
        raise EditorialError(f"{folder} cannot be written: {error}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return checkpoint


def _write(
    library: Library,
    draft: Path,
    words: Mapping[str, Words],
    lines: Sequence[str],
    checkpoint: Checkpoint,
) -> Checkpoint:
    left = shutil.ignore_patterns(LOG_FILE, CHECKPOINT_FILE)
    shutil.copytree(library.root, draft, ignore=left, dirs_exist_ok=True)
    for id_, its in words.items():
        path = draft / library.files.get(id_, its.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8") if path.exists() else ""
        path.write_text(with_statement(text, id_, statement_text(its.content)), "utf-8")
    (draft / LOG_FILE).write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")
    (draft / CHECKPOINT_FILE).write_text(checkpoint.text(), "utf-8")
    edition = open_library(draft, fresh=True)
    for id_, its in words.items():
        if content_digest(edition.statements[id_]) != its.digest:
            raise EditorialError(f"{id_} was not written as it was approved; this is a defect")
    if problems := [*check_library(edition), *failing_cases(edition)]:
        raise LibraryError(problems)
    checkpoint = replace(checkpoint, edition=edition.edition)
    (draft / CHECKPOINT_FILE).write_text(checkpoint.text(), "utf-8")
    return checkpoint


def _unknown_words(library: Library, dossiers: Mapping[str, Dossier]) -> Iterator[str]:
    """Yield the statements whose words were changed in the library outside of the log."""
    for id_, dossier in dossiers.items():
        if dossier.in_force and id_ in library.statements:
            digest = content_digest(library.statements[id_])
            if digest not in dossier.revisions and digest not in dossier.bases:
                yield id_
