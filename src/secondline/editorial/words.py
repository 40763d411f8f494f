"""The words of a statement as the log and the library hold them together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from secondline.criteria.vocabulary import suggestion
from secondline.editorial.differences import difference
from secondline.editorial.dossier import Dossier, Stage, person_key
from secondline.editorial.log import Log
from secondline.editorial.problems import (
    Conflict,
    EditorialError,
    LogDamagedError,
    NotAllowed,
)
from secondline.editorial.rules import is_stale
from secondline.editorial.workflow import State
from secondline.library.digest import content_digest, plain, words_digest
from secondline.library.library import Library

TOO_LIKE = 90.0  # of 100: two sentences this alike are one sentence, edited
SHORTEST_PREFIX = 8  # digits by which a digest may be named


@dataclass(frozen=True, slots=True)
class Words:
    """Exact words of a statement, to be read or to be changed.

    Attributes:
        digest: of the words; a change is proposed on it.
        stage: None when they stand in the library and the log does not know them.
        who, at: who brought them, and when; empty when the log does not know them.
    """

    statement: str
    content: Mapping[str, Any]
    digest: str
    file: str
    stage: Stage | None = None
    who: str = ""
    at: str = ""


def words_now(statement: str, state: State, log: Log, library: Library) -> Words:
    """Return the words that stand now: brought last, or those of the library.

    A library that was changed outside of the log holds words that the log does not know; they are
    later than the log.

    Raises:
        EditorialError: neither the log nor the library knows the statement.
    """
    dossier = state.dossiers.get(statement, Dossier())
    held = _held(statement, library)
    unknown = held and held.digest not in {*dossier.revisions, *dossier.bases}
    if held and (unknown or not dossier.head):
        return held
    if dossier.head:
        return brought(statement, dossier.head, state, log)
    known = {*library.statements, *state.dossiers}
    raise EditorialError(f"no statement has the id {statement!r}{suggestion(statement, known)}")


def words_in_force(statement: str, state: State, log: Log, library: Library) -> Words:
    """Return the words that an edition holds: approved or withdrawn last, or of the library.

    Raises:
        EditorialError: there are none.
    """
    dossier = state.dossiers.get(statement, Dossier())
    if dossier.in_force:
        return brought(statement, dossier.in_force, state, log)
    if held := _held(statement, library):
        return held
    words_now(statement, state, log, library)
    raise EditorialError(f"{statement} is in no edition: none of its words was approved")


def _held(statement: str, library: Library) -> Words | None:
    if statement not in library.statements:
        return None
    content = plain(library.statements[statement])
    return Words(statement, content, words_digest(content), library.files[statement])


def brought(statement: str, digest: str, state: State, log: Log) -> Words:
    """Return words that the log holds.

    Raises:
        LogDamagedError: the entry that brought them has been removed from the store.
    """
    dossier = state.dossiers[statement]
    revision = dossier.revisions[digest]
    found = list(log.entries([revision.number]))
    if not found:
        raise LogDamagedError(
            f"entry {revision.number} is gone from the stored log: entries were removed; see:"
            " secondline review verify"
        )
    ((_, entry),) = found
    content = dict(entry.content or {})
    if entry.digest != digest:  # a withdrawal holds the words before it, too
        del content["withdrawn"]
    return Words(statement, content, digest, dossier.file, revision.stage, revision.by, revision.at)


def named(statement: str, digest: str, state: State) -> str:
    """Return the whole digest of words of a statement; without one, of those brought last.

    Raises:
        NotAllowed: the log holds no such words, or more than one.
    """
    dossier = state.dossiers.get(statement, Dossier())
    if not dossier.head:
        raise NotAllowed(
            f"{statement} is not in the log yet; submit it: secondline review submit {statement}"
        )
    if not digest:
        return dossier.head
    if len(digest) < SHORTEST_PREFIX:
        raise NotAllowed(f"{digest!r} is too short; name at least {SHORTEST_PREFIX} digits")
    found = [known for known in dossier.revisions if known.startswith(digest)]
    if len(found) != 1:
        raise NotAllowed(
            f"{len(found) or 'no'} words of {statement} have the digest {digest}; its head is"
            f" {dossier.head}. secondline review history lists them"
        )
    return found[0]


def require_base(
    mine: Mapping[str, Any], base: str, state: State, log: Log, library: Library
) -> None:
    """Require that words to be proposed were made from those that stand now.

    Raises:
        Conflict: somebody else changed them first; both texts are in it.
        EditorialError: a new statement was made from words that nobody knows.
    """
    statement = str(mine["id"])
    dossier = state.dossiers.get(statement, Dossier())
    held = _held(statement, library)
    if not dossier.head and held is None:
        if base:
            raise EditorialError(
                f"{statement} is new; nothing has the digest {base}, leave it away"
            )
        return
    theirs = words_now(statement, state, log, library)
    if base == theirs.digest or (held and base == held.digest and not is_stale(dossier, base)):
        return
    raise Conflict(
        statement,
        mine=mine,
        theirs=theirs.content,
        digest=theirs.digest,
        who=theirs.who,
        at=theirs.at,
        difference=difference(theirs.content, mine, whole=True),
    )


def library_digest(statement: str, library: Library) -> str:
    """Return the digest of the words of a library, empty when it does not hold the statement."""
    found = library.statements.get(statement)
    return content_digest(found) if found else ""


def require_no_copy(content: Mapping[str, Any], who: str, state: State, log: Log) -> None:
    """Require that words are not nearly those that somebody wrote under another id.

    Raises:
        NotAllowed: they are.
    """
    for _, entry in log.entries(state.brought.get(person_key(who), ())):
        mine = entry.content or {}
        another = entry.statement != content["id"]
        if another and fuzz.ratio(mine["says"], content["says"]) > TOO_LIKE:
            raise NotAllowed(
                f"{content['id']} reads almost as {entry.statement}, which {who} wrote; nobody"
                " approves their own words. Ask another approver"
            )
