"""How fast is it? `make bench` prints medians on one core, with the machine beside them.

Warm: one opened desk, every question and patient asked many times. Cold: whole processes, their
wall time and peak memory as the operating system accounts them. Load: reading and validating the
knowledge in a fresh process.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median, quantiles

import secondline
from secondline.interfaces.drawing.formats import written
from secondline.interfaces.drawing.svg import svg

ROWS = 20  # of a usual figure
QUESTIONS = (
    "What are the treatment options for a pediatric or young adult patient with a history of"
    " rhabdomyosarcoma who has experienced a relapse?",
    "For relapsed rhabdomyosarcoma, is VIT better than VI?",
    "chisholm study how many kids with relapsed non metastatic rabdo were cured",
    "Does re-irradiation of a local relapse of rhabdomyosarcoma help?",
    "What is the outlook after relapse of alveolar rhabdomyosarcoma?",
    "What dose of irinotecan should I give?",
    "What is the survival after relapse of neuroblastoma in the central nervous system?",
    "Does total-body irradiation matter before transplant for relapsed leukemia?",
)
PATIENT = {
    "disease": "rhabdomyosarcoma",
    "disease_status": "first-relapse",
    "metastatic_at_diagnosis": False,
    "histology": "embryonal",
    "tnm_stage": 3,
    "irs_group": 3,
    "relapse_extent": "local",
    "diagnosis_to_relapse_months": 24,
    "end_of_therapy_to_relapse_months": 13,
    "prior_therapies": ["vincristine", "dactinomycin", "ifosfamide"],
}
SPARSE = {"disease": "rhabdomyosarcoma", "relapse_extent": "local"}
LOAD = (
    "import time, secondline.desk as d; t = time.perf_counter(); d.open_library(fresh={});"
    " print(time.perf_counter() - t)"
)


def fullest_case(desk: secondline.Desk, disease: str) -> dict[str, object]:
    """Return the facts of the invented patient of whom most is recorded."""
    cases = [c.facts for c in desk.library.cases.values() if c.facts.get("disease") == disease]
    return max(cases, key=len)


def milliseconds(work: Callable[[], object], runs: int = 40) -> list[float]:
    """Return the time of each run, after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return times


def row(name: str, times: list[float], unit: str = "ms") -> None:
    """Print median and 95th percentile."""
    p95 = quantiles(times, n=20)[-1]
    print(f"{name:<44} median {median(times):8.2f} {unit}   p95 {p95:8.2f} {unit}")


def cold(arguments: list[str], runs: int = 15) -> tuple[list[float], float]:
    """Return the wall time of whole processes in seconds, and the largest of them in MB."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return times[1:], peak


def loads(*, fresh: bool) -> list[float]:
    """Return the time in which fresh processes open the library, in milliseconds."""
    command = [sys.executable, "-c", LOAD.format(fresh)]
    runs = (subprocess.run(command, check=True, capture_output=True).stdout for _ in range(10))
    return [1000 * float(printed) for printed in runs]


def main() -> None:
    """Print all figures."""
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
    print(f"{platform.machine()}, one core, Python {platform.python_version()}")
    desk = secondline.open()
    for question in QUESTIONS:
        row(f"warm ask: {question[:33]}", milliseconds(lambda q=question: desk.ask(q)))
    everything = [t for q in QUESTIONS for t in milliseconds(lambda asked=q: desk.ask(asked))]
    row("warm ask, all questions", everything)
    row("warm assess, facts recorded", milliseconds(lambda: desk.assess(PATIENT)))
    row("warm assess, most facts missing", milliseconds(lambda: desk.assess(SPARSE)))
    for disease in desk.library.assessed:
        facts = fullest_case(desk, disease)
        rule = desk.assess(facts).options[0].id
        row(f"assess, {disease}", milliseconds(partial(desk.assess, facts)))
        row(f"explain one option, {disease}", milliseconds(partial(desk.explain, rule, facts)))
    statements = tuple(desk.library.statements.values())
    row("what may be compared, all findings", milliseconds(lambda: desk.comparable(statements)))
    plot = min(
        (desk.forest_plot(group) for group in desk.comparable().groups),
        key=lambda each: abs(len(each.rows) - ROWS),
    )
    name = f"a figure of {len(plot.rows)} findings"
    row(f"{name}: said", milliseconds(lambda: desk.forest_plot(plot.id)))
    row(f"{name}: SVG", milliseconds(lambda: svg(plot)))
    row(f"{name}: PNG", milliseconds(lambda: written(plot, "png")))
    row("load and validate the library, cold", loads(fresh=True))
    row("load the library that is kept", loads(fresh=False))
    times, _ = cold(["-m", "secondline", "library", "check"], runs=3)
    row("cold process: library check", times, "s")
    times, peak = cold(["-m", "secondline", "ask", QUESTIONS[1]])
    row("cold process: ask", times, "s")
    print(f"{'cold process: peak memory':<44} {peak:.0f} MB")
    start = time.perf_counter()
    request = json.dumps({"id": 1, "command": "assess", "patient": {"facts": PATIENT}})
    lines = "\n".join([request] * 500).encode()
    subprocess.run(
        [sys.executable, "-m", "secondline", "batch"],
        input=lines,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    print(f"{'batch: 500 assessments, whole process':<44} {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
