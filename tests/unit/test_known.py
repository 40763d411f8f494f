"""What a question says of its patient beside the record, and what an answer makes of it."""

import pytest

RECORD = {
    "disease": "rhabdomyosarcoma",
    "disease_status": "first-relapse",
    "metastatic_at_diagnosis": False,
    "prior_therapies": ["vincristine", "dactinomycin"],
}


def values(answer):
    return {fact.name: fact.value for fact in answer.understood.facts}


def headings(answer):
    return [section.heading for section in answer.sections]


def texts(answer):
    return [sentence.text for section in answer.sections for sentence in section.sentences]


def test_facts_said_in_the_question_join_the_record(desk):
    question = "Which regimens are left for my 9-year-old with a local relapse?"
    answer = desk.ask(question, facts=RECORD)
    assert values(answer)["relapse_extent"] == "local"
    assert not answer.abstained


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("He already had irinotecan. Which regimens are left?", "already had irinotecan"),
        ("His tumor was metastatic at diagnosis. Which regimens?", "metastatic at diagnosis"),
        ("He had a second relapse. Which regimens?", "second relapse"),
        ("He had prior radiotherapy. Which regimens?", "prior radiotherapy"),
    ],
)
def test_the_record_wins_over_the_question_and_the_difference_is_told(desk, question, words):
    answer = desk.ask(question, facts=RECORD)
    assert words not in {fact.words for fact in answer.understood.facts}
    assert f'The record of the patient says otherwise than "{words}"' in answer.reason
    assert not answer.abstained


def test_what_the_record_says_already_is_neither_a_difference_nor_news(desk):
    answer = desk.ask("He had a first relapse and vincristine. What is left?", facts=RECORD)
    assert "says otherwise" not in (answer.reason or "")
    assert "disease_status" not in values(answer)


def test_open_lists_of_treatments_add_up(desk):
    record = {**RECORD, "prior_therapies": {"at_least": ["vincristine"]}}
    answer = desk.ask("He already had irinotecan. Which regimens are left?", facts=record)
    assert values(answer) == {"prior_therapies": {"at_least": ["irinotecan"]}}


def test_a_number_within_what_is_recorded_is_no_difference(desk):
    record = {**RECORD, "age_years": 9.4}
    answer = desk.ask("Which regimens are left for my 9-year-old?", facts=record)
    assert "says otherwise" not in (answer.reason or "")


def test_facts_that_a_question_itself_contradicts_are_left_out_and_told(desk):
    answer = desk.ask(
        "My son with rhabdomyosarcoma relapsed 20 months after diagnosis and 30 months off therapy."
        " What is the outlook?"
    )
    assert "therapy cannot end before the diagnosis" in answer.reason


def test_a_case_said_in_words_is_answered_like_the_same_case_recorded(desk):
    said = desk.ask(
        "My patient with rhabdomyosarcoma, metastatic at diagnosis, had a first relapse, metastatic"
        " relapse, 10 months after diagnosis. What are the options?"
    )
    recorded = desk.ask(
        "What are the options?",
        facts={
            "disease": "rhabdomyosarcoma",
            "disease_status": "first-relapse",
            "metastatic_at_diagnosis": True,
            "relapse_extent": "metastatic",
            "diagnosis_to_relapse_months": 10,
        },
    )
    heading = "For a patient with these facts"
    assert heading in headings(said)
    sections = [next(s for s in a.sections if s.heading == heading) for a in (said, recorded)]
    assert [s.text for s in sections[0].sentences] == [s.text for s in sections[1].sentences]


def test_what_does_not_describe_the_patient_is_left_out(desk):
    general = desk.ask("What is the outlook after relapse of rhabdomyosarcoma?")
    said = desk.ask(
        "What is the outlook after relapse of rhabdomyosarcoma? My son was metastatic at diagnosis."
    )
    figure = "176 of 474"
    assert any(figure in text for text in texts(general))
    assert not any(figure in text for text in texts(said))


def test_families_are_not_given_the_findings_of_the_pathway(desk):
    answer = desk.ask(
        "My son with rhabdomyosarcoma has a local relapse. What can be done?", reader="family"
    )
    assert values(answer) == {"relapse_extent": "local"}
    assert "For a patient with these facts" not in headings(answer)


def test_a_general_question_is_understood_without_a_patient(desk):
    answer = desk.ask("Is VIT better than VI in relapsed rhabdomyosarcoma?")
    assert answer.understood.disease == "rhabdomyosarcoma"
    assert answer.understood.facts == ()
    assert answer.understood.not_understood == ()
    assert "vincristine, irinotecan and temozolomide" in " ".join(answer.understood.terms).lower()


def test_what_is_not_understood_is_listed(desk):
    answer = desk.ask(
        "My son with rhabdomyosarcoma relapsed at 14 months and likes zqxwv. What are the options?"
    )
    listed = " ".join(answer.understood.not_understood)
    assert "zqxwv" in listed
    assert "relapsed at 14 months (counted from diagnosis" in listed


def test_a_question_that_says_facts_of_a_patient_is_not_for_a_language_model(desk):
    assert desk._answerer.is_hard("What happens after it came back?")
    assert not desk._answerer.is_hard("What happens after it came back in my 9-year-old?")
