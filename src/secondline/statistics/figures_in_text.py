"""Figures in running text: percentages, counts, times, doses, ratios, P values, with their sense.

A figure is read with what belongs to it alone: its unit, whether it is a bound ("less than 20%",
"18 months or more") or an approximation, and the two ends of a range. What it is a figure of is
for the reader of the sentence to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from secondline.statistics.counts import in_digits

Kind = Literal["percent", "count", "patients", "span", "dose", "size", "ratio", "p", "interval"]
Relation = Literal["=", "<", ">", "~"]

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)"
WHOLE = r"(?:\d{1,3}(?:,\d{3})++|\d++)"  # never a part of its digits: not "1 in 6" of "1 in 68%"
TO = r"\s*(?:%\s*)?(?:-|\bto\b)\s*"
SPAN_UNITS = {"year": 12.0, "yr": 12.0, "month": 1.0, "mo": 1.0, "week": 12 / 52, "day": 12 / 365}
SPAN = r"(?:years?|yrs?|months?|mos?|weeks?|days?)"
DOSES = r"(?:cGy|mGy|Gy|mg|µg|g|IU|MBq|mCi)(?:/(?:m2|kg|day|dose))*"
PATIENTS = r"(?:patients?|children|cases|people|adults|adolescents|subjects|participants|tumors?)"
RATIO_NAMES = (
    r"(?:hazard ratios?|odds ratios?|relative risks?|risk ratios?|rate ratios?|(?-i:HR|OR|RR|SHR))"
)
FRACTIONS = {
    "one half": 50.0,
    "half": 50.0,
    "one third": 100 / 3,
    "a third": 100 / 3,
    "two thirds": 200 / 3,
    "one quarter": 25.0,
    "a quarter": 25.0,
    "one fourth": 25.0,
    "three quarters": 75.0,
    "three fourths": 75.0,
    "one fifth": 20.0,
    "a fifth": 20.0,
}
FRACTION = rf"(?:{'|'.join(sorted(FRACTIONS, key=len, reverse=True))})"
ROUND = {10, 100}
# "1 study of 37 patients" counts no patients, and "1 in 5" counts no five.
A_STUDY = re.compile(
    r"\d+\s+(?:stud(?:y|ies)|series|trials?|reviews?|reports?|cohorts?|analys[ei]s|registr(?:y|ies)"
    r"|centers?|hospitals?|institutions?)\b",
    re.IGNORECASE,
)
ONE_IN_FEW = re.compile(r"\d\s+(?:[a-z-]+\s+)?in\s+(?:every\s+)?\d", re.IGNORECASE)
YEARS = range(1900, 2100)  # "a 2005 study of 125 patients"
COARSE = 4.0  # percentage points that a fraction in words may be off

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"·": ".", "≥": ">", "≤": "<", " ": " "})
WORD_BEFORE_UNIT = re.compile(rf"\b([a-z]+)-(?=(?:to-)?{SPAN}\b)", re.IGNORECASE)
# Not to be read as numbers: fractions, which are figures of their own, and capitals such as "OS".
KEPT = re.compile(rf"(?i:\b{FRACTION}\b)|\b[A-Z]{{2,}}\b")
A_SPAN = re.compile(r"\ba (?=(?:year|month|week)\b)", re.IGNORECASE)
ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth"}
ORDINAL = re.compile(r"\b(?:1st|2nd|3rd|4th)\b", re.IGNORECASE)
THEN = " and then "  # stands between the two figures of a change, as `plain` writes it
# "raised from 40% to 60%" are two figures, "from 40% to 60%" alone are the ends of one.
CHANGED = re.compile(
    r"\b((?:extend|lengthen|shorten|prolong|rais|increas|lower|reduc|improv|decreas|chang|lift|driv|brought|push)\w*|rose|fell|dropped|declined|went|cut)"
    rf"\b([^.;]{{0,60}}?)\bfrom\s+({NUMBER})\s*(%|{SPAN})?\s*to\s+({NUMBER}\s*(?:%|{SPAN}))",
    re.IGNORECASE,
)
HYPHENED_FRACTION = re.compile(
    r"\b(one|two|three)-(thirds?|half|quarters?|fourths?|fifths?)\b", re.IGNORECASE
)
BETWEEN = re.compile(rf"\bbetween\s+({NUMBER}\s*%?)\s+and\s+({NUMBER})", re.IGNORECASE)
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))  # type: ignore[misc]
    for kind, pattern in (
        ("p", r"\bp\**(?:\s*-?\s*values?)?\s*(?:of\s*)?(?P<rel>[<>=])?\s*(?P<a>0?\.\d+)"),
        (
            "percent",
            rf"(?P<a>{NUMBER})(?=\s*%?\s*\(?\s*(?:±|\+/?-)\s*{NUMBER}\s*%)\s*%?",
        ),
        (
            "interval",
            rf"(?:\d+(?:\.\d+)?%\s*)?(?:\bCI\b|confidence interval)[^\d.]{{0,12}}"
            rf"(?P<a>{NUMBER}){TO}(?P<b>{NUMBER})\s*%?"
            rf"|(?:±|\+/?-)\s*(?P<c>{NUMBER})\s*%?",
        ),
        ("ratio", rf"\b{RATIO_NAMES}\b(?!-[a-z])[^\d.%]{{0,20}}(?P<a>{NUMBER})(?!\s*%)"),
        (
            "count",
            rf"\b(?:of|among)\s+(?:the\s+|all\s+)*(?P<b>{WHOLE})(?!\s*{SPAN})(?:\s+[a-z-]+){{1,10}}"
            rf"(?:\s*,\s*|\s+(?:only|just)\s+)(?P<a>{WHOLE})\b(?!\s*(?:%|{SPAN}|{DOSES}\b|\.\d))",
        ),
        (
            "count",
            rf"(?<![\w./-])(?<!\d,)(?P<a>{WHOLE})(?:\s*\(\s*{NUMBER}\s*%?\s*\))?(?:\s+[a-z-]+)?"
            rf"\s*(?:\bout of\b|\bof\b|\bin\b|/)\s*(?:(?:the|these|those|all|first|a total of)\s+)*"
            rf"(?P<b>{WHOLE})(?!\s*(?:%|{SPAN}|-|/\d|\.\d))",
        ),
        (
            "dose",
            rf"(?P<a>{NUMBER})(?:{TO}(?P<b>{NUMBER}))?[\s-]*(?P<unit>{DOSES})\b",
        ),
        ("size", rf"(?P<a>{NUMBER})(?:{TO}(?P<b>{NUMBER}))?[\s-]*(?P<unit>cm|mm)\b"),
        (
            "span",
            rf"(?P<a>{NUMBER})(?:{TO}(?P<b>{NUMBER}))?[\s-]*(?:(?:full|calendar)\s+)?(?P<unit>{SPAN})\b",
        ),
        ("percent", rf"(?P<a>{NUMBER})\s*(?:%\s*)?{TO}(?P<b>{NUMBER})\s*%"),
        ("percent", rf"(?P<a>{NUMBER})\s*%"),
        (
            "percent",
            rf"\b(?P<a>{FRACTION})(?:\s+to\s+(?P<b>{FRACTION}))?\b(?=[\s,.]*(?:of\b|$|[,.]))",
        ),
        ("patients", rf"(?<![\w.,-])(?P<a>\d[\d,]*)\s+(?:[a-z-]+\s+){{0,3}}?{PATIENTS}\b"),
        ("patients", r"\bn\s*=\s*(?P<a>\d[\d,]*)"),
    )
)
# The last number of a list carries the unit for all: "17, 28.3 and 35%".
LISTED = re.compile(rf"(?<![\w.])(?:{NUMBER}\s*,\s*)*{NUMBER}\s*,?\s+(?:and|or)\s+(?={NUMBER}\s*%)")
# "12.5 versus 10.7 months" are two spans.
AGAINST = re.compile(
    rf"(?<![\w.])({NUMBER})(?=\s+(?:versus|vs\.?|against|compared with)\s+{NUMBER}\s*({SPAN}|%))",
    re.IGNORECASE,
)
BEFORE = (
    (
        "<",
        r"(?:less|fewer|lower|smaller|shorter|younger|earlier|worse) than|under|below|within|before"
        r"|up to|at most|not more than|no more than|<=?|a maximum of|prior to|inside",
    ),
    (
        ">",
        r"(?:more|greater|higher|larger|longer|older|later|better) than(?: or equal to)?|over"
        r"|above|at least|beyond|exceeding|not less than|>=?|a minimum of",
    ),
    ("~", r"about|approximately|around|roughly|nearly|almost|some|circa|ca\.?|~"),
)
UP_TO = re.compile(r"\bup to\s*$", re.IGNORECASE)
BEFORE_PATTERNS = tuple(
    (relation, re.compile(rf"(?:{words})\s*(?:the first\s+|=\s*)?$", re.IGNORECASE))
    for relation, words in BEFORE
)
AFTER_PATTERNS = (
    (
        ">",
        re.compile(
            r"^\s*(?:or|and)\s+(?:more|greater|later|longer|older|larger|above|over|beyond|higher|after)\b|^\s*\+",
            re.IGNORECASE,
        ),
    ),
    (
        "<",
        re.compile(
            r"^\s*(?:or|and)\s+(?:less|fewer|earlier|shorter|younger|smaller|below|under|lower)\b",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a text.

    Attributes:
        kind: what sort of figure it is; "patients" is a bare number of them.
        low, high: its value, twice, or the ends of a range: percentages in percent, spans in
            months, doses and sizes in their unit, a count as its share in percent.
        relation: "<" and ">" for a bound, "~" for an approximation, "=" otherwise.
        unit: of a dose or a size; "" for the others.
        decimals: as printed.
        events, n: of a count; more events than patients where the text says so.
        start, end: its place in the text as `plain` writes it.
    """

    kind: Kind
    low: float
    high: float
    relation: Relation
    unit: str
    decimals: int
    start: int
    end: int
    events: int | None = None
    n: int | None = None


def plain(text: str) -> str:
    """Write a text so that figures can be read: digits, plain hyphens, "%", one kind of blank."""
    text = text.translate(DASHES)
    text = WORD_BEFORE_UNIT.sub(r"\1 ", text)
    text = HYPHENED_FRACTION.sub(r"\1 \2", text)
    text = BETWEEN.sub(r"\1 to \2", text)
    text = A_SPAN.sub("1 ", text)
    text = KEPT.sub(lambda match: f"\x00{match[0].encode().hex()}\x00", text)
    text = ORDINAL.sub(lambda match: ORDINALS[match[0].lower()], in_digits(text))
    text = re.sub("\x00([0-9a-f]+)\x00", lambda match: bytes.fromhex(match[1]).decode(), text)
    text = re.sub(r"\s*\bper\s?cent\b|\s+%", "%", text, flags=re.IGNORECASE)
    text = CHANGED.sub(_two_figures, re.sub(r"\s+", " ", text))
    text = AGAINST.sub(lambda match: f"{match[1]}{'' if match[2] == '%' else ' '}{match[2]}", text)
    return LISTED.sub(_with_unit, text)


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the figures of a text, which `plain` has written, in reading order.

    Calendar years and bare numbers that count nothing are none.
    """
    found: list[Quantity] = []
    taken = [False] * len(text)
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            quantity = _quantity(kind, match, text)
            if quantity is not None:
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                found.append(quantity)
                found.extend(_inside(match, quantity))
    return tuple(sorted(found, key=lambda q: (q.start, q.end)))


def _two_figures(match: re.Match[str]) -> str:
    unit = match[4] or re.sub(rf"^{NUMBER}\s*", "", match[5])
    blank = "" if unit == "%" else " "
    return f"{match[1]}{match[2]}from {match[3]}{blank}{unit}{THEN}{match[5]}"


def _with_unit(match: re.Match[str]) -> str:
    return re.sub(NUMBER, lambda number: f"{number[0]}%", match[0])


def _inside(match: re.Match[str], outer: Quantity) -> Iterator[Quantity]:
    """Yield the percentage that stands inside a count: "14 (58%) of 24"."""
    if outer.kind == "count" and (share := re.search(rf"\(\s*({NUMBER})\s*%\s*\)", match[0])):
        start = match.start() + share.start(1)
        value = _number(share[1])
        yield Quantity("percent", value, value, "=", "", _decimals(share[1]), start, start + 1)


def _quantity(kind: Kind, match: re.Match[str], text: str) -> Quantity | None:
    groups = match.groupdict()
    first = groups.get("a") or groups.get("c") or ""
    second = groups.get("b")
    place = (match.start(), match.end())
    relation = _relation(text, *place)
    if kind == "count":
        events, n = int(_number(first)), int(_number(second or "0"))
        if n == 0 or (events > n and ("/" in match[0] or events in YEARS)):  # a date, two doses
            return None
        if (n == 1 and events != 1) or A_STUDY.match(match[0]):  # "23 patients in one series"
            return None
        share = 100 * events / n
        if ONE_IN_FEW.fullmatch(match[0]):  # "about one in five" is a share, as a fifth is
            relation = "~" if relation == "=" else relation
            return Quantity("percent", share, share, relation, "", -1, *place)
        if n in ROUND and "/" not in match[0]:  # "8 in 100 children" is a share, not a count
            return Quantity("percent", share, share, "~", "", 0, *place)
        return Quantity(kind, share, share, relation, "", 0, *place, events=events, n=n)
    if kind == "percent" and first.casefold() in FRACTIONS:
        low = FRACTIONS[first.casefold()]
        high = FRACTIONS[second.casefold()] if second else low
        return Quantity(kind, low, high, "~", "", -1, *place)
    low, high = _number(first), _number(second or first)
    unit = groups.get("unit") or ""
    if kind == "span":
        months = SPAN_UNITS[unit.lower().rstrip("s")]
        low, high, unit = low * months, high * months, ""
    if kind == "p":
        relation = groups.get("rel") or relation  # type: ignore[assignment]
    return Quantity(kind, low, high, relation, unit, _decimals(first), *place)


def _relation(text: str, start: int, end: int) -> Relation:
    before, after = text[max(0, start - 40) : start], text[end : end + 20]
    for relation, pattern in AFTER_PATTERNS:
        if pattern.search(after):
            return relation  # type: ignore[return-value]
    for relation, pattern in BEFORE_PATTERNS:
        if UP_TO.search(before) and text[start:end].rstrip().endswith("%"):
            return "="  # the most that was seen, not a bound on all
        if pattern.search(before):
            return relation  # type: ignore[return-value]
    return "="


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
