"""What a search of the literature tells: documents and passages as they are kept."""

from dataclasses import dataclass

from secondline.literature.search import Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage as the document prints it.

    Attributes:
        start, end: offsets in the plain text of the document, in characters, the end not included.
    """

    id: str
    heading: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A document that was found.

    Attributes:
        retracted: by its own record or by a notice, as it is known now.
        score: of the fusion; it orders one answer and means nothing beside another.
        ranks: its rank in each leg that found it, from 1.
        passage: the best of its passages; None when the document changed since the index was built
            and no longer holds it.
    """

    document: str
    kind: str
    title: str
    journal: str
    year: int | None
    pmid: str | None
    doi: str | None
    registration: tuple[str, ...]
    url: str | None
    retracted: bool
    score: float
    ranks: dict[str, int]
    passage: FoundPassage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The answer of a search of the literature; nothing of it has been reviewed.

    Attributes:
        legs: every leg, those that did not answer too.
        stale: why the index does not describe the literature as it is now; None when it does.
        built: when the index was built, in UTC; None for an engine that does not say.
        hits: documents, best first. One that was deleted since the index was built is left out.
        turned: the ids of documents that the index lets through a filter by retraction, and that
            are left out: they were retracted, or stand again, since it was built.
        not_held: the ids of documents that were found and of which nothing is held here.
        not_held_because: why, in words, and what to do; None when every document is held.
    """

    query: str
    legs: tuple[Leg, ...]
    stale: str | None
    built: str | None
    hits: tuple[FoundDocument, ...]
    turned: tuple[str, ...] = ()
    not_held: tuple[str, ...] = ()
    not_held_because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An index that was built.

    Attributes:
        built: when, in UTC.
        vectors: how many passages have one; a text that says nothing to the model has none.
        without_vectors: why there are none; None when they were made.
    """

    built: str
    documents: int
    passages: int
    vectors: int
    without_vectors: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The files of an index, held against what was written.

    Attributes:
        folder: of the index.
        built: when, in UTC.
        files: how many it has.
        bytes: of all of them.
        damages: what is wrong with each that is not what was written.
    """

    folder: str
    built: str
    files: int
    bytes: int
    damages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharded:
    """What became of files of which Spark made an index.

    Attributes:
        files: that were read; the same content counts once.
        rejected: how many records and files could not be read, or not further.
        refused: the first of them: file, place and reason.
    """

    files: int
    shards: int
    documents: int
    passages: int
    vectors: int
    retracted: int
    rejected: int
    refused: tuple[str, ...]
