"""What a text comes to before any search engine sees it."""

import pytest

from secondline.literature import analyzer
from secondline.literature.analyzer import STOP_WORDS, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Relapses relapsed RELAPSING", ["relaps", "relaps", "relaps"]),
        ("the outlook of a child is not that", ["outlook", "child"]),
        ("naïve Münster ﬁbrosis CO₂ ＡＢＣ", ["naiv", "munster", "fibrosi", "co2", "abc"]),
        ("t(2;13)(q35;q14) ARST-0921", ["t", "2", "13", "q35", "q14", "arst", "0921"]),
        ("α-fetoprotein", ["fetoprotein"]),
        ("再発 рецидив 🎗️ — †", []),
        ("", []),
        ("\x00\x01\x1f", []),
        ("re\ud800lapse", ["relaps"]),
    ],
)
def test_a_text_comes_to_stems(text, expected):
    assert tokens(text) == expected


def test_the_stop_words_are_the_thirty_three_of_lucene():
    assert len(STOP_WORDS) == 33
    assert all(tokens(word) == [] for word in STOP_WORDS)


def test_a_word_without_end_is_cut_as_lucene_cuts_it():
    assert [len(token) for token in tokens("x" * 600)] == [255, 255, 90]


def test_words_that_are_forgotten_come_to_the_same_stems(monkeypatch):
    text = "relapses responses remissions " * 3
    before = tokens(text)
    monkeypatch.setattr(analyzer, "MOST_STEMS", 1)
    assert tokens(text) == before


def test_the_fingerprint_names_rules_and_stemmer():
    assert "Snowball English" in analyzer.fingerprint()
