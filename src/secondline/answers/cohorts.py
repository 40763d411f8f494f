"""Which patients a claim speaks of: how many its series has, and whether they relapsed at all.

A figure of 52 patients is not one of the series of 125, and one of refractory disease, which never
went away, is not one of relapse.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from secondline.answers.words import stems, tokens
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

# What there was to treat: disease that is there, or a remission that is to last.
STATES = {
    "remission": re.compile(
        r"\bin (?:(?!with\b|of\b|who\b|after\b)\w+ ){0,8}?remissions?\b"
        r"|\bno (?:evidence of|evident|measurable|detectable) (?:disease|tumou?r)",
        re.IGNORECASE,
    ),
    "disease": re.compile(
        r"\b(?:active|growing|progressive|progressing|measurable|evaluable|bulky|overt)[ ,]"
        r"(?:\w+[ -]){0,3}(?:disease|cancer|tumou?rs?|leuka?emia|\w+blastoma|\w*sarcoma"
        r"|lesions?)\b",
        re.IGNORECASE,
    ),
}
AGES = {
    "children": re.compile(
        r"\b(?:child\w*|p(?:a)?ediatric|infants?|boys?|girls?|adolescents?|teenagers?|young\w*)\b"
        r"|\bunder \d+ years",
        re.IGNORECASE,
    ),
    "adults": re.compile(r"\badults?\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Cohort:
    """The patients that a text speaks of.

    Attributes:
        sizes: how many patients the series has that it names; none where it names none.
        failures: "relapse", "refractory", both, or none where it says neither.
        states: "remission", "disease", both, or none where it says neither.
        ages: "children", "adults", both, or none where it says neither.
    """

    sizes: frozenset[int]
    failures: frozenset[str]
    states: frozenset[str]
    ages: frozenset[str]


def cohort_in(text: str) -> Cohort:
    """Read which patients a text speaks of."""
    named = (match["before"] or match["after"] for match in SERIES.finditer(text))
    sizes = {int(each.replace(",", "")) for each in named}
    large = frozenset(size for size in sizes if size >= FEWEST)
    return Cohort(large, failures_in(text), _said(STATES, text), _said(AGES, text))


def _said(kinds: Mapping[str, re.Pattern[str]], text: str) -> frozenset[str]:
    """Return which of some kinds of patients a text speaks of."""
    plain = FREE.sub("", text)
    return frozenset(kind for kind, said in kinds.items() if said.search(plain))


def failures_in(text: str) -> frozenset[str]:
    """Return of what a text says that it failed: relapse, refractory disease, or both."""
    return _said(FAILURES, text)


def calls_them(statement: Statement, names: Iterable[Sequence[str]]) -> bool:
    """Say whether the patients of a statement are called by one of some names, word by word.

    Within the name of a disease a factor is no term of its own: "NTRK fusion-positive sarcoma".
    """
    whom = f" {' '.join(stems(tokens(statement.population)))} "
    return any(f" {' '.join(stems(list(name)))} " in whom for name in names)


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
        for kinds, named in ((STATES, asked.states), (AGES, asked.ages)):
            held = _said(kinds, finding.group) or _said(kinds, statement.population)
            if named and held and not named & held:
                yield "population"

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
