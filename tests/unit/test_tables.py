"""P values and intervals recomputed from counts, against figures computed elsewhere."""

import pytest

from secondline.statistics.tables import intervals, p_values


def test_p_values_of_two_groups():
    """18 of 57 against 11 of 59: R's fisher.test gives 0.1347, alternative greater 0.08144."""
    tests = p_values([(18, 57), (11, 59)])
    assert tests["Fisher's exact"] == pytest.approx(0.13475, abs=1e-5)
    assert tests["one-sided Fisher's exact"] == pytest.approx(0.08144, abs=1e-5)
    assert tests["one-sided test of two proportions"] == pytest.approx(tests["chi-squared"] / 2)


def test_more_groups_have_the_chi_squared_test_alone():
    assert set(p_values([(14, 17), (13, 26), (12, 34)])) == {"chi-squared"}


def test_a_table_without_variation_has_no_difference():
    assert p_values([(0, 10), (0, 12)]) == {"chi-squared": 1.0}


@pytest.mark.parametrize("groups", [[], [(1, 2)], [(3, 2), (1, 2)]])
def test_no_comparison_is_refused(groups):
    with pytest.raises(ValueError, match="is not a"):
        p_values(groups)


def test_intervals_of_a_proportion():
    """9 of 17: R's binom.test gives 27.81 to 77.02; a Wald interval gives 29.2 to 76.7."""
    found = intervals(9, 17)
    assert found["exact"] == pytest.approx((27.81, 77.02), abs=0.01)
    assert found["Wald"] == pytest.approx((29.21, 76.67), abs=0.01)
    with pytest.raises(ValueError, match="is not a coverage"):
        intervals(9, 17, 95)
