"""The figures of a finding as a sentence prints them: by value, and by what sort of figure it is.

A number that only looks like a figure is none: a reference mark, a year, an age, a dose, a stage or
the number of a table. A percentage is looked for among percentages, a P value among P values, and
a number of patients among the patients that a sentence counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from secondline.domain.evidence import Finding
from secondline.statistics.consistency import printed, printed_range
from secondline.statistics.figures_in_text import NUMBER, SPAN, Quantity, plain, quantities

Role = Literal["estimate", "interval", "p", "count", "events", "n", "coverage"]
Place = tuple[int, int]

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
MARKS = re.compile(r"\[[\d,\s\[\]–-]*\d[\d,\s\[\]–-]*\]|[⁰¹²³⁴-⁹][⁰¹²³⁴-⁹,–⁻-]*|\(\s*\d{1,3}\s*\)")
GLUED = re.compile(r"(?<=[a-z)%][.,;])\d{1,3}(?:[,–-]\d{1,3})*(?=\s|$)")  # "survival.12,13"
LABELS = re.compile(
    r"\b(?:tables?|figs?\.?|figures?|appendix|pmid:?|refs?\.?|references?|stages?|grades?|phases?"
    r"|groups?|arms?|strat(?:um|a)|cohorts?|cycles?|courses?|blocks?|days?|weeks?|levels?|types?"
    r"|parts?|items?|versions?|age[ds]?)"
    r"(?:\s*(?:no\.|of|at|from|under|over|[<>≤≥=]))*\s*\d+(?:\.\d+)?"
    r"(?:\s*(?:[–/-]|to|and|or)\s*\d+(?:\.\d+)?)?(?!\s*(?:%|\d|of\b|/|\(|\.\d))",
    re.IGNORECASE,
)
DATES = re.compile(
    rf"\b(?:{MONTHS})\s+\d{{1,2}}\b|\b\d{{1,2}}\s+(?:{MONTHS})\b|(?<!=)(?<!=\s)\b(?:19|20)\d\d\b(?!\s*patients)"
)
RAW = re.compile(rf"(?<![\w.,/+-])(?P<a>{NUMBER})(?![\w/-]|[.,]\d|\s*%)")
PAIR = re.compile(
    rf"(?<![\w.,/])(?P<a>-?{NUMBER})\s*%?\s*(?:-|\bto\b|,|;)\s*(?P<b>-?{NUMBER})(?![\w]|[.,]\d)"
)
OTHER_TIME = re.compile(
    r"\b(?:age[ds]?|follow\w*|old|older|younger|within|at|after|every|over)\b[^.;,(]*$"
)
AGE_AFTER = re.compile(r"^\s*(?:of age|old\b|follow)", re.IGNORECASE)
AVERAGE = re.compile(
    r"\b(?:median|mean|average|averaged|interval|lasted|duration)\b", re.IGNORECASE
)
NAMES_A_TIME = re.compile(
    r"^[\s-]*(?:\w+\s+){0,2}?(?:survival|OS|EFS|PFS|DFS|LFS|RFS|FFS|CIR|cumulative|probabilit|rate"
    r"|incidence|risk|estimate)"
)
AT = re.compile(r"\bat\s*$", re.IGNORECASE)
A_TIME = re.compile(rf"\b{SPAN}\b", re.IGNORECASE)  # "5 months in 24 patients" counts none
CASES = re.compile(r"\d+ [a-z]+")
RATIOS = {"HR", "OR", "RR", "SHR"}
CLOSE = 120  # characters between an estimate and its interval
BESIDE = 25  # characters between a count and its share
SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure of a finding, to be looked for.

    Attributes:
        printed: as the finding prints it.
        kind: what sort of figure a text must print; "number" for one without a unit.
        low, high: its value twice, or the ends of a range, as `Quantity` has them.
    """

    role: Role
    printed: str
    kind: str
    low: float
    high: float
    relation: str = "="
    events: int | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A sentence with its figures; places are those in `text`, which is written plainly."""

    text: str
    figures: tuple[Quantity, ...]
    numbers: tuple[tuple[float, Place], ...]
    pairs: tuple[tuple[float, float, Place], ...]

    @property
    def times(self) -> frozenset[float]:
        """The times, in months, at which the sentence counts something."""
        return frozenset(
            q.low
            for q in self.figures
            if q.kind == "span"
            and (NAMES_A_TIME.match(self.text[q.end :]) or AT.search(self.text[: q.start]))
        )


def without_marks(text: str) -> str:
    """Return a text of the same length, blanks in the place of reference marks."""
    for pattern in (MARKS, GLUED):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def read(sentence: str) -> Printed:
    """Read the figures of a sentence; numbers that are labels, years or ages are left out."""
    text = without_marks(sentence)
    for pattern in (DATES, LABELS):
        text = pattern.sub(" ; ", text)
    text = plain(text)
    figures = quantities(text)
    taken = [(q.start, q.end) for q in figures]
    numbers = tuple(
        (_value(match["a"]), match.span())
        for match in RAW.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    )
    other = [(q.start, q.end) for q in figures if q.kind in {"dose", "size", "p", "count"}]
    pairs = tuple(
        (_value(match["a"]), _value(match["b"]), match.span())
        for match in PAIR.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in other)
    )
    return Printed(text, figures, numbers, pairs)


def wanted(finding: Finding) -> tuple[Wanted, ...] | None:
    """Return the figures of a finding in the order of its fields; None where one cannot be read."""
    found: list[Wanted | None] = []
    if finding.estimate is not None:
        found.append(_estimate(finding, finding.estimate))
    if finding.interval is not None:
        found.append(_interval(finding.interval))
    if finding.p_value is not None:
        found.append(_p_value(finding.p_value))
    if finding.events is not None and finding.n is not None:
        events, n = finding.events, finding.n
        found.append(Wanted("count", f"{events} of {n}", "count", 0, 0, events=events, n=n))
    elif finding.n is not None:
        found.append(Wanted("n", str(finding.n), "patients", finding.n, finding.n))
    if finding.coverage and (share := printed(finding.coverage)):
        found.append(Wanted("coverage", finding.coverage, "number", share.value, share.value))
    return tuple(each for each in found if each) if all(found) else None


def places(figure: Wanted, sentence: Printed) -> tuple[Place, ...]:
    """Return where a sentence prints a figure, in its role."""
    looks = {
        "estimate": _places_of_estimate,
        "interval": _places_of_interval,
        "p": _places_of_p,
        "count": _places_of_count,
        "n": _places_of_n,
        "coverage": _places_of_number,
    }
    return tuple(looks[figure.role](figure, sentence))


def events_beside(figure: Wanted, estimates: Sequence[Place], sentence: Printed) -> bool:
    """Say whether the events of a count stand beside its share, as in "28 patients (44.4%)"."""
    events = Wanted("n", "", "patients", figure.events or 0, figure.events or 0)
    found = [*_places_of_n(events, sentence), *_places_of_number(events, sentence)]
    found += [
        (q.start, q.end)
        for q in sentence.figures
        if q.kind == "count" and q.events == figure.events and q.n == figure.n
    ]
    return any(
        0 <= b[0] - a[1] <= BESIDE or 0 <= a[0] - b[1] <= BESIDE
        for a, b in product(found, estimates)
    )


def number_of_patients(n: int) -> Wanted:
    """Return a number of patients, to be looked for."""
    return Wanted("n", str(n), "patients", n, n)


def is_printed(n: int, sentence: Printed) -> bool:
    """Say whether a number of patients stands in a sentence, be it without the word patients."""
    figure = number_of_patients(n)
    return any((*_places_of_n(figure, sentence), *_places_of_number(figure, sentence)))


def belong(estimates: Sequence[Place], intervals: Sequence[Place]) -> bool:
    """Say whether an interval stands close enough to an estimate to be its own."""
    return any(abs(a[0] - b[0]) <= CLOSE for a, b in product(estimates, intervals))


def _estimate(finding: Finding, text: str) -> Wanted | None:
    value = _whole_number(text)
    if value is not None:
        ratio = finding.effect in RATIOS
        return Wanted("estimate", text, "ratio" if ratio else "number", value, value)
    if CASES.fullmatch(text) and not text.endswith(("months", "years", "weeks", "days", "month")):
        events = int(text.split(maxsplit=1)[0])
        return Wanted("estimate", text, "patients", events, events)
    return _read_one("estimate", text, {"percent", "span"})


def _read_one(role: Role, text: str, kinds: set[str]) -> Wanted | None:
    found = [q for q in quantities(plain(text)) if q.kind in kinds]
    if len(found) != 1:
        return None
    (q,) = found
    return Wanted(role, text, q.kind, q.low, q.high, q.relation)


def _interval(text: str) -> Wanted | None:
    if text.startswith("±"):
        return _read_one("interval", text, {"interval"})
    if (margin := printed(text)) is not None and printed_range(text) is None:
        return Wanted("interval", text, "interval", margin.value, margin.value)
    ends = printed_range(text)
    if ends is None:
        return None
    return Wanted("interval", text, "interval", ends[0].value, ends[1].value)


def _p_value(text: str) -> Wanted | None:
    found = [q for q in quantities(plain(f"P {text}")) if q.kind == "p"]
    return Wanted("p", text, "p", found[0].low, found[0].high, found[0].relation) if found else None


def _places_of_estimate(figure: Wanted, sentence: Printed) -> Iterator[Place]:
    if figure.kind == "patients":
        yield from _places_of_n(figure, sentence)
        return
    if figure.kind == "number":
        yield from _places_of_number(figure, sentence)
        return
    for q in sentence.figures:
        if q.kind != figure.kind or not _same(figure, q.low, q.high):
            continue
        if figure.kind == "span" and not _is_result(q, sentence):
            continue
        if _same_sense(figure.relation, q.relation):
            yield q.start, q.end
    if figure.kind == "ratio":
        ends = [place for _, _, place in sentence.pairs]
        ends += [(q.start, q.end) for q in sentence.figures if q.kind == "interval"]
        for value, (start, end) in sentence.numbers:
            if _same(figure, value, value) and any(0 <= at - end <= 30 for at, _ in ends):
                yield start, end


def _is_result(q: Quantity, sentence: Printed) -> bool:
    """Say whether a span is a result: a median or a duration, not an age, follow-up or time."""
    before, after = sentence.text[: q.start], sentence.text[q.end :]
    clause = re.split(r"[.;]", before)[-1][-80:]
    return (
        AVERAGE.search(clause) is not None
        and not OTHER_TIME.search(clause)
        and not AGE_AFTER.match(after)
        and not NAMES_A_TIME.match(after)
    )


def _places_of_interval(figure: Wanted, sentence: Printed) -> Iterator[Place]:
    for q in sentence.figures:
        is_range = q.kind == "interval" or (q.kind == "percent" and q.low != q.high)
        if is_range and _same(figure, q.low, q.high):
            yield q.start, q.end
    if figure.low != figure.high:
        for low, high, place in sentence.pairs:
            if _same(figure, low, high):
                yield place


def _places_of_p(figure: Wanted, sentence: Printed) -> Iterator[Place]:
    for q in sentence.figures:
        if q.kind == "p" and _same(figure, q.low, q.high) and q.relation == figure.relation:
            yield q.start, q.end


def _places_of_count(figure: Wanted, sentence: Printed) -> Iterator[Place]:
    """Yield where "5 of 24" stands, or 5 beside a figure and 24 as a number of patients."""
    for q in sentence.figures:
        if (
            q.kind == "count"
            and (q.events, q.n) == (figure.events, figure.n)
            and not A_TIME.search(sentence.text[q.start : q.end])
        ):
            yield q.start, q.end
        elif q.kind == "percent" and q.relation == "~" and figure.n in {10, 100}:
            share = f"{figure.events} (?:of|in|out of) (?:the )?{figure.n}\\b"
            if re.fullmatch(share, sentence.text[q.start : q.end]):
                yield q.start, q.end
    n = Wanted("n", "", "patients", figure.n or 0, figure.n or 0)
    totals = list(_places_of_n(n, sentence))
    events = Wanted("n", "", "patients", figure.events or 0, figure.events or 0)
    counted = [*_places_of_n(events, sentence), *_places_of_number(events, sentence)]
    for a, b in product(counted, totals):
        if a != b and abs(a[0] - b[0]) <= CLOSE:
            yield min(a, b)[0], max(a, b)[1]


def _places_of_n(figure: Wanted, sentence: Printed) -> Iterator[Place]:
    for q in sentence.figures:
        if (q.kind == "patients" and _same(figure, q.low, q.high)) or (
            q.kind == "count" and q.n == figure.low
        ):
            yield q.start, q.end


def _places_of_number(figure: Wanted, sentence: Printed) -> Iterator[Place]:
    yield from (place for value, place in sentence.numbers if _same(figure, value, value))
    if figure.role == "coverage":
        for q in sentence.figures:
            if q.kind in {"percent", "interval"} and figure.printed in sentence.text:
                yield q.start, q.end


def _same(figure: Wanted, low: float, high: float) -> bool:
    return abs(figure.low - low) < SAME and abs(figure.high - high) < SAME


def _same_sense(wanted: str, found: str) -> bool:
    """Say whether a bound is a bound; "about 15%" may be told as 15%."""
    bounds = {"<", ">"}
    return wanted == found if {wanted, found} & bounds else True


def _whole_number(text: str) -> float | None:
    return _value(text) if re.fullmatch(rf"-?{NUMBER}", text.translate({0x2212: "-"})) else None


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))
