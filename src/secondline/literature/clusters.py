"""Vectors grouped around centroids by direction, so that a search looks at the near groups only.

Source:
    Dhillon 2001, doi:10.1023/A:1007612920971 (spherical k-means).
"""

import math

import numpy as np
from numpy.typing import NDArray

from secondline.literature.embedding import Vector

LISTS_PER_ROOT = 2  # lists for each unit of the square root of the number of vectors
LEARNED_FROM = 40  # vectors for each list
ROUNDS = 8
BLOCK = 4096  # vectors made single precision at a time
SEED = 0  # the same vectors make the same lists

Floats = NDArray[np.float32]


def centroids_of(vectors: Vector) -> Floats:
    """Return directions around which the vectors lie, each of length 1."""
    count = LISTS_PER_ROOT * math.isqrt(len(vectors))
    chosen = np.random.default_rng(SEED).permutation(len(vectors))[: count * LEARNED_FROM]
    learned = vectors[np.sort(chosen)]
    centroids = _unit(learned[:: len(learned) // count][:count].astype(np.float32))
    for _ in range(ROUNDS):
        lists = assigned(learned, centroids)
        sums = np.zeros_like(centroids, dtype=np.float64)
        for start in range(0, len(learned), BLOCK):
            block = slice(start, start + BLOCK)
            np.add.at(sums, lists[block], _unit(learned[block].astype(np.float32)))
        filled = sums.any(axis=1)  # a centroid that nothing is near to stays where it is
        centroids[filled] = _unit(sums[filled].astype(np.float32))
    return centroids


def assigned(vectors: Vector, centroids: Floats) -> NDArray[np.int64]:
    """Return for each vector the number of its nearest centroid."""
    lists = np.empty(len(vectors), np.int64)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK].astype(np.float32)
        lists[start : start + BLOCK] = (block @ centroids.T).argmax(axis=1)
    return lists


def lengths(vectors: Vector) -> Floats:
    """Return the length of each vector."""
    found = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), BLOCK):
        found[start : start + BLOCK] = np.linalg.norm(
            vectors[start : start + BLOCK].astype(np.float32), axis=1
        )
    return found


def _unit(vectors: Floats) -> Floats:
    units: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units
