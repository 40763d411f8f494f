"""Searches answered with documents and passages as they are kept, and the index behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from secondline.literature.building import Progress, build
from secondline.literature.corpus import StoredCorpus
from secondline.literature.embedding import Encoder, MiniLM
from secondline.literature.index import BUILD, Index, Manifest, read_manifest
from secondline.literature.literature import Literature
from secondline.literature.passages import passages
from secondline.literature.records import Passage
from secondline.literature.search import EVERYTHING, Filters, Hit, Leg, SearchEngine
from secondline.literature.subjects import Subjects

FOLDER = "index"  # in the folder of the literature


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
    """

    query: str
    legs: tuple[Leg, ...]
    stale: str | None
    built: str | None
    hits: tuple[FoundDocument, ...]


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

    def build(self, *, vectors: bool = True, progress: Progress | None = None) -> Manifest:
        """Build the index of all that is held.

        Args:
            vectors: False for BM25 alone, which takes minutes where vectors take hours.
            progress: told what is done, and how many passages of it.

        Raises:
            NoModel: vectors are asked for, and the embedding model cannot be used.
            AlreadyBuilding: another process builds it.
            StoreError: the literature cannot be read.
        """
        encoder = self._encoder() if vectors else None
        return build(self._corpus, self._folder, encoder=encoder, progress=progress)

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
