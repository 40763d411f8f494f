"""The docket of a statement: its words and versions, what waits on it, and what a person may do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from secondline.domain.evidence import Statement
from secondline.editorial.dossier import ROLES, Dossier, Person, Role
from secondline.editorial.log import Log
from secondline.editorial.problems import EditorialError, NotAllowed
from secondline.editorial.words import (
    Words,
    brought,
    named,
    require_no_copy,
    words_in_force,
    words_now,
)
from secondline.editorial.workflow import NEEDED, State, a_
from secondline.library.candidate import candidate
from secondline.library.digest import words_digest
from secondline.library.library import Library
from secondline.library.review_log import Action, Entry, new_entry

ANYTHING = "-"  # stands for a reason or a comment that is not written yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """What an editor sees of one statement, read from the log at one moment.

    Attributes:
        shown: the words that are looked at.
        statement: the same as a statement; None when the library no longer takes them as they are.
        now: the words that stand now: brought last, or those of the library.
        in_force: the words that an edition holds; None while none does.
        versions: all words that the log holds, in the order in which they were brought last.
        marks: why it is looked at again, and about what, as long as nobody has settled it.
        latest: the number of the last entry about it; 0 while there is none.
        refusals: what the person may not do with the words that are shown, and why; an action
            that is not in it is allowed.
    """

    shown: Words
    statement: Statement | None
    now: Words
    in_force: Words | None
    versions: tuple[Words, ...]
    marks: tuple[tuple[str, str], ...]
    latest: int
    refusals: Mapping[str, str]


def may(role: Role, action: Action) -> bool:
    """Say whether a role is enough for an action; the words may still not allow it."""
    return ROLES.index(role) >= ROLES.index(NEEDED[action])


def docket(  # noqa: PLR0913  # where it is read from, and for whom
    statement: str, state: State, log: Log, library: Library, *, digest: str, who: str | None
) -> Docket:
    """Return the docket of a statement.

    Args:
        statement: its id.
        state, log, library: where it is read from.
        digest: of the words that are looked at; empty for those that wait, else those of now.
        who: the person; None for somebody who only reads.

    Raises:
        EditorialError: neither the log nor the library knows the statement, or the words.
    """
    dossier = state.dossiers.get(statement, Dossier())
    now = words_now(statement, state, log, library)
    ordered = sorted(dossier.revisions.values(), key=lambda revision: revision.number)
    versions = tuple(brought(statement, each.digest, state, log) for each in ordered)
    shown = _shown(now, versions, digest, dossier, state)
    try:
        in_force = words_in_force(statement, state, log, library)
    except EditorialError:
        in_force = None
    statement_shown, complaints = candidate(shown.content, library)
    return Docket(
        shown=shown,
        statement=None if complaints else statement_shown,
        now=now,
        in_force=in_force,
        versions=versions,
        marks=tuple(dossier.open_marks()),
        latest=max(dossier.numbers, default=0),
        refusals=dict(_refusals(shown, in_force, who, state, log)),
    )


def _shown(
    now: Words, versions: tuple[Words, ...], digest: str, dossier: Dossier, state: State
) -> Words:
    if digest and not now.digest.startswith(digest):
        whole = named(now.statement, digest, state)
        return next(words for words in versions if words.digest == whole)
    if digest or (now.digest and now.digest not in dossier.revisions):
        return now
    waiting = [
        words
        for words in versions
        if words.stage in {"submitted", "under review"}
        and dossier.is_newer(dossier.revisions[words.digest])
    ]
    return waiting[-1] if waiting else now


def _refusals(
    shown: Words, in_force: Words | None, who: str | None, state: State, log: Log
) -> Iterator[tuple[str, str]]:
    """Yield what a person may not do, and why: the rules themselves are asked."""
    for action in get_args(Action):
        try:
            person = state.person(who or "")
            _require(action, person, shown, in_force, state)
            if action == "approve":
                require_no_copy(shown.content, person.name, state, log)
        except NotAllowed as refused:
            yield action, str(refused)


def _require(
    action: Action, person: Person, shown: Words, in_force: Words | None, state: State
) -> None:
    if not may(person.role, action):
        raise NotAllowed(f"it takes {a_(NEEDED[action])}; {person.name} is {a_(person.role)}")
    entry = _entry(person.name, action, shown, in_force)
    if entry is not None:
        state.require(entry)


def _entry(who: str, action: Action, shown: Words, in_force: Words | None) -> Entry | None:
    """Return the entry that would be made; None where the rules look at nothing but the role."""
    keys: dict[str, Any] = {"statement": shown.statement, "digest": shown.digest}
    match action:
        case "submit" if shown.stage is None:
            keys |= {"content": shown.content, "file": shown.file}
        case "submit":
            pass
        case "comment" | "review":
            keys["comment"] = ANYTHING
        case "approve":
            keys["sources"] = {}
        case "return":
            keys["reason"] = ANYTHING
        case "settle":
            keys = {"statement": shown.statement, "reason": ANYTHING}
        case "withdraw" | "recover":
            if in_force is None:
                raise NotAllowed(f"{shown.statement} is in no edition")
            content = {k: each for k, each in in_force.content.items() if k != "withdrawn"}
            if action == "withdraw":
                content = {**in_force.content, "withdrawn": ANYTHING}
            keys |= {
                "digest": words_digest(content), "base": in_force.digest, "content": content,
                "file": in_force.file, "reason": ANYTHING,
            }  # fmt: skip
        case _:
            return None
    return new_entry(who, action, **keys)
