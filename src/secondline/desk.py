"""The desk, door of every interface: one function per thing a person does. The Python API."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from secondline.answers.answer import Answer, Reader, Sentence
from secondline.answers.answering import Answerer
from secondline.answers.understanding import QuestionError
from secondline.assessment.assessment import NotHeld, assess
from secondline.assessment.patient import PatientError, patient_facts, read_patient_file
from secondline.assessment.result import Assessment
from secondline.domain.evidence import Statement
from secondline.domain.facts import FactDefinition
from secondline.domain.references import Reference
from secondline.library.anchoring import Anchor
from secondline.library.catalog import NoSuchRecord, Stats, record, stats_of
from secondline.library.documents import LARGEST_FILE, KnowledgeError, Problem
from secondline.library.library import Library
from secondline.library.opening import LibraryError, open_library, report
from secondline.library.verifying import Verification, verification

__all__ = [
    "DISCLAIMER",
    "LARGEST_INPUT",
    "Anchor",
    "Answer",
    "Assessment",
    "Desk",
    "ExportFormat",
    "FactDefinition",
    "KnowledgeError",
    "Library",
    "LibraryError",
    "NoSuchRecord",
    "NotHeld",
    "PatientError",
    "Problem",
    "QuestionError",
    "Reader",
    "Reference",
    "Sentence",
    "Statement",
    "Stats",
    "Verification",
    "check",
    "open",
    "patient_facts",
    "read_patient_file",
    "report",
]

ExportFormat = Literal["findings-csv", "bibtex", "ris", "csl-json", "json-schema", "page"]

LARGEST_INPUT = LARGEST_FILE
DISCLAIMER = (
    "Decision support for professionals and education for families: not a device and not a"
    " prescription. It reports what groups of patients experienced; the treating team decides"
    " with the family."
)


class Desk:
    """Answers questions and assesses patients from one library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @cached_property
    def _answerer(self) -> Answerer:
        return Answerer(self.library, DISCLAIMER)

    def ask(
        self,
        question: str,
        *,
        reader: Reader = "clinician",
        facts: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Answer a question from the audited evidence, or say why it is not answered.

        Args:
            question: in the reader's own words, British or American.
            reader: "clinician", or "family" for plain language.
            facts: what is recorded of a patient, `{name: value}` by the fact vocabulary.

        Raises:
            QuestionError: the question is empty, too long or not text.
            PatientError: a fact is unknown, or its value has the wrong type, unit or code.
        """
        return self._answerer.answer(question, reader, facts)

    def assess(self, facts: Mapping[str, Any]) -> Assessment:
        """Assess one patient: strata, options, outlook, cautions, and what is missing.

        Args:
            facts: `{name: value}` by the fact vocabulary; a fact that is absent is unknown.

        Raises:
            PatientError: a fact is unknown, or its value has the wrong type, unit or code.
            NotHeld: the disease is not recorded, or this edition holds no pathway for it.
        """
        return assess(facts, self.library, DISCLAIMER)

    def show(self, id_: str) -> dict[str, Any]:
        """Return one record of the library with its standing, digest and sources, as plain data.

        Raises:
            NoSuchRecord: no statement, source, rule, term or case has the id; the message names
                the nearest id.
        """
        return record(id_, self.library)

    def find(
        self,
        words: str = "",
        *,
        disease: str | None = None,
        topic: str | None = None,
        source: str | None = None,
        setting: str | None = None,
    ) -> tuple[Statement, ...]:
        """Return the statements that words are about, nearest first; without words, all of them.

        Args:
            words: a question or a few words, as `ask` understands them.
            disease, topic, source, setting: only statements of this one; None for any.
        """
        found = self._answerer.nearest(words) if words.strip() else self.library.statements.values()
        return tuple(
            statement
            for statement in found
            if disease in {None, self.library.disease_of(statement.id)}
            and topic in {None, statement.topic}
            and source in {None, statement.citation.source, statement.citation.via}
            and setting in {None, statement.setting}
        )

    def standing(self, statement: Statement) -> str:
        """Return the editorial standing of a statement's exact words: submitted, approved, ..."""
        return self.library.standing(statement.id)

    def stats(self) -> Stats:
        """Count what the library holds."""
        return stats_of(self.library)

    def export(self, form: ExportFormat, *, disease: str | None = None) -> str:
        """Write the library in the format of others.

        Args:
            form: findings-csv (a row for every finding), bibtex, ris or csl-json (the sources),
                json-schema (of every kind of file), page (a disease as Markdown).
            disease: which page, or only the sources that it cites.
        """
        # Answering does without the exports; it need not wait for their import.
        from secondline.answers.page import reference_page  # noqa: PLC0415
        from secondline.library import export  # noqa: PLC0415

        if disease is not None and disease not in self.library.diseases:
            raise NoSuchRecord(f"{disease!r} is not a disease of the library")
        if form == "findings-csv":
            return export.findings_csv(self.library, disease)
        if form == "json-schema":
            return export.schemas()
        if form == "page":
            if disease is None:
                raise NoSuchRecord("a page is of one disease; name it")
            return reference_page(disease, self.library)
        write = {"bibtex": export.bibtex, "ris": export.ris, "csl-json": export.csl_json}[form]
        return write(export.cited(self.library, disease))

    def verify(self, folder: Path | str) -> Verification:
        """Look for the figures of every finding in the stored texts of its source.

        Args:
            folder: of stored texts, JSON Lines and Markdown, see `secondline library verify`.

        Raises:
            KnowledgeError: there is no such folder, or it holds no stored text.
        """
        return verification(self.library, Path(folder))


def open(root: Path | str | None = None) -> Desk:  # noqa: A001  # secondline.open() reads like prose
    """Open the bundled library, or the knowledge under another folder.

    Raises:
        LibraryError: the knowledge cannot be used; every problem is named.
    """
    return Desk(open_library(Path(root) if root is not None else None))


def check(root: Path | str | None = None) -> Iterable[Problem]:
    """Return every problem of the bundled knowledge, or of the knowledge under another folder.

    Schema, ids, references and criteria come first; figures, levels, wording, rules and cases are
    looked at when these are in order.
    """
    # Asking and assessing do without the gate; they need not wait for its import.
    from secondline.assessment.cases import failing_cases  # noqa: PLC0415
    from secondline.library.check import check_library  # noqa: PLC0415

    try:
        library = open_library(Path(root) if root is not None else None, fresh=True)
    except LibraryError as error:
        return error.problems
    return tuple(sorted((*check_library(library), *failing_cases(library))))
