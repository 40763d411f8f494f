"""What the store knows: files, documents as they are kept, how they are related, and counts."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from secondline.literature.records import Document, Relation

# What became of a record; "not held" is a deletion of what is not here, "superseded" an older
# version than the one that is.
Outcome = Literal[
    "new", "revised", "restored", "unchanged", "deleted", "not held", "superseded", "rejected"
]
State = Literal["reading", "read", "broken"]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was read, known by its content.

    Attributes:
        position: the offset, unpacked, up to which its records are kept.
        reason: why it is broken; None while it is not.
        counts: what became of its records.
    """

    sha256: str
    name: str
    size: int
    format: str | None
    position: int
    state: State
    reason: str | None
    counts: Counter[Outcome]


@dataclass(frozen=True, slots=True)
class Held:
    """A document as it is kept.

    Attributes:
        version: how many versions were kept, this one included.
        sha256: of its content.
        retracted: by its own record, or by a notice in another.
        changed: rises with every change of the store; what is newer has a higher one.
    """

    document: Document
    version: int
    sha256: str
    retracted: bool
    deleted: bool
    changed: int


@dataclass(frozen=True, slots=True)
class Related:
    """A relation of a document, stated by itself or by the other.

    Attributes:
        id: of the other, where it is held.
        stated_by: the id of the document whose record says so.
    """

    relation: Relation
    id: str | None
    pmid: str | None
    doi: str | None
    pmcid: str | None
    printed: str
    stated_by: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What is held.

    Attributes:
        records: documents that are not deleted; `by_kind` divides them.
        retracted: of these, by their own record or by a notice in another.
        versions: that were ever kept, deletions included.
        files: by their state.
        rejected: records that could not be read.
        changed: the number of the newest change.
    """

    records: int
    by_kind: dict[str, int]
    retracted: int
    deleted: int
    versions: int
    links: int
    files: dict[str, int]
    rejected: int
    changed: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be read: where it begins in the unpacked file, and why."""

    position: int
    record: str
    reason: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file.

    Attributes:
        state: read; broken, when it could be read only so far; or refused, when not at all.
        already: whether the same content had been read before, so that nothing was done.
        resumed: the offset at which reading went on; 0 from the beginning.
        reason: why it is broken or refused, with the offset for a broken one.
        counts: what became of its records this time.
        refused: the records that could not be read, the first hundred.
        oddities: what was met and kept, with how often; the first hundred.
    """

    file: str
    state: Literal["read", "broken", "refused"]
    format: str | None = None
    already: bool = False
    resumed: int = 0
    reason: str | None = None
    counts: dict[Outcome, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    oddities: dict[str, int] = field(default_factory=dict)
