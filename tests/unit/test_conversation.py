"""Conversations: follow-ups keep what was said, corrections count, nothing is kept elsewhere."""

import json

import pytest

from secondline.answers.conversation import ConversationError
from secondline.answers.understanding import QuestionError

FIRST = (
    "My 9-year-old with rhabdomyosarcoma had a metastatic relapse 10 months after diagnosis."
    " Which regimens are left?"
)


@pytest.fixture(scope="module")
def talk(desk):
    """Ask questions one after the other; return the answers and the last conversation."""

    def ask(*questions, conversation=None, reader="clinician"):
        answers = []
        for question in questions:
            answer, conversation = desk.converse(question, conversation, reader=reader)
            answers.append(answer)
        return answers, conversation

    return ask


@pytest.fixture(scope="module")
def first(talk):
    return talk(FIRST)


def facts(conversation):
    return {fact["name"]: fact["value"] for fact in conversation["facts"]}


def test_the_first_turn_is_the_answer_that_ask_gives(desk, first):
    answers, _ = first
    told = desk.ask(FIRST)
    assert [s.text for s in answers[0].sections[0].sentences] == [
        s.text for s in told.sections[0].sentences
    ]
    assert answers[0].understood.facts == told.understood.facts


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("and if she already had irinotecan?", "prior_therapies", {"at_least": ["irinotecan"]}),
        ("What if he had prior radiotherapy?", "prior_radiotherapy", True),
        ("no, the relapse was local", "relapse_extent", "local"),
        ("and for alveolar?", "histology", "alveolar"),
        ("The relapse was 20 months after diagnosis.", "diagnosis_to_relapse_months", 20.0),
        ("She is irinotecan-naive", "prior_irinotecan", False),
    ],
)
def test_a_fact_said_later_counts_and_the_last_question_is_answered_again(
    talk, first, said, name, value
):
    (answer,), after = talk(said, conversation=first[1])
    assert facts(after)[name] == value
    assert {f.name: f.value for f in answer.understood.facts}[name] == value
    assert after["question"] == FIRST
    assert answer.question == FIRST
    assert not answer.abstained


def test_a_follow_up_keeps_the_disease_and_the_patient(talk, first):
    (answer,), after = talk("What about survival?", conversation=first[1])
    assert answer.understood.disease == "rhabdomyosarcoma"
    assert facts(after) == facts(first[1])
    assert "outcomes" in answer.understood.aspects
    assert not answer.abstained


def test_a_follow_up_keeps_the_regimen_spoken_of(talk):
    answers, _ = talk("Is VIT better than VI in relapsed rhabdomyosarcoma?", "and its toxicity?")
    assert any("temozolomide" in term for term in answers[1].understood.terms)
    assert not answers[1].abstained


def test_another_regimen_takes_the_place_of_the_one_spoken_of(talk):
    answers, _ = talk("Response to VIT in relapsed rhabdomyosarcoma?", "and to vinorelbine?")
    assert "vinorelbine" in " ".join(answers[1].understood.terms)
    assert "temozolomide" not in " ".join(answers[1].understood.terms)


def test_another_disease_starts_anew(talk, first):
    (answer,), after = talk("What are the options for neuroblastoma?", conversation=first[1])
    assert after["disease"] == answer.understood.disease == "neuroblastoma"
    assert facts(after) == {}


def test_naming_the_disease_answers_the_question_that_was_asked_back(talk):
    answers, after = talk("My son has relapsed. What is the outlook?", "neuroblastoma")
    assert after["disease"] == "neuroblastoma"
    assert answers[1].question == "My son has relapsed. What is the outlook?"


def test_a_question_about_others_says_nothing_of_the_patient(talk, first):
    for question in (
        "How do children with alveolar histology do?",
        "and does prior radiotherapy matter?",
        "What about prior radiotherapy?",
        "Is irinotecan useful after prior topotecan?",
    ):
        _, after = talk(question, conversation=first[1])
        assert facts(after) == facts(first[1]), question


@pytest.mark.parametrize("said", ["forget the age", "Please forget her age.", "forget age_years"])
def test_a_fact_is_forgotten_by_its_name_or_label(talk, first, said):
    (answer,), after = talk(said, conversation=first[1])
    assert set(facts(first[1])) - set(facts(after)) == {"age_years"}
    assert answer.question == FIRST


def test_treatments_said_one_after_the_other_add_up_and_are_taken_back(talk, first):
    _, after = talk("She had irinotecan", "and she had topotecan", conversation=first[1])
    assert facts(after)["prior_therapies"] == {"at_least": ["irinotecan", "topotecan"]}
    _, after = talk("no, she never had irinotecan", conversation=after)
    assert facts(after)["prior_therapies"] == {"at_least": ["topotecan"]}
    assert facts(after)["prior_irinotecan"] is False
    _, after = talk("She already had irinotecan", conversation=after)
    assert "prior_irinotecan" not in facts(after)


def test_a_follow_up_is_answered_like_the_same_facts_recorded(desk, talk, first):
    (answer,), _ = talk("and if she already had irinotecan?", conversation=first[1])
    texts = " ".join(s.text for section in answer.sections for s in section.sentences)
    assert "Cyclophosphamide with topotecan" in texts
    assert "Vincristine, irinotecan and temozolomide (VIT) is the only combination" not in texts


def test_a_dose_is_refused_in_a_conversation_too(talk, first):
    (answer,), after = talk("What dose of irinotecan should I give?", conversation=first[1])
    assert answer.abstained
    assert facts(after) == facts(first[1])
    (answer,), _ = talk("What about survival?", conversation=after)
    assert not answer.abstained


def test_facts_are_set_and_taken_away_by_name(desk, first):
    after = desk.correct(first[1], {"histology": "embryonal", "age_years": None})
    assert facts(after)["histology"] == "embryonal"
    assert "age_years" not in facts(after)
    assert "age_years" in facts(first[1])  # what was handed in is as it was
    assert desk.correct(None, {"disease": "neuroblastoma"})["disease"] == "neuroblastoma"


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"histolgy": "embryonal"}, "histolgy is not a fact"), ({"age_years": "old"}, "not a number")],
)
def test_a_wrong_fact_is_refused(desk, first, changed, message):
    with pytest.raises(ValueError, match=message):
        desk.correct(first[1], changed)


def test_a_conversation_travels_as_json(desk, first):
    again = json.loads(json.dumps(first[1]))
    assert desk.converse("What about survival?", again) == desk.converse(
        "What about survival?", first[1]
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "a conversation has disease, question, terms and facts"),
        ([["disease"]], "a conversation has disease, question, terms and facts"),
        ({"disease": "x", "question": None, "terms": [], "facts": []}, "'x' is no disease"),
        ({"disease": ["x"], "question": None, "terms": [], "facts": []}, "is no disease"),
        ({"disease": {}, "question": None, "terms": [], "facts": []}, "'{}' is no disease"),
        ({"disease": None, "question": 5, "terms": [], "facts": []}, "is not a question"),
        ({"disease": None, "question": None, "terms": 5, "facts": []}, "terms"),
        ({"disease": None, "question": None, "terms": ["a"], "facts": []}, "'a' is not a term"),
        ({"disease": None, "question": None, "terms": ["refusal:x"], "facts": []}, "not a term"),
        ({"disease": None, "question": None, "terms": ["drug:x"], "facts": []}, "not a term"),
        ({"disease": None, "question": None, "terms": [], "facts": 5}, "facts"),
        ({"disease": None, "question": None, "terms": [], "facts": [5]}, "name, value and words"),
        (
            {
                "disease": None,
                "question": None,
                "terms": [],
                "facts": [{"name": "age_years", "value": 900, "words": ""}],
            },
            "900 lies outside 0 to 120 years",
        ),
    ],
)
def test_a_conversation_that_no_turn_returned_is_refused(desk, data, message):
    with pytest.raises(ConversationError, match=message):
        desk.converse("What about survival?", data)


@pytest.mark.parametrize(
    "question",
    ["", "   ", "x" * 10_000, "\0\1\2"],
)
def test_what_is_no_question_is_refused(desk, first, question):
    with pytest.raises(QuestionError):
        desk.converse(question, first[1])


@pytest.mark.parametrize(
    "question",
    ["¿Y si ya recibió irinotecán?", "再発後の治療は?", "и если ей давали иринотекан", "\ud800", "?!", "no"],
)  # fmt: skip
def test_another_language_or_nonsense_changes_no_fact(talk, first, question):
    _, after = talk(question, conversation=first[1])
    assert facts(after) == facts(first[1])


def test_the_last_question_is_answered_again_for_another_reader(desk):
    first, talked = desk.converse("Survival after relapsed rhabdomyosarcoma")
    again, after = desk.converse(None, talked, reader="family")
    assert (again.question, again.reader) == (first.question, "family")
    assert after == talked


def test_a_correction_is_answered_without_reading_the_question_anew(desk):
    """The words of the question still say 20 months; what was corrected counts."""
    _, talked = desk.converse("marrow relapse of ALL 20 months after diagnosis")
    corrected = desk.correct(talked, {"diagnosis_to_relapse_months": None})
    answer, _ = desk.converse(None, corrected)
    assert "diagnosis_to_relapse_months" not in {fact.name for fact in answer.understood.facts}


def test_nothing_asked_cannot_be_asked_again(desk):
    nothing = {"disease": None, "question": None, "terms": [], "facts": []}
    with pytest.raises(QuestionError, match="empty"):
        desk.converse(None, nothing)
