"""A hash tree over the lines of a log, by which nothing of it can be changed unseen.

Source:
    RFC 6962, section 2.1 (the tree and both proofs); RFC 9162, sections 2.1.3.2 and 2.1.4.2 (how a
    reader who holds no more than two roots checks a proof).
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()  # of a log without entries


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry. Its first byte keeps an entry from passing as a node."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from those of its two children."""
    return hashlib.sha256(b"\1" + left + right).digest()


class HashTree:
    """The tree of a log that only grows; it holds the hash of every complete subtree."""

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]  # of leaves, of pairs, of fours, ...
        for entry in entries:
            self.append(entry)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, entry: bytes) -> None:
        """Add one entry at the end."""
        hashed = leaf_hash(entry)
        for level in range(len(self._levels) + 1):
            if level == len(self._levels):
                self._levels.append([])
            row = self._levels[level]
            row.append(hashed)
            if len(row) % 2:
                return
            hashed = node_hash(row[-2], row[-1])

    def leaf(self, index: int) -> bytes:
        """Return the hash of an entry; the first has the index 0."""
        return self._levels[0][index]

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` entries, of all without a size.

        Raises:
            ValueError: the log has fewer entries.
        """
        size = len(self) if size is None else size
        self._require(0 <= size <= len(self), f"size {size}")
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the hashes that lead from an entry to the root of the first `size` entries.

        Raises:
            ValueError: there is no such entry among them.
        """
        size = len(self) if size is None else size
        self._require(0 <= index < size <= len(self), f"entry {index} of {size}")
        proof = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                proof.append(self._subtree(middle, end))
                end = middle
            else:
                proof.append(self._subtree(start, middle))
                start = middle
        return tuple(reversed(proof))

    def consistency_proof(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Return the hashes that show the first `old` entries unchanged among the first `new`.

        Raises:
            ValueError: the log has fewer entries.
        """
        new = len(self) if new is None else new
        self._require(0 <= old <= new <= len(self), f"{old} and {new}")
        return tuple(self._between(old, 0, new, whole=True)) if old else ()

    def _between(self, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        """Return SUBPROOF of RFC 6962; `whole`: the reader holds the root of these entries."""
        if old == end - start:
            return [] if whole else [self._subtree(start, end)]
        middle = start + _split(end - start)
        if old <= middle - start:
            rest = self._subtree(middle, end)
            return [*self._between(old, start, middle, whole=whole), rest]
        left = self._subtree(start, middle)
        return [*self._between(old - (middle - start), middle, end, whole=False), left]

    def _subtree(self, start: int, end: int) -> bytes:
        return _joined(self._peaks(start, end))

    def _peaks(self, start: int, end: int) -> list[bytes]:
        """Return the largest complete subtrees from left to right; `start` is aligned to them."""
        peaks = []
        while start < end:
            level = (end - start).bit_length() - 1
            peaks.append(self._levels[level][start >> level])
            start += 1 << level
        return peaks

    def _require(self, holds: bool, asked: str) -> None:
        if not holds:
            raise ValueError(f"asked for {asked}, the log has {len(self)} entries")


def _split(size: int) -> int:
    """Return the largest power of two below a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _joined(peaks: Sequence[bytes]) -> bytes:
    hashed = peaks[-1]
    for peak in reversed(peaks[:-1]):
        hashed = node_hash(peak, hashed)
    return hashed


def proves_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether a proof leads from a leaf hash at an index to the root of `size` entries."""
    if not 0 <= index < size:
        return False
    position, last = index, size - 1
    hashed = leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            hashed = node_hash(sibling, hashed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and hashed == root


def proves_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether a proof shows that a log of `new` entries begins with the `old` ones."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old == new else EMPTY_ROOT)
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not hashes:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root
