"""The search that is opened: of files, of a server, or of what Spark made, with its documents."""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import duckdb

from secondline.literature.batches import unpacked
from secondline.literature.embedding import Encoder, MiniLM
from secondline.literature.index import Index, read_manifest, verified, why_none
from secondline.literature.literature import Literature
from secondline.literature.place import search_address
from secondline.literature.records import Document, StoreError
from secondline.literature.results import Built, FoundDocument, Retrieved, Sharded, Verified
from secondline.literature.retrieval import Retrieval, found_document
from secondline.literature.search import EVERYTHING, Filters, NoIndex
from secondline.literature.shards import shard_of
from secondline.literature.spark import RETRACTED, shard_files

FOLDER = "file://"
SHARD = "secondline literature index shard"


class Disease(Protocol):
    """A disease as the library knows it."""

    @property
    def document_names(self) -> Iterable[str]:
        """What documents call it."""


def opened(address: str | None, diseases: Mapping[str, Disease]) -> "Searching":
    """Open the search of the literature that SECONDLINE_SEARCH names, else of an index in files.

    Args:
        address: of the database; None for SECONDLINE_DATABASE, or SQLite in the user's folder.
        diseases: of the library, by id.

    Raises:
        AddressError: SECONDLINE_DATABASE or SECONDLINE_SEARCH is no address.
        StoreError: the database or the server cannot be used.
        NoIndex: the folder that is named holds none.
    """
    place = search_address()
    if place and place.startswith(FOLDER):
        return ShardedRetrieval(Path(place.removeprefix(FOLDER)))
    return Retrieval.of_user(Literature(address), _names(diseases))


def sharded(  # noqa: PLR0913  # what a run can be told
    files: Iterable[Path],
    folder: Path,
    diseases: Mapping[str, Disease],
    *,
    shards: int = 16,
    vectors: bool = True,
    session: Any = None,
) -> Sharded:
    """Make an index of files by Spark, in shards, and put it in the place of the one there.

    Args:
        files: in the order in which they were published, later ones correcting earlier ones.
        folder: that all machines of the cluster reach under this name, as they reach the files.
        diseases: of the library, by id.
        shards: how many; each is made by one core.
        vectors: whether to make them, which takes far longer than all else.
        session: of Spark; None for the one that is active, or one on this machine.

    Raises:
        OptionError: the number of shards is none.
        StoreError: PySpark is not installed, or the folder cannot be written.
        NoModel: vectors are asked for, and the embedding model cannot be used.
        AlreadyBuilding: another process puts an index into this folder.
    """
    encoder = MiniLM if vectors else None
    if encoder:
        encoder()  # told before the machines are set to work
    return shard_files(
        tuple(files), folder, _names(diseases), shards=shards, encoder=encoder, session=session
    )


def _names(diseases: Mapping[str, Disease]) -> dict[str, tuple[str, ...]]:
    return {id_: tuple(disease.document_names) for id_, disease in diseases.items()}


class ShardedRetrieval:
    """Searches an index that was made in shards, and shows its documents.

    Args:
        folder: that `spark.shard_files` filled.
        encoder: opens the embedding model.

    Raises:
        NoIndex: the folder holds none.
    """

    def __init__(self, folder: Path, encoder: Callable[[], Encoder] = MiniLM) -> None:
        self._folder = folder
        self._encoder = encoder
        self._open()

    def _open(self) -> None:
        if read_manifest(self._folder) is None:
            raise NoIndex(
                f"{why_none(self._folder)}; let SECONDLINE_SEARCH name a folder that was filled by:"
                f" {SHARD} FILE --into FOLDER"
            )
        self._index = Index(self._folder, self._encoder)
        self._documents = _Documents(self._folder / self._index.manifest.of)

    def build(self, **_: object) -> Built:
        """Refuse: this index is made of files by Spark.

        Raises:
            NoIndex: always; the message says how it is made.
        """
        raise NoIndex(f"this index is made of files, by: {SHARD}")

    def verify(self) -> Verified:
        """Read all files of the index, and hold them against what was written.

        Raises:
            NoIndex: the folder holds none any more.
        """
        return verified(self._folder)

    def search(self, query: str, *, filters: Filters = EVERYTHING, limit: int = 10) -> Retrieved:
        """Find documents, best first.

        Raises:
            QueryError: the query is empty, too long or not text, or the limit is out of range.
            StoreError: the texts of the documents cannot be read.
        """
        if read_manifest(self._folder) != self._index.manifest:
            self._open()
        found = self._index.search(query, filters=filters, limit=limit)
        hits: list[FoundDocument] = []
        not_held: list[str] = []
        for hit in found.hits:
            if held := self._documents.find(hit.document):
                document, retracted = held
                hits.append(found_document(hit, document, retracted=retracted))
            else:
                not_held.append(hit.document)
        return Retrieved(
            query=query,
            legs=found.legs,
            stale=None,
            built=self._index.manifest.built,
            hits=tuple(hits),
            not_held=tuple(not_held),
            not_held_because=f"the folder lacks their texts; run: {SHARD}" if not_held else None,
        )


Searching = Retrieval | ShardedRetrieval


class _Documents:
    """The documents of one run of Spark."""

    def __init__(self, run: Path) -> None:
        """Open them.

        Raises:
            NoIndex: what says which of them are retracted cannot be read.
        """
        self._run = run
        self._shards = sum(1 for _ in (run / "shards").glob("shard-*"))
        try:
            self._retracted = frozenset(json.loads((run / RETRACTED).read_text("utf-8"))["ids"])
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise NoIndex(
                f"{RETRACTED} of the index cannot be read ({type(error).__name__}), which says"
                f" what is retracted; run: {SHARD}"
            ) from None
        self._connection = duckdb.connect()

    def find(self, id_: str) -> tuple[Document, bool] | None:
        """Return a document, and whether it is retracted; None for none.

        Raises:
            StoreError: the texts of the documents cannot be read.
        """
        if not self._shards:
            return None
        folder = self._run / "documents" / f"shard={shard_of(id_, self._shards)}"
        parts = [str(part) for part in folder.glob("*.parquet")]
        if not parts:
            return None
        try:
            row = (
                self._connection.cursor()  # one for each thread that searches
                .execute(
                    "SELECT content FROM read_parquet(?) WHERE id = ?",
                    [parts, id_],
                )
                .fetchone()
            )
            if row is None:
                return None
            return unpacked(row[0]), id_ in self._retracted
        except (duckdb.Error, zlib.error, ValueError) as error:
            raise StoreError(
                f"the texts of {folder.name} cannot be read ({type(error).__name__}); run: {SHARD}"
            ) from None
