"""Findings anchored in the literature: the sentence of the source that prints their figures.

What is kept of an anchor is its document, its place in the text and the hash of the sentence. The
sentence is read from the document whenever it is shown, and shown only while its hash agrees.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from sqlalchemy import delete, insert, select

from secondline.domain.evidence import Statement
from secondline.library.anchoring import Anchor, StoredText, anchors_in
from secondline.library.digest import content_digest
from secondline.library.library import Library
from secondline.literature.database import anchors, reading, writing
from secondline.literature.literature import Literature
from secondline.literature.passages import plain_text
from secondline.literature.records import Document
from secondline.surveillance.locating import Located, Locator
from secondline.surveillance.paragraphs import Pages
from secondline.surveillance.results import (
    AnchoredFinding,
    LiteratureVerification,
    UnanchoredFinding,
)
from secondline.surveillance.source_numbers import documents_of

LONGEST_TEXT = 5_000_000  # characters; no paper has as many
ABSTRACT_ALONE = "citation"  # the kind of document that holds no more than an abstract
READ_AS_ABSTRACT = {"abstract", "part of abstract"}
# Where a figure is looked for first: what NLM or a registry issued, last what a user wrote.
ORDER = ("citation", "full text", "evidence summary", "book", "registry record", "text")

_Outcome = Literal["ambiguous", "unplaced", "not held", "explained", "beyond", "not found"]
OUTCOMES: tuple[_Outcome, ...] = get_args(_Outcome)


class _Texts:
    """The documents that are held of sources, each read once."""

    def __init__(self, library: Library, literature: Literature) -> None:
        self._library = library
        self._literature = literature
        self._of: dict[str, tuple[str, ...]] = {}
        self._read: dict[str, tuple[Document, StoredText] | None] = {}
        self._pages: dict[str, Pages] = {}
        self.too_long: list[str] = []

    def of(self, source: str) -> tuple[str, ...]:
        """Return the ids of the documents of a source that can be looked at."""
        if source not in self._of:
            found = documents_of(self._library.sources[source], self._literature.store)
            readable = [id_ for id_ in found if self.text(id_) and self._is_text_of(source, id_)]
            readable.sort(key=lambda id_: (ORDER.index(self.document(id_).kind), id_))
            self._of[source] = tuple(readable)
        return self._of[source]

    def _is_text_of(self, source: str, id_: str) -> bool:
        """Leave out a summary of another year, which is another text."""
        document = self.document(id_)
        other_year = document.year not in {None, self._library.sources[source].year}
        return document.kind != "evidence summary" or not other_year

    def of_statement(self, statement: Statement) -> tuple[str, ...]:
        """Return the documents of the cited source, then those of what it is known through."""
        cited = (statement.citation.source, statement.citation.via)
        return tuple(dict.fromkeys(id_ for source in cited if source for id_ in self.of(source)))

    def text(self, id_: str) -> StoredText | None:
        if id_ not in self._read:
            held = self._literature.document(id_)
            text = plain_text(held.document) if held and not held.deleted else ""
            if len(text) > LONGEST_TEXT:
                self.too_long.append(id_)
            usable = held is not None and 0 < len(text) <= LONGEST_TEXT
            self._read[id_] = (held.document, StoredText.of(id_, text)) if held and usable else None
        found = self._read[id_]
        return found[1] if found else None

    def document(self, id_: str) -> Document:
        found = self._read[id_]
        if found is None:
            raise LookupError(id_)
        return found[0]

    def pages(self, id_: str) -> Pages:
        if id_ not in self._pages:
            self._pages[id_] = Pages(self.document(id_))
        return self._pages[id_]

    @property
    def held(self) -> int:
        """How many sources have a document."""
        return sum(1 for documents in self._of.values() if documents)


def verify_in(library: Library, literature: Literature) -> LiteratureVerification:
    """Look for the sentence of every finding in the documents of its source; keep the anchors.

    Raises:
        StoreError: the database of the literature cannot be used.
    """
    texts = _Texts(library, literature)
    locator = Locator(library)
    found: dict[_Outcome, list[UnanchoredFinding]] = {outcome: [] for outcome in OUTCOMES}
    anchored: list[AnchoredFinding] = []
    findings = 0
    for statement in library.statements.values():
        documents = texts.of_statement(statement)
        located = [locator.locate(statement, texts.pages(id_)) for id_ in documents]
        for tried in _tried(statement, library, texts, documents):
            findings += 1
            best = min(tried, key=lambda anchor: (not anchor.holds, len(anchor.missing)))
            places = [each[best.finding] for each in located if best.finding in each]
            place = next((each for each in places if not each.ambiguous), None)
            if place is not None:
                anchored.append(_anchored(best, place, texts))
                continue
            if best.holds:
                outcome: _Outcome = "ambiguous" if places else "unplaced"
            else:
                outcome = _why_not(best, statement, library, texts, documents)
            found[outcome].append(_unanchored(best, documents))
    _keep(anchored, library, literature)
    cited = {s.id for each in library.statements.values() for s in library.sources_of(each)}
    return LiteratureVerification(
        edition=library.edition,
        sources=len(cited),
        held=texts.held,
        findings=findings,
        not_held=len(found["not held"]),
        anchored=tuple(anchored),
        explained=len(found["explained"]),
        ambiguous=tuple(found["ambiguous"]),
        unplaced=tuple(found["unplaced"]),
        beyond=tuple(found["beyond"]),
        not_found=tuple(found["not found"]),
        too_long=tuple(texts.too_long),
    )


def _tried(
    statement: Statement, library: Library, texts: _Texts, documents: tuple[str, ...]
) -> Iterator[tuple[Anchor, ...]]:
    """Yield, for each finding with figures, what of them each document holds, or that none is."""
    stored = [texts.text(id_) for id_ in documents] or [None]
    return zip(*(anchors_in(statement, library, text) for text in stored), strict=True)


def _why_not(
    best: Anchor,
    statement: Statement,
    library: Library,
    texts: _Texts,
    documents: tuple[str, ...],
) -> _Outcome:
    """Say why the figures of a finding do not stand in the documents of its source."""
    if not documents:
        return "not held"
    if best.reason is not None:
        return "explained"
    return "not found" if _is_held_as_read(statement, library, texts, documents) else "beyond"


def _anchored(anchor: Anchor, place: Located, texts: _Texts) -> AnchoredFinding:
    pages = texts.pages(place.document)
    text = pages.text[place.start : place.end]
    return AnchoredFinding(
        statement=anchor.statement,
        finding=anchor.finding,
        figures=anchor.figures,
        document=place.document,
        kind=pages.document.kind,
        start=place.start or 0,
        end=place.end or 0,
        sha256=_hash(text),
        sentence=text,
    )


def _unanchored(anchor: Anchor, documents: tuple[str, ...]) -> UnanchoredFinding:
    return UnanchoredFinding(
        statement=anchor.statement,
        finding=anchor.finding,
        missing=anchor.missing,
        documents=documents,
    )


def _is_held_as_read(
    statement: Statement, library: Library, texts: _Texts, documents: tuple[str, ...]
) -> bool:
    """Say whether what is held is what was read: the other, of a source known through another."""
    if statement.citation.via:
        return bool(texts.of(statement.citation.via))
    source = library.sources[statement.citation.source]
    return source.read in READ_AS_ABSTRACT or any(
        texts.document(id_).kind != ABSTRACT_ALONE for id_ in documents
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _keep(found: list[AnchoredFinding], library: Library, literature: Literature) -> None:
    """Put these anchors in the place of those that were kept."""
    words = {a.statement: content_digest(library.statements[a.statement]) for a in found}
    rows = [
        {
            "statement": each.statement, "finding": each.finding, "words": words[each.statement],
            "document": each.document, "start": each.start, "end": each.end, "sha256": each.sha256,
        }
        for each in found
    ]  # fmt: skip
    with writing(literature.store.engine) as connection:
        connection.execute(delete(anchors))
        if rows:
            connection.execute(insert(anchors), rows)


def kept_anchors(statement: Statement, literature: Literature) -> Iterator[Mapping[str, Any]]:
    """Yield what is kept of the anchors of a statement, as plain data.

    `sentence` is what the document prints at the place; where words or document changed since the
    verification, `changed` says so instead.
    """
    chosen = select(anchors).where(anchors.c.statement == statement.id).order_by(anchors.c.finding)
    with reading(literature.store.engine) as connection:
        rows = connection.execute(chosen).all()
    for row in rows:
        shown = {name: getattr(row, name) for name in ("finding", "document", "start", "end")}
        yield {**shown, "sha256": row.sha256, **_sentence_of(row, statement, literature)}


def _sentence_of(row: Any, statement: Statement, literature: Literature) -> dict[str, str]:
    if row.words != content_digest(statement):
        return {"changed": "the words of the statement changed since it was verified"}
    held = literature.document(row.document)
    if held is None or held.deleted:
        return {"changed": "the document was deleted by its source"}
    text = plain_text(held.document)[row.start : row.end]
    if _hash(text) != row.sha256:
        return {"changed": "the document no longer prints this sentence here"}
    return {"title": held.document.title, "sentence": text}
