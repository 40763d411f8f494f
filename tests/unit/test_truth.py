from itertools import product

import pytest

from secondline.domain.truth import (
    MET,
    NOT_MET,
    UNKNOWN,
    Truth,
    at_least,
    conjunction,
    disjunction,
    negation,
)


@pytest.mark.parametrize("truth", Truth)
def test_a_truth_value_refuses_to_be_a_bool(truth):
    with pytest.raises(TypeError, match="is not a bool; compare it"):
        bool(truth)


@pytest.mark.parametrize("truths", list(product(Truth, repeat=3)))
def test_de_morgan_holds_for_three_values(truths):
    assert disjunction(truths) is negation(conjunction(map(negation, truths)))


@pytest.mark.parametrize("truths", list(product(Truth, repeat=3)))
def test_at_least_one_is_or_and_at_least_all_is_and(truths):
    assert at_least(1, truths) is disjunction(truths)
    assert at_least(3, truths) is conjunction(truths)


def test_empty_lists():
    assert conjunction([]) is MET
    assert disjunction([]) is NOT_MET
    assert at_least(1, []) is NOT_MET
    assert negation(UNKNOWN) is UNKNOWN
