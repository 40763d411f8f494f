"""A figure of a sentence is bound to what it counts, when, and of whom."""

import pytest

from secondline.answers.binding import read


@pytest.fixture(scope="module")
def figures(desk):
    def of(text):
        return read(text, desk._answerer.lexicon).figures

    return of


def test_each_figure_has_its_own_endpoint_and_time(figures):
    one, two = figures(
        "The 3-year overall survival was 43%, but the 5-year event-free survival 20%."
    )
    assert (one.endpoints, one.months) == ({"overall survival"}, 36)
    assert (two.endpoints, two.months) == ({"event-free survival"}, 60)


def test_a_time_since_diagnosis_is_no_timepoint(figures):
    (figure,) = figures("Overall survival was 43% when relapse came 18 months after diagnosis.")
    assert figure.months is None
    assert "span:18" in figure.own


@pytest.mark.parametrize(
    "text",
    [
        "Survival was 80% in the standard group, 20% in the high group and 13% in the third.",
        "Survival: standard 80%, high 20%, third 13%.",
        "Survival was 80%, 20% and 13% for the standard, high and third group.",
        "In the standard, high and third group survival was 80%, 20% and 13%, respectively.",
    ],
)
def test_groups_stand_before_or_after_their_figure(figures, text):
    own = [figure.own for figure in figures(text)]
    assert [bool({"standard", "high", "third"} & labels) for labels in own] == [True] * 3
    assert "standard" in own[0] and "standard" not in own[1] | own[2]
    assert "high" in own[1] and "high" not in own[0] | own[2]


def test_a_shared_word_completes_both_names(figures):
    major, minor = figures("Major responses were seen in 41% and minor in 16%.")
    assert (major.endpoints, minor.endpoints) == ({"major response"}, {"minor response"})


def test_a_denial_reaches_the_words_after_it(figures):
    (figure,) = figures("Children without prior radiation had a survival of 80%.")
    assert "no:radiat" in figure.own and "radiat" not in figure.own


def test_with_or_without_denies_nothing(figures):
    (figure,) = figures("Irinotecan with or without temozolomide reached 31% responses.")
    assert not any(label.startswith("no:") for label in figure.own)


def test_an_explanation_in_parentheses_names_no_endpoint_of_its_own(figures):
    found = figures("Disease regressions (major and minor responses) were achieved by 14 of 17.")
    assert [f.endpoints for f in found] == [{"response including minor responses"}]


def test_a_figure_told_in_several_ways_is_one(figures):
    found = figures(
        "The response rate was 44% (24 of 55; 95% CI, 30% to 58%) for patients who received"
        " irinotecan, compared with 31% (18 of 58) for those who received topotecan."
    )
    shares = {f.quantity.low: f.own for f in found if f.quantity.kind in {"percent", "count"}}
    assert len(shares) == 4
    for value, own in shares.items():
        mine, other = ("irinotecan", "topotecan") if value > 40 else ("topotecan", "irinotecan")
        assert mine in own and other not in own


def test_the_error_of_a_figure_is_no_result(figures):
    (one, two) = figures(
        "Survival was 52% (SE, 10%) with NF1 and 76% (standard error, 7%) without."
    )
    assert (one.quantity.low, two.quantity.low) == (52, 76)


def test_a_relapse_says_of_whom_a_figure_is(figures):
    early, late = figures(
        "Those with early relapse had a second complete remission in 70%, those with late"
        " marrow relapse 95%."
    )
    assert late.endpoints == early.endpoints == {"second complete remission"}
    (counted,) = figures("The relapse rate after it was 30%.")
    assert counted.endpoints and not counted.endpoints & early.endpoints


def test_what_tells_a_group_is_not_what_is_counted(figures):
    one, two = figures(
        "Overall survival was 72% for children with a complete response versus 56% for children"
        " with progressive disease."
    )
    assert one.endpoints == two.endpoints == {"overall survival"}
    (counted,) = figures("Overall survival was not told, but 5 of 20 patients had a response.")
    assert counted.endpoints == {"response"}


def test_each_figure_has_the_time_that_follows_it(figures):
    found = figures("Overall survival was 57% at 1 year and 20% at 4 years from diagnosis.")
    assert [figure.months for figure in found] == [12, 48]
    (figure,) = figures("An event-free survival at 2 years of 66% was reported.")
    assert figure.months == 24


@pytest.mark.parametrize(
    ("text", "endpoints"),
    [
        ("Event-free and overall survival were 33% and 42%.", ["event-free survival", "overall survival"]),
        ("At 3 years 79% were failure-free and 84% were alive.", ["failure-free survival", "overall survival"]),
        ("93% were alive and 35% progression-free.", ["overall survival", "progression-free survival"]),
        ("36% responded to chemotherapy and 70% reached a second complete remission.", ["response", "second complete remission"]),
        ("At one year 77% were alive and event-free.", ["event-free survival"]),
        # What a later clause counts is not counted here.
        ("It progressed in 20 of 916 patients, and their 5-year survival was 32%.", [None, "overall survival"]),
        ("Children with no adverse factor, 12% of the series, had a survival of 71.8%.", [None, "overall survival"]),
    ],
)  # fmt: skip
def test_a_figure_counts_what_is_named_beside_it(figures, text, endpoints):
    found = [figure.endpoints for figure in figures(text)]
    assert len(found) == len(endpoints)
    for ids, expected in zip(found, endpoints, strict=True):
        assert expected in ids if expected else ids == frozenset()


def test_a_median_of_months_is_a_median(figures):
    (figure,) = figures("Children with a relapse survived a median of 5.8 months.")
    assert "median overall survival" in figure.endpoints


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("Survival was 60% at five years and 52% at ten.", [60, 120]),
        ("Survival was 30% at 5 years and had fallen to 21% by 10 years.", [60, 120]),
        (
            "Five-year survival was 58% at one to nine years of age and 36% at 10 to 15 years.",
            [60, 60],
        ),
    ],
)
def test_a_time_is_told_in_short_and_a_range_of_ages_is_none(figures, text, months):
    assert [figure.months for figure in figures(text)] == months


def test_a_level_and_a_count_of_factors_are_no_results(figures):
    assert (
        len(
            figures(
                "With residual disease under 0.1% survival was 73%, and 10% if it was 0.1% or more."
            )
        )
        == 2
    )
    assert len(figures("With at most one of four risk factors survival was 66.5%.")) == 1
