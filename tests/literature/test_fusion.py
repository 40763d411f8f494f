"""Reciprocal rank fusion (Cormack 2009), by hand."""

import pytest

from secondline.literature.fusion import ranks, reciprocal_rank_fusion


def test_an_item_adds_for_each_ranking_that_it_is_in():
    fused = reciprocal_rank_fusion({"lexical": ["a", "b", "c"], "dense": ["c", "a"]})
    assert fused == [
        ("a", pytest.approx(1 / 61 + 1 / 62)),
        ("c", pytest.approx(1 / 63 + 1 / 61)),
        ("b", pytest.approx(1 / 62)),
    ]


def test_ties_are_in_order_of_the_items():
    fused = reciprocal_rank_fusion({"lexical": ["b", "x"], "dense": ["a", "y"]})
    assert [item for item, _ in fused] == ["a", "b", "x", "y"]


def test_an_empty_ranking_changes_nothing():
    alone = reciprocal_rank_fusion({"lexical": ["b", "a"]})
    assert reciprocal_rank_fusion({"lexical": ["b", "a"], "dense": []}) == alone


def test_the_rank_in_each_leg_is_told():
    rankings = {"lexical": ["a", "b"], "dense": ["b"]}
    assert list(ranks("b", rankings)) == [("lexical", 2), ("dense", 1)]
    assert list(ranks("a", rankings)) == [("lexical", 1)]
