"""Records, statistics and verifications of the library as text for a terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from secondline import desk
from secondline.interfaces.cli.text import UNREVIEWED, item, paragraph

LISTED = 40  # what was not found; the rest is counted, and is in the JSON


def record(found: Mapping[str, Any]) -> str:
    """Write one record key by key, as the files do."""
    return "\n".join(_lines(found, 0))


def _lines(value: Mapping[str, Any], indent: int) -> Iterator[str]:
    blank = " " * indent
    for key, each in value.items():
        if isinstance(each, Mapping):
            yield f"{blank}{key}:"
            yield from _lines(each, indent + 2)
        elif isinstance(each, list) and each and isinstance(each[0], Mapping):
            yield f"{blank}{key}:"
            for part in each:
                words = ", ".join(f"{name}: {_value(part[name])}" for name in part)
                yield from item(words, indent=indent + 2)
        else:
            yield from item(f"{key}: {_value(each)}", indent=indent, mark="")


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def statements(found: Sequence[desk.Statement], standings: Iterable[str]) -> str:
    """Write statements as a list, id, topic, study and what they say, and their standings."""
    lines: list[str] = []
    for statement in found:
        study = f"{statement.study}. " if statement.study else ""
        lines += item(f"{statement.id} ({statement.topic}) {study}{statement.says}")
    if not found:
        return "No statement."
    counts = ", ".join(f"{n} {standing}" for standing, n in Counter(standings).items())
    return "\n".join([*lines, "", *paragraph(f"Editorial standing: {counts}. {UNREVIEWED}")])


def stats(counted: desk.Stats) -> str:
    """Write what an edition holds."""
    return "\n".join(_stats(counted))


def _stats(counted: desk.Stats) -> Iterator[str]:
    yield (
        f"Edition {counted.edition}: {counted.sources} sources, {counted.statements} statements,"
        f" {counted.findings} findings, {counted.conflicts} conflicts, {counted.rules} rules,"
        f" {counted.cases} cases."
    )
    yield ""
    for disease, counts in counted.by_disease.items():
        yield f"{disease}: " + ", ".join(f"{n} {what}" for what, n in counts.items())
    for name in ("standing", "read", "kinds", "topics"):
        yield ""
        counts = getattr(counted, name)
        yield from paragraph(f"{name}: " + ", ".join(f"{n} {what}" for what, n in counts.items()))


def _place(anchor: desk.Anchor) -> str:
    return f"{anchor.statement}, finding {anchor.finding}"


def verification(result: desk.Verification) -> str:
    """Write what was found in the stored texts, what was not, and which texts err."""
    return "\n".join(_verification(result))


def _verification(result: desk.Verification) -> Iterator[str]:
    yield from paragraph(
        f"Of {result.findings} findings with figures, {result.anchored} are found in the stored"
        f" text of their source and {result.explained} say why not; {len(result.not_found)} are"
        f" not found. {result.texts} texts, edition {result.edition}."
    )
    for problem in result.problems:
        yield from item(f"{problem.file}, {problem}")
    for anchor in result.not_found[:LISTED]:
        where = anchor.source or "any stored text of its source"
        yield from item(
            f"{_place(anchor)}: {', '.join(anchor.missing)} not found in {where};"
            " correct it, or say why in unanchored"
        )
    if len(result.not_found) > LISTED:
        yield f"  and {len(result.not_found) - LISTED} more (--json lists all)"
    for anchor in result.superfluous:
        yield from item(f"{_place(anchor)}: its figures are found; remove unanchored")
    for defect in result.defects:
        known = (
            f"; known to {', '.join(defect.known)}" if defect.known else "; name it in a caution"
        )
        yield from item(
            f'{defect.source} prints "{defect.quoted}"; it is {defect.recomputed}{known}'
        )
