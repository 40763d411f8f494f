"""Levels of evidence: the codes of both PDQ schemes, and which a design and an endpoint allow."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, get_args

from secondline.domain.evidence import Endpoint, LevelColumn, SourceKind, Statement
from secondline.library.library import Library

Found = tuple[str, str]  # (where, message)
Design = Literal["randomized", "meta-analysis", "controlled", "series"]

CODES = {
    "pdq-2023": re.compile(r"A[1-3]|B[1-4]|C[1-3]|D"),
    "pdq-legacy": re.compile(r"(1i|1ii|2|3i|3ii|3iii)(A|B|C|Di|Dii|Diii|Div)"),
}
COLUMNS: tuple[LevelColumn, ...] = get_args(LevelColumn)
# The table "Summation of Levels of Evidence" of the PDQ text of 2023: design by column.
PRESENT: Mapping[Design, Mapping[LevelColumn, tuple[str, ...]]] = {
    "randomized": {
        "survival": ("A1",),
        "quality of life": ("A3", "B3"),
        "event-free": ("B1",),
        "response": ("B3",),
    },
    "meta-analysis": {"survival": ("A2",), "quality of life": ("B2",), "event-free": ("B2",)},
    "controlled": dict.fromkeys(COLUMNS, ("B4",)),
    "series": {
        "survival": ("C1",),
        "quality of life": ("C1", "C3"),
        "event-free": ("C2",),
        "response": ("C3",),
    },
}
LEGACY_DESIGN: Mapping[Design, tuple[str, ...]] = {
    "randomized": ("1i", "1ii"),
    "meta-analysis": ("1i", "1ii"),
    "controlled": ("2",),
    "series": ("3i", "3ii", "3iii"),
}
LEGACY_END_POINT: Mapping[LevelColumn, tuple[str, ...]] = {
    "survival": ("A", "B"),
    "quality of life": ("C",),
    "event-free": ("Di", "Dii", "Diii"),
    "response": ("Div",),
}
# Which designs a kind of source may hold. A subset of a randomized trial counts as nonrandomized; a
# cohort may be a controlled comparison; a summary restates any design.
DESIGNS: Mapping[SourceKind, tuple[Design, ...]] = {
    "randomized trial": ("randomized", "controlled"),
    "meta-analysis": ("meta-analysis", "series"),
    "single-arm or early-phase trial": ("series",),
    "cohort": ("controlled", "series"),
}


def is_code(code: str, scheme: str) -> bool:
    """Say whether a code belongs to a scheme; "1A" belongs to neither."""
    return CODES[scheme].fullmatch(code) is not None


def allowed_codes(kind: SourceKind, columns: Iterable[LevelColumn], scheme: str) -> frozenset[str]:
    """Return the codes that the definitions allow; empty where the kind restates any design.

    Args:
        kind: the kind of the source.
        columns: what the findings of the statement are about, in the columns of the scheme.
        scheme: "pdq-2023" or "pdq-legacy".
    """
    designs = DESIGNS.get(kind, ())
    columns = tuple(columns)
    if scheme == "pdq-2023":
        return frozenset(
            code
            for design in designs
            for column in columns
            for code in PRESENT[design].get(column, ())
        )
    return frozenset(
        number + letter
        for design in designs
        for column in columns
        for number in LEGACY_DESIGN[design]
        for letter in LEGACY_END_POINT[column]
    )


def level_problems(statement: Statement, library: Library) -> Iterator[Found]:
    """Yield codes that do not parse, and codes that do not fit the design and the endpoints."""
    level = statement.level
    if level is None:
        return
    if not level.printed and not level.derived:
        yield "level", "it has neither a printed nor a derived code; leave it away"
    source = library.sources[statement.citation.source]
    columns = _columns(statement, library.endpoints)
    for key, code, scheme in (
        ("printed", level.printed, level.scheme),
        ("derived", level.derived, "pdq-2023"),
    ):
        if code is None:
            continue
        if not is_code(code, scheme):
            if key == "derived" or repr(code) not in (statement.caution or ""):
                yield f"level, {key}", f"{code!r} is not a level of {scheme}"
            continue
        allowed = allowed_codes(source.kind, columns, scheme)
        if key == "derived":  # ours may say that a part of the source is a series, or an anecdote
            allowed |= allowed_codes("cohort", columns, scheme) | {"D"} if allowed else allowed
        answered = key == "printed" and level.derived is not None
        if allowed and code not in allowed and not answered:
            yield (
                f"level, {key}",
                f"{code} does not fit a {source.kind} and {', '.join(sorted(columns))};"
                f" by definition {' or '.join(sorted(allowed))}"
                + ("; write it as derived" if key == "printed" else ""),
            )


def _columns(statement: Statement, endpoints: Mapping[str, Endpoint]) -> set[LevelColumn]:
    known = (endpoints[f.endpoint] for f in statement.findings if f.endpoint in endpoints)
    return {endpoint.column for endpoint in known if endpoint.column}
