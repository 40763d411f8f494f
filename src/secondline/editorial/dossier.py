"""What the log says of one statement: its words, their stages, its marks; and who takes part."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Role = Literal["reader", "author", "reviewer", "approver"]
Stage = Literal["draft", "submitted", "under review", "returned", "approved", "withdrawn"]
MarkReason = Literal["changed source", "conflict", "retraction", "surveillance match"]

ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
WAITING: tuple[Stage, ...] = ("submitted", "under review")


@dataclass(slots=True)
class Revision:
    """Exact words of a statement: who brought them with which entry, and their stage.

    Attributes:
        number: of the entry that holds them; the first entry of a log has the number 1.
        wording: the digest of the words without the id of the statement.
    """

    digest: str
    wording: str
    number: int
    by: str
    at: str
    stage: Stage


@dataclass(slots=True)
class Dossier:
    """What the log says of one statement.

    Attributes:
        revisions: all words that were brought, by digest.
        bases: digests of words that others replaced, also of those that stand in the library only.
        head: the digest of the words brought last; empty while there are none.
        in_force: the digest of the words that an edition holds: approved last, or withdrawn.
        authors: the keys of all who brought words; none of them may approve.
        marks: whether a mark is open, by reason and what it is about.
        sources: the digests of its sources when words were approved last.
        numbers: of the entries about it.
    """

    file: str = ""
    revisions: dict[str, Revision] = field(default_factory=dict)
    bases: set[str] = field(default_factory=set)
    head: str = ""
    in_force: str = ""
    authors: set[str] = field(default_factory=set)
    marks: dict[tuple[str, str], int] = field(default_factory=dict)
    settled: set[tuple[str, str]] = field(default_factory=set)
    sources: Mapping[str, str] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)

    def is_newer(self, revision: Revision) -> bool:
        """Say whether words were brought after those in force."""
        return not self.in_force or revision.number > self.revisions[self.in_force].number

    def open_marks(self) -> dict[tuple[str, str], int]:
        """Return the marks that nobody has settled, with the numbers of their entries."""
        return {mark: number for mark, number in self.marks.items() if mark not in self.settled}


@dataclass(slots=True)
class Person:
    """Somebody who takes part: the name as it is written, and the role."""

    name: str
    role: Role


def person_key(name: str) -> str:
    """Return what two spellings of one name share: case and compatible characters do not count."""
    return unicodedata.normalize("NFKC", name).casefold()
