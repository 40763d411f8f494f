"""Which patients a claim speaks of: how many its series has, and whether they relapsed at all.

A figure of 52 patients is not one of the series of 125, and one of refractory disease, which never
went away, is not one of relapse.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from secondline.domain.evidence import Finding, Statement
from secondline.library.library import Library

# How many patients a series has, by which it is named: "the 52-patient series", "a cohort of 52".
SERIES = re.compile(
    r"\b(?P<before>\d[\d,]*)-(?:patient|child|case)\b"
    r"|\b(?:series|cohort|study|trial|analysis|registry|review)\s+of\s+(?:the\s+|all\s+)?"
    r"(?P<after>\d[\d,]*)\b(?!\s*(?:%|-|\.\d))",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+\b|(?<![\w.,])\d+\b(?![.,]\d)")
FREE = re.compile(r"\b\w+[- ]free\b")  # of an endpoint: "progression-free survival"
FEWEST = 10  # patients; fewer name no series
FAILURES = {
    "relapse": re.compile(r"\b(?:relaps|recurr|progress|came back|second[- ]line)", re.IGNORECASE),
    "refractory": re.compile(
        r"\b(?:refractory|resistant|induction failure|primary failure|inadequate response)\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Cohort:
    """The patients that a text speaks of.

    Attributes:
        sizes: how many patients the series has that it names; none where it names none.
        failures: "relapse", "refractory", both, or none where it says neither.
    """

    sizes: frozenset[int]
    failures: frozenset[str]


def cohort_in(text: str) -> Cohort:
    """Read which patients a text speaks of."""
    named = (match["before"] or match["after"] for match in SERIES.finditer(text))
    sizes = {int(each.replace(",", "")) for each in named}
    return Cohort(frozenset(size for size in sizes if size >= FEWEST), failures_in(text))


def failures_in(text: str) -> frozenset[str]:
    """Return of what a text says that it failed: relapse, refractory disease, or both."""
    plain = FREE.sub("", text)
    return frozenset(kind for kind, said in FAILURES.items() if said.search(plain))


class Cohorts:
    """The patients of the findings of one library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def differences(self, asked: Cohort, statement: Statement, finding: Finding) -> Iterator[str]:
        """Say in what a finding is of other patients: "study" for its size, "setting"."""
        counted = any(each.n for each in statement.findings)
        if counted and asked.sizes and not asked.sizes & self._numbers[statement.citation.source]:
            yield "study"
        told = failures_in(finding.group) or failures_in(statement.population)
        if not told and statement.setting == "refractory":
            told = frozenset({"refractory"})
        if asked.failures and told and not asked.failures & told:
            yield "setting"

    @cached_property
    def _numbers(self) -> dict[str, set[int]]:
        """Every number that the statements of a source print: one of them is how many it has."""
        found: dict[str, set[int]] = {}
        for statement in self.library.statements.values():
            texts = [statement.says, statement.population, statement.note or ""]
            numbers = {int(n.replace(",", "")) for text in texts for n in NUMBER.findall(text)}
            numbers |= {finding.n for finding in statement.findings if finding.n}
            found.setdefault(statement.citation.source, set()).update(numbers)
        return found
