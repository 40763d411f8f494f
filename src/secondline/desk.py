"""The desk, door of every interface: one function per thing a person does. The Python API."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from secondline.answers.answer import Answer, Reader, Sentence
from secondline.answers.answering import Answerer
from secondline.answers.understanding import QuestionError
from secondline.assessment.assessment import NotHeld, assess
from secondline.assessment.patient import PatientError, patient_facts, read_patient_file
from secondline.assessment.result import Assessment
from secondline.domain.facts import FactDefinition
from secondline.domain.references import Reference
from secondline.library.documents import LARGEST_FILE, KnowledgeError, Problem
from secondline.library.library import Library
from secondline.library.reading import LibraryError, open_library, report

__all__ = [
    "DISCLAIMER",
    "LARGEST_INPUT",
    "Answer",
    "Assessment",
    "Desk",
    "FactDefinition",
    "KnowledgeError",
    "Library",
    "LibraryError",
    "NotHeld",
    "PatientError",
    "Problem",
    "QuestionError",
    "Reader",
    "Reference",
    "Sentence",
    "check",
    "open",
    "patient_facts",
    "read_patient_file",
    "report",
]

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
        library = open_library(Path(root) if root is not None else None)
    except LibraryError as error:
        return error.problems
    return tuple(sorted((*check_library(library), *failing_cases(library))))
