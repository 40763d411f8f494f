"""Whole answers from the bundled library."""

import re

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
    assert texts(answer)[0].startswith("Local control belongs in the plan wherever")


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
    assert any(re.match(r"About \d+ of 100 children", text) for text in texts(outcome))
    assert all(s.level is None for section in outcome.sections for s in section.sentences)


def test_a_family_that_asks_in_general_is_told_of_relapse_as_a_whole(desk):
    answer = desk.ask("What can be done when soft-tissue sarcoma comes back?", reader="family")
    told = {id_ for s in answer.sections for t in s.sentences for id_ in t.statements}
    assert "nrsts-gap-palliative-care" in told
    assert not any(id_.startswith("nrsts-asps-") for id_ in told)  # one type of many
    asked = desk.ask("Which drugs are there for alveolar soft part sarcoma?", reader="family")
    told = {id_ for s in asked.sections for t in s.sentences for id_ in t.statements}
    assert any(id_.startswith("nrsts-asps-") for id_ in told)


def test_a_family_is_told_nothing_twice_and_what_it_asked_for_first(desk):
    question = "Is there care that eases symptoms when neuroblastoma comes back?"
    answer = desk.ask(question, reader="family")
    assert headings(answer)[0] == "Care that eases symptoms"
    told = texts(desk.ask(OVERVIEW, reader="family"))
    assert len(told) == len(set(told))


def test_a_family_is_asked_to_prepare_for_the_visit_and_a_clinician_is_not(desk):
    question = "Is a stem-cell transplant used when neuroblastoma comes back?"
    answer = desk.ask(question, reader="family")
    assert answer.visit_questions[0].startswith("Would you think of a transplant")
    explained = {word.word: word.means for word in answer.explained_words}
    assert explained["neuroblastoma"] == "a cancer that starts in very young nerve cells"
    assert "transplant" in explained
    clinician = desk.ask(question)
    assert clinician.visit_questions == clinician.explained_words == ()


def test_a_family_sent_to_the_hospital_is_offered_nothing_else(desk):
    answer = desk.ask("My son has a fever and is very sleepy tonight", reader="family")
    assert answer.abstained
    assert "call" in answer.reason
    assert answer.sections == answer.follow_ups == answer.visit_questions == ()


def test_a_family_that_asks_what_cannot_be_foretold_is_told_how_groups_did(desk):
    answer = desk.ask("Is my daughter going to die of neuroblastoma?", reader="family")
    assert answer.abstained
    assert headings(answer) == ["How groups of children did"]
    assert not any("of 100" in text for text in texts(answer))
    assert answer.visit_questions


@pytest.mark.parametrize("reader", ["clinician", "family"])
def test_a_general_question_that_names_no_disease_is_asked_back(desk, reader):
    answer = desk.ask("The cancer came back. What happens now?", reader=reader)
    assert answer.abstained
    asked_back = {"clinician": "Which cancer is meant?", "family": "Which cancer do you mean?"}
    assert answer.reason.startswith(asked_back[reader])
    assert "neuroblastoma" in answer.reason


@pytest.mark.parametrize(
    ("question", "disease"),
    [
        ("Was survival better with VIT or with VI?", "rhabdomyosarcoma"),
        ("MPNST came back: 5 year survival?", "non-rhabdomyosarcoma soft-tissue sarcoma"),
        ("response to lorlatinib with an ALK mutation", "neuroblastoma"),
        ("TBI or chemotherapy conditioning in FORUM", "acute lymphoblastic leukemia"),
    ],
)
def test_a_particular_question_is_answered_for_the_disease_it_is_about(desk, question, disease):
    answer = desk.ask(question)
    assert not answer.abstained
    named = desk.library.held
    said = f"No disease is named; the answer is about relapsed {disease}."
    assert answer.reason == (
        None if "MPNST" in question else said
    )  # MPNST is a soft-tissue sarcoma
    about = {
        desk.library.disease_of(id_)
        for s in answer.sections
        for t in s.sentences
        for id_ in t.statements
    }
    assert len(about) == 1 < len(named)


def test_an_abbreviation_that_is_a_word_is_a_disease_in_capitals_only(desk):
    answer = desk.ask("ALL: outlook after relapse")
    told = {id_ for s in answer.sections for t in s.sentences for id_ in t.statements}
    assert {desk.library.disease_of(id_) for id_ in told} == {"acute-lymphoblastic-leukemia"}
    assert desk.ask("all outlook after relapse").reason.startswith("Which cancer is meant?")


def test_a_patient_with_another_disease_than_the_one_asked_about_is_not_answered(desk):
    facts = {"disease": "rhabdomyosarcoma", "tnm_stage": 2}
    answer = desk.ask("What are the options for relapsed neuroblastoma?", facts=facts)
    assert answer.abstained
    assert "the patient's disease is rhabdomyosarcoma" in answer.reason
    answer = desk.ask("What are the options for relapsed rhabdomyosarcoma?", facts={"tnm_stage": 2})
    assert headings(answer)[0] == "For a patient with these facts"


def test_every_part_of_a_general_question_is_answered(desk):
    answer = desk.ask("treatment options and side effects for relapsed neuroblastoma")
    assert "Toxicity" in headings(answer)


@pytest.mark.parametrize("when", ["5-year", "60-month", "5 yr"])
def test_a_time_is_the_same_in_months_and_years(desk, when):
    assert not desk.ask(f"{when} overall survival after relapse of neuroblastoma").abstained


def test_an_ordinary_word_that_ends_like_a_drug_is_none(desk):
    answer = desk.ask("should we cancel the surgery for relapsed rhabdomyosarcoma?")
    assert not answer.abstained


def test_a_disease_without_a_pathway_has_an_overview_of_cited_statements(desk):
    without = [d for d in desk.library.held if d not in desk.library.assessed]
    for disease in without:
        answer = desk.ask(
            f"What are the treatment options for relapsed {disease.replace('-', ' ')}?"
        )
        assert len(answer.sections) >= 3
        told = {id_ for s in answer.sections for t in s.sentences for id_ in t.statements}
        assert {desk.library.disease_of(id_) for id_ in told} == {disease}
        assert all(t.citations for s in answer.sections for t in s.sentences)
        assert all(disease.partition("-")[0][:8] in f or "relaps" in f for f in answer.follow_ups)


def test_figures_that_yield_to_the_papers_own_are_marked(desk):
    """K39: PDQ prints another P for the survival of ALL R3 than its abstract."""
    answer = desk.ask("mitoxantrone or idarubicin at relapse of ALL: overall survival in ALL R3")
    texts = [t.text for s in answer.sections for t in s.sentences]
    own = [t for t in texts if ("Overall survival" in t and "0.004" in t) or ".004" in t]
    other = [t for t in texts if "P = .007" in t and "Overall survival" in t]
    assert own
    assert all(t.startswith("Not as the paper itself prints it.") for t in other)


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
        ("Is nivolumab better than VIT?", "holds no statement about nivolumab"),
        ("Does pazopanib help in relapsed rhabdomyosarcoma?", "holds no statement about pazopanib"),
        ("What did ARST9999 show in relapsed rhabdomyosarcoma?", "Not in the library: ARST9999"),
        ("20-year survival after VIT", "No finding in the library is given at 20 y"),
        ("relapsed hepatoblastoma options", "not in the library"),
        ("Who won the football?", "holds nothing that answers this"),
    ],
)
def test_what_is_not_held_is_named_and_not_answered_around(desk, question, reason):
    answer = desk.ask(question)
    assert answer.abstained
    assert reason in answer.reason
    assert answer.sections == ()


def words(answer):
    return sum(len(text.split()) for text in texts(answer))


def told(answer):
    return {id_ for s in answer.sections for t in s.sentences for id_ in t.statements}


ISOLATED_CNS = {
    "disease": "acute-lymphoblastic-leukemia",
    "immunophenotype": "b-cell",
    "relapse_sites": ["cns"],
    "diagnosis_to_relapse_months": 11,
}


def test_an_overview_has_a_measure_and_says_what_it_leaves_out(desk):
    for disease in desk.library.assessed:
        name = desk.library.diseases[disease].name
        answer = desk.ask(f"What are the treatment options for relapsed {name}?")
        assert words(answer) < 4_000, disease
        assert "leaves out the rest" in answer.reason
        assert any(text.startswith("Also listed") for text in texts(answer)), disease


def test_an_overview_tells_what_decides_before_options_and_options_before_the_outlook(desk):
    order = headings(desk.ask(OVERVIEW))
    decides, options, outlook = (
        next(i for i, heading in enumerate(order) if heading.startswith(beginning))
        for beginning in ("What decides", "Systemic options", "Expected outcomes")
    )
    assert decides < options < outlook


def test_the_place_of_the_relapse_chooses_the_options(desk):
    answer = desk.ask("Isolated CNS relapse of leukemia (ALL): what are the options?")
    text = " ".join(texts(answer))
    assert "craniospinal" in text
    assert "testes" not in text.partition("Also listed")[0]


def test_a_class_that_one_missing_fact_leaves_open_is_named(desk):
    answer = desk.ask("How is this relapse classified?", facts=ISOLATED_CNS)
    (open_class,) = (t for t in texts(answer) if t.startswith("Open only until recorded"))
    assert "disease status" in open_class
    assert "BFM S2" in open_class
    assert "COG high risk" in open_class


def test_an_answer_about_a_patient_tells_the_results_of_such_patients(desk):
    facts = {**ISOLATED_CNS, "relapse_sites": ["testis"], "diagnosis_to_relapse_months": 40}
    answer = desk.ask("What treatment, and what is the outlook?", facts=facts)
    assert "all-testis-aall02p2-radiation" in told(answer)
    about_the_testis = [id_ for id_ in told(answer) if id_.startswith("all-testis-")]
    about_the_brain = [id_ for id_ in told(answer) if id_.startswith("all-cns-")]
    assert len(about_the_testis) > 5 * len(about_the_brain)


def test_a_general_outlook_tells_what_decides_it_and_not_one_treatment_first(desk):
    answer = desk.ask("What is the prognosis of relapsed ALL?")
    assert headings(answer)[0] == "What decides the outlook"
    first = [t.statements[0] for t in answer.sections[0].sentences[:6]]
    assert all(desk.library.statements[id_].intervention is None for id_ in first)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("adenomyoma that has come back, second-line options", "Not in the library: adenomyoma"),
        ("topotecan dose for a girl of 14 kg", "gives no doses"),
        ("how much ifosfamide should we give", "gives no doses"),
        ("How much topotecan can she take for her neuroblastoma?", "gives no doses"),
        ("How do I adjust etoposide to a creatinine clearance of 35?", "gives no doses"),
        ("Which protocol for newly diagnosed neuroblastoma?", "what follows a relapse"),
        ("What is the probability of survival of this 9-year-old?", "individual probability"),
        ("How long has my boy got with relapsed neuroblastoma?", "How long one child has"),
        ("Kindly recolor the seven wallpaper chandeliers", "holds nothing that answers this"),
    ],
)
def test_what_is_not_for_the_library_is_recognised_by_its_form(desk, question, reason):
    answer = desk.ask(question)
    assert answer.abstained
    assert reason in answer.reason


@pytest.mark.parametrize(
    "question",
    [
        "response to topotecan with cyclophosphamide in relapsed neuroblastoma",
        "What radiation dose for a positive testis biopsy in relapsed ALL?",
        "Does temsirolimus help in the first treatment of rhabdomyosarcoma?",
        "Which factors predict survival after relapse of neuroblastoma?",
        "what percentage of children respond to lorlatinib in neuroblastoma",
    ],
)
def test_a_question_that_looks_like_one_to_refuse_is_answered(desk, question):
    assert not desk.ask(question).abstained


@pytest.mark.parametrize("question", ["hello", "What is the weather?", "Will my child die?", "😀"])
def test_a_disease_that_nobody_named_is_not_understood_where_nothing_is_answered(desk, question):
    for reader in ("clinician", "family"):
        answer = desk.ask(question, reader=reader)
        assert answer.abstained and answer.understood.disease is None
    named = desk.ask(f"{question} It is neuroblastoma.", reader="family")
    assert named.understood.disease == "neuroblastoma"


@pytest.mark.parametrize(
    "drugs",
    [
        "vincristine, dactinomycin and ifosfamide",
        "vincristine, dactinomycin, ifosfamide and cyclophosphamide",
        "vincristine, dactinomycin, ifosfamide, cyclophosphamide and doxorubicin",
        "ifosfamide, vincristine, dactinomycin, carboplatin, epirubicin and etoposide",
    ],
)
def test_what_a_patient_has_had_is_not_what_is_asked_about(desk, drugs):
    case = "a child with relapsed rhabdomyosarcoma who had"
    for question in (f"Options for {case} {drugs}?", f"What are the options for {case} {drugs}?"):
        answer = desk.ask(question)
        assert not answer.abstained, answer.reason
        (fact,) = [each for each in answer.understood.facts if each.name == "prior_therapies"]
        assert set(fact.value["at_least"]) == set(drugs.replace(" and ", ", ").split(", "))


def test_a_drug_that_is_almost_held_is_asked_for_and_not_answered(desk):
    answer = desk.ask("naxitimab for neuroblastoma in the marrow?")
    assert answer.abstained
    assert answer.reason.startswith("Is naxitamab meant? Then ask again. Not in the library")
    family = desk.ask("naxitimab for neuroblastoma in the marrow?", reader="family")
    assert family.reason.startswith("Do you mean naxitamab?")


def test_a_family_is_told_the_rest_where_a_part_has_no_plain_words(desk):
    question = "Is there anything new for kids with relapsed rhabdomyosarcoma?"
    answer = desk.ask(question, reader="family")
    assert answer.reason.startswith("We have nothing in plain words on just this part.")
    assert "Surgery and radiation" in headings(answer)


def test_what_is_known_of_all_that_is_named_comes_before_what_is_known_of_one(desk):
    answer = desk.ask("Does VIT work in rhabdomyosarcoma after three earlier relapse regimens?")
    told = next(s for s in answer.sections if s.heading.startswith("Systemic options"))
    assert told.sentences[0].statements == ("rms-setty-vit-pretreated",)


@pytest.mark.parametrize("reader", ["clinician", "family"])
def test_a_question_that_is_offered_next_is_understood_as_what_it_asks(desk, reader):
    """In every disease that is held: who presses it gets that part first, and no overview of all."""
    library = desk.library
    for aspect in library.aspects.values():
        offered = aspect.plain_follow_up if reader == "family" else aspect.follow_up
        for disease in library.held if offered else ():
            question = offered.replace("{disease}", library.diseases[disease].name)
            understood = desk.ask(question, reader=reader).understood
            assert aspect.id in understood.aspects, question


def test_a_family_that_asks_how_others_did_is_told_that_and_in_words_first(desk):
    for disease in ("leukemia", "neuroblastoma", "rhabdomyosarcoma"):
        question = f"How did other children with {disease} that came back do?"
        first = desk.ask(question, reader="family").sections[0]
        assert first.heading == "How groups of children did"
        assert not re.search(r"\d+ of 100", first.sentences[0].text)
