"""A cited answer, in the shape that every surface shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal, Self, get_args

from secondline.answers.digest import digest_of
from secondline.answers.facts_said import SaidFact
from secondline.answers.unreviewed import UnreviewedLiterature
from secondline.domain.references import Reference

Reader = Literal["clinician", "family"]
READERS: tuple[Reader, ...] = get_args(Reader)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, the references it cites and the statements it is composed from."""

    text: str
    citations: tuple[int, ...]
    statements: tuple[str, ...]
    level: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences under one heading."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class ExplainedWord:
    """A word of medicine in an answer for a family, and what it means."""

    word: str
    means: str

    def __str__(self) -> str:
        return f"{self.word}: {self.means}"


@dataclass(frozen=True, slots=True)
class Rewording:
    """One sentence that a language model worded: its place, from 0, and how it was composed."""

    section: int
    sentence: int
    composed: str


@dataclass(frozen=True, slots=True)
class WordedBy:
    """What a language model had to do with an answer.

    Attributes:
        model: its name.
        read_as: what it took a question to be about that was not understood without it, as
            "disease:rhabdomyosarcoma"; ids of the library only.
        rewordings: the sentences that it worded.
        kept: how many sentences are shown as composed.
        note: the same in words, with the reason where it was not used.
        digest: the SHA-256 of the texts as shown and of all this; that of the answer is of the
            texts as composed.
    """

    model: str
    read_as: tuple[str, ...]
    rewordings: tuple[Rewording, ...]
    kept: int
    note: str
    digest: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a question, so that it can be shown and corrected.

    Attributes:
        disease: the id of the disease that is answered for; None where that stays open.
        aspects: the ids of the aspects asked for.
        terms: the names of the drugs, regimens, factors, endpoints and studies recognised.
        facts: what the question says of its patient.
        not_understood: words that the library does not know, and words that may say a fact and
            leave something open, such as a time without its clock.
    """

    disease: str | None
    aspects: tuple[str, ...]
    terms: tuple[str, ...]
    facts: tuple[SaidFact, ...]
    not_understood: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or a refusal with its reason and what the library does hold.

    Attributes:
        reader: for whom it is worded.
        edition: the hash of the knowledge it was made from; the same question to the same
            edition gives the same answer.
        reason: why the question is not answered, when `abstained`; otherwise what an
            answer assumes or leaves out, if anything: a disease, unknown words, contradictions.
        visit_questions: what a family may ask its care team; none for clinicians.
        explained_words: the words of medicine in it, for families; none for clinicians.
        review: how many of the statements used have which editorial standing.
        understood: what was understood of the question.
        worded_by: the language model that was asked to help; None when none was.
        literature: what documents of the user say near the question, which is no part of the
            answer; None when it was not asked for.
        digest: the SHA-256 of everything else as composed, see `answers.digest`; made with the
            answer, so that none is without it.
    """

    question: str
    reader: Reader
    edition: str
    abstained: bool
    reason: str | None
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    follow_ups: tuple[str, ...]
    visit_questions: tuple[str, ...]
    explained_words: tuple[ExplainedWord, ...]
    review: Mapping[str, int]
    disclaimer: str
    understood: Understood
    worded_by: WordedBy | None = None
    literature: UnreviewedLiterature | None = None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        content = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "digest"}
        content["sections"] = self._composed_sections()
        object.__setattr__(self, "digest", digest_of(content))

    def composed(self) -> Self:
        """Return the answer as it was composed, without what a model or documents add to it."""
        return replace(self, sections=self._composed_sections(), worded_by=None, literature=None)

    def _composed_sections(self) -> tuple[Section, ...]:
        if self.worded_by is None:
            return self.sections
        texts = {(r.section, r.sentence): r.composed for r in self.worded_by.rewordings}
        return tuple(
            replace(
                section,
                sentences=tuple(
                    replace(sentence, text=texts.get((place, number), sentence.text))
                    for number, sentence in enumerate(section.sentences)
                ),
            )
            for place, section in enumerate(self.sections)
        )
