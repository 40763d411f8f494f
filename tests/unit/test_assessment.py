"""One patient through the bundled pathway of relapsed rhabdomyosarcoma."""

from dataclasses import replace

import pytest

from secondline.desk import Desk, NotHeld

LOCALIZED = {
    "disease": "rhabdomyosarcoma",
    "disease_status": "first-relapse",
    "metastatic_at_diagnosis": False,
    "histology": "embryonal",
    "tnm_stage": 3,
    "irs_group": 3,
    "tumor_size_at_diagnosis_cm": 4,
    "nodal_involvement_at_diagnosis": False,
    "primary_site": "genitourinary-bladder-prostate",
    "relapse_extent": "local",
    "relapse_confirmed_by_biopsy": True,
    "relapse_resectable": True,
    "diagnosis_to_relapse_months": 24,
    "end_of_therapy_to_relapse_months": 13,
    "prior_therapies": ["vincristine", "dactinomycin", "ifosfamide"],
}


def truths(assessment):
    return {stratum.id: stratum.truth for stratum in assessment.strata}


def verdicts(assessment):
    return {option.id: option.verdict for option in assessment.options}


def without(*facts):
    return {name: value for name, value in LOCALIZED.items() if name not in facts}


def test_factors_of_localized_disease_do_not_apply_when_it_was_metastatic_at_diagnosis(desk):
    facts = {**LOCALIZED, "metastatic_at_diagnosis": True, "irs_group": 4, "tnm_stage": 4}
    assessment = desk.assess(facts)
    assert {t for i, t in truths(assessment).items() if i.startswith(("chisholm", "mattke"))} == {
        "not-met"
    }
    assert {result.id for result in assessment.outlook} >= {"outlook-metastatic-at-diagnosis"}
    assert not any("chisholm" in result.id for result in assessment.outlook)
    assert "localized-series-do-not-apply" in {caution.id for caution in assessment.cautions}


def test_nothing_of_localized_disease_is_shown_while_it_is_not_recorded(desk):
    assessment = desk.assess(without("metastatic_at_diagnosis"))
    assert truths(assessment)["chisholm-cohort"] == "unknown"
    shown = [r for r in assessment.outlook if "chisholm" in r.id or "mattke" in r.id]
    assert shown
    assert all(r.applies == "unknown" and r.estimate is None for r in shown)
    assert assessment.missing[0].fact == "metastatic_at_diagnosis"
    assert "chisholm-cohort" in assessment.missing[0].would_change


def test_no_individual_probability_is_printed_for_anyone(desk):
    for facts in (LOCALIZED, {"disease": "rhabdomyosarcoma"}):
        assert "no-individual-probability" in {c.id for c in desk.assess(facts).cautions}


def test_an_empty_patient_is_offered_nothing_that_depends_on_a_fact(desk):
    assessment = desk.assess({"disease": "rhabdomyosarcoma"})
    eligible = {o.id for o in assessment.options if o.verdict == "eligible"}
    assert eligible == {
        "clinical-trial",
        "sirolimus",
        "high-dose-chemotherapy-autologous-rescue",
        "palliative-care",
    }
    assert {o.id for o in assessment.options if o.role == "avoid"} == {
        "sirolimus",
        "high-dose-chemotherapy-autologous-rescue",
    }
    assert "met" not in truths(assessment).values()
    assert all(result.estimate is None for result in assessment.outlook)


@pytest.mark.parametrize(("months", "stratum"), [(5, "early"), (6, "intermediate"), (12, "intermediate"), (13, "late")])  # fmt: skip
def test_time_classes_count_from_the_end_of_therapy(desk, months, stratum):
    found = truths(desk.assess({**LOCALIZED, "end_of_therapy_to_relapse_months": months}))
    assert [i for i, t in found.items() if i.startswith("mattke") and t == "met"] == [
        f"mattke-{stratum}"
    ]


def test_options_follow_the_drugs_given(desk):
    naive = verdicts(desk.assess(LOCALIZED))
    assert naive["vincristine-irinotecan-temozolomide"] == "eligible"
    assert (naive["accttive"], naive["tecc"]) == ("eligible", "not-eligible")
    therapies = [*LOCALIZED["prior_therapies"], "irinotecan", "doxorubicin"]
    exposed = verdicts(desk.assess({**LOCALIZED, "prior_therapies": therapies}))
    assert exposed["vincristine-irinotecan-temozolomide"] == "not-eligible"
    assert (exposed["accttive"], exposed["tecc"]) == ("not-eligible", "eligible")
    unrecorded = verdicts(desk.assess(without("prior_therapies")))
    assert unrecorded["accttive"] == unrecorded["tecc"] == "unknown"


def test_a_gap_of_the_evidence_is_unknown_and_names_no_missing_fact(desk):
    facts = {**LOCALIZED, "histology": "botryoid", "prior_cyclophosphamide": True}
    facts.pop("prior_therapies")
    assessment = desk.assess(facts)
    favorable = next(s for s in assessment.strata if s.id == "cog-favorable")
    assert (favorable.truth, favorable.missing) == ("unknown", ())
    assert "does not say whether earlier cyclophosphamide" in favorable.because[0]


def test_a_contradiction_is_reported_and_decides_nothing(desk):
    facts = {**LOCALIZED, "end_of_therapy_to_relapse_months": 30, "diagnosis_to_relapse_months": 26}
    assessment = desk.assess(facts)
    assert "therapy cannot end before the diagnosis" in assessment.conflicts[0]
    assert any("contradict" in caution.text for caution in assessment.cautions)
    found = truths(assessment)
    assert found["chisholm-under-18-months"] == "unknown"
    assert {found[f"mattke-{c}"] for c in ("early", "intermediate", "late")} == {"unknown"}


def test_every_option_and_figure_is_cited(desk):
    assessment = desk.assess(LOCALIZED)
    numbers = {reference.number for reference in assessment.references}
    for result in (*assessment.options, *assessment.outlook):
        assert result.citations
        assert set(result.citations) <= numbers


def test_a_disease_that_is_not_held_is_refused_by_name(desk):
    rules = {id_: p for id_, p in desk.library.pathways.items() if p.disease != "neuroblastoma"}
    without = Desk(replace(desk.library, pathways=rules))
    with pytest.raises(NotHeld, match="holds no pathway for neuroblastoma"):
        without.assess({"disease": "neuroblastoma"})
    with pytest.raises(NotHeld, match="disease is not recorded"):
        desk.assess({})
