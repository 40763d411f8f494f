"""Commands about one patient: assess, what-if, explain."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import patient_text
from secondline.interfaces.cli.terminal import OK, Json, Knowledge, print_line

PatientFile = Annotated[Path, Parameter(allow_leading_hyphen=True)]  # so that "-" may be given


def assess(
    patient: PatientFile,
    /,
    *,
    whole: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Assess one patient: strata, options, outlook, cautions, and what is missing.

    Parameters
    ----------
    patient:
        A JSON or YAML file {"facts": {name: value}}; "-" reads JSON from standard input.
    whole:
        Print also the strata that do not hold, and why each other option is not eligible.
    """
    opened = desk.open(knowledge)
    assessment = opened.assess(facts_of(patient))
    print_line(
        contract.json_text(assessment)
        if as_json
        else patient_text.assessment(assessment, opened.library, whole=whole)
    )
    return OK


def what_if(
    patient: PatientFile,
    /,
    *changes: str,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Show what changes in an assessment when facts change.

    Parameters
    ----------
    patient:
        A JSON or YAML file {"facts": {name: value}}; "-" reads JSON from standard input.
    changes:
        Facts as name=value; a value may be JSON, such as ["irinotecan"], and an empty one takes
        the fact away.
    """
    if not changes:
        raise desk.PatientError(["no fact is changed; write name=value, such as age_years=9"])
    comparison = desk.open(knowledge).what_if(facts_of(patient), changed(changes))
    print_line(contract.json_text(comparison) if as_json else patient_text.comparison(comparison))
    return OK


def explain(
    option: str,
    patient: PatientFile,
    /,
    *,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Print why an option is possible, is not, or is open: every rule with its passage.

    Parameters
    ----------
    option:
        The id of an option, or of a stratum, outlook or caution, as assess --json prints it.
    patient:
        A JSON or YAML file {"facts": {name: value}}; "-" reads JSON from standard input.
    """
    opened = desk.open(knowledge)
    proof = opened.explain(option, facts_of(patient))
    print_line(contract.json_text(proof) if as_json else patient_text.proof(proof, opened.library))
    return OK


def changed(changes: tuple[str, ...]) -> dict[str, Any]:
    """Read name=value; JSON where it is, None for an empty value, otherwise the text itself."""
    facts: dict[str, Any] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name.strip():
            raise desk.PatientError([f"{change!r} is not name=value, such as age_years=9"])
        try:
            facts[name.strip()] = json.loads(value) if value.strip() else None
        except json.JSONDecodeError:
            facts[name.strip()] = value.strip()
    return facts


def facts_of(path: Path) -> dict[str, Any]:
    """Read the facts of a patient file, or of standard input."""
    if str(path) == "-":
        return dict(desk.patient_facts(standard_input()))
    return dict(desk.read_patient_file(path))


def standard_input() -> str:
    """Read standard input as text, up to the largest input."""
    try:
        return sys.stdin.buffer.read(desk.LARGEST_INPUT + 1).decode("utf-8")
    except UnicodeDecodeError:
        raise desk.QuestionError("standard input is not UTF-8 text") from None
