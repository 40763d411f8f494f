"""The rules over a registry give every patient what the reference gives: DuckDB and Spark."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engines.random_patients import RandomPatients, row
from secondline.assessment.engines import DuckDB, Spark
from secondline.assessment.patient import read_record
from secondline.assessment.registry import read_table
from secondline.criteria.explain import Explainer
from secondline.criteria.sql import program
from secondline.domain.truth import MET, NOT_MET, UNKNOWN
from spark_session import spark_session

TRUTH = {True: MET, False: NOT_MET, None: UNKNOWN}


def table_of(patients, folder):
    """Write patients as a Parquet file."""
    rows = [row(patient, number) for number, patient in enumerate(patients)]
    names = list(dict.fromkeys(name for each in rows for name in each))
    path = folder / "registry.parquet"
    pq.write_table(pa.Table.from_pylist([{n: r.get(n) for n in names} for r in rows]), path)
    return path


def disagreements(library, disease, patients, engine):
    """Yield every node of every rule of which an engine says otherwise than the reference."""
    registry = read_table(engine.columns(), library, patient="patient")
    roots = [library.decisions[rule.id] for rule in library.rules_of(disease)]
    compiled = program(roots, library.facts, ranged=registry.ranged)
    columns = list(compiled.column_of.items())
    rows = compiled.over(f"({registry.over(engine.table)}) AS facts")
    listed = ", ".join(column for _, column in columns)
    found = engine.rows(f"SELECT patient, {listed} FROM ({rows}) AS nodes")
    assert len(found) == len(patients)
    for number, *values in found:
        facts = patients[int(number)]
        reference = Explainer(read_record(facts, library).patient)
        for (node, _), value in zip(columns, values, strict=True):
            if reference.truth(node) is not TRUTH[value]:
                yield node, value, facts


def test_duckdb_agrees_with_the_reference_node_by_node(library, disease, many, tmp_path):
    patients = list(RandomPatients(library, disease, seed=1).draw(many))
    engine = DuckDB(table_of(patients, tmp_path))
    assert next(disagreements(library, disease, patients, engine), None) is None


@pytest.fixture(scope="module")
def spark():
    with spark_session() as session:
        yield session


def test_spark_agrees_with_the_reference_node_by_node(library, disease, many, tmp_path, spark):
    patients = list(RandomPatients(library, disease, seed=2).draw(many))
    engine = Spark(table_of(patients, tmp_path), session=spark)
    assert next(disagreements(library, disease, patients, engine), None) is None
