"""Why a statement waits for somebody, what is to be marked, and what happened to it before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from secondline.editorial.differences import difference
from secondline.editorial.dossier import Dossier, MarkReason
from secondline.editorial.log import Log
from secondline.editorial.problems import EditorialError
from secondline.editorial.words import words_in_force, words_now
from secondline.editorial.workflow import State
from secondline.library.digest import content_digest, plain
from secondline.library.library import Library
from secondline.library.review_log import Entry

MARK_DIGITS = 12  # of a digest, enough to tell one change of a source from the next

Mark = tuple[str, MarkReason, str]  # statement, reason, what it is about


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a statement waits for somebody: its words are at a stage, or it was marked.

    Attributes:
        reason: submitted, under review or returned; or the reason of a mark.
        about: the digest of the words, or what the mark is about.
        who, at: who brought it here, and when.
    """

    statement: str
    reason: str
    about: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history of a statement.

    Attributes:
        says: the reason or the comment, if any.
        change: what new words change in those before, line by line.
        edition: the edition that first held what the entry decided; empty until one does.
    """

    number: int
    at: str
    who: str
    action: str
    digest: str
    says: str
    change: str
    edition: str


def waiting(state: State, log: Log) -> tuple[Waiting, ...]:
    """Return everything that waits, the oldest first; each reason of each statement once."""
    found = [
        Waiting(id_, revision.stage, revision.digest, revision.by, revision.at)
        for id_, dossier in state.dossiers.items()
        for revision in dossier.revisions.values()
        if revision.stage in {"submitted", "under review", "returned"}
        and dossier.is_newer(revision)
        and (revision.stage != "returned" or revision.digest == dossier.head)
    ]
    marks = {
        number: (id_, reason, about)
        for id_, dossier in state.dossiers.items()
        for (reason, about), number in dossier.open_marks().items()
    }
    for number, entry in log.entries(marks):
        found.append(Waiting(*marks[number], entry.who, entry.at))
    return tuple(sorted(found, key=lambda each: (each.at, each.statement, each.reason)))


def unmarked(state: State, library: Library) -> Iterator[Mark]:
    """Yield what a look at the library finds: sources retracted, or changed since approval."""
    for id_, statement in library.statements.items():
        dossier = state.dossiers.get(id_, Dossier())
        in_force = dossier.revisions.get(dossier.in_force)
        if statement.withdrawn or (in_force and in_force.stage == "withdrawn"):
            continue
        for source in library.sources_of(statement):
            if source.retracted and ("retraction", source.id) not in dossier.marks:
                yield id_, "retraction", source.id
            digest = content_digest(source)
            about = f"{source.id} {digest[:MARK_DIGITS]}"
            known = dossier.sources.get(source.id, digest)
            if known != digest and ("changed source", about) not in dossier.marks:
                yield id_, "changed source", about


def contradicted(
    content: Mapping[str, Any], state: State, log: Log, library: Library
) -> Iterator[Mark]:
    """Yield the statements that words contradict and that do not say so themselves."""
    statement = str(content["id"])
    for other in content.get("conflicts_with", ()):
        dossier = state.dossiers.get(other, Dossier())
        try:
            its = words_in_force(other, state, log, library).content
        except EditorialError:
            continue  # the gate over the edition names it
        told = statement in its.get("conflicts_with", ())
        if not told and ("conflict", statement) not in dossier.marks:
            yield other, "conflict", statement


def history(statement: str, state: State, log: Log, library: Library) -> tuple[Event, ...]:
    """Return everything that happened to a statement, the oldest first.

    Raises:
        EditorialError: neither the log nor the library knows the statement.
    """
    stands = words_now(statement, state, log, library)
    dossier = state.dossiers.get(statement, Dossier())
    texts: dict[str, Mapping[str, Any]] = {}
    if statement in library.statements:
        content = plain(library.statements[statement])
        texts[content_digest(library.statements[statement])] = content
    else:
        texts[stands.digest] = stands.content
    events = []
    for number, entry in log.entries(dossier.numbers):
        change = ""
        if entry.content is not None:
            change = difference(texts.get(entry.base), entry.content)
            texts[entry.digest] = entry.content
        says = entry.comment or entry.reason
        if entry.about:
            says = f"{entry.reason}: {entry.about}"
        events.append(
            Event(
                number, entry.at, entry.who, entry.action, entry.digest, says, change,
                _edition(entry, number, state),
            )
        )  # fmt: skip
    return tuple(events)


def _edition(entry: Entry, number: int, state: State) -> str:
    if entry.action not in {"approve", "withdraw"}:
        return ""
    later = (each.edition for each in state.publications if (each.size or 0) >= number)
    return next(later, "")
