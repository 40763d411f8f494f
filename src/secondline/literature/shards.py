"""Parts of an index, each made by itself of the documents that a hash gives it, and their joining.

What makes them is in `spark`; what searches them opens the joined index, as it opens any other.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from secondline.literature import analyzer, dense
from secondline.literature.building import (
    AT_ONCE,
    Entry,
    alone,
    encode,
    join_shards,
    new_folder,
    remove_unused,
    write_passages,
)
from secondline.literature.embedding import DIMENSIONS, Encoder, Vector
from secondline.literature.encoded import Encoded
from secondline.literature.entries import Names, Rows
from secondline.literature.index import FORMAT, Manifest, write_manifest
from secondline.literature.intact import sums_of
from secondline.literature.search import NoIndex

DESCRIPTION = "shard.json"


@dataclass(frozen=True, slots=True)
class Shard:
    """What one shard is.

    Attributes:
        model: that made its vectors; None without any.
    """

    number: int
    analyzer: str
    model: str | None
    documents: int
    passages: int
    vectors: int


def shard_of(id_: str, shards: int) -> int:
    """Return the shard of a document, by the SHA-256 of its id: the same on every machine."""
    return int.from_bytes(hashlib.sha256(id_.encode()).digest()[:8]) % shards


def write_shard(
    entries: Iterable[Entry],
    folder: Path,
    number: int,
    encoder: Encoder | None = None,
    kept: Path | None = None,
) -> Shard:
    """Write one shard: passages with their tokens, and vectors.

    Args:
        entries: its documents, in order of their ids.
        folder: made; exists only when it is whole.
        encoder: None for no vectors.
        kept: the folder of vectors that were made before, for this shard alone; needed for vectors.
    """
    partial = new_folder(folder.parent, "partial")
    if encoder is None or kept is None:
        write_passages(entries, partial, number)
        vectors = 0
    else:
        with Encoded(kept, encoder.model) as encoded:
            keys = write_passages(_encoding(entries, encoder, encoded), partial, number)
            positions = encoded.positions(keys)
            rows = np.flatnonzero(positions >= 0).astype(np.int32)
            (partial / "vectors").mkdir()
            dense.write(partial / "vectors", encoded.vectors(positions[rows]), rows)
            vectors = len(rows)
    shard = Shard(
        number=number,
        analyzer=analyzer.fingerprint(),
        model=encoder.model if encoder else None,
        documents=len(Names(partial / "documents")),
        passages=len(Names(partial / "passages")),
        vectors=vectors,
    )
    (partial / DESCRIPTION).write_text(json.dumps(asdict(shard)), "utf-8")
    partial.rename(folder)
    return shard


def _encoding(entries: Iterable[Entry], encoder: Encoder, encoded: Encoded) -> Iterator[Entry]:
    """Yield entries after making their vectors, some at a time."""
    some: list[Entry] = []
    for entry in entries:
        some.append(entry)
        if len(some) == AT_ONCE:
            encode(some, encoder, encoded, lambda *_: None)
            yield from some
            some = []
    encode(some, encoder, encoded, lambda *_: None)
    yield from some


def join(folders: Sequence[Path], folder: Path, of: str) -> Manifest:
    """Join shards into one index, and put it in the place of the one that is there.

    Terms are as rare as they are in all shards together. Vectors are grouped anew.

    Args:
        folders: of the shards.
        folder: of the index; made when absent.
        of: the state of what they were made of.

    Raises:
        NoIndex: a shard is missing, or they were made by different analyzers or models.
        AlreadyBuilding: another process builds this index.
    """
    by_number = {shard.number: (shard, part) for part in folders for shard in (_read(part),)}
    described = [shard for _, (shard, _) in sorted(by_number.items())]
    in_order = [part for _, (_, part) in sorted(by_number.items())]
    _same(described)
    model = described[0].model
    with alone(folder):
        parts = new_folder(folder, "passages")
        first_rows = join_shards(in_order, parts)
        vectors = None
        if model is not None:
            vectors = new_folder(folder, "vectors")
            dense.write(vectors, *_vectors(in_order, first_rows))
        manifest = Manifest(
            format=FORMAT,
            of=of,
            analyzer=described[0].analyzer,
            model=model,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            documents=sum(each.documents for each in described),
            passages=sum(each.passages for each in described),
            vectors=sum(each.vectors for each in described),
            folder=parts.name,
            vectors_folder=vectors.name if vectors else None,
            first_rows=first_rows,
            sums={**sums_of(folder, parts), **(sums_of(folder, vectors) if vectors else {})},
        )
        write_manifest(manifest, folder)
        remove_unused(folder)
    return manifest


def _read(folder: Path) -> Shard:
    try:
        return Shard(**json.loads((folder / DESCRIPTION).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NoIndex(f"{folder.name} is no shard ({type(error).__name__}); make it anew") from None


def _same(shards: Sequence[Shard]) -> None:
    numbers = [each.number for each in shards]
    if not shards or numbers != list(range(len(shards))):
        raise NoIndex(f"the shards are {numbers}; expected each from 0 on once")
    made = [(each.analyzer, each.model) for each in shards]
    for number, each in enumerate(made):
        if each != made[0]:
            raise NoIndex(
                f"shard {number} was made with {each}, shard 0 with {made[0]};"
                " make all of them with the same"
            )


def _vectors(folders: Sequence[Path], first_rows: Sequence[int]) -> tuple[Vector, Rows]:
    vectors = [np.empty((0, DIMENSIONS), np.int8)]
    rows = [np.empty(0, np.int32)]
    for part, first in zip(folders, first_rows, strict=True):
        vectors.append(np.load(part / "vectors" / "vectors.npy", mmap_mode="r"))
        rows.append(np.load(part / "vectors" / "rows.npy") + np.int32(first))
    return np.concatenate(vectors), np.concatenate(rows)
