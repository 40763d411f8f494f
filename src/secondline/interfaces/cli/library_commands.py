"""Commands that look after the knowledge: check, show, find, stats, export, verify."""

import json
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import library_text, surveillance_text, text
from secondline.interfaces.cli.terminal import (
    KNOWLEDGE_HAS_PROBLEMS,
    OK,
    Json,
    Knowledge,
    print_line,
)
from secondline.interfaces.fhir.plan_definition import CANONICAL, bundle

library_app = App(name="library", help="Look into the knowledge, and look after it.")

Disease = Annotated[str | None, Parameter(help="Only of this disease, such as neuroblastoma.")]


@library_app.command
def check(*, knowledge: Knowledge = None) -> int:
    """Check the knowledge: every problem of every file, each with its repair."""
    problems = tuple(desk.check(knowledge))
    if problems:
        print_line(desk.report(problems))
        return KNOWLEDGE_HAS_PROBLEMS
    print_line(text.holdings(desk.open(knowledge).library))
    return OK


@library_app.command
def show(id_: str, /, *, as_json: Json = False, knowledge: Knowledge = None) -> int:
    """Show one record with its standing, digest and sources: a statement, source, rule or term.

    Parameters
    ----------
    id_:
        The id of the record, as answers and `library find` print it.
    """
    record = desk.open(knowledge).show(id_)
    print_line(_json(record) if as_json else library_text.record(record))
    return OK


@library_app.command
def find(  # noqa: PLR0913  # an option is a parameter
    words: str = "",
    /,
    *,
    disease: Disease = None,
    topic: str | None = None,
    source: str | None = None,
    setting: str | None = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Find statements, nearest first.

    Parameters
    ----------
    words:
        A question or a few words; without any, every statement that the filters let through.
    topic:
        Only of this topic, such as transplant or definition.
    source:
        Only from this source, by its id.
    setting:
        Only of this setting: relapse, refractory, progression or newly diagnosed.
    """
    opened = desk.open(knowledge)
    found = opened.find(words, disease=disease, topic=topic, source=source, setting=setting)
    if as_json:
        print_line(_json([opened.show(statement.id) for statement in found]))
    else:
        print_line(library_text.statements(found, map(opened.standing, found)))
    return OK


@library_app.command
def stats(*, as_json: Json = False, knowledge: Knowledge = None) -> int:
    """Count what the library holds, by disease, standing, depth read, kind and topic."""
    counted = desk.open(knowledge).stats()
    print_line(contract.json_text(counted) if as_json else library_text.stats(counted))
    return OK


@library_app.command
def export(
    form: desk.ExportFormat | Literal["fhir"],
    /,
    *,
    disease: Disease = None,
    output: Path | None = None,
    canonical: str = CANONICAL,
    knowledge: Knowledge = None,
) -> int:
    """Write findings, sources, schemas, a disease as a page, or its rules for clinical engines.

    Parameters
    ----------
    form:
        findings-csv, bibtex, ris, csl-json, json-schema; with --disease also page (Markdown), cql
        (text), elm (JSON) and fhir (an R4 bundle of Library, PlanDefinition, ActivityDefinition).
    output:
        The file to write; standard output without it. A file that exists is replaced.
    canonical:
        The base of the canonical addresses in a FHIR bundle: yours, if you publish it.
    """
    opened = desk.open(knowledge)
    if form == "fhir":
        written = json.dumps(bundle(disease, opened, canonical), ensure_ascii=False, indent=2)
    else:
        written = opened.export(form, disease=disease)
    if output is None:
        print_line(written.rstrip("\n"))
        return OK
    try:
        output.write_text(written, "utf-8")
    except OSError as error:
        raise desk.KnowledgeError(f"{output} cannot be written: {error.strerror}") from None
    return OK


@library_app.command
def verify(
    *,
    sources: Path | None = None,
    literature: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Look for every figure of every finding in the text of its source.

    Parameters
    ----------
    sources:
        A folder of stored texts: JSON Lines with "id", "title" and "text", and Markdown files.
    literature:
        Look in the documents that were added, matched by PMID, PMC number, DOI or registration,
        and keep where each finding stands: library show then prints the sentence.
    """
    if (sources is None) == (not literature):
        raise CycloptsError(msg="give a folder with --sources, or --literature")
    opened = desk.open(knowledge)
    if sources is None:
        anchored = opened.upkeep().verify()
        print_line(
            contract.json_text(anchored) if as_json else surveillance_text.verified(anchored)
        )
        return OK if anchored.holds else KNOWLEDGE_HAS_PROBLEMS
    result = opened.verify(sources)
    print_line(contract.json_text(result) if as_json else library_text.verification(result))
    return OK if result.holds else KNOWLEDGE_HAS_PROBLEMS


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
