"""Answers and the vocabulary as text for a terminal, and what all texts share."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from secondline import desk

WIDEST = 100
LITERATURE = "UNREVIEWED LITERATURE"
QUOTED = "  | "  # before every line that others wrote
UNREVIEWED = "Submitted means that no clinician has reviewed these words yet."


def answer(result: desk.Answer, library: desk.Library) -> str:
    """Write an answer: sections, references, follow-up questions, standing, disclaimer."""
    return "\n".join(_answer(result, library))


def understood(result: desk.Understood, library: desk.Library) -> str:
    """Say in one line what was understood, each fact of the patient with the words that say it."""
    about = [library.diseases[result.disease].name] if result.disease else []
    facts = [
        f'{_said(library.facts[fact.name], fact.value)} ("{fact.words}")' for fact in result.facts
    ]
    parts = [*about, *result.terms, *facts]
    line = f"Understood: {'; '.join(parts)}." if parts else ""
    if result.not_understood:
        line += f" Not understood: {'; '.join(result.not_understood)}."
    return line.strip()


def _said(fact: desk.FactDefinition, value: object) -> str:
    """Write a fact and its value; a number stands in the words beside it."""
    match value:
        case bool():
            return f"{fact.label}: {'yes' if value else 'no'}"
        case str():
            return f"{fact.label}: {fact.in_words(value)}"
        case {"at_least": list() as codes}:
            return f"{fact.label}: {', '.join(map(fact.in_words, codes))}"
        case list():
            return f"{fact.label}: {', '.join(map(fact.in_words, value))} only"
        case _:
            return fact.label


def _answer(result: desk.Answer, library: desk.Library) -> Iterator[str]:
    yield from paragraph(result.question)
    yield ""
    if line := understood(result.understood, library):
        yield from paragraph(line)
        yield ""
    if result.reason:
        yield from paragraph(result.reason)
        yield ""
    if result.worded_by:
        yield from paragraph(result.worded_by.note)
        yield ""
    for section in result.sections:
        yield section.heading.upper()
        for sentences in _paragraphs(section.sentences):
            yield from item(" ".join(sentences))
        yield ""
    yield from _listed("QUESTIONS FOR YOUR VISIT", result.visit_questions)
    yield from _listed("WORDS IN THIS ANSWER", map(str, result.explained_words))
    yield from references(result.references)
    yield from _listed("YOU MAY ASK NEXT", result.follow_ups)
    if result.reader == "family":
        yield from _plain_standing(result.review)
        yield from _origin(result.edition, result.disclaimer, result.digest)
    else:
        yield from standing(result.review, result.edition, result.disclaimer, result.digest)
    if result.literature is not None:
        yield ""
        yield from literature(result.literature)


def literature(told: desk.UnreviewedLiterature) -> Iterator[str]:
    """Write what documents of others say, every line of a quotation behind a bar."""
    yield LITERATURE
    yield from paragraph(told.note)
    for passage in told.passages:
        yield ""
        yield from _quotation(passage)
    if told.reason:
        yield from paragraph(f"Nothing is quoted: {told.reason}.")
    if told.not_quoted:
        yield from paragraph(f"Not quoted: {told.not_quoted}.")
    for leg in told.legs:
        if not leg.answered or leg.reason:
            state = "" if leg.answered else " did not answer"
            yield from paragraph(f"The {leg.name} search{state}: {leg.reason}.")
    if told.stale:
        yield from paragraph(f"The index is stale: {told.stale}.")


def _quotation(passage: desk.Quotation) -> Iterator[str]:
    marked = "RETRACTED. " if passage.retracted else ""
    told = (passage.kind, passage.journal, str(passage.year or ""), *passage.heading)
    origin = "; ".join(filter(None, told))
    place = f"characters {passage.start} to {passage.end}"
    cut = "" if passage.whole else ", cut"
    yield from item(f"{marked}{passage.document} ({origin}), {place}{cut}", mark="")
    text = " ".join(passage.text.split())
    yield from textwrap.wrap(text, _width(), initial_indent=QUOTED, subsequent_indent=QUOTED)


def _plain_standing(review: Mapping[str, int]) -> Iterator[str]:
    """Say to a family how much of an answer doctors have checked; nothing where none is told."""
    if told := sum(review.values()):
        checked = f"Doctors have checked {review['approved']} of the {told} points in this answer"
        yield from paragraph(f"{checked} so far.")


def _listed(heading: str, items: Iterable[str]) -> Iterator[str]:
    """Write a list under its heading; nothing for an empty one."""
    listed = tuple(items)
    if listed:
        yield heading
        for each in listed:
            yield from item(each)
        yield ""


def _paragraphs(sentences: Iterable[desk.Sentence]) -> Iterator[list[str]]:
    """Yield the sentences that tell of the same statements together, each with its citations.

    A level is shown once, after the last sentence that has it.
    """
    for together in points(sentences):
        told: list[str] = []
        for sentence, after in zip_longest(together, together[1:]):
            told.append(f"{sentence.text} {cited(sentence.citations)}")
            if sentence.level and (after is None or after.level != sentence.level):
                told.append(f"(level {sentence.level})")
        yield told


def points(sentences: Iterable[desk.Sentence]) -> Iterator[list[desk.Sentence]]:
    """Yield together the sentences that tell of the same statements."""
    told: list[desk.Sentence] = []
    about: set[str] = set()
    for sentence in sentences:
        if about and not about & set(sentence.statements):
            yield told
            told, about = [], set()
        told.append(sentence)
        about |= set(sentence.statements)
    if told:
        yield told


def facts(definitions: Iterable[desk.FactDefinition]) -> str:
    """Write the fact vocabulary, one fact a paragraph."""
    lines: list[str] = []
    for fact in definitions:
        unit = f" of {fact.unit}" if fact.unit else ""
        codes = f": {' | '.join(fact.codes)}" if fact.codes else ""
        lines += item(f"{fact.name} ({fact.kind}{unit}{codes}) {fact.label}")
    return "\n".join(lines)


def holdings(library: desk.Library) -> str:
    """Say what a library without problems holds."""
    findings = sum(len(statement.findings) for statement in library.statements.values())
    return (
        f"No problems. Edition {library.edition}: {len(library.sources)} sources,"
        f" {len(library.statements)} statements, {findings} findings, {len(library.rules)} rules,"
        f" {len(library.cases)} cases."
    )


def references(listed_references: Iterable[desk.Reference]) -> Iterator[str]:
    """Write the reference list."""
    listed = tuple(listed_references)
    if not listed:
        return
    yield "REFERENCES"
    for reference in listed:
        year = f" {reference.year}" if reference.year else ""
        ids = [
            f"{name} {value}"
            for name, value in (
                ("PMID", reference.pmid),
                ("doi:", reference.doi),
                ("", reference.registration),
            )
            if value
        ]
        origin = ". ".join(part for part in (reference.title, reference.journal) if part)
        yield from item(
            f"[{reference.number}] {origin}.{year} {'; '.join(ids)} ({reference.kind};"
            f" read: {reference.read})",
            mark="",
        )
    yield ""


def standing(
    review: Mapping[str, int], edition: str, disclaimer: str, digest: str = ""
) -> Iterator[str]:
    """Write the editorial standing, the edition, the beginning of the digest, the disclaimer."""
    counts = ", ".join(f"{n} {standing}" for standing, n in review.items())
    yield from paragraph(f"Editorial standing of the statements used: {counts}. {UNREVIEWED}")
    yield from _origin(edition, disclaimer, digest)


def _origin(edition: str, disclaimer: str, digest: str) -> Iterator[str]:
    yield f"Edition {edition}" + (f", digest of this answer {digest[:16]}" if digest else "")
    yield ""
    yield from paragraph(disclaimer)


def cited(citations: tuple[int, ...]) -> str:
    """Write citation numbers in brackets."""
    return f"[{', '.join(map(str, citations))}]" if citations else ""


def _width() -> int:
    return min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)


def paragraph(words: str) -> list[str]:
    """Wrap words to the width of the terminal."""
    return textwrap.wrap(words, _width()) or [""]


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 document", "1,586 passages", "2 evidence summaries"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def item(words: str, indent: int = 2, mark: str = "- ") -> list[str]:
    """Wrap words as an item of a list, its later lines indented under its first."""
    blank = " " * indent
    hanging = blank + " " * (len(mark) or 2)
    return textwrap.wrap(words, _width(), initial_indent=blank + mark, subsequent_indent=hanging)
