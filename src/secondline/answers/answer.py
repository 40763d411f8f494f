"""A cited answer, in the shape that every surface shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from secondline.answers.digest import digest_of
from secondline.domain.references import Reference

Reader = Literal["clinician", "family"]


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
class Answer:
    """An answer, or a refusal with its reason and what the library does hold.

    Attributes:
        reader: for whom it is worded.
        edition: the hash of the knowledge it was made from; the same question to the same
            edition gives the same answer.
        reason: why the question is not answered, when `abstained`; otherwise what an
            answer assumes or leaves out, if anything: a disease, unknown words, contradictions.
        review: how many of the statements used have which editorial standing.
        digest: the SHA-256 of everything else, see `answers.digest`; made with the answer, so
            that none is without it.
    """

    question: str
    reader: Reader
    edition: str
    abstained: bool
    reason: str | None
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    follow_ups: tuple[str, ...]
    review: Mapping[str, int]
    disclaimer: str
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        content = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "digest"}
        object.__setattr__(self, "digest", digest_of(content))
