"""How fast do the rules run over registries? `make bench-engines` prints it, with the machine.

Throughput: ten rules over a Parquet file on DuckDB, against the same rules on cql-execution, in one
run on one machine; and the whole assessment of a cohort. Memory: a registry of 20 million rows.
Patients are drawn at random, a third of their facts not recorded.
"""

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb

import secondline
from secondline.assessment.engines import DuckDB
from secondline.assessment.registry import read_table
from secondline.criteria.sql import program, text
from secondline.desk import Desk
from secondline.domain.facts import FactDefinition
from secondline.domain.pathways import Option, Stratum
from secondline.library.executable import elm, parameters

DISEASE = "rhabdomyosarcoma"
ROWS, MANY_ROWS, CQL_PATIENTS, RUNS, RULES = 10_000_000, 20_000_000, 1_000, 5, 10
CQL = Path(__file__).parent.parent / "tests/engines/cql"
TREATMENTS = ("vincristine", "irinotecan", "temozolomide", "doxorubicin", "cyclophosphamide")


def registry(path: Path, facts: tuple[FactDefinition, ...], rows: int) -> None:
    """Write a registry of random patients of one disease."""
    columns = ["CAST(range AS VARCHAR) AS patient", f"{text(DISEASE)} AS disease"]
    for fact in facts:
        if fact.name != "disease" and not fact.derived_from:
            value = f"CASE WHEN random() < 0.3 THEN NULL ELSE {drawn(fact)} END"
            columns.append(f"{value} AS {fact.name}")
    duckdb.connect().execute(
        f"COPY (SELECT {', '.join(columns)} FROM range({rows})) TO {text(str(path))}"
    )


def drawn(fact: FactDefinition) -> str:
    """Write the SQL of one random value of a fact."""
    match fact.kind:
        case "bool":
            return "random() < 0.5"
        case "number":
            low, high = fact.low or 0, min(fact.high or 40, 40)
            return f"CAST(floor({low} + random() * ({high} - {low} + 1)) AS DOUBLE)"
        case "code":
            codes = ", ".join(map(text, fact.codes))
            return f"[{codes}][1 + CAST(floor(random() * {len(fact.codes)}) AS INT)]"
        case _:
            codes = ", ".join(map(text, TREATMENTS))
            return f"[{codes}][1:CAST(floor(random() * {len(TREATMENTS) + 1}) AS INT)]"


def on_duckdb(path: Path, opened: Desk, rules: list[str]) -> float:
    """Return the seconds that DuckDB takes to count ten rules over all patients of a file."""
    library = opened.library
    engine = DuckDB(path, threads=2)
    read = read_table(engine.columns(), library, patient="patient", disease=DISEASE)
    decisions = [library.decisions[rule] for rule in rules]
    compiled = program(decisions, library.facts, ranged=read.ranged)
    columns = (compiled.column_of[each] for each in decisions)
    counts = ", ".join(f"COUNT(CASE WHEN {column} THEN 1 END)" for column in columns)
    rows = compiled.over(f"({read.over(engine.table)}) AS facts")
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        engine.rows(f"SELECT {counts} FROM ({rows}) AS nodes")
        times.append(time.perf_counter() - start)
    return median(times)


def on_cql_execution(path: Path, opened: Desk, rules: list[str], folder: Path) -> float:
    """Return the seconds that cql-execution takes for the same rules of the first patients."""
    facts = parameters(DISEASE, opened.library)
    table = duckdb.connect().execute(f"SELECT * FROM {text(str(path))} LIMIT {CQL_PATIENTS}")
    names = [column[0] for column in table.description]
    with (folder / "patients.jsonl").open("w") as file:
        for row in table.fetchall():
            given = dict(zip(names, row, strict=True))
            line = {fact.name: given.get(fact.name) for fact in facts}
            for fact in facts:
                if fact.kind == "number" and line[fact.name] is not None:
                    line[fact.name] = [line[fact.name]] * 2
                if fact.kind == "set":
                    line[f"{fact.name} is complete"] = line[fact.name] is not None
            file.write(json.dumps(line) + "\n")
    (folder / "rules.elm").write_text(elm(DISEASE, opened.library))
    (folder / "rules.json").write_text(json.dumps(rules))
    arguments = [folder / "rules.elm", folder / "patients.jsonl", folder / "rules.json"]
    process = subprocess.run(
        ["node", str(CQL / "run.mjs"), *map(str, arguments)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(process.stderr) / 1000


def peak_of_a_cohort(path: Path) -> tuple[float, float]:
    """Return the seconds and the peak memory in GB of a whole cohort in a process of its own."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "secondline", "cohort", str(path), "--json"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return time.perf_counter() - start, peak / 1e6


def main() -> None:
    """Print every figure."""
    opened = secondline.open()
    facts = parameters(DISEASE, opened.library)
    rules = [
        rule.id for rule in opened.library.rules_of(DISEASE) if isinstance(rule, Stratum | Option)
    ][:RULES]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        registry(folder / "registry.parquet", facts, ROWS)
        seconds = on_duckdb(folder / "registry.parquet", opened, rules)
        duck = ROWS / seconds
        print(f"DuckDB, {RULES} rules, two threads: {duck / 1e6:.2f} million patients a second")
        if shutil.which("node") and (CQL / "node_modules").exists():
            taken = on_cql_execution(folder / "registry.parquet", opened, rules, folder)
            slow = CQL_PATIENTS / taken
            print(f"cql-execution, the same rules: {slow:,.0f} patients a second")
            print(f"DuckDB is {duck / slow:,.0f} times as fast")
        registry(folder / "large.parquet", facts, MANY_ROWS)
        size = (folder / "large.parquet").stat().st_size / 1e9
        seconds, peak = peak_of_a_cohort(folder / "large.parquet")
        print(
            f"cohort of {MANY_ROWS:,} rows ({size:.1f} GB), every stratum, option and missing fact:"
            f" {seconds:.0f} s, peak memory {peak:.2f} GB"
        )


if __name__ == "__main__":
    main()
