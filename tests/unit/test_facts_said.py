"""Facts of a patient said in a question: what is read, what is asked back, what is left alone."""

from dataclasses import replace

import pytest

from secondline.answers.facts_said import FactReader
from secondline.domain.facts import Said
from secondline.library.phrases import (
    SLOT,
    all_phrases,
    said_problems,
    spelled_out,
    written_problems,
)

RMS = "rhabdomyosarcoma"
STS = "soft-tissue-sarcoma"
NBL = "neuroblastoma"
ALL = "acute-lymphoblastic-leukemia"


@pytest.fixture(scope="module")
def reader(library):
    return FactReader(library)


@pytest.fixture(scope="module")
def said(reader):
    return lambda question, disease, **how: reader.read(question, disease, **how).values


def age(years):
    return {"from": years, "to": round((years + 1) * 0.999, 9)}


# What is read, fact by fact


@pytest.mark.parametrize(
    ("disease", "question", "facts"),
    [
        (ALL, "My 7-year-old", {"age_years": age(7)}),
        (ALL, "What are the options for my 7-year-old?", {"age_years": age(7)}),
        (ALL, "a girl aged 16", {"age_years": age(16)}),
        (ALL, "Our eleven year old son", {"age_years": age(11)}),
        (ALL, "9 y/o boy", {"age_years": age(9)}),
        (NBL, "an 18-month-old boy", {"age_years": {"from": 1.5, "to": 1.58175}}),
        (ALL, "He is 15 years old, diagnosed at age 12",
         {"age_years": age(15), "age_at_diagnosis_years": age(12)}),
        (ALL, "She was 4 years old at diagnosis.", {"age_at_diagnosis_years": age(4)}),
        (RMS, "He had a first relapse.", {"disease_status": "first-relapse"}),
        (RMS, "He had a second relapse 40 months after diagnosis.",
         {"disease_status": "later-relapse"}),
        (NBL, "My son progressed on treatment.", {"disease_status": "progression"}),
        (NBL, "My son never reached a complete remission.", {"disease_status": "refractory"}),
        (RMS, "He relapsed 17 months after diagnosis.", {"diagnosis_to_relapse_months": 17.0}),
        (RMS, "He relapsed 18 months from his initial diagnosis.",
         {"diagnosis_to_relapse_months": 18.0}),
        (RMS, "Her cancer recurred twenty-four months after dx.",
         {"diagnosis_to_relapse_months": 24.0}),
        (RMS, "He relapsed about 18 months after diagnosis.",
         {"diagnosis_to_relapse_months": {"from": 16, "to": 20}}),
        (RMS, "He relapsed 2 years after diagnosis.",
         {"diagnosis_to_relapse_months": {"from": 18.0, "to": 35.0}}),
        (RMS, "He relapsed 2 years and 3 months after diagnosis.",
         {"diagnosis_to_relapse_months": 27.0}),
        (RMS, "He relapsed 12 to 15 months after diagnosis.",
         {"diagnosis_to_relapse_months": {"from": 12.0, "to": 15.0}}),
        (RMS, "He relapsed less than 18 months after diagnosis.",
         {"diagnosis_to_relapse_months": {"from": 0.0, "to": 17.982}}),
        (RMS, "He relapsed at least 36 months after diagnosis.",
         {"diagnosis_to_relapse_months": {"from": 36.0, "to": 1200.0}}),
        (NBL, "She relapsed 8 months after stopping chemo.",
         {"end_of_therapy_to_relapse_months": 8.0}),
        (NBL, "She relapsed within six months of the end of treatment.",
         {"end_of_therapy_to_relapse_months": {"from": 0.0, "to": 6.0}}),
        (ALL, "She relapsed during maintenance.",
         {"end_of_therapy_to_relapse_months": {"from": -600.0, "to": 0.0}}),
        (ALL, "His first remission lasted 20 months.", {"first_remission_months": 20.0}),
        (RMS, "Her relapse was confirmed by biopsy.", {"relapse_confirmed_by_biopsy": True}),
        (RMS, "Her relapse is unresectable.", {"relapse_resectable": False}),
        (RMS, "He already had irinotecan.", {"prior_therapies": {"at_least": ["irinotecan"]}}),
        (RMS, "She failed irinotecan, temozolomide and vincristine.",
         {"prior_therapies": {"at_least": ["irinotecan", "temozolomide", "vincristine"]}}),
        (RMS, "Options for a child who had vincristine, dactinomycin and ifosfamide?",
         {"prior_therapies": {"at_least": ["vincristine", "dactinomycin", "ifosfamide"]}}),
        (RMS, "She is irinotecan-naive.", {"prior_irinotecan": False}),
        (RMS, "She has never had topotecan or cyclophosphamide.",
         {"prior_topotecan": False, "prior_cyclophosphamide": False}),
        (RMS, "He hasn't had an anthracycline.", {"prior_anthracycline": False}),
        (RMS, "My patient, aged 5, no prior radiotherapy",
         {"age_years": age(5), "prior_radiotherapy": False}),
        (RMS, "He had previous radiation.", {"prior_radiotherapy": True}),
        (RMS, "She relapsed within the irradiated field.",
         {"prior_radiotherapy_at_relapse_site": True}),
        (ALL, "His leukemia relapsed 5 months after an allogeneic transplant.",
         {"prior_allogeneic_transplant": True, "months_since_transplant": 5.0}),
        (RMS, "Her tumor was initially localized.", {"metastatic_at_diagnosis": False}),
        (RMS, "Her tumor was metastatic at diagnosis.", {"metastatic_at_diagnosis": True}),
        (RMS, "My son with alveolar rhabdomyosarcoma", {"histology": "alveolar"}),
        (RMS, "My son with fusion-negative RMS", {"fusion_status": "negative"}),
        (RMS, "My son, aged 6, group III, stage 2",
         {"age_years": age(6), "irs_group": 3.0, "tnm_stage": 2.0}),
        (RMS, "Her tumour measured 6 cm at diagnosis.", {"tumor_size_at_diagnosis_cm": 6.0}),
        (RMS, "Her tumor measured 45 mm at relapse.", {"tumor_size_at_relapse_cm": 4.5}),
        (RMS, "My son with a parameningeal rhabdomyosarcoma", {"primary_site": "parameningeal"}),
        (RMS, "He has a local relapse.", {"relapse_extent": "local"}),
        (RMS, "She relapsed with lung metastases.", {"relapse_extent": "metastatic"}),
        (NBL, "She relapsed in the brain.", {"cns_disease": True}),
        (STS, "My daughter with a synovial sarcoma", {"tumor_type": "synovial-sarcoma"}),
        (STS, "Her sarcoma is HLA-A*02 positive and MAGE-A4 positive.",
         {"hla_a02": True, "mage_a4_expressed": True}),
        (NBL, "My son with high-risk neuroblastoma", {"initial_risk_group": "high"}),
        (NBL, "His tumor is MYCN amplified.", {"mycn_amplified": True}),
        (NBL, "His tumor is not MYCN amplified but ALK mutated.",
         {"mycn_amplified": False, "alk_alteration": True}),
        (NBL, "My son, without MYCN amplification or ALK mutation",
         {"mycn_amplified": False, "alk_alteration": False}),
        (NBL, "Her tumor is MIBG non-avid.", {"mibg_avid": False}),
        (NBL, "A girl with stage 4S neuroblastoma",
         {"inss_stage_at_diagnosis": "stage-4s", "ms_pattern_at_diagnosis": True}),
        (ALL, "My daughter with T-ALL", {"immunophenotype": "t-cell"}),
        (ALL, "She has an isolated CNS relapse.", {"relapse_sites": ["cns"]}),
        (ALL, "Her leukaemia came back in the bone marrow.",
         {"relapse_sites": {"at_least": ["marrow"]}}),
        (ALL, "She had a combined marrow and CNS relapse.",
         {"relapse_sites": {"at_least": ["marrow", "cns"]}}),
        (ALL, "He has 25% blasts in the marrow.", {"marrow_blasts_fraction": 0.25}),
        (ALL, "His MRD was 0.05% after reinduction.", {"mrd_end_of_reinduction_fraction": 0.0005}),
        (ALL, "His MRD was < 0.1% after reinduction.",
         {"mrd_end_of_reinduction_fraction": {"from": 0.0, "to": 0.000999}}),
        (ALL, "His MRD was 10^-4 at the end of block 1.",
         {"mrd_end_of_reinduction_fraction": 0.0001}),
        (ALL, "My son is Ph-positive.", {"genetics": {"at_least": ["ph-positive"]}}),
        (ALL, "My son with Down syndrome", {"down_syndrome": True}),
        (ALL, "He has a matched sibling donor.", {"matched_sibling_donor": True}),
        (ALL, "He has no matched sibling donor.", {"matched_sibling_donor": False}),
        (ALL, "His testicular biopsy was negative.", {"testis_biopsy_positive": False}),
    ],
)  # fmt: skip
def test_facts_are_read_as_a_patient_file_holds_them(said, disease, question, facts):
    assert said(question, disease) == facts


def test_a_case_as_it_is_presented_is_read_whole(said):
    question = (
        "6-year-old boy, isolated marrow relapse of B-ALL 31 months after diagnosis, MRD 0.3% after"
        " reinduction, already had blinatumomab, no matched sibling donor: what now?"
    )
    assert said(question, ALL) == {
        "age_years": age(6),
        "relapse_sites": ["marrow"],
        "immunophenotype": "b-cell",
        "diagnosis_to_relapse_months": 31.0,
        "mrd_end_of_reinduction_fraction": 0.003,
        "prior_therapies": {"at_least": ["blinatumomab"]},
        "matched_sibling_donor": False,
    }


def test_a_list_of_findings_with_a_figure_is_a_case_without_a_person(said):
    question = (
        "Marrow relapse 20 months after diagnosis, MRD 0.02% after reinduction, T-ALL. Options?"
    )
    assert set(said(question, ALL)) == {
        "relapse_sites",
        "diagnosis_to_relapse_months",
        "mrd_end_of_reinduction_fraction",
        "immunophenotype",
    }


@pytest.mark.parametrize(
    ("disease", "case", "facts"),
    [
        (ALL, "Isolated CNS relapse 26 months from diagnosis, HLA-identical sister. Transplant?",
         {"relapse_sites": ["cns"], "diagnosis_to_relapse_months": 26.0,
          "matched_sibling_donor": True}),
        (RMS, "Girl, group III; now bilateral lung metastases 10 months after diagnosis, 1 month after"
         " the end of treatment. What next?",
         {"irs_group": 3.0, "relapse_extent": "metastatic", "diagnosis_to_relapse_months": 10.0,
          "end_of_therapy_to_relapse_months": 1.0}),
        (NBL, "Baby, low-risk neuroblastoma, biology all favourable, recurrence resected to 95%.",
         {"initial_risk_group": "low", "favorable_biology": True, "resected_fraction": 0.95}),
        (STS, "Synovial sarcoma, three lung nodules only at relapse, they can be removed. Surgery?",
         {"tumor_type": "synovial-sarcoma", "lung_metastases_count": 3.0,
          "isolated_lung_metastases": True, "relapse_resectable": True}),
        (ALL, "Boy, B-ALL. After block 1 MRD is 0.05%. Transplant?",
         {"immunophenotype": "b-cell", "mrd_end_of_reinduction_fraction": 0.0005}),
        (RMS, "Embryonal RMS of the prostate, initially 7 cm. Local recurrence after 14 months. Next?",
         {"histology": "embryonal", "primary_site": "genitourinary-bladder-prostate",
          "tumor_size_at_diagnosis_cm": 7.0, "relapse_extent": "local"}),
        (NBL, "Low-risk NB, not MYCN amplified: local regrowth 7 months after diagnosis. What next?",
         {"initial_risk_group": "low", "mycn_amplified": False, "relapse_extent": "local",
          "diagnosis_to_relapse_months": 7.0}),
    ],
)  # fmt: skip
def test_a_course_with_its_times_before_a_question_is_a_case(said, disease, case, facts):
    assert said(case, disease) == facts


@pytest.mark.parametrize(
    "question",
    [
        "Children relapsed 12 months after diagnosis in this trial. What then?",
        "Time from diagnosis to relapse was 20 months: who is that?",
        "Relapse less than 18 months from diagnosis is early. Does it matter?",
        "VIT gave a survival of 40% at 3 years. Is that right?",
    ],
)
def test_a_premise_is_no_case(said, question):
    assert said(question, RMS) == {}


def test_the_words_that_say_a_fact_are_kept(reader):
    reading = reader.read("My 9-year-old relapsed 20 months after her diagnosis.", ALL)
    assert [fact.words for fact in reading.facts] == ["9 year old", "20 months after her diagnosis"]


def test_misspelled_words_are_read_as_they_were_corrected(desk):
    answer = desk.ask("My 9-year-old with neuroblastoma is MYCN amplifeid. What now?")
    assert ("mycn_amplified", True) in [(f.name, f.value) for f in answer.understood.facts]


def test_facts_of_another_disease_are_not_read(said):
    assert said("My son, aged 6, is MYCN amplified", RMS) == {"age_years": age(6)}


# General questions say nothing of a patient


GENERAL = [
    "Is prior radiotherapy an adverse factor?",
    "Does prior irinotecan matter after relapse?",
    "How do children under 18 months with metastatic relapse do?",
    "What is the outlook for a child with relapsed neuroblastoma?",
    "How do patients with MRD above 0.1% after reinduction do?",
    "What is the evidence for transplant in children whose marrow relapse came 20 months after diagnosis?",
    "In boys with an isolated testicular relapse 40 months after diagnosis, is radiotherapy needed?",
    "Infants under 1 year with MYCN amplification",
    "Patients with MYCN amplification, stage 4, 8 months off therapy: outcome?",
    "Early relapse, late relapse, very early relapse: where do 18 and 36 months come from?",
    "VIT versus VI, ARST0921, VIR-0910: which is better?",
    "What is the 5-year survival after second relapse?",
    "Which children can be spared radiotherapy?",
    "Why is MRD < 0.1% after reinduction a threshold?",
    "Compare isolated CNS relapse and marrow relapse 20 months after diagnosis",
    "Does any child with ALK mutation get an inhibitor?",
    "Is a matched sibling donor better?",
    "neuroblastoma relapse MYCN amplified options",
]


@pytest.mark.parametrize("question", GENERAL)
@pytest.mark.parametrize("disease", [RMS, STS, NBL, ALL])
def test_a_general_question_says_no_fact(reader, question, disease):
    assert reader.read(question, disease).facts == ()


@pytest.mark.parametrize(
    "question",
    [
        "Is prior radiotherapy an adverse factor in my son?",
        "Does my son have MYCN amplification?",
        "Could my son have a local relapse?",
        "Should my son get irinotecan and radiotherapy?",
        "If my son had irinotecan, would it still work?",
        "My son may have had irinotecan.",
        "We want to prevent a CNS relapse in our son.",
        "His doctor suspects a marrow relapse.",
        "He was planned for radiotherapy.",
        "What is the effect of prior radiotherapy in my son?",
        "My brother had irinotecan.",
        "Does he do worse than patients with MYCN amplification?",
        "My son: MYCN amplified?",
        "My son has either a local or metastatic relapse.",
        "It is not certain that he had irinotecan.",
        "My son was never irinotecan-naive.",
        "Is her tumor not MYCN amplified?",
        "She is to be considered for prior radiotherapy fields.",
        "Has he had a second relapse?",
        "Children with T-ALL relapse 20 months after diagnosis; how is it for my son?",
    ],
)
def test_what_is_asked_supposed_feared_or_said_of_others_is_no_fact(reader, question):
    for disease in (RMS, NBL, ALL):
        assert reader.read(question, disease).facts == ()


def test_what_is_not_refused_is_not_taken_for_not_given(said):
    assert said("He did not fail irinotecan.", RMS) == {}
    assert said("He is not refractory to irinotecan.", RMS) == {}


def test_no_and_leaves_open_which_of_two_was_not_given(said):
    assert said("He never had irinotecan and topotecan.", RMS) == {}


def test_one_drug_that_was_not_given_says_nothing_of_its_class(said):
    assert said("He never had doxorubicin.", RMS) == {}


# What stays open is asked back


@pytest.mark.parametrize(
    ("disease", "question", "open_"),
    [
        (RMS, "My son relapsed at 14 months.", "relapsed at 14 months (counted from diagnosis"),
        (RMS, "She relapsed 20 months later.", "20 months"),
        (ALL, "His MRD was 0.1%.", "MRD was 0.1% (measured when?)"),
        (RMS, "Her tumor was 6 cm.", "tumor was 6 cm (the size when?)"),
        (ALL, "He relapsed after transplant.", "(autologous or allogeneic?)"),
        (ALL, "My son is 200 years old.", "200 lies outside 0 to 120 years"),
        (RMS, "He relapsed 20 months after diagnosis. His relapse was 24 months after diagnosis.",
         "these say different things"),
    ],
)  # fmt: skip
def test_what_is_unclear_is_named_and_not_guessed(reader, disease, question, open_):
    reading = reader.read(question, disease)
    assert reading.facts == ()
    assert open_ in " ".join(reading.not_understood)


def test_a_figure_at_a_time_is_no_clock(reader):
    question = "My son relapsed. What is event-free survival at 5 years?"
    assert reader.read(question, RMS).not_understood == ()


def test_a_time_that_belongs_to_another_event_is_not_the_time_to_relapse(said):
    assert "diagnosis_to_relapse_months" not in said(
        "My son relapsed; his transplant was 6 months after diagnosis.", ALL
    )


# The vocabulary says how each fact is said


PERSONS = {"age_years", "age_at_diagnosis_years", "infant_at_diagnosis"}
FIGURES = {"time": "20 months", "percent": "2%", "size": "7 cm", "number": "3"}


def wordings(library):
    for fact in library.facts.values():
        for key, phrase in all_phrases(fact.said) if fact.said else ():
            if key in {"treatment", "unclear"} or "<treatment>" in phrase:
                continue
            wording = max(spelled_out(phrase), key=len)
            yield fact, key, SLOT.sub(lambda slot: FIGURES[slot[1]], wording)


def test_every_wording_of_the_vocabulary_is_read_in_a_case(library, reader):
    unread = []
    for fact, _, wording in wordings(library):
        before = "relapsed " if fact.said.about_relapse == "nearest" else ""
        disease = fact.diseases[0] if fact.diseases else ALL
        found = reader.read(f"My patient, today {before}{wording}, it is said", disease).values
        if fact.name not in found and "second" not in wording:
            unread.append((fact.name, wording, found))
    assert unread == [], unread


def test_no_wording_of_the_vocabulary_is_read_in_a_general_question(library, reader):
    for fact, _, wording in wordings(library):
        disease = fact.diseases[0] if fact.diseases else ALL
        for question in (
            f"How do children with {wording} do?",
            f"Does {wording} matter?",
            f"What does {wording} mean for patients?",
            f"{wording}: who is that?",
        ):
            if fact.name in PERSONS and question.startswith(wording):
                continue  # an age or an infant by itself is a person
            assert reader.read(question, disease).facts == (), question


def test_the_vocabulary_is_checked(library):
    assert [p for fact in library.facts.values() for p in said_problems(fact)] == []


def test_only_a_code_of_the_fact_is_written_otherwise(library):
    sites = library.facts["relapse_sites"]
    assert list(written_problems(sites)) == []
    assert list(written_problems(replace(sites, written={"snc": "CNS"}))) == [
        "'snc' is not a code of it; expected marrow | cns | testis | other"
    ]


def test_what_is_wrong_with_a_phrase_is_named(library):
    histology, age_now = library.facts["histology"], library.facts["age_years"]
    wrong = replace(histology, said=Said(yes=("a|b",), codes={"alveolr": ("x <times>",)}))
    assert list(said_problems(wrong)) == [
        "yes: a code is not said so; it may have codes, unclear",
        "'a|b' has an alternative without its brackets; write (a|b)",
        "'x <times>' has <times>; expected one of number, percent, size, time, treatment",
        "'alveolr' is not a code of it; expected embryonal | botryoid | spindle-cell | alveolar | other",
    ]
    wrong = replace(age_now, said=Said(value=("old",), values={"ten": ("of ten",)}))
    assert list(said_problems(wrong)) == [
        "'old' holds no quantity, or several; write one, such as <time>",
        "'ten' is no number; write one, or two as in 0 to 6",
    ]
