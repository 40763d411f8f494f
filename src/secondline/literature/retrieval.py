"""Searches answered with documents and passages as they are kept, and the index behind them."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

from secondline.literature.building import Progress, build
from secondline.literature.corpus import StoredCorpus
from secondline.literature.embedding import Encoder, MiniLM
from secondline.literature.index import BUILD, Index, read_manifest
from secondline.literature.literature import Literature
from secondline.literature.passages import passages
from secondline.literature.place import literature_folder
from secondline.literature.records import Passage
from secondline.literature.results import Built, FoundDocument, FoundPassage, Retrieved
from secondline.literature.search import EVERYTHING, Filters, Hit, NoModel, SearchEngine
from secondline.literature.subjects import Subjects

FOLDER = "index"  # in the folder of the literature


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
        """Open the search of the user's own folder.

        Args:
            diseases: by their ids, what they are called.
        """
        return cls(literature, literature_folder(), Subjects(diseases))

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
        manifest = build(self._corpus, self._folder, encoder=encoder, progress=progress)
        return Built(
            built=manifest.built,
            documents=manifest.documents,
            passages=manifest.passages,
            vectors=manifest.vectors,
            without_vectors=None if encoder else reason,
        )

    def search(self, query: str, *, filters: Filters = EVERYTHING, limit: int = 10) -> Retrieved:
        """Find documents, best first.

        Raises:
            QueryError: the query is empty, too long or not text, or the limit is out of range.
            NoIndex: no index was built.
            StoreError: the literature cannot be read.
        """
        engine = self._engine or self._opened()
        found = engine.search(query, filters=filters, limit=limit)
        shown = (self._shown(hit) for hit in found.hits)
        return Retrieved(
            query=query,
            legs=found.legs,
            stale=self._stale(),
            built=self._index.manifest.built if self._index else None,
            hits=tuple(each for each in shown if each),
        )

    def _opened(self) -> Index:
        """Return the newest index, opened anew only when another has taken its place."""
        if self._index is None or read_manifest(self._folder) != self._index.manifest:
            self._index = Index(self._folder, self._encoder)
        return self._index

    def _stale(self) -> str | None:
        if self._index is None or self._index.manifest.of == self._corpus.state:
            return None
        return (
            "the literature or the names of diseases changed after the index was built;"
            f" what is new is not found: run {BUILD}"
        )

    def _shown(self, hit: Hit) -> FoundDocument | None:
        held = self._literature.document(hit.document)
        if held is None or held.deleted:
            return None
        document = held.document
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
            retracted=held.retracted,
            score=hit.score,
            ranks=dict(hit.ranks),
            passage=_passage(passage) if passage else None,
        )


def _passage(passage: Passage) -> FoundPassage:
    return FoundPassage(
        id=passage.id,
        heading=passage.heading,
        text=passage.text,
        start=passage.start,
        end=passage.end,
    )
