"""What surveillance and the verification in the literature found, as text for a terminal."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from secondline import desk
from secondline.interfaces.cli.literature_text import NOTHING_ADDED
from secondline.interfaces.cli.text import counted, item, paragraph

LISTED = 40  # of what was not found; the rest is counted, and is in the JSON


def watched(result: desk.surveillance.Watched) -> str:
    """Write the digest of a look: retractions first, then other notices, then matches."""
    return "\n".join(_watched(result))


def _watched(result: desk.surveillance.Watched) -> Iterator[str]:
    since = f"after change {result.after}" if result.after else "since the beginning"
    yield from paragraph(
        f"{counted(result.documents, 'document')} {since}, held against {result.queries} standing"
        f" queries and the cited sources of edition {result.edition}:"
        f" {counted(len(result.marks), 'new mark')}."
    )
    if result.queries_changed:
        yield from paragraph(f"Attention: {result.queries_changed}.")
    retracted = [notice for notice in result.notices if notice.reason == "retraction"]
    changed = [notice for notice in result.notices if notice.reason != "retraction"]
    yield from _notices("RETRACTIONS OF CITED SOURCES", retracted)
    yield from _notices("CHANGES OF CITED SOURCES", changed)
    if result.matches:
        yield ""
        yield "NEW ABOUT STATEMENTS (unreviewed)"
    for document, matches in groupby(result.matches, key=lambda match: match.document):
        yield from _matches(document, tuple(matches))
    if not result.marks:
        yield "Nothing new." if result.until else NOTHING_ADDED
    if result.handed_over is not None:
        yield ""
        yield from paragraph(f"{counted(result.handed_over, 'mark')} went to the editorial room.")


def _notices(heading: str, notices: Iterable[desk.surveillance.SourceNotice]) -> Iterator[str]:
    listed = tuple(notices)
    if listed:
        yield ""
        yield heading
    for notice in listed:
        yield from item(f"{notice.says}; concerns {', '.join(notice.statements)}")


def _matches(document: str, matches: tuple[desk.surveillance.Match, ...]) -> Iterator[str]:
    first = matches[0]
    origin = ", ".join(filter(None, (first.kind, first.journal, str(first.year or ""))))
    yield from item(f"{first.title or '(no title)'} {document} ({origin})")
    for match in matches:
        concerned = _counted(match.statements)
        about = f"{match.intervention}, {match.setting} {match.disease}"
        yield from item(f"{about}: {concerned}", indent=4, mark="")


def _counted(statements: tuple[str, ...]) -> str:
    if len(statements) == 1:
        return f"1 statement, {statements[0]}"
    return f"{len(statements)} statements, such as {statements[0]}"


def marks(made: Iterable[desk.surveillance.Mark]) -> str:
    """Write every mark that was made."""
    lines: list[str] = []
    for mark in made:
        lines += item(f"{mark.statement}: {mark.reason}; {mark.says}")
    return "\n".join(lines) or "No marks."


def verified(result: desk.surveillance.LiteratureVerification) -> str:
    """Write what of the figures stands in the literature, and what does not."""
    return "\n".join(_verified(result))


def _verified(result: desk.surveillance.LiteratureVerification) -> Iterator[str]:
    yield from paragraph(
        f"Of {result.sources} cited sources, {result.held} are held. Of {result.findings} findings"
        f" with figures, {len(result.anchored)} have their sentence in a text of their source."
        f" {len(result.ambiguous)} are ambiguous: several sentences would do, none is kept. The"
        f" figures of {len(result.unplaced)} stand in the text, in no sentence that is surely about"
        f" them; {result.explained} say why theirs do not. Of {result.not_held} no source is held,"
        f" and {len(result.beyond)} stand in no abstract. {len(result.not_found)} are not found."
        f" Edition {result.edition}."
    )
    if not result.held:
        yield from paragraph("Add documents of the sources with: secondline literature add FILE")
    for each in result.not_found[:LISTED]:
        where = ", ".join(each.documents)
        missing = ", ".join(each.missing)
        yield from item(f"{each.statement}, finding {each.finding}: {missing} not found in {where}")
    if len(result.not_found) > LISTED:
        yield f"  and {len(result.not_found) - LISTED} more (--json lists all)"
    for document in result.too_long:
        yield from item(f"{document} was not looked at: its text is too long to be a source")
