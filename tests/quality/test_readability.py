"""What families are told is readable at US grade 8 or below, and promises nothing."""

import re

import pyphen
import pytest

from secondline import desk

LIBRARY = desk.open().library
SYLLABLES = pyphen.Pyphen(lang="en_US")
# Names that a family hears from its team anyway; what they are is said beside them.
NAMES = re.compile(
    r"vincristine|irinotecan|temozolomide|vinorelbine|cyclophosphamide|topotecan|temsirolimus"
    r"|bevacizumab|doxorubicin|anthracyclines?|carboplatin|etoposide|rhabdomyosarcoma|radiation"
    r"|ACCTTIVE|regorafenib|pembrolizumab|embryonal|botryoid|alveolar|undifferentiated",
    re.IGNORECASE,
)
PLAIN = {
    **{s.id: s.plain for s in LIBRARY.statements.values() if s.plain},
    **{r.id: r.plain for r in LIBRARY.rules.values() if getattr(r, "plain", None)},
    **{r.id: r.plain for r in LIBRARY.refusals.values() if r.plain},
}


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade level.

    Source:
        Kincaid et al. 1975, Naval Technical Training Command, Research Branch Report 8-75.
    """
    text = NAMES.sub("name", text)
    sentences = max(1, len(re.findall(r"[.!?:;](?:\s|$)", text)))
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(len(SYLLABLES.positions(word)) + 1 for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_the_measure_tells_hard_text_from_easy():
    assert grade("The cat sat on the mat. It was warm.") < 2
    assert grade("Multivariable proportional hazards regression necessitates parametrization.") > 15


@pytest.mark.parametrize("id_", sorted(PLAIN))
def test_plain_words_are_plain(id_):
    assert grade(PLAIN[id_]) <= 8.0, PLAIN[id_]


@pytest.mark.parametrize("id_", sorted(PLAIN))
def test_plain_words_promise_nothing_and_leave_nobody(id_):
    assert not re.search(
        r"\bwill (?:be cured|survive|die|live)\b|\bguarantee|\bhopeless|\bno hope\b|\bnothing (?:more )?can"
        r"|\bterminal\b|\bfatal\b|\bmiracle\b|\bcure rate\b|\d\s*%",
        PLAIN[id_],
        re.IGNORECASE,
    )
