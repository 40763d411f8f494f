"""A patient as given: what is read, what is derived, what is refused, what contradicts itself."""

import json

import pytest

from secondline.assessment.dates import calendar_months, date_range, months_between
from secondline.assessment.patient import (
    PatientError,
    patient_facts,
    read_patient_file,
    read_record,
)
from secondline.domain.facts import CodeSet, Interval, Reason, Unknown


def read(library, **facts):
    return read_record(facts, library)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"metastatic": True}, "metastatic is not a fact"),
        ({"tnm_stag": 1}, "tnm_stag is not a fact; did you mean tnm_stage?"),
        ({"tnm_stage": "two"}, 'tnm_stage: "two" is not a number; give the bare number'),
        ({"tnm_stage": True}, "tnm_stage: true is not a number that"),
        ({"tnm_stage": None}, "tnm_stage: null is not a number"),
        ({"tnm_stage": float("nan")}, "tnm_stage: NaN is not a number"),
        ({"tnm_stage": 10**400}, "tnm_stage: 10000000000000000000000000000000000000000"[:40]),
        ({"tnm_stage": float("inf")}, "tnm_stage: Infinity is not a number that a patient can have"),
        ({"date_of_relapse": "x" * 500}, 'date_of_relapse: "xxxxxxx'),
        ({"tnm_stage": 5}, "tnm_stage: 5 lies outside 1 to 4; is the unit right?"),
        (
            {"tumor_size_at_diagnosis_cm": 700},
            "tumor_size_at_diagnosis_cm: 700 lies outside 0 to 100 cm; is the unit right?",
        ),
        (
            {"tumor_size_at_diagnosis_cm": "7 cm"},
            'tumor_size_at_diagnosis_cm: "7 cm" is not a number of cm; give the bare number',
        ),
        ({"metastatic_at_diagnosis": 1}, "metastatic_at_diagnosis: 1 is neither true nor false"),
        ({"histology": "alveola"}, 'histology: "alveola" is not one of its codes; did you mean alveolar?'),
        ({"histology": ["alveolar"]}, 'histology: ["alveolar"] is not a code; expected embryonal'),
        ({"prior_therapies": "irinotecan"}, 'prior_therapies: "irinotecan" is not a list of codes'),
        ({"prior_therapies": [1]}, "prior_therapies: 1 is not a code"),
        ({"tnm_stage": {"unknown": "forgotten"}}, 'tnm_stage: "forgotten" is not a reason; expected'),
        ({"tnm_stage": {"from": 3, "to": 2}}, "tnm_stage: from 3 is above to 2; exchange them"),
        ({"histology": {"at_least": ["x"]}}, 'histology: a code may be given as {"unknown": reason}'),
        ({"date_of_relapse": "May 2024"}, 'date_of_relapse: "May 2024" is not a date; write "2024"'),
        ({"date_of_relapse": "2024-02-30"}, 'date_of_relapse: "2024-02-30" is not a day'),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be_read_is_named_with_what_was_expected(library, facts, message):
    with pytest.raises(PatientError) as refused:
        read_record(facts, library)
    assert str(refused.value).startswith(message)


def test_all_problems_are_named_at_once(library):
    with pytest.raises(PatientError) as refused:
        read(library, tnm_stage="x", histology="y", unheard_of=1)
    assert len(refused.value.problems) == 3


def test_a_long_value_is_not_repeated_in_full(library):
    with pytest.raises(PatientError) as refused:
        read(library, histology="x" * 10_000)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the patient is not JSON"),
        ("{", "the patient is not JSON"),
        ("[]", 'expected {"facts": {name: value, ...}}'),
        ('{"facts": []}', 'expected {"facts": {name: value, ...}}'),
        ('{"facts": {}, "histology": "alveolar"}', '"histology" stands beside "facts"'),
        ('{"facts": {"tnm_stage": NaN}}', "NaN is not a number that can be compared"),
        ("[" * 100_000, "the patient is not JSON"),
    ],
)
def test_what_is_no_patient_is_refused(text, message):
    with pytest.raises(PatientError, match=message.replace("{", r"\{").replace("[", r"\[")):
        patient_facts(text)


def test_a_file_is_named_when_it_cannot_be_read(tmp_path):
    with pytest.raises(PatientError, match=r"absent\.json: it cannot be read"):
        read_patient_file(tmp_path / "absent.json")
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text("facts: &a [*a, *a]\n")
    with pytest.raises(PatientError, match=r"bomb\.yaml, line 1: anchor &a: write the value out"):
        read_patient_file(bomb)


def test_json_and_yaml_give_the_same_patient(tmp_path, library):
    facts = {"tnm_stage": 3, "metastatic_at_diagnosis": False, "prior_therapies": ["irinotecan"]}
    (tmp_path / "p.json").write_text(json.dumps({"facts": facts}))
    (tmp_path / "p.yaml").write_text(
        "facts:\n  tnm_stage: 3\n  metastatic_at_diagnosis: no\n  prior_therapies: [irinotecan]\n"
    )
    one = read_record(read_patient_file(tmp_path / "p.json"), library)
    two = read_record(read_patient_file(tmp_path / "p.yaml"), library)
    assert one == two


def test_what_is_not_given_is_unknown(library):
    patient = read(library).patient
    assert patient["prior_irinotecan"] == Unknown(Reason.NOT_RECORDED)


def test_facts_follow_from_the_list_of_treatments(library):
    patient = read(library, prior_therapies=["doxorubicin", "radiotherapy"]).patient
    assert patient["prior_anthracycline"] is True
    assert patient["prior_radiotherapy"] is True
    assert patient["prior_irinotecan"] is False
    open_list = read(library, prior_therapies={"at_least": ["doxorubicin"]}).patient
    assert open_list["prior_anthracycline"] is True
    assert open_list["prior_irinotecan"] == Unknown(Reason.NOT_RECORDED)
    assert open_list["prior_therapies"] == CodeSet(frozenset({"doxorubicin"}), complete=False)


def test_a_site_cannot_have_been_irradiated_without_radiotherapy(library):
    assert (
        read(library, prior_radiotherapy=False).patient["prior_radiotherapy_at_relapse_site"]
        is False
    )
    assert (
        read(library, prior_radiotherapy_at_relapse_site=True).patient["prior_radiotherapy"] is True
    )


@pytest.mark.parametrize(
    ("facts", "id_", "masked"),
    [
        (
            {"end_of_therapy_to_relapse_months": 30, "diagnosis_to_relapse_months": 26},
            "end-of-therapy-before-diagnosis",
            ("end_of_therapy_to_relapse_months", "diagnosis_to_relapse_months"),
        ),
        (
            {"prior_irinotecan": True, "prior_therapies": ["vincristine"]},
            "prior_irinotecan-differs",
            ("prior_irinotecan",),
        ),
        (
            {"relapse_extent": "local", "isolated_lung_metastases": True},
            "local-and-lung",
            ("relapse_extent", "isolated_lung_metastases"),
        ),
        (
            {"disease": "rhabdomyosarcoma", "metastatic_at_diagnosis": False, "irs_group": 4},
            "stage-four-not-metastatic",
            ("metastatic_at_diagnosis", "irs_group"),
        ),
        (
            {
                "date_of_diagnosis": "2020-01-01",
                "date_of_relapse": "2022-01-01",
                "diagnosis_to_relapse_months": 12,
            },
            "diagnosis_to_relapse_months-differs",
            ("diagnosis_to_relapse_months",),
        ),
    ],
)
def test_facts_that_cannot_stand_together_are_reported_and_become_unknown(
    library, facts, id_, masked
):
    record = read_record(facts, library)
    assert [conflict.id for conflict in record.conflicts] == [id_]
    for fact in masked:
        assert record.patient[fact] == Unknown(Reason.CONFLICTING)


def test_calendar_months_between_dates_keep_the_days_left_over():
    def months(start, end):
        return calendar_months(date_range(start)[0], date_range(end)[0])

    assert months("2020-01-31", "2021-07-31") == 18
    assert months("2020-01-31", "2020-02-29") == 1  # the end of a shorter month completes it
    assert 12 < months("2020-01-01", "2021-01-21") < 13  # "more than 12 months" holds
    assert -1 < months("2020-01-31", "2020-01-21") < 0  # before the end of therapy, not "0 months"


def test_a_year_alone_is_an_interval(library):
    low, high = months_between(date_range("2020"), date_range("2022-03-15"))
    assert (int(low), int(high)) == (14, 26)
    patient = read(library, date_of_diagnosis="2020", date_of_relapse="2022-03-15").patient
    assert patient["diagnosis_to_relapse_months"] == Interval(low, high)


def test_treatments_are_known_by_all_their_names(library):
    patient = read(library, prior_therapies=["Adriamycin", "VIT"]).patient
    assert patient["prior_anthracycline"] is True
    assert patient["prior_irinotecan"] is True


def test_a_treatment_nobody_knows_leaves_the_list_open(library):
    record = read(library, prior_therapies=["doxorubicine"])
    assert record.unheard == ("doxorubicine",)
    assert record.patient["prior_anthracycline"] == Unknown(Reason.NOT_RECORDED)


def test_only_the_safer_facts_are_kept_of_a_contradiction(library):
    record = read(
        library, disease="rhabdomyosarcoma", metastatic_at_diagnosis=True, tnm_stage=2, irs_group=4
    )
    assert [conflict.id for conflict in record.conflicts] == ["metastatic-of-a-lower-stage"]
    assert record.patient["metastatic_at_diagnosis"] is True
    assert record.patient["tnm_stage"] == Unknown(Reason.CONFLICTING)
