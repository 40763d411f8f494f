"""Counts of patients in running text: spelled, nested, with their percentage on either side."""

import pytest

from secondline.statistics.counts import counts_in, in_digits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thirty-two of the 50 patients (64%) responded", [(32, 50, 64.0)]),
        ("12 of 23 of the 50", [(12, 23, None), (23, 50, None)]),
        ("14 (58%) of 24 against four (22%) of 18", [(14, 24, 58.0), (4, 18, 22.0)]),
        ("27/29 (93) and 6/25 (24)", [(27, 29, 93.0), (6, 25, 24.0)]),
        ("eight-of-eight series", [(8, 8, None)]),
        ("302 of 1,603 boys", [(302, 1603, None)]),
        ("12 of 24 Gy, on 12/5/2010, 11.6 of 12, 2010/11", []),
        ("One-third of them; a second relapse", []),
    ],
)
def test_counts_are_read(text, expected):
    found = [(c.events, c.n, c.percent and c.percent[0]) for c in counts_in(text)]
    assert found == expected


def test_numbers_are_written_in_digits():
    assert in_digits("Of forty boys, twenty-one had none.") == "Of 40 boys, 21 had none."
