"""The desk, door of every interface: one function per thing a person does. The Python API."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from secondline.answers.answer import Answer, Reader, Sentence, Understood
from secondline.answers.answering import Answerer
from secondline.answers.audited import Audit, AuditedClaim
from secondline.answers.conversation import ConversationError, conversation_from
from secondline.answers.difference import Difference, SentenceChange, Told, ValueChange
from secondline.answers.digest import digest_of
from secondline.answers.disclaimers import DISCLAIMER, DISCLAIMERS
from secondline.answers.language_model import LanguageModel, ModelSettingsError
from secondline.answers.language_model import from_environment as language_model
from secondline.answers.pages import LARGEST_PAGE, TextError, page_text
from secondline.answers.replay import Replay, checked, diff_answer, replayed
from secondline.answers.saved import SavedAnswer, SavedAnswerError, read_saved, read_saved_file
from secondline.answers.understanding import QuestionError
from secondline.answers.unreviewed import Quotation, UnreviewedLiterature
from secondline.assessment.assessment import MAY_APPLY, NotHeld, assess
from secondline.assessment.cohort import Cohort, RuleCount, assess_cohort
from secondline.assessment.comparison import Comparison, compare
from secondline.assessment.engines import EngineName, Progress, TableError, opened_table
from secondline.assessment.patient import PatientError, as_given, patient_facts, read_patient_file
from secondline.assessment.proof import Step, prove
from secondline.assessment.result import Assessment, OptionResult, OutlookResult, StratumResult
from secondline.domain.evidence import Statement
from secondline.domain.facts import FactDefinition
from secondline.domain.pathways import Option
from secondline.domain.references import Reference
from secondline.library.anchoring import Anchor
from secondline.library.catalog import NoSuchRecord, Stats, record, stats_of
from secondline.library.documents import LARGEST_FILE, KnowledgeError, Problem
from secondline.library.library import Library
from secondline.library.opening import LibraryError, open_library, report
from secondline.library.verifying import Verification, verification
from secondline.literature.holdings import Added, Counts
from secondline.literature.records import NoSuchDocument, StoreError
from secondline.literature.results import Built, FoundDocument, Retrieved
from secondline.literature.search import (
    AlreadyBuilding,
    Filters,
    NoIndex,
    NoModel,
    QueryError,
    filters_from,
)
from secondline.surveillance import results as surveillance

if TYPE_CHECKING:
    from secondline.answers.auditing import Auditor
    from secondline.literature.literature import Literature
    from secondline.literature.retrieval import Retrieval
    from secondline.surveillance.upkeep import Upkeep

__all__ = [
    "DISCLAIMER", "LARGEST_INPUT", "LARGEST_PAGE", "MAY_APPLY", "Added", "AlreadyBuilding",
    "Anchor", "Answer", "Assessment", "Audit", "AuditedClaim", "Built", "Cohort", "Comparison",
    "ConversationError", "Counts", "Desk", "Difference", "EngineName", "ExportFormat",
    "FactDefinition", "Filters", "FoundDocument", "KnowledgeError", "LanguageModel", "Library",
    "LibraryError", "ModelSettingsError", "NoIndex", "NoModel", "NoSuchDocument", "NoSuchRecord",
    "NotHeld", "Option", "OptionResult", "OutlookResult", "PatientError", "Problem", "QueryError",
    "QuestionError", "Quotation", "Reader", "Reference", "Replay", "Retrieved", "RuleCount",
    "SavedAnswer", "SavedAnswerError", "Sentence", "SentenceChange", "Statement", "Stats", "Step",
    "StoreError", "StratumResult", "TableError", "TextError", "Told", "Understood",
    "UnreviewedLiterature", "ValueChange", "Verification", "check", "diff_answer", "digest_of",
    "filters_from", "language_model", "literature", "open", "page_text", "patient_facts",
    "read_patient_file", "read_saved_file", "report", "surveillance",
]  # fmt: skip

ExportFormat = Literal[
    "findings-csv", "bibtex", "ris", "csl-json", "json-schema", "page", "cql", "elm"
]

LARGEST_INPUT = LARGEST_FILE


class Desk:
    """Answers questions and assesses patients from one library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @cached_property
    def _answerer(self) -> Answerer:
        return Answerer(self.library, DISCLAIMERS)

    def ask(
        self,
        question: str,
        *,
        reader: Reader = "clinician",
        facts: Mapping[str, Any] | None = None,
        model: LanguageModel | None = None,
        literature: bool = False,
    ) -> Answer:
        """Answer a question from the audited evidence, or say why it is not answered.

        Args:
            question: in the reader's own words, British or American.
            reader: "clinician", or "family" for plain language.
            facts: what is recorded of a patient, `{name: value}` by the fact vocabulary.
            model: may reword sentences and read a hard question, behind the verifier; None for no
                language model at all. No fact of the patient is sent to it.
            literature: quote beside the answer, never in it, what documents of the user say.

        Raises:
            QuestionError: the question is empty, too long or not text.
            PatientError: a fact is unknown, or its value has the wrong type, unit or code.
            ModelSettingsError: the HTTP client of the language model is not installed.
        """
        if model is None:
            answer = self._answerer.answer(question, reader, facts)
        else:
            # Answering does without a language model; it need not wait for its import.
            from secondline.answers.assistance import assisted  # noqa: PLC0415

            answer = assisted(self._answerer, model, question, reader, facts)
        if literature:
            answer = replace(answer, literature=self._answerer.beside(question, self.retrieval))
        return answer

    def converse(
        self,
        question: str,
        conversation: Mapping[str, Any] | None = None,
        *,
        reader: Reader = "clinician",
    ) -> tuple[Answer, dict[str, Any]]:
        """Answer the next question of a conversation; return the answer and what follows from it.

        Nothing is kept here: hand in the plain data that the last turn returned; None begins.

        Raises:
            QuestionError, ConversationError: the question, or what is handed in, cannot be read.
        """
        talked = conversation_from(conversation, self.library)
        answer, after = talked.turn(question, self._answerer, reader)
        return answer, after.plain()

    def correct(
        self, conversation: Mapping[str, Any] | None, facts: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Set facts of the patient of a conversation; None takes one away.

        Raises: PatientError, ConversationError, as `assess` and `converse`.
        """
        talked = conversation_from(conversation, self.library)
        return talked.setting(facts, self.library).plain()

    def replay(
        self, saved: str, *, facts: Mapping[str, Any] | None = None, name: str = "the saved answer"
    ) -> Replay:
        """Ask a saved answer's question again, and say whether the same bytes come out.

        Args:
            saved: the answer as JSON, as `secondline ask --json` prints it.
            facts: of the patient, when it was asked with one; an answer does not hold them.
            name: of the file, for messages.

        Raises:
            SavedAnswerError: the text is no answer of this version's contract.
            QuestionError, PatientError: as `ask`.
        """
        read = self.saved(saved, name)
        worded = read.answer.worded_by
        now = self._answerer.answer(
            read.answer.question, read.answer.reader, facts, worded.read_as if worded else ()
        )
        return replayed(read, now)

    def saved(self, text: str, name: str = "the saved answer") -> SavedAnswer:
        """Read a saved answer; its `defect` says what was changed. Raises: SavedAnswerError."""
        from secondline.answers.faithful import verifier_over  # noqa: PLC0415  # heavy

        return checked(read_saved(text, name), verifier_over(self._answerer.lexicon))

    @cached_property
    def _auditor(self) -> "Auditor":
        # Answering does without the audit; it need not wait for its import.
        from secondline.answers.auditing import Auditor  # noqa: PLC0415

        answerer = self._answerer
        return Auditor(self.library, answerer.lexicon, answerer.ranking)

    def audit(self, text: str) -> Audit:
        """Audit a foreign text claim by claim: supported, figure differs, not found, ...

        Args:
            text: a text, or a page as HTML. What it says is data; instructions in it do nothing.

        Raises:
            TextError: it is empty, too long or not text.
        """
        return self._auditor.audit(text, DISCLAIMER)

    def assess(self, facts: Mapping[str, Any]) -> Assessment:
        """Assess one patient: strata, options, outlook, cautions, and what is missing.

        Args:
            facts: `{name: value}` by the fact vocabulary; a fact that is absent is unknown.

        Raises:
            PatientError: a fact is unknown, or its value has the wrong type, unit or code.
            NotHeld: the disease is not recorded, or this edition holds no pathway for it.
        """
        return assess(facts, self.library, DISCLAIMER)

    def given(self, facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Return facts as given, in words: ("age now", "9 years"). Raises: PatientError."""
        return as_given(facts, self.library)

    def what_if(self, facts: Mapping[str, Any], changes: Mapping[str, Any]) -> Comparison:
        """Say what changes in an assessment when facts change.

        Args:
            facts: of the patient, as for `assess`.
            changes: facts to set; None takes a fact away.

        Raises:
            PatientError, NotHeld: as `assess`, for the patient before or after.
        """
        changed = {name: value for name, value in {**facts, **changes}.items() if value is not None}
        return compare(changes, self.assess(facts), self.assess(changed))

    def explain(self, rule: str, facts: Mapping[str, Any]) -> Step:
        """Return the proof tree of one rule for one patient, with the passage above each rule.

        Args:
            rule: the id of an option, a stratum, an outlook or a caution.
            facts: of the patient, as for `assess`.

        Raises:
            NoSuchRecord: no rule has the id; the message names the nearest.
            PatientError: a fact is unknown, or its value has the wrong type, unit or code.
        """
        return prove(rule, facts, self.library)

    def cohort(  # noqa: PLR0913  # what a run can be told
        self,
        table: Path | str,
        *,
        by: str = "scheme",
        engine: EngineName = "duckdb",
        disease: str | None = None,
        patient: str | None = None,
        out: Path | str | None = None,
        progress: Progress | None = None,
    ) -> Cohort:
        """Assess every patient of a registry: strata, options and missing facts, in totals.

        Args:
            table: a Parquet or CSV file, one patient a row, its columns named like facts.
            by: "scheme", or the id of a scheme, to divide the patients by its strata.
            engine: "duckdb" in this process, or "spark" (the active session, or a local one).
            disease: of all patients, for a table without that column.
            patient: the column that names the patients.
            out: a Parquet or CSV file for the result of every patient.
            progress: called with the share of a query that is done.

        Raises:
            TableError: the table cannot be read, or holds no disease.
        """
        with opened_table(Path(table), engine, Path(out) if out else None, progress) as opened:
            return assess_cohort(
                opened, self.library, by=by, disease=disease, patient=patient,
                out=Path(out) if out else None,
            )  # fmt: skip

    def show(self, id_: str) -> dict[str, Any]:
        """Return one record of the library with its standing, digest and sources, as plain data.

        Raises:
            NoSuchRecord: no statement, source, rule, term or case has the id; the message names
                the nearest id.
        """
        from secondline.surveillance.upkeep import anchors_of  # noqa: PLC0415

        return {**record(id_, self.library), **anchors_of(id_, self.library)}

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
                json-schema (of every kind of file), page (a disease as Markdown), cql or elm (the
                rules of a disease for clinical engines).
            disease: which page or rules, or only the sources that it cites.
        """
        # Answering does without the exports; it need not wait for their import.
        from secondline.answers.exports import exported  # noqa: PLC0415

        return exported(form, self.library, disease)

    def asked(self, disease: str) -> tuple[FactDefinition, ...]:
        """Return the facts that the rules of a disease ask, in the order of the vocabulary."""
        from secondline.library.executable import parameters  # noqa: PLC0415

        return parameters(disease, self.library)

    def retrieval(self, address: str | None = None) -> "Retrieval":
        """Open the search of `literature`, which knows diseases by the names of the library.

        Raises: StoreError, the database cannot be used.
        """
        # Answering does without it; it need not wait for the import.
        from secondline.literature.retrieval import Retrieval  # noqa: PLC0415

        names = {id_: disease.names for id_, disease in self.library.diseases.items()}
        return Retrieval.of_user(literature(address), names)

    def verify(self, folder: Path | str) -> Verification:
        """Look for the figures of every finding in the stored texts of its source.

        Args:
            folder: of stored texts, JSON Lines and Markdown, see `secondline library verify`.

        Raises:
            KnowledgeError: there is no such folder, or it holds no stored text.
        """
        return verification(self.library, Path(folder))

    def upkeep(self, address: str | None = None) -> "Upkeep":
        """Open what holds this library against `literature`: `verify`, `watch`, `marks`."""
        from secondline.surveillance.upkeep import Upkeep  # noqa: PLC0415

        return Upkeep(self.library, literature(address))


def open(root: Path | str | None = None) -> Desk:  # noqa: A001  # secondline.open() reads like prose
    """Open the bundled library, or the knowledge under another folder.

    Raises:
        LibraryError: the knowledge cannot be used; every problem is named.
    """
    return Desk(open_library(Path(root) if root is not None else None))


def literature(address: str | None = None) -> "Literature":
    """Open the literature that was added, documents of others that no editor has reviewed.

    Args:
        address: of its database; None for SECONDLINE_DATABASE, or SQLite in the user's folder.
    """
    from secondline.literature.literature import Literature  # noqa: PLC0415

    return Literature(address)


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
