"""Vectors that were made once, kept by the digest of their text, for this build and the next.

Encoding takes far longer than everything else in a build. What an interrupted build has encoded is
therefore there for the next one, and a text that did not change is never encoded again.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from secondline.literature.embedding import DIMENSIONS, Vector

KEY_BYTES = 16  # of SHA-256

Positions = NDArray[np.int64]


def key(text: str) -> bytes:
    """Return by what the vector of a text is kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]


def keys_in(joined: bytes) -> Iterator[bytes]:
    """Yield keys that were joined."""
    for start in range(0, len(joined), KEY_BYTES):
        yield joined[start : start + KEY_BYTES]


class Encoded:
    """The vectors of one model in a folder: two files to which only is appended.

    A vector is written before its key; what a crash cut short is cut off.

    Args:
        folder: made when absent.
        model: that made the vectors.
    """

    def __init__(self, folder: Path, model: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(model.encode()).hexdigest()[:12]
        self._path = folder / f"{name}.vectors"
        paths = ((self._path, DIMENSIONS), (folder / f"{name}.keys", KEY_BYTES))
        for path, _ in paths:
            path.touch()
        whole = min(path.stat().st_size // size for path, size in paths)
        self._vectors, self._keys = (path.open("r+b") for path, _ in paths)
        joined = self._keys.read(whole * KEY_BYTES)
        self._position = {each: position for position, each in enumerate(keys_in(joined))}
        self._count = whole
        for file, size in ((self._vectors, DIMENSIONS), (self._keys, KEY_BYTES)):
            file.truncate(whole * size)
            file.seek(whole * size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._vectors.close()
        self._keys.close()

    def __contains__(self, key_: bytes) -> bool:
        return key_ in self._position

    def add(self, key_: bytes, vector: Vector) -> None:
        """Keep a vector."""
        self._vectors.write(vector.tobytes())
        self._vectors.flush()
        self._keys.write(key_)
        self._keys.flush()
        self._position[key_] = self._count
        self._count += 1

    def positions(self, joined: bytes) -> Positions:
        """Return where the vector of each of the joined keys is kept, -1 where there is none."""
        found = (self._position.get(each, -1) for each in keys_in(joined))
        return np.fromiter(found, np.int64, len(joined) // KEY_BYTES)

    def vectors(self, positions: Positions) -> Vector:
        """Return the vectors that are kept at positions, one a row."""
        if not len(positions):
            return np.empty((0, DIMENSIONS), np.int8)
        stored = np.memmap(self._path, np.int8, "r").reshape(-1, DIMENSIONS)
        return np.asarray(stored[positions])
