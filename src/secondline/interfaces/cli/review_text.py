"""What the editorial room returns, as text for a terminal."""

from collections.abc import Iterable, Iterator

from secondline import desk
from secondline.interfaces.cli.text import item, paragraph

DIGITS = 12  # of a digest, enough to name it


def entry(added: desk.review.Entry) -> str:
    """Write an entry that was added, in one line."""
    what = " ".join(filter(None, (added.statement or added.name or added.edition, added.role)))
    words = f" {added.digest[:DIGITS]}" if added.digest else ""
    says = added.comment or ": ".join(filter(None, (added.reason, added.about)))
    return f"{added.at} {added.who}: {added.action} {what}{words}" + (f" ({says})" if says else "")


def people(enrolled: "Iterable[desk.review.Person]") -> str:
    """Write a list of people."""
    return "\n".join(f"{each.name} ({each.role})" for each in enrolled) or "Nobody is enrolled."


def queue(found: "Iterable[desk.review.Waiting]") -> str:
    """Write what waits, the oldest first."""
    lines: list[str] = []
    for each in found:
        about = each.about[:DIGITS] if len(each.about) == 64 else each.about  # a whole digest
        lines += item(f"{each.statement}: {each.reason}, {about} ({each.who}, {each.at})")
    return "\n".join(lines) or "Nothing waits."


def history(events: "Iterable[desk.review.Event]") -> str:
    """Write the history of a statement, each change of words below its entry."""
    return "\n".join(_history(events)) or "The log does not tell of it."


def _history(events: "Iterable[desk.review.Event]") -> Iterator[str]:
    for event in events:
        words = f" {event.digest[:DIGITS]}" if event.digest else ""
        edition = f" In edition {event.edition}." if event.edition else ""
        says = f": {event.says}" if event.says else "."
        yield from item(
            f"entry {event.number}, {event.at}: {event.who}, {event.action}{words}{says}{edition}",
            indent=0,
        )
        yield from (f"    {line}" for line in event.change.splitlines())


def changes(found: "desk.review.EditionDifference") -> str:
    """Write what differs between two editions."""
    return "\n".join(_changes(found))


def _changes(found: "desk.review.EditionDifference") -> Iterator[str]:
    yield (
        f"From edition {found.before} to {found.after}: {len(found.statements)} statements differ."
    )
    for each in found.statements:
        yield ""
        yield f"{each.id}: {each.before or 'not held'} → {each.after or 'not held'}"
        yield from (f"    {line}" for line in each.difference.splitlines())


def checkpoint(taken: desk.review.Checkpoint) -> str:
    """Write a checkpoint as a sentence; on paper it is as good as in a file."""
    edition = f" Edition {taken.edition}." if taken.edition else ""
    return f"{taken.size} entries, root {taken.root}, {taken.time}.{edition}"


def verification(found: "desk.review.LogVerification") -> str:
    """Write what was found of a log."""
    return "\n".join(_verification(found))


def _verification(found: "desk.review.LogVerification") -> Iterator[str]:
    yield f"{found.size} entries, root {found.root}"
    if found.problems:
        yield "THE LOG HAS BEEN TOUCHED"
        for problem in found.problems:
            yield from item(problem)
        return
    if found.checkpoint is None:
        yield from paragraph(
            "The log agrees with itself. Whether its end was cut or all of it rewritten shows only"
            " against a checkpoint that was kept elsewhere: --checkpoint FILE."
        )
    else:
        yield from paragraph(
            f"It begins with the {found.checkpoint.size} entries of the checkpoint of"
            f" {found.checkpoint.time}, unchanged. Proof of consistency:"
        )
        yield from (f"  {each}" for each in found.consistency or ("(the two are the same)",))
    if found.entry is not None:
        yield f"Entry {found.entry}, leaf {found.leaf}, is in it. Proof of inclusion:"
        yield from (f"  {each}" for each in found.inclusion or ("(it is the only one)",))
