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
