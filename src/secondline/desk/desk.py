"""One method per thing a person does with one library.

What answering does without is imported where it is used: no answer waits for it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from secondline import editorial as review
from secondline.answers.answer import Answer, Reader, Sentence
from secondline.answers.answering import Answerer
from secondline.answers.audited import Audit
from secondline.answers.conversation import conversation_from
from secondline.answers.disclaimers import DISCLAIMER, DISCLAIMERS
from secondline.answers.language_model import LanguageModel
from secondline.answers.replay import Replay, checked, replayed
from secondline.answers.saved import SavedAnswer, read_saved
from secondline.assessment.assessment import assess
from secondline.assessment.cohort import Cohort, assess_cohort
from secondline.assessment.comparison import Comparison, compare
from secondline.assessment.engines import EngineName, Progress, opened_table
from secondline.assessment.patient import as_given
from secondline.assessment.proof import Step, prove
from secondline.assessment.result import Assessment
from secondline.criteria.vocabulary import suggestion
from secondline.domain.evidence import Statement
from secondline.domain.facts import FactDefinition
from secondline.figures.comparable import Comparable, Compared, compared
from secondline.figures.forest_plot import ForestPlot
from secondline.figures.icon_array import IconArray, icon_array
from secondline.figures.plotting import forest_plot
from secondline.library.catalog import NoSuchRecord, Stats, narrowed, record, stats_of
from secondline.library.library import Library
from secondline.library.verifying import Verification, verification
from secondline.literature.results import Sharded

if TYPE_CHECKING:
    from secondline.answers.auditing import Auditor
    from secondline.literature.serving import Searching
    from secondline.surveillance.upkeep import Upkeep

ExportFormat = Literal[
    "findings-csv", "bibtex", "ris", "csl-json", "json-schema", "page", "cql", "elm"
]


class Desk:
    """Answers questions and assesses patients from one library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._searching: tuple[object, Searching] | None = None  # with the places it is open at

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
            from secondline.answers.assistance import assisted  # noqa: PLC0415

            answer = assisted(self._answerer, model, question, reader, facts)
        if literature:
            answer = replace(
                answer, literature=self._answerer.beside(question, self._opened_search)
            )
        return answer

    def converse(
        self,
        question: str | None,
        conversation: Mapping[str, Any] | None = None,
        *,
        reader: Reader = "clinician",
    ) -> tuple[Answer, dict[str, Any]]:
        """Answer the next question of a conversation; return the answer and what follows from it.

        Nothing is kept here: hand in the plain data that the last turn returned; None begins.
        For a question of None the last one is answered again: corrected, or for another reader.

        Raises:
            QuestionError, ConversationError: the question, or what is handed in, cannot be read.
        """
        talked = conversation_from(conversation, self.library, self._answerer.lexicon)
        answer, after = talked.turn(question, self._answerer, reader)
        return answer, after.plain()

    def correct(
        self, conversation: Mapping[str, Any] | None, facts: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Set facts of the patient of a conversation; None takes one away.

        Raises: PatientError, ConversationError, as `assess` and `converse`.
        """
        talked = conversation_from(conversation, self.library, self._answerer.lexicon)
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
        from secondline.answers.faithful import verifier_over  # noqa: PLC0415

        return checked(read_saved(text, name), verifier_over(self._answerer.lexicon))

    @cached_property
    def _auditor(self) -> "Auditor":
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
        return narrowed(
            found, self.library, disease=disease, topic=topic, source=source, setting=setting
        )

    @cached_property
    def _comparable(self) -> Compared:
        return compared(self.library.statements.values(), self.library)

    def comparable(
        self, statements: Iterable[Statement] | None = None, *, endpoint: str | None = None
    ) -> Compared:
        """Divide findings by what may share one figure, and say why the others stand in none.

        Args:
            statements: as `find` gives them; None for all of the library.
            endpoint: only findings of this one; None for any.
        """
        if statements is None and endpoint is None:
            return self._comparable
        if statements is None:
            statements = self.library.statements.values()
        return compared(statements, self.library, endpoint)

    def forest_plot(
        self, group: Comparable | str, *, computed: bool = False, marked: Collection[str] = ()
    ) -> ForestPlot:
        """Return the forest plot of findings that may share one figure; nothing is pooled.

        Args:
            group: as `comparable` gives it, or its id for all such findings of the library.
            computed: draw intervals computed from counts where none is printed, said so.
            marked: ids of statements that a reader came from.

        Raises:
            NoSuchRecord: no findings that may be compared have the id.
        """
        if isinstance(group, str):
            known = {each.id: each for each in self._comparable.groups}
            if group not in known:
                hint = suggestion(group, known)
                raise NoSuchRecord(f"no comparable findings have the id {group!r}{hint}")
            group = known[group]
        return forest_plot(group, self.library, computed=computed, marked=marked)

    def icon_array(self, sentence: Sentence) -> IconArray | None:
        """Return a family's sentence as a hundred figures; None where it tells no such share."""
        return icon_array(sentence.text, sentence.statements, self.library)

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
        from secondline.answers.exports import exported  # noqa: PLC0415

        return exported(form, self.library, disease)

    def asked(self, disease: str) -> tuple[FactDefinition, ...]:
        """Return the facts that the rules of a disease ask, in the order of the vocabulary."""
        from secondline.library.executable import parameters  # noqa: PLC0415

        return parameters(disease, self.library)

    def retrieval(self, address: str | None = None) -> "Searching":
        """Open the search of the literature, or what SECONDLINE_SEARCH names; else StoreError."""
        from secondline.literature.serving import opened  # noqa: PLC0415

        return opened(address, self.library.diseases)

    def _opened_search(self) -> "Searching":
        """Return the search of the literature, opened anew only when it stands elsewhere."""
        from secondline.literature.place import places  # noqa: PLC0415

        now = places()
        if self._searching is None or self._searching[0] != now:
            self._searching = (now, self.retrieval())
        return self._searching[1]

    def shard_literature(self, files: Iterable[Path], folder: Path, **told: Any) -> Sharded:
        """Make an index of files by Spark; `told` is as for `literature.serving.sharded`."""
        from secondline.literature.serving import sharded  # noqa: PLC0415

        return sharded(files, folder, self.library.diseases, **told)

    def editorial(self, store: Path | str | None = None) -> "review.Editorial":
        """Open the editorial room of this library, see `review.open_editorial`."""
        return review.open_editorial(self.library, store)

    def verify(self, folder: Path | str) -> Verification:
        """Look for the figures of every finding in the stored texts of its source.

        Args:
            folder: of stored texts, JSON Lines and Markdown, see `secondline library verify`.

        Raises:
            KnowledgeError: there is no such folder, or it holds no stored text.
        """
        return verification(self.library, Path(folder))

    def upkeep(self, address: str | None = None) -> "Upkeep":
        """Open what holds this library against the literature: `verify`, `watch`, `marks`."""
        from secondline.literature.literature import Literature  # noqa: PLC0415
        from secondline.surveillance.upkeep import Upkeep  # noqa: PLC0415

        return Upkeep(self.library, Literature(address))
