import pytest

from secondline.statistics.consistency import (
    Printed,
    is_centered,
    p_from_ratio,
    p_value,
    percentage,
    printed,
    printed_range,
    proportion,
    ratio_center,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28.3%", Printed(28.3, "%", 1)),
        ("37%", Printed(37, "%", 0)),
        ("0.55", Printed(0.55, "", 2)),
        ("15.0 months", Printed(15.0, "months", 1)),
        ("nearly 30%", None),
        ("22% to 53%", None),
    ],
)
def test_figures_are_read_as_printed(text, expected):
    assert printed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.35-0.84", (0.35, 0.84)),
        ("2.0 to 8.5", (2.0, 8.5)),
        ("55.1% to 83%", (55.1, 83.0)),
        ("± 2%", None),
        ("0.1%-24.9%", (0.1, 24.9)),
        ("0·31-0·79", (0.31, 0.79)),
        (".31 to .79", (0.31, 0.79)),
        ("3 to 12 of them", None),
    ],
)
def test_ranges_are_read_as_printed(text, expected):
    ends = printed_range(text)
    assert (ends and tuple(end.value for end in ends)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [(".006", ("=", 0.006)), ("< .001", ("<", 0.001)), ("0.46", ("=", 0.46)), ("NS", None)],
)
def test_p_values_are_read_as_printed(text, expected):
    assert p_value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("44%", (44, 0.5)), ("0.45", (45, 0.5)), ("0.450", (45, 0.05)), ("1.5", None), ("12", None)],
)
def test_a_probability_is_a_proportion_too(text, expected):
    stated = proportion(printed(text))
    assert stated == (expected and pytest.approx(expected))


def test_a_ratio_off_the_center_of_its_interval_was_misprinted():
    """Lode 2026 prints 0.43 (0.31-0.79); the adjusted 0.53 (0.35-0.79) is in order."""
    assert not is_centered(printed("0.43"), printed("0.31"), printed("0.79"))
    assert is_centered(printed("0.53"), printed("0.35"), printed("0.79"))
    assert is_centered(printed("0.1"), printed("0.0"), printed("0.9"))
    assert ratio_center(0.31, 0.79) == pytest.approx(0.495, abs=0.001)
    with pytest.raises(ValueError, match="is not an interval of a ratio"):
        ratio_center(0, 1)


@pytest.mark.parametrize(("events", "n"), [(1, 0), (3, 2), (-1, 5)])
def test_impossible_counts_are_refused(events, n):
    with pytest.raises(ValueError, match="is not a count of patients"):
        percentage(events, n)


def test_the_p_value_implied_by_a_ratio_and_its_interval():
    """Altman and Bland 2011, BMJ 343:d2304: RR 0.81 (0.70 to 0.94) gives P = 0.005."""
    assert p_from_ratio(0.81, 0.70, 0.94) == pytest.approx(0.005, abs=0.0006)
    with pytest.raises(ValueError, match="is not a ratio with an interval"):
        p_from_ratio(0, 0.1, 2)
