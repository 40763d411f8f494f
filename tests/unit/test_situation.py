"""What may describe a patient, and how closely."""

import re

import pytest

from secondline.answers.situation import Criteria, Situation, weights_of
from secondline.domain.facts import Patient

RMS = "rhabdomyosarcoma"


@pytest.fixture(scope="module")
def tests(desk):
    return Criteria(desk.library, weights_of(desk.library))


def test_facts_that_nobody_recorded_make_nothing_closer(desk, tests):
    nobody = Situation(RMS, Patient({}), tests)
    rules = desk.library.rules_of(RMS)
    assert not nobody.is_of_a_patient
    assert {nobody.closeness(rule) for rule in rules} == {0.0}
    assert all(nobody.fit(s) == 0.0 for s in desk.library.of_disease[RMS])


def test_a_rule_that_the_facts_contradict_is_not_close(desk, tests):
    metastatic = Situation(RMS, Patient({"metastatic_at_diagnosis": True}), tests)
    impossible = [r for r in desk.library.rules_of(RMS) if not metastatic.is_possible(r)]
    assert impossible
    assert {metastatic.closeness(rule) for rule in impossible} == {0.0}


def test_a_recorded_fact_brings_closer_what_asks_for_its_value(desk, tests):
    statement = desk.library.statements["rms-wasti-metastatic-at-diagnosis-outcome"]
    metastatic = Situation(RMS, Patient({"metastatic_at_diagnosis": True}), tests)
    localized = Situation(RMS, Patient({"metastatic_at_diagnosis": False}), tests)
    assert metastatic.fit(statement) > 0
    assert localized.fit(statement) == 0
    assert not localized.may_apply(statement)


def test_rare_tests_weigh_more_than_those_that_most_criteria_make(tests):
    weight = {(type(leaf).__name__, leaf.fact, str(leaf)): w for leaf, w in tests.weights.items()}
    of_disease = min(w for (_, fact, _), w in weight.items() if fact == "disease")
    assert of_disease == min(weight.values())


def test_what_a_question_is_about_rules_out_and_brings_nothing_closer(desk, tests):
    sarcoma = "soft-tissue-sarcoma"
    its = desk.library.of_disease[sarcoma]
    asked = Situation(sarcoma, Patient({}), tests).asked_of({"tumor_type": "synovial-sarcoma"})
    of_another = [s for s in its if "tumor_type = 'mpnst'" in (s.applies_when or "")]
    assert of_another
    assert not any(map(asked.may_apply, of_another))
    assert not asked.is_of_a_patient
    assert {asked.fit(s) for s in its} == {0.0}


def test_what_is_recorded_of_the_patient_counts_before_what_is_asked(desk, tests):
    patient = Patient({"tumor_type": "mpnst"})
    asked = Situation("soft-tissue-sarcoma", patient, tests).asked_of({"tumor_type": "pecoma"})
    assert asked.patient["tumor_type"] == "mpnst"


@pytest.mark.parametrize("reader", ["clinician", "family"])
@pytest.mark.parametrize(
    ("question", "foreign"),
    [
        ("Synovial sarcoma came back in the leg. What happens next?", "rhabdoid|desmoplastic"),
        ("Isolated testicular relapse of ALL: is radiation needed?", "to the head and the spine"),
    ],
)
def test_who_names_one_type_or_site_is_told_nothing_of_others(desk, reader, question, foreign):
    answer = desk.ask(question, reader=reader)
    told = (s.text for section in answer.sections for s in section.sentences)
    assert not [text for text in told if re.search(foreign, text, re.IGNORECASE)]
