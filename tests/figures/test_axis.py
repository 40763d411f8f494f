"""Axes: round ends and ticks, and where a value stands between them."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondline.figures.axis import MOST_TICKS, Axis, linear_axis, percent_axis, ratio_axis

RATIOS = st.floats(0.001, 1000)


@pytest.mark.parametrize(
    ("axis", "value", "place"),
    [
        (percent_axis(), 0, 0),
        (percent_axis(), 37, 0.37),
        (percent_axis(), 100, 1),
        (Axis(scale="log", low=0.1, high=10, ticks=(0.1, 1, 10), unit="HR"), 0.1, 0),
        (Axis(scale="log", low=0.1, high=10, ticks=(0.1, 1, 10), unit="HR"), 1, 0.5),
        (Axis(scale="log", low=0.1, high=10, ticks=(0.1, 1, 10), unit="HR"), 10**0.5, 0.75),
    ],
)
def test_a_value_stands_where_its_scale_says(axis, value, place):
    assert axis.place(value) == pytest.approx(place)


def test_what_lies_beyond_an_end_stands_at_that_end():
    assert percent_axis().place(-2) == 0
    assert percent_axis().place(103) == 1
    assert ratio_axis([2], [], "HR").place(0) == 0, "a logarithmic axis has no 0"


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([3.2, 8.9], (0, 2, 4, 6, 8, 10)),
        ([55], (0, 10, 20, 30, 40, 50, 60)),
        ([0.4], (0, 0.1, 0.2, 0.3, 0.4)),
        ([-31.2, 69.1], (-40, -20, 0, 20, 40, 60, 80)),
        ([0], (0, 1)),
    ],
)
def test_a_linear_axis_has_round_steps_and_holds_0(values, ticks):
    assert linear_axis(values, "months").ticks == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("estimates", "ends", "ticks"),
    [
        ([0.62], [0.39, 0.98], (0.2, 0.5, 1, 2)),
        ([7.1], [1.0, 48.4], (0.5, 1, 2, 5, 10)),  # 48.4 is far beyond: an arrow
        ([0.01, 100], [], (0.01, 0.1, 1, 10, 100)),
    ],
)
def test_a_ratio_axis_holds_1_and_every_estimate(estimates, ends, ticks):
    axis = ratio_axis(estimates, ends, "HR")
    assert axis.ticks == pytest.approx(ticks)
    assert axis.line == 1


@given(st.lists(RATIOS, min_size=1, max_size=8), st.lists(RATIOS, max_size=8))
def test_a_ratio_axis_is_never_crowded_and_leaves_no_estimate_outside(estimates, ends):
    axis = ratio_axis(estimates, ends, "OR")
    assert all(estimate in axis for estimate in estimates)
    assert 2 <= len(axis.ticks) <= MOST_TICKS
    assert list(axis.ticks) == sorted(axis.ticks)


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=8))
def test_a_linear_axis_is_never_crowded_and_leaves_no_value_outside(values):
    axis = linear_axis(values, "months")
    assert all(axis.low - 1e-9 <= value <= axis.high + 1e-9 for value in values)
    assert 2 <= len(axis.ticks) <= MOST_TICKS


@given(st.lists(RATIOS, min_size=2, max_size=2, unique=True))
def test_a_larger_value_never_stands_further_left(values):
    axis = ratio_axis(values, [], "HR")
    low, high = sorted(values)
    assert axis.place(low) <= axis.place(high)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"low": 5, "high": 5, "ticks": ()}, "an axis from 5 to 5 has no length"),
        ({"low": 0, "high": inf, "ticks": ()}, "an axis from 0 to inf has no length"),
        ({"low": nan, "high": 1, "ticks": ()}, "an axis from nan to 1 has no length"),
        ({"low": 0, "high": 9, "ticks": (), "scale": "log"}, "cannot begin at 0; begin above 0"),
        ({"low": 1, "high": 9, "ticks": (1, 20)}, "20 lies outside 1 to 9"),
        ({"low": 1, "high": 9, "ticks": (), "line": 0}, "0 lies outside 1 to 9"),
    ],
)
def test_an_axis_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        Axis(**wrong, unit="HR")
