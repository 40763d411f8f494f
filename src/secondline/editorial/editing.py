"""The editorial room: one function for each thing that an editor does."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from secondline.domain.evidence import Statement
from secondline.editorial.docket import Docket, docket
from secondline.editorial.dossier import WAITING, MarkReason, Person, Role, person_key
from secondline.editorial.inbox import Inbox
from secondline.editorial.log import Log
from secondline.editorial.problems import EditorialError, NotAllowed, ProposalError
from secondline.editorial.publication import publish
from secondline.editorial.store import Store
from secondline.editorial.tampering import LogVerification, verify_lines, verify_rows
from secondline.editorial.waiting import Event, Waiting, contradicted, history, unmarked, waiting
from secondline.editorial.words import (
    Words,
    brought,
    named,
    require_base,
    require_no_copy,
    words_in_force,
    words_now,
)
from secondline.editorial.workflow import State
from secondline.library.candidate import Complaint, candidate
from secondline.library.digest import content_digest, plain, words_digest
from secondline.library.library import Library
from secondline.library.review_log import (
    Action,
    Checkpoint,
    Entry,
    ReviewLogError,
    log_lines,
    new_entry,
    now,
)


class Editorial:
    """Works on one library and one log. `who` is always the name of somebody enrolled."""

    def __init__(self, store: Store, library: Library) -> None:
        self.library = library
        self.log = Log(store)

    def close(self) -> None:
        """Close the store."""
        self.log.store.close()

    # People

    def enroll(self, name: str, role: Role, *, who: str | None = None) -> Entry:
        """Enroll somebody, or change a role. The first person enrolls alone, as an approver."""
        return self._add(lambda _: new_entry(who or name, "enroll", name=name, role=role))

    def people(self) -> tuple[Person, ...]:
        """Return everybody who is enrolled, by name."""
        with self.log.reading() as state:
            return tuple(sorted(state.people.values(), key=lambda person: person.name))

    # Words

    def words(self, statement: str) -> Words:
        """Return the words of a statement that stand now: brought last, or those of the library.

        Raises:
            EditorialError: neither knows the statement.
        """
        with self.log.reading() as state:
            return words_now(statement, state, self.log, self.library)

    def docket(self, statement: str, *, digest: str = "", who: str | None = None) -> Docket:
        """Return all that an editor sees of a statement, and what the editor may do with it.

        Raises:
            EditorialError: neither the log nor the library knows the statement, or the words.
        """
        with self.log.reading() as state:
            return docket(statement, state, self.log, self.library, digest=digest, who=who)

    def examine(self, data: Mapping[str, Any]) -> tuple[Complaint, ...]:
        """Say field by field what is wrong with a statement that is being written."""
        _, complaints = candidate(data, self.library)
        return complaints

    def propose(
        self,
        data: Mapping[str, Any],
        *,
        who: str,
        base: str = "",
        disease: str | None = None,
        comment: str = "",
    ) -> Entry:
        """Propose a new statement, or a change of one.

        Args:
            data: the whole statement, as a file or a form gives it.
            who: its author.
            base: the digest of the words that were changed, as `words` gave it; empty for a new
                statement.
            disease: of a new statement.
            comment: why, for the reviewers.

        Raises:
            ProposalError: the statement is not in order.
            Conflict: somebody else changed it first.
            NotAllowed: this person may not.
        """
        statement, complaints = candidate(data, self.library)
        if statement is None or complaints:
            raise ProposalError(str(data.get("id") or "the statement"), complaints)
        content = plain(statement)
        digest = words_digest(content)

        def entry(state: State) -> Entry:
            state.person(who)
            if content != self._now(state, statement.id):
                require_base(content, base, state, self.log, self.library)
            return new_entry(
                who,
                "propose",
                statement=statement.id,
                digest=digest,
                base=base,
                content=content,
                file=self._file(state, statement, disease),
                comment=comment,
            )

        return self._add(entry)

    def submit(self, statement: str, *, who: str, digest: str = "") -> Entry:
        """Submit words for review: a draft, or a statement of the library as it stands."""

        def entry(state: State) -> Entry:
            if statement in state.dossiers and state.dossiers[statement].head:
                chosen = named(statement, digest, state)
                return new_entry(who, "submit", statement=statement, digest=chosen)
            words = words_now(statement, state, self.log, self.library)
            return new_entry(
                who,
                "submit",
                statement=statement,
                digest=words.digest,
                content=words.content,
                file=words.file,
            )

        return self._add(entry)

    # Review

    def comment(self, statement: str, comment: str, *, who: str, digest: str = "") -> Entry:
        """Say something of words; what a reviewer says of others' words begins their review."""

        def entry(state: State) -> Entry:
            chosen = named(statement, digest, state)
            dossier = state.dossiers[statement]
            revision = dossier.revisions[chosen]
            reviews = (
                state.person(who).role in {"reviewer", "approver"}
                and person_key(who) not in dossier.authors
                and revision.stage in WAITING
                and dossier.is_newer(revision)
            )
            action: Action = "review" if reviews else "comment"
            return new_entry(who, action, statement=statement, digest=chosen, comment=comment)

        _require_text("comment", comment)
        return self._add(entry)

    def approve(self, statement: str, digest: str, *, who: str, comment: str = "") -> Entry:
        """Approve exactly the words that were read.

        Other statements that the words contradict are marked, where they do not say so themselves.

        Args:
            statement: its id.
            digest: of the words, or at least its first 8 digits.
            who: an approver who wrote none of it.
            comment: for the record.
        """

        def entries(state: State) -> list[Entry]:
            chosen = named(statement, digest, state)
            content = brought(statement, chosen, state, self.log).content
            entry = new_entry(
                who,
                "approve",
                statement=statement,
                digest=chosen,
                sources=self._sources(content),
                comment=comment,
            )
            state.require(entry)
            require_no_copy(content, who, state, self.log)
            marks = contradicted(content, state, self.log, self.library)
            return [entry, *(_mark(who, *mark) for mark in marks)]

        if not digest:
            raise NotAllowed("an approval belongs to exact words: name the digest that you read")
        return self.log.append(entries)[0]

    def return_(self, statement: str, reason: str, *, who: str, digest: str = "") -> Entry:
        """Return words to their author, with the reason."""
        _require_text("reason", reason)
        return self._add(
            lambda state: new_entry(
                who,
                "return",
                statement=statement,
                digest=named(statement, digest, state),
                reason=reason,
            )
        )

    def withdraw(self, statement: str, reason: str, *, who: str) -> Entry:
        """Withdraw a statement: the next edition shows it to nobody and keeps the reason."""
        _require_text("reason", reason)

        def entry(state: State) -> Entry:
            before = words_in_force(statement, state, self.log, self.library)
            content = {**before.content, "withdrawn": reason}
            return _instead_of(before, content, "withdraw", reason, who)

        return self._add(entry)

    def recover(self, statement: str, reason: str, *, who: str) -> Entry:
        """Recover a statement that was withdrawn: its words are submitted again."""
        _require_text("reason", reason)

        def entry(state: State) -> Entry:
            before = words_in_force(statement, state, self.log, self.library)
            content = {key: each for key, each in before.content.items() if key != "withdrawn"}
            return _instead_of(before, content, "recover", reason, who)

        return self._add(entry)

    # The queue

    def queue(self) -> tuple[Waiting, ...]:
        """Return everything that waits for somebody, with its reason, the oldest first."""
        with self.log.reading() as state:
            return waiting(state, self.log)

    def mark(self, statement: str, reason: MarkReason, about: str, *, who: str) -> Entry | None:
        """Put a statement into the queue. What was marked once is never marked again: None."""
        _require_text("about", about)

        def entries(state: State) -> list[Entry]:
            words_now(statement, state, self.log, self.library)
            dossier = state.dossiers.get(statement)
            known = dossier is not None and (reason, about) in dossier.marks
            return [] if known else [_mark(who, statement, reason, about)]

        return next(iter(self.log.append(entries)), None)

    def inbox(self, *, who: str) -> Inbox:
        """Return what takes the marks of surveillance, signed by one person.

        Raises:
            NotAllowed: the person may mark nothing; said before anything is looked at.
        """
        with self.log.reading() as state:
            state.require_role(who, "mark")
        return Inbox(self, who)

    def scan(self, *, who: str) -> tuple[Entry, ...]:
        """Mark statements of retracted sources, and of sources changed since their approval."""
        return self.log.append(
            lambda state: [_mark(who, *mark) for mark in unmarked(state, self.library)]
        )

    def settle(self, statement: str, reason: str, *, who: str) -> Entry:
        """Close the marks of a statement whose words stay as they are, with the reason."""
        _require_text("reason", reason)
        return self._add(lambda _: new_entry(who, "settle", statement=statement, reason=reason))

    def history(self, statement: str) -> tuple[Event, ...]:
        """Return everything that happened to a statement, the oldest first."""
        with self.log.reading() as state:
            return history(statement, state, self.log, self.library)

    # Editions and the log

    def entries(self, numbers: Iterable[int]) -> tuple[tuple[int, Entry], ...]:
        """Return entries of the log by their numbers, in their order."""
        with self.log.reading():
            return tuple(self.log.entries(numbers))

    def publish(self, folder: Path, *, who: str) -> Checkpoint:
        """Publish an edition: the library with all approved words, the log, and its checkpoint.

        Raises:
            EditorialError: the folder exists, or the library was changed outside of the log.
            LibraryError: the gate finds problems; nothing is published.
        """
        return publish(self.log, self.library, folder, who)

    def checkpoint(self) -> Checkpoint:
        """Return a checkpoint of the log as it stands, with the edition published last."""
        with self.log.reading() as state:
            head = self.log.head()
            edition = state.publications[-1].edition if state.publications else ""
        return Checkpoint(size=head.size, root=head.root, time=now(), edition=edition)

    def verify(
        self, checkpoint: Checkpoint | None = None, *, entry: int | None = None
    ) -> LogVerification:
        """Read the whole stored log again and say whether anybody has touched it."""
        return verify_rows(self.log.store.rows(), checkpoint, entry)

    def export_log(self) -> tuple[str, Checkpoint]:
        """Return the whole log as the text of a file, and its checkpoint."""
        checkpoint = self.checkpoint()
        return "".join(f"{line}\n" for line in self.log.lines(checkpoint.size)), checkpoint

    def import_log(self, text: str, checkpoint: Checkpoint | None = None) -> int:
        """Bring an exported log into an empty store, or into an earlier state of itself.

        Returns:
            How many entries were added.

        Raises:
            EditorialError: the log does not hold against its checkpoint or its rules, or differs
                from what is stored; nothing was added.
        """
        try:
            lines = log_lines(text)
        except ReviewLogError as error:
            raise EditorialError(str(error)) from None
        found = verify_lines(lines, checkpoint)
        if not found.holds:
            raise EditorialError("\n".join(["the log is not imported:", *found.problems]))
        return self.log.extend(lines)

    # Within

    def _add(self, entry: Callable[[State], Entry]) -> Entry:
        (added,) = self.log.append(lambda state: [entry(state)])
        return added

    def _now(self, state: State, statement: str) -> Mapping[str, Any] | None:
        try:
            return words_now(statement, state, self.log, self.library).content
        except EditorialError:
            return None

    def _file(self, state: State, statement: Statement, disease: str | None) -> str:
        if statement.id in self.library.statements:
            return self.library.files[statement.id]
        if statement.id in state.dossiers and state.dossiers[statement.id].file:
            return state.dossiers[statement.id].file
        if disease not in self.library.diseases:
            among = ", ".join(self.library.diseases)
            raise EditorialError(
                f"{statement.id} is new: say of which disease it is; found {disease!r}, expected"
                f" one of {among}"
            )
        return f"statements/{disease}/{statement.citation.source}.yaml"

    def _sources(self, content: Mapping[str, Any]) -> dict[str, str]:
        cited = (content["citation"].get("source"), content["citation"].get("via"))
        sources = self.library.sources
        return {id_: content_digest(sources[id_]) for id_ in cited if id_ in sources}


def _instead_of(
    before: Words, content: Mapping[str, Any], action: Action, reason: str, who: str
) -> Entry:
    """Return the entry that puts other content in the place of words in force."""
    return new_entry(
        who,
        action,
        statement=before.statement,
        digest=words_digest(content),
        base=before.digest,
        content=content,
        file=before.file,
        reason=reason,
    )


def _mark(who: str, statement: str, reason: MarkReason, about: str) -> Entry:
    return new_entry(who, "mark", statement=statement, reason=reason, about=about)


def _require_text(name: str, text: str) -> None:
    if not text.strip():
        raise NotAllowed(f"{name} is empty; say it in words")
