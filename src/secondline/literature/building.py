"""An index made of documents: beside the one in use, and put in its place when it is whole."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import numpy as np

from secondline.literature import analyzer, dense, entries, lexical
from secondline.literature.embedding import Encoder
from secondline.literature.encoded import Encoded, key
from secondline.literature.index import FORMAT, Manifest, read_manifest, write_manifest
from secondline.literature.intact import sums_of, within
from secondline.literature.records import Document, Passage, StoreError
from secondline.literature.search import AlreadyBuilding, marks

LOCK = "building.lock"
ENCODED = "encoded"  # the folder of vectors kept between builds
AT_ONCE = 100  # texts encoded side by side; what of them is not done is lost when a build is killed

Progress = Callable[[str, int], None]  # what is done, and how many passages of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document as an index takes it.

    Attributes:
        passages: in the order of its text.
        diseases: ids of the vocabulary that it is about.
        retracted: by its own record or by a notice.
    """

    document: Document
    passages: Sequence[Passage]
    diseases: Sequence[str] = ()
    retracted: bool = False


class Corpus(Protocol):
    """What an index is made of; it is gone through more than once."""

    @property
    def state(self) -> str:
        """What changes whenever anything changes that an index is made of."""

    def __iter__(self) -> Iterator[Entry]:
        """Yield every document once, in the same order each time."""


def searched_text(document: Document, passage: Passage) -> str:
    """Return what a passage is found by: title and abstract as one, or title, headings and text."""
    if passage.kind == "abstract":
        return passage.text
    return "\n".join(part for part in (document.title, *passage.heading, passage.text) if part)


def build(
    corpus: Corpus, folder: Path, *, encoder: Encoder | None, progress: Progress | None = None
) -> Manifest:
    """Build the index of a corpus and put it in the place of the one that is there.

    The lexical part comes first, with the vectors that are known, and is in use at once; then what
    has no vector is encoded, and they join it. A process that searches meanwhile goes on with what
    it has opened. What an interrupted build encoded is not lost.

    Args:
        folder: of the index; made when absent.
        encoder: None for an index without vectors.
        progress: told what is done, and how many passages of it.

    Raises:
        AlreadyBuilding: another process builds this index.
    """
    tell = progress or (lambda *_: None)
    with alone(folder):
        remove_unused(folder)
        parts = new_folder(folder, "passages")
        state = corpus.state
        keys = write_passages(corpus, parts, progress=tell)
        manifest = Manifest(
            format=FORMAT,
            of=state,
            analyzer=analyzer.fingerprint(),
            model=None,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            documents=len(entries.Names(parts / "documents")),
            passages=len(entries.Names(parts / "passages")),
            vectors=0,
            folder=parts.name,
            vectors_folder=None,
            first_rows=(0,),
            sums=sums_of(folder, parts),
        )
        if encoder is None:
            write_manifest(manifest, folder)
        else:
            with Encoded(folder / ENCODED, encoder.model) as encoded:
                manifest = _with_vectors(manifest, folder, encoded, keys, encoder.model)
                if encode(corpus, encoder, encoded, tell):
                    manifest = _with_vectors(manifest, folder, encoded, keys, encoder.model)
        remove_unused(folder)
    return manifest


def write_passages(
    corpus: Iterable[Entry], folder: Path, shard: int = 0, progress: Progress | None = None
) -> bytes:
    """Write the passages of a corpus, or of one shard of it, with their tokens.

    Args:
        folder: exists and is empty.
        shard: its number, where several are joined.

    Returns:
        For each passage, by what its vector is kept, joined.
    """
    keys = bytearray()
    parts = folder / "lexical"
    parts.mkdir()
    ranking = lexical.LexicalWriter(parts, shard)
    with entries.EntriesWriter(folder) as listing:
        for entry in corpus:
            marked = marks(entry.document, entry.diseases, retracted=entry.retracted)
            names = [passage.id for passage in entry.passages]
            rows = listing.add(entry.document.id, marked, names)
            for row, text in zip(rows, texts(entry), strict=True):
                ranking.add(row, text, marked)
                keys += key(text)
            if progress:
                progress("indexed", rows.stop)
        ranking.finish()
        listing.finish()
    return bytes(keys)


def join_shards(folders: Sequence[Path], folder: Path) -> tuple[int, ...]:
    """Join what `write_passages` wrote, in the order of the shard numbers, into one folder.

    Args:
        folder: exists and is empty.

    Returns:
        Of each shard, the number of its first passage.
    """
    (folder / "lexical").mkdir()
    lexical.join([part / "lexical" for part in folders], folder / "lexical")
    return entries.join(folders, folder)


def texts(entry: Entry) -> list[str]:
    """Return by what the passages of a document are found, in their order."""
    return [searched_text(entry.document, passage) for passage in entry.passages]


def _with_vectors(
    manifest: Manifest, folder: Path, encoded: Encoded, keys: bytes, model: str
) -> Manifest:
    """Put an index with the vectors that are kept in the place of the one that is there."""
    positions = encoded.positions(keys)
    rows = np.flatnonzero(positions >= 0).astype(np.int32)
    parts = new_folder(folder, "vectors")
    dense.write(parts, encoded.vectors(positions[rows]), rows)
    sums = {**within(manifest.sums, manifest.folder), **sums_of(folder, parts)}
    made = replace(manifest, model=model, vectors=len(rows), vectors_folder=parts.name, sums=sums)
    write_manifest(made, folder)
    return made


def encode(corpus: Iterable[Entry], encoder: Encoder, encoded: Encoded, tell: Progress) -> int:
    """Make the vectors of a corpus that are not kept; return how many."""
    made = seen = 0
    missing: dict[bytes, str] = {}
    for entry in corpus:
        missing |= {k: text for text in texts(entry) if (k := key(text)) not in encoded}
        seen += len(entry.passages)
        if len(missing) >= AT_ONCE:
            made += _encode_all(missing, encoder, encoded)
            missing = {}
            tell("encoded", seen)
    made += _encode_all(missing, encoder, encoded)
    tell("encoded", seen)
    return made


def _encode_all(missing: Mapping[bytes, str], encoder: Encoder, encoded: Encoded) -> int:
    made = 0
    for key_, vector in zip(missing, encoder.vectors(tuple(missing.values())), strict=True):
        if vector is not None:
            encoded.add(key_, vector)
            made += 1
    return made


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process build at a time; the system frees the lock of one that was killed.

    Args:
        folder: of the index; made when absent.

    Raises:
        AlreadyBuilding: another process builds this index.
        StoreError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield
    except (OSError, sqlite3.OperationalError) as error:
        if getattr(error, "sqlite_errorname", None) == "SQLITE_BUSY":
            raise AlreadyBuilding(
                "another process builds this index; wait until it has finished"
            ) from None
        raise StoreError(
            f"the index in {str(folder)!r} cannot be written: {error}; see that the disk has room"
            " and that you may write there, then run the command again"
        ) from None


def new_folder(folder: Path, name: str) -> Path:
    """Make a folder of which the name begins so, and no other has it."""
    made = folder / f"{name}-{uuid4().hex[:12]}"
    made.mkdir()
    return made


def remove_unused(folder: Path) -> None:
    """Remove the folders of earlier builds and of builds that were interrupted."""
    manifest = read_manifest(folder)
    used = {manifest.folder, manifest.vectors_folder} if manifest else set()
    for kind in ("passages", "vectors"):
        for path in folder.glob(f"{kind}-*"):
            if path.name not in used:
                shutil.rmtree(path, ignore_errors=True)  # where another process still reads it
