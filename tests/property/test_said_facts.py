"""Facts said in a question, for any figure and any words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondline.answers.facts_said import FactReader
from secondline.assessment.patient import read_record

ALL = "acute-lymphoblastic-leukemia"
CLOCKS = {
    "after diagnosis": "diagnosis_to_relapse_months",
    "after stopping chemotherapy": "end_of_therapy_to_relapse_months",
    "in first remission": "first_remission_months",
}
LIST = (
    "my son she he patient children with without no not never had irinotecan prior radiotherapy"
    " marrow relapse relapsed 20 months 0.1% MRD after diagnosis reinduction is does what how if"
    " should MYCN amplified and or , . ? ; : ( ) first second isolated CNS < > about 8-year-old"
    " transplant 2 years ½ ² 1e-4 10^-4 \ud800 年 ß n't + / - – \0 \n"
)
WORDS = st.sampled_from(LIST.split(" "))


@pytest.fixture(scope="module")
def reader(library):
    return FactReader(library)


@pytest.fixture(scope="module")
def checked(library):
    """Check facts against the vocabulary; the library itself is too large to be shown."""
    return lambda facts: read_record(facts, library)


@given(months=st.integers(1, 200), clock=st.sampled_from(list(CLOCKS)))
@settings(deadline=None)
def test_a_time_is_read_by_its_clock_alone(reader, months, clock):
    values = reader.read(f"My son relapsed {months} months {clock}.", ALL).values
    assert values == {CLOCKS[clock]: float(months)}


@given(months=st.integers(1, 200))
@settings(deadline=None)
def test_a_time_without_its_clock_is_never_read(reader, months):
    reading = reader.read(f"My son relapsed after {months} months.", ALL)
    assert reading.facts == ()
    assert f"{months} months" in reading.not_understood[0]


@given(percent=st.decimals(0, 100, places=3))
@settings(deadline=None)
def test_a_percentage_becomes_a_fraction(reader, percent):
    values = reader.read(f"His MRD was {percent}% after reinduction.", ALL).values
    assert values["mrd_end_of_reinduction_fraction"] == pytest.approx(float(percent) / 100)


@given(words=st.lists(WORDS, max_size=40), supposing=st.booleans())
@settings(deadline=None, max_examples=300)
def test_whatever_is_read_is_a_value_of_the_vocabulary(checked, reader, words, supposing):
    reading = reader.read(" ".join(words), ALL, supposing=supposing)
    checked(reading.values)


@given(words=st.lists(WORDS, max_size=20))
@settings(deadline=None, max_examples=200)
def test_a_sentence_about_children_in_general_says_no_fact(reader, words):
    told = " ".join(word for word in words if word not in {".", "?", ";", ":", "\n", "he", "she"})
    person = {"my", "son", "patient", "8-year-old"} & set(told.split())
    if not person:
        assert reader.read(f"How do children do {told}", ALL).facts == ()
