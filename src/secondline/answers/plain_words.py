"""What families are given beside an answer: explained words, and questions for the visit."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import zip_longest

from secondline.answers.answer import Answer, ExplainedWord
from secondline.library.library import Library

VISIT_QUESTIONS = 6


class PlainWords:
    """Knows the words that a library explains, and what families may ask about each aspect."""

    def __init__(self, library: Library) -> None:
        self._library = library
        words = dict(_explained_names(library))
        self._words = {name.casefold(): word for name, word in words.items()}
        longest_first = sorted(words, key=lambda name: (-len(name), name))
        names = "|".join(map(re.escape, longest_first))
        self._name = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)

    def explained(self, answer: Answer) -> tuple[ExplainedWord, ...]:
        """Return the words of an answer that are explained, in the order in which they are met."""
        text = "\n".join((answer.question, *texts_of(answer)))
        found = (self._words[match[0].casefold()] for match in self._name.finditer(text))
        return tuple(dict.fromkeys(found))

    def visit_questions(self, answer: Answer, asked: Collection[str]) -> tuple[str, ...]:
        """Return what a family may ask its care team: on what was asked and told, then the rest.

        The first question of each aspect comes before the second of any.
        """
        headings = [section.heading for section in answer.sections]
        aspects = self._library.aspects.values()
        wanted = [a for a in aspects if a.id in asked]
        told = [a for a in aspects if a.plain_heading in headings]
        often = [a for a in aspects if a.plain_follow_up]
        questions = [
            question
            for group in (wanted, told, often)
            for turn in zip_longest(*(aspect.visit_questions for aspect in group))
            for question in turn
            if question is not None
        ]
        return tuple(dict.fromkeys(questions))[:VISIT_QUESTIONS]


def texts_of(answer: Answer) -> Iterator[str]:
    """Yield what an answer tells, and what a family may ask its care team."""
    if answer.reason:
        yield answer.reason
    for section in answer.sections:
        yield section.heading
        yield from (sentence.text for sentence in section.sentences)
    yield from answer.visit_questions


def _explained_names(library: Library) -> Iterable[tuple[str, ExplainedWord]]:
    """Yield every form of an explained word; drugs by their names."""
    for explanation in library.explanations.values():
        word = ExplainedWord(explanation.name, explanation.means)
        yield from ((name, word) for name in (explanation.name, *explanation.forms))
    for drug in library.drugs.values():
        if drug.lay:
            yield drug.name, ExplainedWord(drug.name, drug.lay)
