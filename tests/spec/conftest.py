"""Spec tests: a table of patients, one criterion, the expected truths. They print the manual."""

import inspect
from pathlib import Path

import pytest

from secondline.assessment.patient import read_record
from secondline.criteria.evaluate import evaluate
from secondline.criteria.parse import parse_criterion
from secondline.criteria.vocabulary import misfits

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "criteria.md"
INTRODUCTION = """# The criterion language

Printed by the tests in `tests/spec`; every table below was evaluated to get here.
A criterion is one line over patient facts. It is **met**, **not met** or **unknown**; an empty cell
is a fact that is not recorded.
"""
chapters: dict[str, list[str]] = {}


def _value(text: str):
    text = text.strip()
    if text in {"yes", "no"}:
        return text == "yes"
    if text.startswith("["):
        return [code.strip() for code in text[1:-1].split(",") if code.strip()]
    if text.startswith("at least ["):
        return {"at_least": _value(text.removeprefix("at least "))}
    if " to " in text:
        low, high = text.split(" to ")
        return {"from": float(low), "to": float(high)}
    if text.startswith("unknown: "):
        return {"unknown": text.removeprefix("unknown: ")}
    try:
        return float(text)
    except ValueError:
        return text


def patients(table: str) -> dict[str, dict[str, object]]:
    """Read a table: a header of facts, then one patient a row; an empty cell is left out."""
    rows = [row.strip() for row in inspect.cleandoc(table).splitlines() if row.strip()]
    header = [cell.strip() for cell in rows[0].strip("|").split("|")]
    found = {}
    for row in rows[2:]:
        name, *cells = [cell.strip() for cell in row.split("|")]
        found[name] = {fact: _value(cell) for fact, cell in zip(header, cells, strict=True) if cell}
    return found


@pytest.fixture
def spec(request, library):
    """Evaluate a criterion for every patient of a table and put the paragraph into the manual."""

    def check(table, criterion, expected):
        tree = parse_criterion(criterion)
        assert not list(misfits(tree, library.facts))
        read = patients(table)
        found = {
            name: evaluate(tree, read_record(facts, library).patient)
            for name, facts in read.items()
        }
        assert found == expected
        facts = list(dict.fromkeys(fact for patient in read.values() for fact in patient))
        cells = [line.split("|") for line in inspect.cleandoc(table).splitlines()]
        lines = [f"| | {' | '.join(facts)} | result |", f"|{'---|' * (len(facts) + 2)}"]
        for row in cells[2:]:
            name = row[0].strip()
            shown = " | ".join(cell.strip() for cell in row[1:])
            lines.append(f"| {name} | {shown} | {found[name].value.replace('-', ' ')} |")
        text = "\n".join([inspect.getdoc(request.function) or "", "", f"`{criterion}`", "", *lines])
        chapters.setdefault(request.module.title, []).append(text)

    return check


def pytest_sessionfinish(session, exitstatus):
    if exitstatus or not chapters or session.testsfailed:
        return
    whole = {item.module.title for item in session.items if "tests/spec" in str(item.path)}
    if whole != set(chapters) or session.config.option.keyword:
        return
    parts = [f"## {title}\n\n" + "\n\n".join(texts) for title, texts in sorted(chapters.items())]
    text = "\n".join([INTRODUCTION, "\n\n".join(parts)]) + "\n"
    if session.config.getoption("--print-manual"):
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != text:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        session.config.get_terminal_writer().line(
            f"{PAGE} is out of date; run: make docs", red=True
        )
