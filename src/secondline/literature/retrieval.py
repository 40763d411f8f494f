"""Searches answered with documents and passages as they are kept, and the index behind them."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

from secondline.literature.building import Progress, build
from secondline.literature.corpus import StoredCorpus
from secondline.literature.embedding import Encoder, MiniLM
from secondline.literature.holdings import Held
from secondline.literature.index import BUILD, Index, Manifest, read_manifest, verified
from secondline.literature.literature import Literature
from secondline.literature.passages import passages
from secondline.literature.place import literature_folder, search_address
from secondline.literature.records import Document, Passage
from secondline.literature.results import Built, FoundDocument, FoundPassage, Retrieved, Verified
from secondline.literature.search import (
    EVERYTHING,
    LARGEST_LIMIT,
    Filters,
    Found,
    Hit,
    NoIndex,
    NoModel,
    SearchEngine,
)
from secondline.literature.servers import Contents, Served, Server
from secondline.literature.subjects import Subjects

FOLDER = "index"  # in the folder of the literature
ELSEWHERE = (
    "the index was built from other literature than is open here; let SECONDLINE_DATABASE name the"
    " database that it was built from, or add their files with: secondline literature add FILE"
)


class Retrieval:
    """The index of the literature, built when asked and never by a search.

    Args:
        folder: of the literature; the index stands in it.
        encoder: opens the embedding model.
        engine: another engine to search with, in place of the index in files.
    """

    def __init__(
        self,
        literature: Literature,
        folder: Path,
        subjects: Subjects,
        encoder: Callable[[], Encoder] = MiniLM,
        engine: SearchEngine | None = None,
    ) -> None:
        self._literature = literature
        self._corpus = StoredCorpus(literature, subjects)
        self._folder = folder / FOLDER
        self._encoder = encoder
        self._engine = engine
        self._index: Index | None = None

    @classmethod
    def of_user(cls, literature: Literature, diseases: Mapping[str, Iterable[str]]) -> Self:
        """Open the search of the user's own folder, or of the server that SECONDLINE_SEARCH names.

        Args:
            diseases: by their ids, what they are called.

        Raises:
            AddressError: the address of the server is none.
            StoreError: what speaks with such a server is not installed.
        """
        server = search_address()
        engine = Served(server_at(server)) if server else None
        return cls(literature, literature_folder(), Subjects(diseases), engine=engine)

    def build(self, *, vectors: bool | None = None, progress: Progress | None = None) -> Built:
        """Build the index of all that is held.

        Args:
            vectors: True for both legs, False for BM25 alone, which takes minutes where vectors
                take hours; None for vectors where the embedding model is installed.
            progress: told what is done, and how many passages of it.

        Raises:
            NoModel: vectors are asked for, and the embedding model cannot be used.
            AlreadyBuilding: another process builds it.
            StoreError: the literature cannot be read.
        """
        encoder, reason = None, "not asked for"
        if vectors is not False:
            try:
                encoder = self._encoder()
            except NoModel as error:
                if vectors:
                    raise
                reason = str(error)
        make = self._engine.build if isinstance(self._engine, Served) else build
        made = make(self._corpus, self._folder, encoder=encoder, progress=progress)
        return Built(
            built=made.built,
            documents=made.documents,
            passages=made.passages,
            vectors=made.vectors,
            without_vectors=None if encoder else reason,
        )

    def verify(self) -> Verified:
        """Read all files of the index, and hold them against what was written.

        Raises:
            NoIndex: no index was built, or a server keeps it.
        """
        if self._engine is not None:
            raise NoIndex(
                "the index is kept by the server that SECONDLINE_SEARCH names, which looks after"
                " its own files"
            )
        return verified(self._folder)

    def search(self, query: str, *, filters: Filters = EVERYTHING, limit: int = 10) -> Retrieved:
        """Find documents, best first.

        Raises:
            QueryError: the query is empty, too long or not text, or the limit is out of range.
            NoIndex: no index was built.
            StoreError: the literature cannot be read.
        """
        engine = self._engine or self._opened()
        found = engine.search(query, filters=filters, limit=limit)
        held = self._held(found)
        turned = _turned(held, filters)
        if turned:  # others take their places
            found = engine.search(query, filters=filters, limit=LARGEST_LIMIT)
            held = self._held(found)
            turned = _turned(held, filters)
        hits = [hit for hit in found.hits if hit.document not in turned][:limit]
        not_held = tuple(hit.document for hit in hits if held[hit.document] is None)
        made = self._made()
        return Retrieved(
            query=query,
            legs=found.legs,
            stale=self._stale(made),
            built=made.built if made else None,
            hits=tuple(
                found_document(hit, each.document, retracted=each.retracted)
                for hit in hits
                if (each := held[hit.document]) and not each.deleted
            ),
            turned=turned,
            not_held=not_held,
            not_held_because=ELSEWHERE if not_held else None,
        )

    def _held(self, found: Found) -> dict[str, Held | None]:
        return {hit.document: self._literature.document(hit.document) for hit in found.hits}

    def _opened(self) -> Index:
        """Return the newest index, opened anew only when another has taken its place."""
        if self._index is None or read_manifest(self._folder) != self._index.manifest:
            self._index = Index(self._folder, self._encoder)
        return self._index

    def _made(self) -> Manifest | Contents | None:
        """Return what is searched, None for an engine that does not say."""
        if isinstance(self._engine, Served):
            return self._engine.contents()
        return self._index.manifest if self._index else None

    def _stale(self, made: Manifest | Contents | None) -> str | None:
        if made is None or made.of == self._corpus.state:
            return None
        return (
            "the literature or the names of diseases changed after the index was built;"
            f" what is new is not found: run {BUILD}"
        )


def _turned(held: Mapping[str, Held | None], filters: Filters) -> tuple[str, ...]:
    """Return the documents whose retraction is no longer what the index let through a filter."""
    if filters.retracted is None:
        return ()
    return tuple(id_ for id_, each in held.items() if each and each.retracted != filters.retracted)


def found_document(hit: Hit, document: Document, *, retracted: bool) -> FoundDocument:
    """Return a hit as it is shown: the document as it is kept, with the passage if it is there."""
    passage = next((each for each in passages(document) if each.id == hit.passage), None)
    return FoundDocument(
        document=document.id,
        kind=document.kind,
        title=document.title or document.vernacular_title or "",
        journal=document.journal,
        year=document.year,
        pmid=document.pmid,
        doi=document.doi,
        registration=document.registration,
        url=document.url,
        retracted=retracted,
        score=hit.score,
        ranks=dict(hit.ranks),
        passage=_passage(passage) if passage else None,
    )


def server_at(address: str) -> Server:
    """Open a search server.

    Args:
        address: postgresql://USER@HOST/NAME, or https://HOST:PORT of OpenSearch.

    Raises:
        AddressError: it is no such address.
        StoreError: the extra for it is not installed.
    """
    if address.startswith(("http://", "https://")):
        from secondline.literature.opensearch import OpenSearch  # noqa: PLC0415  # an extra

        return OpenSearch(address)
    from secondline.literature.postgres import PostgreSQL  # noqa: PLC0415  # an extra

    return PostgreSQL(address)


def _passage(passage: Passage) -> FoundPassage:
    return FoundPassage(
        id=passage.id,
        heading=passage.heading,
        text=passage.text,
        start=passage.start,
        end=passage.end,
    )
