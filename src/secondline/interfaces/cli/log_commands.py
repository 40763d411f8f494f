"""Commands that look at the review: the queue, histories, editions, and the log itself."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from secondline import desk
from secondline.interfaces.cli import review_text
from secondline.interfaces.cli.review_commands import Store, Who, review_app, room_of
from secondline.interfaces.cli.terminal import (
    KNOWLEDGE_HAS_PROBLEMS,
    OK,
    Json,
    Knowledge,
    print_line,
    read_file,
    write_file,
)

__all__ = ["review_app"]

CheckpointFile = Annotated[
    Path | None, Parameter(name="--checkpoint", help="A checkpoint that was kept elsewhere.")
]


@review_app.command
def queue(*, store: Store = None, as_json: Json = False, knowledge: Knowledge = None) -> int:
    """List what waits for somebody, and why."""
    with room_of(knowledge, store) as room:
        found = room.queue()
    print_line(_json([asdict(each) for each in found]) if as_json else review_text.queue(found))
    return OK


@review_app.command
def history(
    statement: str,
    /,
    *,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Print everything that happened to a statement: who, when, what, why, in which edition."""
    with room_of(knowledge, store) as room:
        found = room.history(statement)
    print_line(_json([asdict(each) for each in found]) if as_json else review_text.history(found))
    return OK


@review_app.command
def diff(before: Path, after: Path, /, *, as_json: Json = False) -> int:
    """Print what differs between two editions.

    Parameters
    ----------
    before, after:
        Two folders of knowledge; "bundled" for the one that ships with the program.
    """
    folders = [None if str(each) == "bundled" else each for each in (before, after)]
    found = desk.review.edition_changes(*folders)
    print_line(_json(asdict(found)) if as_json else review_text.changes(found))
    return OK


@review_app.command
def publish(
    folder: Path,
    /,
    *,
    as_: Who,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Publish an edition: the knowledge with all approved words, the log, and its checkpoint.

    Parameters
    ----------
    folder:
        A new folder. Every command opens it with --knowledge.
    """
    with room_of(knowledge, store) as room:
        checkpoint = room.publish(folder, who=as_)
    told = review_text.checkpoint(checkpoint)
    print_line(checkpoint.text().rstrip() if as_json else f"Published into {folder}. {told}")
    return OK


@review_app.command
def verify(  # noqa: PLR0913  # an option is a parameter
    *,
    checkpoint: CheckpointFile = None,
    entry: int | None = None,
    log: Path | None = None,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Read the whole log again and prove that nobody has touched it.

    Parameters
    ----------
    entry:
        The number of an entry, to prove that it is in the log.
    log:
        An exported log, or the reviews.jsonl of an edition, instead of the store.
    """
    known = _checkpoint(checkpoint)
    if log:
        found = desk.review.verify_log(read_file(log, log=True), known, entry=entry)
    else:
        with room_of(knowledge, store) as room:
            found = room.verify(known, entry=entry)
    told = {**asdict(found), "holds": found.holds}
    print_line(_json(told) if as_json else review_text.verification(found))
    return OK if found.holds else KNOWLEDGE_HAS_PROBLEMS


@review_app.command
def export(  # an option is a parameter
    file: Path,
    /,
    *,
    checkpoint: Annotated[
        Path | None, Parameter(help="Where to write the checkpoint; FILE.checkpoint.json.")
    ] = None,
    store: Store = None,
    knowledge: Knowledge = None,
) -> int:
    """Write the whole log as a file, and its checkpoint as another one, to be kept elsewhere."""
    with room_of(knowledge, store) as room:
        text, taken = room.export_log()
    write_file(file, text)
    kept = checkpoint or file.with_name(f"{file.name}.checkpoint.json")
    write_file(kept, taken.text())
    print_line(f"Wrote {file} and {kept}. {review_text.checkpoint(taken)}")
    return OK


@review_app.command(name="import")
def import_(
    file: Path,
    /,
    *,
    checkpoint: CheckpointFile = None,
    store: Store = None,
    knowledge: Knowledge = None,
) -> int:
    """Bring an exported log into an empty store, or into an earlier state of itself."""
    known = _checkpoint(checkpoint)
    with room_of(knowledge, store) as room:
        added = room.import_log(read_file(file, log=True), known)
    compared = "" if known else " It was not compared with a checkpoint."
    print_line(f"Added {added} entries from {file}.{compared}")
    return OK


def _checkpoint(path: Path | None) -> desk.review.Checkpoint | None:
    return desk.review.read_checkpoint(read_file(path)) if path else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
