"""Answers, assessments and the vocabulary as text for a terminal."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from secondline import desk

WIDEST = 100
UNREVIEWED = "Submitted means that no clinician has reviewed these words yet."


def answer(result: desk.Answer) -> str:
    """Write an answer: sections, references, follow-up questions, standing, disclaimer."""
    return "\n".join(_answer(result))


def _answer(result: desk.Answer) -> Iterator[str]:
    yield from paragraph(result.question)
    yield ""
    if result.reason:
        yield from paragraph(result.reason)
        yield ""
    for section in result.sections:
        yield section.heading.upper()
        for sentences in _paragraphs(section.sentences):
            yield from item(" ".join(sentences))
        yield ""
    yield from _references(result.references)
    if result.follow_ups:
        yield "YOU MAY ASK NEXT"
        for follow_up in result.follow_ups:
            yield from item(follow_up)
        yield ""
    yield from _standing(result.review, result.edition, result.disclaimer)


def _paragraphs(sentences: Iterable[desk.Sentence]) -> Iterator[list[str]]:
    """Yield the sentences that tell of the same statements together, each with its citations.

    A level is shown once, after the last sentence that has it.
    """
    told: list[str] = []
    about: set[str] = set()
    level: str | None = None
    for sentence in sentences:
        if about and not about & set(sentence.statements):
            yield [*told, *_level(level)]
            told, about, level = [], set(), None
        if told and sentence.level != level:
            told += _level(level)
        told.append(f"{sentence.text} {_cited(sentence.citations)}")
        about |= set(sentence.statements)
        level = sentence.level
    if told:
        yield [*told, *_level(level)]


def _level(level: str | None) -> list[str]:
    return [f"(level {level})"] if level else []


def assessment(result: desk.Assessment) -> str:
    """Write an assessment: strata, options, outlook, cautions, missing facts, references."""
    return "\n".join(_assessment(result))


def _assessment(result: desk.Assessment) -> Iterator[str]:
    yield f"Assessment: {result.disease}"
    yield ""
    if result.conflicts:
        yield "CONTRADICTIONS IN THE FACTS"
        for conflict in result.conflicts:
            yield from item(conflict)
        yield ""
    yield "STRATA, BY SCHEME"
    for scheme in dict.fromkeys(stratum.scheme for stratum in result.strata):
        yield f"  {scheme}"
        for stratum in result.strata:
            if stratum.scheme == scheme:
                yield from item(f"[{stratum.truth}] {stratum.label}{_why(stratum)}", indent=4)
    yield ""
    yield "OPTIONS"
    for verdict in ("eligible", "unknown", "not-eligible"):
        for option in result.options:
            if option.verdict == verdict:
                shown = (
                    "advised against"
                    if (option.role, verdict) == ("avoid", "eligible")
                    else verdict
                )
                line = f"[{shown}] {option.label} ({option.role}){_why(option)}"
                yield from item(f"{line} {_cited(option.citations)}{_mind(option.caution)}")
    yield ""
    yield "OUTLOOK IN THE GROUPS STUDIED"
    for outlook in result.outlook:
        figure = outlook.estimate or "not shown"
        interval = f" ({outlook.interval})" if outlook.interval else ""
        when = f", {outlook.timepoint}" if outlook.timepoint else ""
        line = f"{outlook.endpoint}{when}: {figure}{interval}. {outlook.population}"
        yield from item(f"{line} {_cited(outlook.citations)}{_mind(outlook.caution)}")
    yield ""
    yield "CAUTIONS"
    for caution in result.cautions:
        yield from item(f"{caution.text} {_cited(caution.citations)}")
    yield ""
    if result.missing:
        yield "WHAT IS MISSING, AND WHAT IT WOULD DECIDE"
        for missing in result.missing:
            yield from item(f"{missing.label} ({missing.fact}): {', '.join(missing.would_change)}")
        yield ""
    yield from _references(result.references)
    yield from _standing(result.review, result.edition, result.disclaimer)


def _mind(caution: str | None) -> str:
    return f" Mind: {caution}" if caution else ""


def _why(result: object) -> str:
    because = "; ".join(getattr(result, "because", ()))
    return f" — {because}" if because else ""


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


def _references(references: Iterable[desk.Reference]) -> Iterator[str]:
    listed = tuple(references)
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


def _standing(review: Mapping[str, int], edition: str, disclaimer: str) -> Iterator[str]:
    counts = ", ".join(f"{n} {standing}" for standing, n in review.items())
    yield from paragraph(f"Editorial standing of the statements used: {counts}. {UNREVIEWED}")
    yield f"Edition {edition}"
    yield ""
    yield from paragraph(disclaimer)


def _cited(citations: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, citations))}]" if citations else ""


def _width() -> int:
    return min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)


def paragraph(words: str) -> list[str]:
    """Wrap words to the width of the terminal."""
    return textwrap.wrap(words, _width()) or [""]


def item(words: str, indent: int = 2, mark: str = "- ") -> list[str]:
    """Wrap words as an item of a list, its later lines indented under its first."""
    blank = " " * indent
    hanging = blank + " " * (len(mark) or 2)
    return textwrap.wrap(words, _width(), initial_indent=blank + mark, subsequent_indent=hanging)
