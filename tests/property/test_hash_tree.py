"""The hash tree against the definition of RFC 6962, written as it is printed, and against forgers."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from secondline.library.hash_tree import (
    HashTree,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
)

entries = st.lists(st.binary(max_size=12), min_size=1, max_size=70)


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d):
    """Section 2.1, slow and obvious."""
    if not d:
        return hashlib.sha256(b"").digest()
    if len(d) == 1:
        return hashlib.sha256(b"\0" + d[0]).digest()
    k = split(len(d))
    return hashlib.sha256(b"\1" + mth(d[:k]) + mth(d[k:])).digest()


def path(m, d):
    """Section 2.1.1."""
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m, d, b):
    """Section 2.1.2."""
    if m == len(d):
        return [] if b else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


@given(entries, st.data())
def test_roots_and_proofs_are_those_of_the_definition(log, data):
    tree = HashTree(log)
    size = data.draw(st.integers(1, len(log)))
    index = data.draw(st.integers(0, size - 1))
    assert tree.root(size) == mth(log[:size])
    assert list(tree.inclusion_proof(index, size)) == path(index, log[:size])
    assert list(tree.consistency_proof(size)) == subproof(size, log, True)


@given(entries, st.data())
def test_proofs_hold_and_no_other_proof_does(log, data):
    tree = HashTree(log)
    new = data.draw(st.integers(1, len(log)))
    old = data.draw(st.integers(0, new))
    index = data.draw(st.integers(0, new - 1))
    inclusion, consistency = tree.inclusion_proof(index, new), tree.consistency_proof(old, new)
    leaf, root, before = leaf_hash(log[index]), tree.root(new), tree.root(old)
    assert proves_inclusion(leaf, index, new, inclusion, root)
    assert proves_consistency(old, new, before, root, consistency)
    other = hashlib.sha256(b"forged" + data.draw(st.binary(max_size=8))).digest()
    assert not proves_inclusion(other, index, new, inclusion, root)
    assert not proves_inclusion(leaf, index, new, inclusion, other)
    assert not proves_inclusion(leaf, index, new, (*inclusion, other), root)
    assert not proves_consistency(old, new, other, root, consistency)
    assert not proves_consistency(old, new, before, root, (*consistency, other))
    if old:
        assert not proves_consistency(old, new, before, other, consistency)
    for proof, holds in (
        (inclusion, lambda p: proves_inclusion(leaf, index, new, p, root)),
        (consistency, lambda p: proves_consistency(old, new, before, root, p)),
    ):
        for position in range(len(proof)):
            assert not holds((*proof[:position], other, *proof[position + 1 :]))
            assert not holds((*proof[:position], *proof[position + 1 :]))


@given(entries, st.data())
def test_an_inclusion_proof_is_of_one_place(log, data):
    tree = HashTree([str(n).encode() + each for n, each in enumerate(log)])
    index = data.draw(st.integers(0, len(log) - 1))
    elsewhere = data.draw(st.integers(0, len(log) - 1))
    holds = proves_inclusion(
        tree.leaf(index), elsewhere, len(log), tree.inclusion_proof(index), tree.root()
    )
    assert holds == (index == elsewhere)
