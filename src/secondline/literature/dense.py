"""The dense leg: the nearest vectors by cosine, exactly or by lists of near ones.

Vectors hold integers of eight bits. A product of two of them is a sum of 384 products of at most
127 x 127, less than 2 to the 24th, which single precision holds exactly: the scan is exact on every
machine and in every order of addition.

Source:
    Sivic 2003, doi:10.1109/ICCV.2003.1238663 (inverted files of clusters).
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from secondline.literature.clusters import assigned, centroids_of, lengths
from secondline.literature.embedding import Encoder, Vector
from secondline.literature.entries import Entries, Mask, Rows
from secondline.literature.search import CannotRank, Filters

EXACT = 200_000  # vectors that are all looked at; of more, those in the nearest lists
PROBED = 0.05  # share of the vectors that is then looked at
KEPT = 64 << 20  # bytes of filters kept, so that one that is asked again costs nothing
BESIDE_ITS_MASK = 1 << 10  # bytes that a filter takes, about
BLOCK = 1024  # vectors made single precision at a time, so that they stay in the cache

Floats = NDArray[np.float32]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Passing:
    """Which vectors a filter lets through.

    Attributes:
        mask: of each vector.
        many: how many pass.
        sizes: of each list, how many pass.
    """

    mask: Mask
    many: int
    sizes: NDArray[np.int64]


class PassingKept:
    """What the last filters let through, in `KEPT` bytes at most; as long as an index is open.

    Args:
        made: computes it anew; None for a filter that lets everything through.
    """

    def __init__(self, made: Callable[[Filters], Passing | None]) -> None:
        self._made = made
        self._kept: OrderedDict[Filters, Passing | None] = OrderedDict()
        self._lock = Lock()

    def of(self, filters: Filters) -> Passing | None:
        """Return what a filter lets through; None for everything."""
        with self._lock:
            if filters in self._kept:
                self._kept.move_to_end(filters)
                return self._kept[filters]
        made = self._made(filters)  # may take a while; two threads may both do so
        with self._lock:
            self._kept[filters] = made
            while self.size > KEPT:
                self._kept.popitem(last=False)
        return made

    @property
    def size(self) -> int:
        """How many bytes are kept, about."""
        return sum(
            BESIDE_ITS_MASK + (each.mask.nbytes + each.sizes.nbytes if each else 0)
            for each in self._kept.values()
        )


class Dense:
    """Ranks documents by the cosine of their best passage with the query.

    Args:
        folder: that `write` wrote.
        encoder: opens the embedding model; called by the first query.
        model: that made the vectors.
    """

    name = "dense"

    def __init__(
        self, folder: Path, entries: Entries, encoder: Callable[[], Encoder], model: str
    ) -> None:
        self._encoder = encoder
        self._model = model
        self._entries = entries
        self._vectors: Vector = np.load(folder / "vectors.npy", mmap_mode="r")
        self._lengths: Floats = np.load(folder / "lengths.npy", mmap_mode="r")
        self._rows: Rows = np.load(folder / "rows.npy", mmap_mode="r")
        self._centroids: Floats = np.load(folder / "centroids.npy")
        self._ends: NDArray[np.int64] = np.load(folder / "ends.npy")
        self._starts = np.concatenate(
            [np.zeros(min(1, len(self._ends)), np.int64), self._ends[:-1]]
        )
        self._passing = PassingKept(self._passed)

    @property
    def passages(self) -> int:
        """How many passages it can rank: those that have a vector."""
        return len(self._rows)

    def ranked(self, query: str, filters: Filters, depth: int) -> list[tuple[int, int]]:
        """Return documents with their best passages, by number, best first.

        Ties are in order of the documents' ids. A passage without a vector is not there.

        Raises:
            CannotRank: the embedding model is another one, or knows no piece of the query.
            NoModel: it cannot be used.
        """
        encoder = self._encoder()
        if encoder.model != self._model:
            raise CannotRank(
                f"the vectors were made with the model {self._model!r}, the query with"
                f" {encoder.model!r}; run: secondline literature index build"
            )
        vector = encoder.vector(query)
        if vector is None:
            raise CannotRank("the embedding model knows no part of the query")
        scores, rows = self._scored(vector.astype(np.float32), self._passing.of(filters))
        best = self._best(scores, rows, depth)
        names = self._entries.documents
        order = sorted(best, key=lambda document: (-best[document][0], names[document]))
        return [(document, best[document][1]) for document in order[:depth]]

    def _passed(self, filters: Filters) -> Passing | None:
        allowed = self._entries.allowed(filters)
        if allowed is None:
            return None
        mask = allowed.take(self._rows)
        sizes = np.zeros(0, np.int64)
        if len(self._ends):
            before = np.concatenate([[0], np.cumsum(mask)])
            sizes = before[self._ends] - before[self._starts]
        return Passing(mask, int(np.count_nonzero(mask)), sizes)

    def _scored(self, vector: Floats, passing: Passing | None) -> tuple[Scores, Rows]:
        """Return the cosine of each vector that is looked at, and its passage."""
        many = len(self._rows) if passing is None else passing.many
        if many > EXACT and len(self._centroids):
            sizes = self._ends - self._starts if passing is None else passing.sizes
            positions = self._near(vector, sizes, many)
            if passing is not None:
                positions = positions[passing.mask[positions]]
        elif passing is None:
            positions = np.arange(len(self._rows))
        else:
            positions = np.flatnonzero(passing.mask)
        return self._cosines(vector, positions), self._rows[positions]

    def _near(self, vector: Floats, sizes: NDArray[np.int64], many: int) -> NDArray[np.int64]:
        """Return the positions in the nearest lists, as many as hold `PROBED` of what passes.

        Args:
            sizes: of each list, how many of its vectors pass.
            many: of all.
        """
        near = np.argsort(-(self._centroids @ vector), kind="stable")
        enough = int(np.searchsorted(np.cumsum(sizes[near]), PROBED * many)) + 1
        lists = np.sort(near[:enough])
        return np.concatenate([np.arange(self._starts[n], self._ends[n]) for n in lists])

    def _cosines(self, vector: Floats, positions: NDArray[np.int64]) -> Scores:
        products = np.empty(len(positions), np.float32)
        buffer = np.empty((BLOCK, len(vector)), np.float32)
        for start in range(0, len(positions), BLOCK):
            block = self._block(positions[start : start + BLOCK])
            np.copyto(buffer[: len(block)], block)
            np.dot(buffer[: len(block)], vector, out=products[start : start + len(block)])
        length = np.sqrt(np.dot(vector, vector), dtype=np.float64)
        cosines: Scores = products / (self._lengths[positions] * length)
        return cosines

    def _block(self, positions: NDArray[np.int64]) -> Vector:
        """Return the vectors at positions, without copying where these follow each other."""
        first, last = int(positions[0]), int(positions[-1])
        if last - first + 1 == len(positions):
            return self._vectors[first : last + 1]
        return self._vectors[positions]

    def _best(self, scores: Scores, rows: Rows, depth: int) -> dict[int, tuple[float, int]]:
        """Return for the best documents their score and passage: `depth` of them, and all ties."""
        asked = 2 * depth
        while True:
            if asked < len(scores):
                cut = np.partition(scores, len(scores) - asked)[len(scores) - asked]
                taken = np.flatnonzero(scores >= cut)
            else:
                taken = np.arange(len(scores))
            taken = taken[np.lexsort((rows[taken], -scores[taken]))]
            best: dict[int, tuple[float, int]] = {}
            for score, row in zip(scores[taken].tolist(), rows[taken].tolist(), strict=True):
                best.setdefault(int(self._entries.document_of[row]), (score, row))
            if len(best) >= depth or len(taken) == len(scores):
                return best
            asked *= 4


def write(folder: Path, vectors: Vector, rows: Rows) -> None:
    """Write the dense part of an index.

    Args:
        folder: exists and is empty.
        vectors: one a row, integers from -127 to 127, no row all zero.
        rows: of each vector, the number of its passage.
    """
    centroids, ends = np.empty((0, vectors.shape[1]), np.float32), np.empty(0, np.int64)
    if len(vectors) > EXACT:
        centroids = centroids_of(vectors)
        lists = assigned(vectors, centroids)
        order = np.argsort(lists, kind="stable")
        vectors, rows = vectors[order], rows[order]
        ends = np.cumsum(np.bincount(lists, minlength=len(centroids)))
    np.save(folder / "vectors.npy", vectors)
    np.save(folder / "lengths.npy", lengths(vectors))
    np.save(folder / "rows.npy", rows)
    np.save(folder / "centroids.npy", centroids)
    np.save(folder / "ends.npy", ends)
