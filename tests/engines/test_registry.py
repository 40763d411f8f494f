"""A registry as it comes: what can be read is read as for one patient, the rest is unknown and told."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from secondline.assessment import engines
from secondline.assessment.engines import TableError
from secondline.interfaces import contract

PATIENT = {
    "patient": "A",
    "disease": "rhabdomyosarcoma",
    "disease_status": "first-relapse",
    "metastatic_at_diagnosis": "no",
    "histology": "embryonal",
    "tnm_stage": "1",
    "irs_group": "1",
    "relapse_extent": "local",
    "prior_therapies": "vincristine; dactinomycin",
}


@pytest.fixture
def table(tmp_path):
    def write(*rows, name="registry.csv"):
        path = tmp_path / name
        names = list(dict.fromkeys(column for row in rows for column in row))
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def counts(cohort, kind):
    (group,) = cohort.groups
    return {each.id: (each.met, each.not_met, each.unknown) for each in getattr(group, kind)}


def test_the_totals_are_those_of_the_patients_one_by_one(desk, table):
    rows = [
        PATIENT,
        {**PATIENT, "patient": "B", "histology": "alveolar"},
        {**PATIENT, "patient": "C", "histology": ""},
        {**PATIENT, "patient": "D", "relapse_extent": "pending"},
    ]
    cohort = desk.cohort(table(*rows))
    found = counts(cohort, "strata")
    options = counts(cohort, "options")
    for kind, results in (("strata", found), ("options", options)):
        expected = {id_: [0, 0, 0] for id_ in results}
        for row in rows:
            facts = {k: v for k, v in row.items() if k != "patient" and v not in {"", "pending"}}
            facts["prior_therapies"] = ["vincristine", "dactinomycin"]
            for result in getattr(desk.assess(facts), kind):
                truth = getattr(result, "truth", None) or result.verdict
                place = ("met", "not-met", "unknown").index(
                    {"eligible": "met", "not-eligible": "not-met"}.get(truth, truth)
                )
                expected[result.id][place] += 1
        assert results == {id_: tuple(each) for id_, each in expected.items()}
    assert (cohort.patients, cohort.not_assessed, cohort.problems) == (4, 0, ())


def test_every_kind_of_wrong_cell_is_told_by_column_and_the_run_goes_on(desk, table):
    cohort = desk.cohort(
        table(
            PATIENT,
            {**PATIENT, "tnm_stage": "two", "histology": "embrional"},
            {**PATIENT, "tnm_stage": "7", "metastatic_at_diagnosis": "1"},
            {**PATIENT, "tnm_stage": "seven", "prior_therapies": "vincristin"},
            {**PATIENT, "tnm_stage": "?", "date_of_relapse": "31.12.2020"},
        )
    )
    told = {each.column: (each.cells, each.examples) for each in cohort.problems}
    assert told == {
        "tnm_stage": (3, ("7", "seven", "two")),
        "histology": (1, ("embrional",)),
        "metastatic_at_diagnosis": (1, ("1",)),
        "prior_therapies": (1, ("vincristin",)),
        "date_of_relapse": (1, ("31.12.2020",)),
    }
    assert cohort.patients == 5
    assert counts(cohort, "strata")["cog-favorable"] == (3, 0, 2)


def test_missing_columns_are_unknown_and_said(desk, table):
    cohort = desk.cohort(table({"patient": "A", "disease": "rhabdomyosarcoma", "histologi": "x"}))
    assert {"histology", "tnm_stage"} <= set(cohort.absent)
    assert cohort.ignored == {"histologi": "; did you mean histology?"}
    assert counts(cohort, "strata")["cog-favorable"] == (0, 0, 1)
    missing = {each.fact for each in cohort.groups[0].missing}
    assert {"histology", "prior_cyclophosphamide"} <= missing


def test_an_unknown_treatment_opens_the_list(desk, table):
    known, strange = (
        desk.cohort(table({**PATIENT, "prior_therapies": text}))
        for text in ("vincristine;dactinomycin", "vincristine;unknownimab")
    )
    name = "vincristine-irinotecan-temozolomide"
    assert counts(known, "options")[name] == (1, 0, 0)
    assert counts(strange, "options")[name] == (0, 0, 1)


def test_intervals_open_lists_and_dates(desk, table):
    row = {
        **PATIENT,
        "diagnosis_to_relapse_months_from": "17",
        "diagnosis_to_relapse_months_to": "19",
        "date_of_end_of_therapy": "2020-01-31",
        "date_of_relapse": "2020-05",
        "prior_therapies_complete": "no",
    }
    (group,) = desk.cohort(table(row)).groups
    strata = {each.id: (each.met, each.not_met, each.unknown) for each in group.strata}
    assert strata["chisholm-under-18-months"] == (0, 0, 1)
    assert strata["mattke-early"] == (1, 0, 0)
    options = {each.id: (each.met, each.not_met, each.unknown) for each in group.options}
    assert options["vincristine-irinotecan-temozolomide"] == (0, 0, 1)


def test_contradictory_facts_are_unknown_as_for_one_patient(desk, table):
    (group,) = desk.cohort(table({**PATIENT, "tnm_stage": "4"})).groups
    strata = {each.id: (each.met, each.not_met, each.unknown) for each in group.strata}
    assert strata["chisholm-cohort"] == (0, 0, 1)


def test_other_diseases_and_none_are_counted_apart(desk, table):
    cohort = desk.cohort(
        table(PATIENT, {**PATIENT, "disease": "neuroblastoma"}, {**PATIENT, "disease": "wilms"})
    )
    assert [(g.disease, g.patients) for g in cohort.groups] == [
        ("rhabdomyosarcoma", 1), ("neuroblastoma", 1),
    ]  # fmt: skip
    assert (cohort.patients, cohort.not_assessed) == (3, 1)
    assert [each.column for each in cohort.problems] == ["disease"]


def test_the_patients_may_be_divided_by_the_strata_of_a_scheme(desk, table):
    rows = (PATIENT, {**PATIENT, "histology": "alveolar"}, {**PATIENT, "histology": ""})
    cohort = desk.cohort(table(*rows), by="cog-arst0121")
    assert {g.stratum: g.patients for g in cohort.groups} == {
        "favorable risk": 1, "unfavorable risk": 1, "not decided": 1,
    }  # fmt: skip
    with pytest.raises(TableError, match="'cog' is no scheme; the schemes are"):
        desk.cohort(table(PATIENT), by="cog")


@pytest.mark.parametrize("name", ["result.parquet", "result.csv"])
def test_the_result_of_every_patient_is_written(desk, table, tmp_path, name):
    out = tmp_path / name
    desk.cohort(table(PATIENT, {**PATIENT, "patient": "B", "histology": ""}), out=out)
    if name.endswith("parquet"):
        rows = {row["patient"]: row for row in pq.read_table(out).to_pylist()}
    else:
        with out.open() as file:
            rows = {row["patient"]: row for row in csv.DictReader(file)}
        rows = {key: {k: v.split(";") for k, v in row.items()} for key, row in rows.items()}
    assert "cog-favorable" in rows["A"]["strata"]
    assert "multiagent-chemotherapy" in rows["A"]["eligible"]
    assert "sirolimus" in rows["A"]["avoid"]
    assert "sirolimus" not in rows["A"]["eligible"]
    assert "histology" in rows["B"]["missing"]
    assert "cog-favorable" in rows["B"]["strata_unknown"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.csv", None, "does not exist"),
        ("table.xlsx", b"PK", "is neither .parquet nor .csv"),
        ("broken.parquet", b"not parquet", "cannot be read as a table"),
        ("empty.csv", b"", "cannot be read as a table"),
        ("nothing.csv", b"histology\nalveolar\n", "has no column disease; name the disease"),
    ],
)
def test_what_is_no_table_is_refused(desk, tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        desk.cohort(path)


def test_lines_that_are_no_rows_are_told(desk, tmp_path):
    path = tmp_path / "ragged.csv"
    path.write_text("patient,disease\nA,rhabdomyosarcoma\nB,rhabdomyosarcoma,x,y,z\n")
    cohort = desk.cohort(path)
    assert cohort.groups[0].patients == 1
    assert any(line.startswith("line 3") for line in cohort.rejected)


def test_a_table_without_disease_is_read_for_the_disease_named(desk, table):
    row = {k: v for k, v in PATIENT.items() if k != "disease"}
    (group,) = desk.cohort(table(row), disease="rhabdomyosarcoma").groups
    assert {o.id: o.met for o in group.options}["clinical-trial"] == 1


def test_columns_of_numbers_truth_values_dates_and_lists(desk, tmp_path):
    path = tmp_path / "typed.parquet"
    columns = {
        "patient": ["A"], "disease": ["rhabdomyosarcoma"], "disease_status": ["first-relapse"],
        "metastatic_at_diagnosis": pa.array([False]), "age_years": pa.array([7]),
        "prior_therapies": pa.array([["vincristine"]]), "tnm_stage": pa.array([1.0]),
        "date_of_relapse": pa.array(["2020-06-01"]).cast(pa.date32()),
        "date_of_end_of_therapy": pa.array(["2020-01-01"]).cast(pa.date32()),
        "irs_group": pa.array([float("nan")]),
    }  # fmt: skip
    pq.write_table(pa.table(columns), path)
    cohort = desk.cohort(path)
    assert [each.column for each in cohort.problems] == ["irs_group"]
    assert counts(cohort, "strata")["mattke-early"] == (1, 0, 0)
    assert counts(cohort, "options")["vincristine-irinotecan-temozolomide"] == (1, 0, 0)


def test_progress_is_told_between_nothing_and_all(tmp_path, monkeypatch):
    path, told = tmp_path / "long.parquet", []
    pq.write_table(pa.table({"n": range(3_000_000)}), path)
    monkeypatch.setattr(engines, "POLL_SECONDS", 0.001)
    engine = engines.DuckDB(path, progress=told.append, threads=1)
    engine.rows(f"SELECT sum(sin(n) * cos(n) + sqrt(n)) FROM {engine.table}")
    engine.close()
    assert told
    assert told == sorted(told)
    assert 0 < told[0] <= told[-1] <= 1


def test_the_registry_itself_is_never_overwritten(desk, table):
    path = table(PATIENT)
    before = path.read_bytes()
    with pytest.raises(TableError, match="is the table itself"):
        desk.cohort(path, out=path)
    assert path.read_bytes() == before


def test_a_disease_is_named_only_where_no_column_says_it(desk, table):
    with pytest.raises(TableError, match="has a column disease"):
        desk.cohort(table(PATIENT), disease="neuroblastoma")
    without = {k: v for k, v in PATIENT.items() if k != "disease"}
    with pytest.raises(TableError, match="'wilms' is no disease that this edition assesses"):
        desk.cohort(table(without), disease="wilms")


def test_the_json_is_plain_data(desk, table):
    data = json.loads(contract.json_text(desk.cohort(table(PATIENT))))
    assert data["groups"][0]["strata"][0].keys() == {
        "id", "label", "group", "met", "not_met", "unknown",
    }  # fmt: skip
