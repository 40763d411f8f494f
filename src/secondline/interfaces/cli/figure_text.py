"""Comparable findings, and a forest plot of them, as text for a terminal."""

from collections.abc import Iterable, Iterator

from secondline.desk import figures
from secondline.interfaces.cli.text import item, paragraph


def groups(compared: figures.Compared, titles: Iterable[str]) -> str:
    """Write the findings that may be compared, and how many stand in no figure and why."""
    lines: list[str] = []
    for group, title in zip(compared.groups, titles, strict=True):
        lines += item(f"{group.id} ({len(group.items)} findings) {title}")
    if not lines:
        lines.append("No two findings here may share one figure.")
    apart = [f"{count}: {reason}" for reason, count in compared.apart.items()]
    if apart:
        lines += ["", "In no figure:"]
        lines += [line for words in apart for line in item(words)]
    return "\n".join(lines)


def forest_plot(plot: figures.ForestPlot) -> str:
    """Write the numbers of a forest plot study by study, with what must be known to read them."""
    return "\n".join(_lines(plot))


def _lines(plot: figures.ForestPlot) -> Iterator[str]:
    yield from paragraph(plot.title)
    for rows in plot.studies:
        first = rows[0]
        told = "; ".join(part for part in (first.treatment, first.population, first.about) if part)
        yield ""
        yield from item(f"{first.study}. {told}", mark="")
        for row in rows:
            counted = f" ({row.counted})" if row.counted else ""
            yield from item(
                f"{row.group or 'all'}: {row.printed}{counted}, {row.interval} [{row.statement}]",
                indent=2,
            )
    yield ""
    for note in plot.notes:
        yield from paragraph(note)
