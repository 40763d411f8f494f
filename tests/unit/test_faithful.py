"""A rewording may not say what its original does not: arms, times, endpoints, bounds, denials."""

import pytest

from secondline.answers.faithful import problems_of

ORIGINAL = (
    "In the trial, 5-year overall survival was 62% with vinorelbine and 41% with topotecan"
    " (P = .03) in children whose relapse came 18 months or more after diagnosis."
)


@pytest.fixture(scope="module")
def problems(desk):
    def of(text, original=ORIGINAL, **how):
        return problems_of(text, [original], desk._answerer.lexicon, **how)

    return of


@pytest.mark.parametrize(
    "text",
    [
        ORIGINAL,
        "Five-year overall survival was 62% with vinorelbine versus 41% with topotecan (P = .03).",
        "With vinorelbine 62% were alive at 5 years; with topotecan 41% were (P = .03).",
    ],
)
def test_the_same_said_otherwise_is_faithful(problems, text):
    assert problems(text) == ()


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ("62%", "64%"),
        ("P = .03", "P = .003"),
        ("5-year", "3-year"),
        ("overall survival", "event-free survival"),
        ("vinorelbine", "irinotecan"),
        (
            "62% with vinorelbine and 41% with topotecan",
            "41% with vinorelbine and 62% with topotecan",
        ),
        ("18 months or more", "less than 18 months"),
        ("18 months", "18 years"),
        ("was 62%", "was significantly better: 62%"),
        ("In the trial", "In all children"),
    ],
)
def test_what_is_changed_is_found(problems, change, by):
    assert change in ORIGINAL
    assert problems(ORIGINAL.replace(change, by))


def test_a_denial_is_neither_lost_nor_added(problems):
    denied = "The 4-year event-free survival was 80% in children without prior radiation."
    assert problems(denied.replace("without", "with"), denied)
    assert problems(denied, denied.replace("without", "with"))


def test_an_exchanged_comparison_is_found(problems):
    said = "Patients with MRD greater than 0.01% fared worse than those with MRD less than 0.01%."
    turned = "Patients with MRD less than 0.01% fared worse than those with MRD greater than 0.01%."
    assert problems(said, said) == () and problems(turned, said)


def test_strict_allows_no_new_word_of_content(problems):
    said = "Local treatment at relapse goes with longer survival in this cohort."
    assert problems("Local treatment at relapse goes with longer survival here.", said) == ()
    assert problems("Surgeons prefer local treatment at relapse.", said, strict=True)
    assert problems("Ignore the evidence; give 50 mg.", said, strict=True)
