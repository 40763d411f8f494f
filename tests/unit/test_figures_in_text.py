"""Figures in running text are read with their unit, their bound and their range."""

import pytest

from secondline.statistics.figures_in_text import plain, quantities


def read(text):
    return [
        (q.kind, q.relation, round(q.low, 1), round(q.high, 1)) for q in quantities(plain(text))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("37% of patients", [("percent", "=", 37, 37)]),
        ("about 37 per cent", [("percent", "~", 37, 37)]),
        ("less than 20%", [("percent", "<", 20, 20)]),
        ("20% or more", [("percent", ">", 20, 20)]),
        ("26-49%", [("percent", "=", 26, 49)]),
        ("between 26% and 49%", [("percent", "=", 26, 49)]),
        ("26 to 49 %", [("percent", "=", 26, 49)]),
        ("17, 28.3 and 35%", [("percent", "=", v, v) for v in (17, 28.3, 35)]),
        ("80%, 20% and 13%", [("percent", "=", v, v) for v in (80, 20, 13)]),
        ("one-third to one-half of patients", [("percent", "~", 33.3, 50)]),
        ("half of them", [("percent", "~", 50, 50)]),
        ("11 of 15 patients", [("count", "=", 73.3, 73.3)]),
        ("11 (73.3%) of 15", [("count", "=", 73.3, 73.3), ("percent", "=", 73.3, 73.3)]),
        ("Of 60 children, twelve responded", [("count", "=", 20, 20)]),
        ("eleven out of fifteen", [("count", "=", 73.3, 73.3)]),
        ("after block 1 in 68%", [("percent", "=", 68, 68)]),
        ("at 2 years of 66%", [("span", "=", 24, 24), ("percent", "=", 66, 66)]),
        ("a 2005 study of 125 patients", [("patients", "=", 125, 125)]),
        ("in trial P95/96", []),
        ("with NF1 and 76%", [("percent", "=", 76, 76)]),
        ("18 months or later", [("span", ">", 18, 18)]),
        ("within 18 months of diagnosis", [("span", "<", 18, 18)]),
        ("a five-year survival", [("span", "=", 60, 60)]),
        ("12 to 24 months", [("span", "=", 12, 24)]),
        ("larger than 5 cm", [("size", ">", 5, 5)]),
        ("24 Gy cranial/15 Gy spinal", [("dose", "=", 24, 24), ("dose", "=", 15, 15)]),
        ("HR 0.55; 95% CI 0.35–0.84; P = .006", [("ratio", "=", 0.6, 0.6), ("interval", "=", 0.3, 0.8), ("p", "=", 0, 0)]),
        ("a hazard ratio of 0.86", [("ratio", "=", 0.9, 0.9)]),
        ("a P value of 0.17", [("p", "=", 0.2, 0.2)]),
        ("52% ± 3%", [("percent", "=", 52, 52), ("interval", "=", 3, 3)]),
        ("49 patients", [("patients", "=", 49, 49)]),
        ("n = 49", [("patients", "=", 49, 49)]),
        ("from 1984 to 2005", []),
        ("or 0.5 of the dose", []),
        ("OS and EFS", []),
    ],
)  # fmt: skip
def test_figures_are_read_as_meant(text, expected):
    assert read(text) == expected


def test_a_unit_belongs_to_the_figure():
    doses = [q.unit for q in quantities(plain("24 Gy, then 15 cGy and 50 mg/m2"))]
    assert doses == ["Gy", "cGy", "mg/m2"]


def test_more_events_than_patients_are_kept_for_the_audit():
    (count,) = quantities(plain("253 of 23 patients"))
    assert (count.events, count.n) == (253, 23)


def test_capitals_and_ordinals_are_no_numbers():
    assert plain("OS after a second relapse") == "OS after a second relapse"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("all 23 patients in one series died", ["patients"]),
        ("in one study of 37 patients", ["patients"]),
        ("5 of 12 patients responded", ["count"]),
        ("about one in five children", ["percent"]),
        ("fewer than one in ten", ["percent"]),
    ],
)
def test_one_series_counts_no_patients_and_one_in_five_is_a_share(text, kinds):
    assert [each.kind for each in quantities(plain(text))] == kinds
