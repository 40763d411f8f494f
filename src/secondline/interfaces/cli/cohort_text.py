"""A cohort as text for a terminal."""

from collections.abc import Iterable, Iterator

from secondline import desk
from secondline.interfaces.cli.text import item, paragraph


def cohort(result: desk.Cohort, library: desk.Library) -> str:
    """Write the totals of a registry and how it was read."""
    return "\n".join(_cohort(result, library))


def _cohort(result: desk.Cohort, library: desk.Library) -> Iterator[str]:
    yield f"{result.patients:,} patients"
    if result.not_assessed:
        yield from item(
            f"{result.not_assessed:,} without a disease that this edition assesses"
            f" ({', '.join(library.assessed)})"
        )
    for group in result.groups:
        divided = f", {group.stratum}" if group.stratum else ""
        yield ""
        yield f"{group.disease.upper()}{divided}: {group.patients:,} patients"
        yield from _counts("Strata", group.strata, ("met", "not met", "unknown"))
        yield from _counts("Options", group.options, ("eligible", "not eligible", "unknown"))
        if group.missing:
            yield "  Missing facts that keep something open"
            for missing in group.missing:
                yield from item(f"{missing.patients:,}  {missing.label} ({missing.fact})", indent=4)
    yield from _reading(result)
    yield ""
    yield f"Edition {result.edition}"
    yield from paragraph(desk.DISCLAIMER)


def _counts(
    title: str, counts: Iterable[desk.RuleCount], names: tuple[str, str, str]
) -> Iterator[str]:
    group = None
    yield f"  {title} ({' / '.join(names)})"
    for count in counts:
        if count.group != group:
            group = count.group
            yield f"    {group}"
        yield from item(
            f"{count.met:,} / {count.not_met:,} / {count.unknown:,}  {count.label}", indent=6
        )


def _reading(result: desk.Cohort) -> Iterator[str]:
    if result.problems or result.rejected:
        yield ""
        yield "CELLS THAT COULD NOT BE READ, AND COUNT AS UNKNOWN"
    for problem in result.problems:
        examples = ", ".join(repr(example) for example in problem.examples)
        yield from item(
            f"{problem.column}: {problem.cells:,} cells, such as {examples};"
            f" expected {problem.expected}"
        )
    for line in result.rejected:
        yield from item(f"not a row: {line}")
    if result.ignored:
        yield ""
        yield "COLUMNS THAT ARE NO FACT, AND WERE LEFT OUT"
        yield from item(", ".join(f"{name}{meant}" for name, meant in result.ignored.items()))
    if result.absent:
        yield ""
        yield "FACTS THAT NO COLUMN RECORDS: UNKNOWN FOR EVERYBODY"
        yield from item(", ".join(result.absent))
