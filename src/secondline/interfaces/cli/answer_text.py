"""Replays and differences of answers as text for a terminal."""

from collections.abc import Iterable, Iterator

from secondline import desk
from secondline.interfaces.cli.text import item, paragraph

NONE = "none"


def replay(result: desk.Replay) -> str:
    """Write whether the same bytes came out, then what differs."""
    return "\n".join(_replay(result))


def _replay(result: desk.Replay) -> Iterator[str]:
    yield from paragraph(result.question)
    yield ""
    yield from paragraph(result.says)
    yield ""
    if not result.differs.same:
        yield from _difference(result.differs)
        yield ""
    yield f"Edition {result.edition}, digest {result.digest_now}"


def difference(result: desk.Difference) -> str:
    """Write what changed between two answers; figures that changed stand on their own line."""
    return "\n".join(_difference(result))


def _difference(result: desk.Difference) -> Iterator[str]:
    for when, edition, digest in zip(
        ("Before:", "After: "), result.editions, result.digests, strict=True
    ):
        yield f"{when} edition {edition}, digest {digest[:16]}"
    for name in result.altered:
        yield from paragraph(f"{name} was changed after it was printed: it fails its digest.")
    told = [*_told(result)]
    if not told:
        yield ""
        same = "The answers are the same." if result.same else "Nothing changed but the edition."
        yield from paragraph(same)
    yield from told


def _told(result: desk.Difference) -> Iterator[str]:
    if result.values:
        yield from ("", "THE ANSWER")
        yield from _values(result.values)
    if result.sentences:
        yield from ("", "SENTENCES")
        for change in result.sentences:
            yield from _sentence(change)
    if result.reordered:
        yield from ("", "ORDER")
        yield from item("What both have stands in another order, or under other numbers.")
    if result.references:
        yield from ("", "REFERENCES")
        for reference in result.references:
            yield from item(f"{reference.kind}: {reference.title} ({reference.id})")
            yield from _values(reference.values, indent=4)
    if result.standing:
        yield from ("", "STANDING OF THE STATEMENTS USED")
        yield from _values(result.standing)


def _sentence(change: desk.SentenceChange) -> Iterator[str]:
    told = change.after or change.before
    if told is None:
        return
    what = f" ({', '.join(change.differs)})" if change.differs else ""
    yield from item(f"{change.kind}, in {told.heading}{what}")
    if change.before is not None and change.after is not None:
        yield from _changed(change.before, change.after, change.differs)
        for figure in change.figures:
            yield from item(f"figure: {figure.before or NONE} → {figure.after or NONE}", 4, mark="")
    else:
        yield from item(told.text, indent=4, mark="")


def _changed(before: desk.Told, after: desk.Told, differs: Iterable[str]) -> Iterator[str]:
    for name in differs:
        for when, told in (("before", before), ("after", after)):
            yield from item(f"{name} {when}: {_shown(getattr(told, name))}", indent=4, mark="")


def _values(values: Iterable[desk.ValueChange], indent: int = 2) -> Iterator[str]:
    for value in values:
        yield from item(f"{value.name}: {_shown(value.before)} → {_shown(value.after)}", indent)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value)) or NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NONE if value is None else str(value)
