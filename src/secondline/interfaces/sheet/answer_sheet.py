"""An answer as the content of a sheet, dense for clinicians and in large print for families."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from secondline import desk
from secondline.interfaces.cli.text import points, understood
from secondline.interfaces.sheet.assessment_sheet import given_block
from secondline.interfaces.sheet.content import (
    Block,
    Entry,
    Piece,
    Sheet,
    Step,
    capitalized,
    completed,
    cut,
    in_turn,
    origin,
    standing_told,
    whole,
)

VISIT, WORDS = "Questions for your visit", "Words explained"


def answer_sheet(
    answer: desk.Answer, opened: desk.Desk, facts: Mapping[str, Any] | None = None
) -> Sheet:
    """Return the content of the sheet of one answer.

    Args:
        answer: for clinicians or for families.
        opened: the desk, for the names of diseases and facts.
        facts: the recorded facts that it was asked with, which an answer does not hold.
    """
    family = answer.reader == "family"
    sections = [
        Block(section.heading, tuple(map(_point, points(section.sentences))), "point", "points")
        for section in answer.sections
    ]
    visit = Block(VISIT, _lines(answer.visit_questions), "question", "questions", form="box")
    words = [Piece(word.means, lead=f"{word.word}:") for word in answer.explained_words]
    explained = Block(WORDS, tuple(Entry((word,)) for word in words), "word", "words")
    given = given_block(opened.given(facts) if facts else (), "What is recorded")
    blocks = (given, *sections, visit, explained)
    return Sheet(
        kind="For families" if family else "Tumor-board sheet",
        title=_title(answer, opened.library),
        opening=tuple(_opening(answer, opened.library)),
        blocks=blocks,
        order=completed(_order(blocks), blocks),
        references=answer.references,
        full="the full answer" if family else "secondline ask",
        standing=_standing(answer),
        origin=origin("answer", answer.edition, answer.digest, opened.library),
        disclaimer=answer.disclaimer,
        generous=family,
    )


def _title(answer: desk.Answer, library: desk.Library) -> str:
    about = answer.understood.disease
    name = library.diseases[about].name if about and about in library.diseases else ""
    return capitalized(name) or "Relapsed and refractory childhood cancer"


def _opening(answer: desk.Answer, library: desk.Library) -> Iterator[tuple[str, str]]:
    yield "Question", cut(answer.question)
    told = understood(answer.understood, library)
    if told and answer.reader == "clinician":
        yield "", cut(told)
    if answer.reason:
        yield "", answer.reason
    if answer.worded_by:
        yield "", cut(answer.worded_by.note)


def _standing(answer: desk.Answer) -> str:
    if answer.reader == "clinician":
        return standing_told(answer.review)
    told = sum(answer.review.values())
    checked = f"Doctors have checked {answer.review['approved']} of the {told} points in the full"
    return f"{checked} answer so far." if told else ""


def _lines(texts: Iterable[str]) -> tuple[Entry, ...]:
    return tuple(Entry((Piece(text),)) for text in texts)


def _point(sentences: list[desk.Sentence]) -> Entry:
    """Return sentences that tell of the same as one entry; a level stands after its last.

    It is never cut: a figure without the sentence before or after it would mislead.
    """
    pieces = []
    for sentence, after in zip_longest(sentences, sentences[1:]):
        ends = sentence.level and (after is None or after.level != sentence.level)
        level = f" (level {sentence.level})" if ends else ""
        pieces.append(Piece(f"{sentence.text}{level}", sentence.citations))
    return Entry(tuple(pieces), together=len(pieces))


def _order(blocks: tuple[Block, ...]) -> Iterator[Step]:
    """Yield what comes first.

    What is recorded and the questions for the visit; then the first point of every section, the
    second of every section, and so on, with the explained words in turn.
    """
    given, visit = 0, len(blocks) - 2
    for block in (given, visit):
        yield from ((block, entry) for entry in range(len(blocks[block].entries)))
    yield from in_turn(
        *(
            [whole(block, entry, content) for entry, content in enumerate(blocks[block].entries)]
            for block in range(1, len(blocks))
            if block != visit
        )
    )
