"""From a plan to sections of verified, cited sentences."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from secondline.answers.answer import Reader, Section, Sentence
from secondline.answers.verification import supported
from secondline.answers.wording import (
    Worded,
    clinician_texts,
    family_texts,
    figure_texts,
    main_findings,
    studied,
)
from secondline.domain.evidence import Statement
from secondline.domain.references import ReferenceList
from secondline.library.library import Library

NEARLY_THE_SAME = 85  # per cent of similarity, whatever the order of the words


@dataclass(slots=True)
class Composer:
    """Composes sentences for one answer; each statement is told once, each source numbered once.

    Attributes:
        numbers: tell families figures too; clinicians always are.
        foreign: statements whose figures describe other patients than the one asked about.
        refused: sentences that verification did not let through.
    """

    library: Library
    reader: Reader
    numbers: bool = True
    foreign: frozenset[str] = frozenset()
    references: ReferenceList = field(default_factory=ReferenceList)
    told: set[str] = field(default_factory=set)
    told_rules: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    _last_studied: str = ""
    _told_texts: list[str] = field(default_factory=list)

    def section(self, heading: str, sentences: Iterable[Sentence]) -> Section | None:
        """Return a section, or None when there is nothing to say."""
        found = tuple(sentences)
        return Section(heading, found) if found else None

    def statement(
        self, statement: Statement, *, caution: bool = False, overview: bool = False
    ) -> Iterator[Sentence]:
        """Yield the sentences of one statement, once in an answer.

        Args:
            statement: the statement to tell.
            caution: tell clinicians its caution too.
            overview: leave out details, and whom the figures describe.
        """
        if not self._is_new(statement):
            return
        self.told.add(statement.id)
        for worded in self._texts(statement, caution, overview):
            if worded.text != self._last_studied and not self._is_repeated(worded):
                yield from self.sentence(worded.text, (statement,))
        if statement.findings:
            self._last_studied = studied(statement)

    def figures(self, statement: Statement, *, overview: bool) -> Iterator[Sentence]:
        """Yield the figures of a statement that a passage has introduced, with its study."""
        if not self._is_new(statement) or not statement.findings:
            return
        self.told.add(statement.id)
        main = main_findings(statement, self.library.endpoints)
        findings = main if overview else statement.findings
        yields = self.library.yields(statement)
        for worded in figure_texts(findings, statement.study, yields=yields):
            yield from self.sentence(worded.text, (statement,))

    def _is_new(self, statement: Statement) -> bool:
        """Say whether a statement was not told yet and may be."""
        return statement.id not in self.told and statement.id not in self.foreign

    def _texts(self, statement: Statement, caution: bool, overview: bool) -> list[Worded]:
        endpoints = self.library.endpoints
        if self.reader == "family":
            plain = family_texts(statement, endpoints)
            return [worded for worded in plain if self.numbers or not worded.findings]
        yields = self.library.yields(statement)
        texts = list(clinician_texts(statement, yields=yields))
        if overview:
            main = figure_texts(main_findings(statement, endpoints), yields=yields)
            texts = [Worded(statement.says), *main]
        if caution and statement.caution:
            texts.append(Worded(statement.caution))
        return texts

    def _is_repeated(self, worded: Worded) -> bool:
        """Say whether a family was told nearly the same words before, of an option for example."""
        if self.reader == "clinician" or worded.findings:
            return False
        from rapidfuzz.fuzz import token_set_ratio  # noqa: PLC0415  # clinicians do without

        return any(
            token_set_ratio(worded.text, told, score_cutoff=NEARLY_THE_SAME)
            for told in self._told_texts
        )

    def sentence(
        self, text: str, statements: Collection[Statement], passages: Collection[str] = ()
    ) -> Iterator[Sentence]:
        """Yield one sentence when its statements support it, otherwise nothing."""
        if not supported(text, statements, self.library.endpoints, passages):
            self.refused.append(text)
            return
        sources = [s for statement in statements for s in self.library.sources_of(statement)]
        self._told_texts.append(text)
        levels = dict.fromkeys(str(s.level) for s in statements if s.level)
        yield Sentence(
            text=text,
            citations=self.references.cite(sources),
            statements=tuple(statement.id for statement in statements),
            level="; ".join(levels) or None if self.reader == "clinician" else None,
        )
