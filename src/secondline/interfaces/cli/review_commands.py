"""Commands of the editorial room: propose, review, publish, and prove that the log is whole."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from secondline import desk
from secondline.interfaces.cli import review_text
from secondline.interfaces.cli.terminal import (
    OK,
    Json,
    Knowledge,
    print_line,
    read_file,
    write_file,
)

review_app = App(name="review", help="Propose words, review them, and publish an edition.")
user_app = App(name="user", help="Who takes part, and in which role.")
review_app.command(user_app)

Who = Annotated[str, Parameter(name="--as", help="Your name, as it was enrolled.")]
Store = Annotated[
    str | None,
    Parameter(help="A file, or postgresql://USER@HOST/NAME; SECONDLINE_STORE names it too."),
]
Digest = Annotated[str, Parameter(help="Of the words meant; without it, those brought last.")]


@contextmanager
def room_of(knowledge: Path | None, store: str | None) -> Iterator["desk.review.Editorial"]:
    """Open the editorial room for one command."""
    room = desk.open(knowledge).editorial(store)
    try:
        yield room
    finally:
        room.close()


def _told(entry: desk.review.Entry, as_json: bool) -> int:
    print_line(_json(asdict(entry)) if as_json else review_text.entry(entry))
    return OK


@user_app.command
def add(  # noqa: PLR0913  # an option is a parameter
    name: str,
    /,
    *,
    role: desk.review.Role,
    as_: Annotated[str | None, Parameter(name="--as", help="An approver; you, if first.")] = None,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Enroll somebody, or change a role. The first person enrolls alone, as an approver.

    Parameters
    ----------
    name:
        As it will stand in the log, for everybody to read.
    role:
        Each may do what those before it may: reader, author, reviewer, approver.
    """
    with room_of(knowledge, store) as room:
        return _told(room.enroll(name, role, who=as_), as_json)


@user_app.command(name="list")
def list_(*, store: Store = None, as_json: Json = False, knowledge: Knowledge = None) -> int:
    """List everybody who is enrolled."""
    with room_of(knowledge, store) as room:
        people = room.people()
    print_line(_json([asdict(each) for each in people]) if as_json else review_text.people(people))
    return OK


@review_app.command
def take(
    statement: str,
    /,
    *,
    output: Path | None = None,
    store: Store = None,
    knowledge: Knowledge = None,
) -> int:
    """Write the words of a statement as a file, to be changed and proposed.

    Parameters
    ----------
    output:
        The file to write; standard output without it.
    """
    with room_of(knowledge, store) as room:
        text = desk.review.write_words(room.words(statement))
    if output is None:
        print_line(text.rstrip("\n"))
    else:
        write_file(output, text)
    return OK


@review_app.command
def propose(  # noqa: PLR0913  # an option is a parameter
    file: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    as_: Who,
    base: str = "",
    disease: str | None = None,
    comment: str = "",
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Propose a new statement, or a change of one.

    Parameters
    ----------
    file:
        One statement as YAML, as `review take` writes it; "-" reads standard input.
    base:
        The digest of the words that were changed, where the file does not say it.
    disease:
        Of a new statement.
    comment:
        Why, for the reviewers.
    """
    data, said = desk.review.read_proposal(read_file(file))
    with room_of(knowledge, store) as room:
        entry = room.propose(data, who=as_, base=base or said, disease=disease, comment=comment)
    return _told(entry, as_json)


@review_app.command
def submit(  # noqa: PLR0913  # an option is a parameter
    statement: str,
    /,
    *,
    as_: Who,
    digest: Digest = "",
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Submit words for review: a draft, or a statement of the library as it stands."""
    with room_of(knowledge, store) as room:
        return _told(room.submit(statement, who=as_, digest=digest), as_json)


@review_app.command
def comment(  # noqa: PLR0913  # an option is a parameter
    statement: str,
    comment: str,
    /,
    *,
    as_: Who,
    digest: Digest = "",
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Say something of words. The first comment of a reviewer begins the review."""
    with room_of(knowledge, store) as room:
        return _told(room.comment(statement, comment, who=as_, digest=digest), as_json)


@review_app.command
def approve(  # noqa: PLR0913  # an option is a parameter
    statement: str,
    digest: str,
    /,
    *,
    as_: Who,
    comment: str = "",
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Approve exactly the words that you read. Nobody approves their own.

    Parameters
    ----------
    digest:
        Of the words, or at least its first 8 digits, as `review history` prints it.
    comment:
        For the record.
    """
    with room_of(knowledge, store) as room:
        return _told(room.approve(statement, digest, who=as_, comment=comment), as_json)


@review_app.command(name="return")
def return_(  # noqa: PLR0913  # an option is a parameter
    statement: str,
    /,
    *,
    reason: str,
    as_: Who,
    digest: Digest = "",
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Return words to their author, with the reason."""
    with room_of(knowledge, store) as room:
        return _told(room.return_(statement, reason, who=as_, digest=digest), as_json)


@review_app.command
def withdraw(  # noqa: PLR0913  # an option is a parameter
    statement: str,
    /,
    *,
    reason: str,
    as_: Who,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Withdraw a statement: the next edition shows it to nobody, and keeps the reason."""
    with room_of(knowledge, store) as room:
        return _told(room.withdraw(statement, reason, who=as_), as_json)


@review_app.command
def recover(  # noqa: PLR0913  # an option is a parameter
    statement: str,
    /,
    *,
    reason: str,
    as_: Who,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Recover a statement that was withdrawn: its words are submitted again."""
    with room_of(knowledge, store) as room:
        return _told(room.recover(statement, reason, who=as_), as_json)


@review_app.command
def mark(  # noqa: PLR0913  # an option is a parameter
    statement: str,
    /,
    *,
    reason: desk.review.MarkReason,
    about: str,
    as_: Who,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Put a statement into the queue. What was marked once is not marked again.

    Parameters
    ----------
    about:
        What the mark is about: the id of a source, of a statement, or of a new record.
    """
    with room_of(knowledge, store) as room:
        entry = room.mark(statement, reason, about, who=as_)
    if entry:
        return _told(entry, as_json)
    print_line("null" if as_json else f"{statement} was marked before: {reason}, {about}")
    return OK


@review_app.command
def scan(
    *, as_: Who, store: Store = None, as_json: Json = False, knowledge: Knowledge = None
) -> int:
    """Mark statements whose sources were retracted, or changed since their approval."""
    with room_of(knowledge, store) as room:
        entries = room.scan(who=as_)
    lines = [review_text.entry(each) for each in entries] or ["Nothing new to mark."]
    print_line(_json([asdict(each) for each in entries]) if as_json else "\n".join(lines))
    return OK


@review_app.command
def settle(  # noqa: PLR0913  # an option is a parameter
    statement: str,
    /,
    *,
    reason: str,
    as_: Who,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Close the marks of a statement whose words stay as they are, with the reason."""
    with room_of(knowledge, store) as room:
        return _told(room.settle(statement, reason, who=as_), as_json)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
