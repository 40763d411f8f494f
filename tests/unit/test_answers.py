"""Whole answers from the bundled library."""

import pytest

PATIENT = {
    "disease": "rhabdomyosarcoma",
    "disease_status": "first-relapse",
    "metastatic_at_diagnosis": False,
    "relapse_extent": "local",
}
OVERVIEW = "What are the treatment options after a relapse of rhabdomyosarcoma?"


def texts(answer):
    return [sentence.text for section in answer.sections for sentence in section.sentences]


def headings(answer):
    return [section.heading for section in answer.sections]


@pytest.mark.parametrize("reader", ["clinician", "family"])
def test_every_sentence_of_an_overview_is_cited_by_a_listed_reference(desk, reader):
    answer = desk.ask(OVERVIEW, reader=reader)
    numbers = {reference.number for reference in answer.references}
    cited = {n for section in answer.sections for s in section.sentences for n in s.citations}
    assert cited == numbers
    assert all(s.citations for section in answer.sections for s in section.sentences)


def test_a_specific_question_is_answered_in_short_first(desk):
    answer = desk.ask("Can local therapy be skipped after relapse of rhabdomyosarcoma?")
    assert headings(answer)[0] == "In short"
    assert texts(answer)[0].startswith("Local control is planned in every patient")


def test_a_superseded_figure_is_not_shown(desk):
    answer = desk.ask("hematologic toxicity of VIT against VI")
    assert any("VIT 81%; VI 61%" in text for text in texts(answer))
    assert not any("59%" in text for text in texts(answer))


def test_the_paper_leads_where_a_summary_of_it_says_otherwise(desk):
    told = texts(desk.ask("ARST0921 event free survival temsirolimus vs bevacizumab"))
    paper = next(i for i, text in enumerate(told) if "69.1%" in text)
    summary = next(i for i, text in enumerate(told) if "65% (95% CI 44%-79%)" in text)
    assert paper < summary


def test_an_option_the_patient_cannot_have_is_not_told(desk):
    facts = {**PATIENT, "prior_therapies": ["vincristine", "irinotecan", "temozolomide"]}
    answer = desk.ask("Which regimens are left?", facts=facts)
    told = " ".join(texts(answer))
    assert "Cyclophosphamide with topotecan" in told
    assert "Vincristine, irinotecan and temozolomide (VIT) is the only combination" not in told


def test_figures_of_localized_disease_are_not_told_of_metastatic_disease(desk):
    facts = {**PATIENT, "metastatic_at_diagnosis": True}
    told = " ".join(texts(desk.ask("What is the outlook?", facts=facts)))
    assert "8%" in told
    assert "176 of 474" not in told


def test_contradictory_facts_are_left_out_and_named(desk):
    facts = {
        **PATIENT,
        "end_of_therapy_to_relapse_months": 30,
        "diagnosis_to_relapse_months": 26,
    }
    answer = desk.ask("What is the outlook?", facts=facts)
    assert not answer.abstained
    assert "therapy cannot end before the diagnosis" in answer.reason


def test_families_are_told_figures_only_when_they_ask_how_groups_did(desk):
    overview = desk.ask(OVERVIEW, reader="family")
    assert not any("of 100" in text for text in texts(overview))
    outcome = desk.ask("What is the survival after relapse of rhabdomyosarcoma?", reader="family")
    assert any(text.startswith("About 37 of 100 children") for text in texts(outcome))
    assert all(s.level is None for section in outcome.sections for s in section.sentences)


def test_a_family_that_names_no_disease_is_told_which_one_is_meant(desk):
    answer = desk.ask("The cancer came back. What happens now?", reader="family")
    assert not answer.abstained
    assert answer.reason == "No disease is named; the answer is about relapsed rhabdomyosarcoma."
    assert headings(answer)[0] == "First steps"


def test_one_child_is_not_foretold_but_the_groups_are_shown(desk):
    answer = desk.ask("What is my patient's exact chance of cure in relapsed rhabdomyosarcoma?")
    assert answer.abstained
    assert answer.reason.startswith("No individual probability")
    assert headings(answer) == ["What this edition holds"]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            "Is zorblatinib effective in relapsed rhabdomyosarcoma?",
            "Not in the library: zorblatinib",
        ),
        ("Is nivolumab better than VIT?", "Not in the library: nivolumab"),
        ("Does pazopanib help in relapsed rhabdomyosarcoma?", "holds no statement about pazopanib"),
        ("What did ARST9999 show in relapsed rhabdomyosarcoma?", "Not in the library: ARST9999"),
        ("20-year survival after VIT", "No finding in the library is given at 20 y"),
        ("relapsed neuroblastoma options", "Not in the library: neuroblastoma"),
        ("Who won the football?", "holds nothing that answers this"),
    ],
)
def test_what_is_not_held_is_named_and_not_answered_around(desk, question, reason):
    answer = desk.ask(question)
    assert answer.abstained
    assert reason in answer.reason
    assert answer.sections == ()
