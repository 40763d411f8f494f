"""Passages of the literature that a user has added, quoted beside an answer and never in it.

They are looked for when the answer is whole, so that nothing a document says can change a word, a
figure or a citation of it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from secondline.literature.place import is_kept, search_address
from secondline.literature.records import StoreError
from secondline.literature.results import FoundDocument, FoundPassage, Retrieved
from secondline.literature.search import Leg, NoIndex, QueryError

MOST = 5  # documents quoted
LONGEST = 3_000  # characters of a quotation; nearly every abstract is shorter
LONGEST_TITLE = 300  # characters
NAMED = 3  # documents that are named where they are not quoted; the rest is counted
LONGEST_NAME = 100  # characters of the id of such a document
NOTE = (
    "Unreviewed literature: passages of documents that you have added, quoted as they are printed."
    " No editor of secondline has looked at them, and nothing in the answer is taken from them."
)
NOT_BESIDE_A_REFUSAL = (
    "nothing is quoted beside a question that is not for software to answer; to read in your"
    " documents: secondline literature search"
)


NOTHING_ADDED = "no literature was added; add it with: secondline literature add FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A passage as its document prints it.

    Attributes:
        document, kind: the id of the document and what it is.
        retracted: by its own record or by a notice.
        heading: the headings above the passage, outermost first.
        text: the passage from its beginning, `LONGEST` characters at most.
        start, end: of the text in the plain text of the document, in characters.
        sha256: of the text in UTF-8.
        whole: whether the passage ends with the text.
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
    heading: tuple[str, ...]
    text: str
    start: int
    end: int
    sha256: str
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreviewedLiterature:
    """What the literature of the user says near a question.

    Attributes:
        note: what this is, in words.
        reason: why nothing is quoted; None when something is.
        stale: why the index is older than the literature; None when it is not.
        not_quoted: which of the documents found are not quoted, and why; None when every one can
            be.
        legs: the ways of searching, those that did not answer too.
        passages: the best passage of each document, the nearest first.
    """

    note: str = field(default=NOTE, init=False)
    reason: str | None = None
    stale: str | None = None
    not_quoted: str | None = None
    legs: tuple[Leg, ...] = ()
    passages: tuple[Quotation, ...] = ()


class Search(Protocol):
    """What finds documents, best first."""

    def search(self, query: str) -> Retrieved:
        """Return the documents nearest to a question."""


def quoted(question: str, opened: Callable[[], Search]) -> UnreviewedLiterature:
    """Quote what the literature says near a question; whatever fails becomes the reason.

    Args:
        opened: opens the search; not called where nothing was added and no other place to search
            is named, which would make a database.
    """
    if not is_kept() and not search_address():
        return UnreviewedLiterature(reason=NOTHING_ADDED)
    try:
        found = opened().search(question)
    except (NoIndex, QueryError, StoreError) as error:
        return UnreviewedLiterature(reason=str(error))
    passages = tuple(_quotation(hit, hit.passage) for hit in found.hits if hit.passage)
    not_quoted = _not_quoted(found)
    return UnreviewedLiterature(
        reason=None
        if passages
        else "no passage was found" + (" that is held" if not_quoted else ""),
        stale=found.stale,
        not_quoted=not_quoted,
        legs=found.legs,
        passages=passages[:MOST],
    )


def _not_quoted(found: Retrieved) -> str | None:
    """Say which documents were found and have no text to be quoted."""
    changed = tuple(hit.document for hit in found.hits if hit.passage is None)
    told = (
        (found.not_held, f"are not held here: {found.not_held_because}"),
        (changed, "no longer hold the passage that was found"),
    )
    said = [f"{_listed(documents)} {why}" for documents, why in told if documents]
    return ". ".join(said) or None


def _listed(documents: Sequence[str]) -> str:
    """Name the first documents, and count all."""
    more = ", ..." if len(documents) > NAMED else ""
    names = ", ".join(name[:LONGEST_NAME] for name in documents[:NAMED])
    return f"{len(documents)} of the documents found ({names}{more})"


def _quotation(hit: FoundDocument, passage: FoundPassage) -> Quotation:
    text = passage.text[:LONGEST]
    return Quotation(
        document=hit.document,
        kind=hit.kind,
        title=hit.title[:LONGEST_TITLE],
        journal=hit.journal[:LONGEST_TITLE],
        year=hit.year,
        pmid=hit.pmid,
        doi=hit.doi,
        registration=hit.registration,
        url=hit.url,
        retracted=hit.retracted,
        heading=tuple(each[:LONGEST_TITLE] for each in passage.heading),
        text=text,
        start=passage.start,
        end=passage.start + len(text),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        whole=len(text) == len(passage.text),
    )
