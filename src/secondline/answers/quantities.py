"""Quantities in a question: "about 20 months", "MRD < 0.1%", "an eight-year-old", "2 to 3 cm"."""

import re
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any, Literal

from text_to_num import alpha2digit

from secondline.domain.facts import FactDefinition

Kind = Literal["time", "percent", "size", "number"]
Relation = Literal["", "about", "below", "at most", "above", "at least"]

MONTHS_IN_A_YEAR = 12
DAYS_IN_A_YEAR = (365, 366)
DAYS_IN_A_MONTH = (28, 31)
DAYS = {"week": 7, "day": 1}
SPELLED = {
    "yr": "year", "yrs": "year", "mo": "month", "mos": "month",
    "mth": "month", "mths": "month", "wk": "week", "wks": "week",
    "percent": "%", "per cent": "%", "centimeter": "cm", "centimetre": "cm", "millimeter": "mm",
}  # fmt: skip
NUMBER = r"\d+(?:\.\d+)?"
TIMES = r"years?|yrs?|months?|mos?|mths?|weeks?|wks?|days?"
RELATIONS: dict[Relation, str] = {
    "about": r"about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|ca\.?|~|≈",
    "at most": r"at most|up to|no more than|not more than|within|maximum|≤|<=",
    "at least": r"at least|no less than|not less than|minimum|≥|>=",
    "below": r"less than|fewer than|under|below|shorter than|younger than|<",
    "above": r"more than|greater than|over|above|longer than|beyond|older than|exceeding|>",
}
RELATION = re.compile("|".join(f"({words})" for words in RELATIONS.values()), re.IGNORECASE)
QUANTITY = re.compile(
    rf"(?:(?P<relation>(?<![a-z])(?:{'|'.join(RELATIONS.values())}))\s*)?"
    rf"(?P<open>between\s+)?(?<![\w.,/^-])(?P<low>{NUMBER})"
    rf"(?:\s*(?:-|to|and)\s*(?P<high>{NUMBER}))?"
    rf"(?:\s*-?\s*(?P<unit>%|percent|per cent|cm|mm|centimet(?:er|re)s?|{TIMES})(?![a-z]))?"
    rf"(?:\s*(?:and\s+)?(?P<months>\d+)\s*months?\b)?"
    r"(?![\w/^]|\.\d|,\d)"
    r"(?P<beyond>\s*(?:\+|or (?:more|less|older|younger|later|earlier|longer)))?",
    re.IGNORECASE,
)
# Ways of writing that are brought into one form first, so that the pattern above stays readable.
WRITTEN: tuple[tuple[str, str], ...] = (
    (r"(?<=\d)\s*½", ".5"),
    (r"(?<=\d),(?=\d+\s*%)", "."),
    (r"\b(\d+) and a half\b", r"\1.5"),
    (rf"\b(?:a|one) ({TIMES}) and a half\b", r"1.5 \1s"),
    (r"\bhalf a year\b", "6 months"),
    (rf"\b(?:a|one)[ -](?={TIMES}\b)", "1 "),
    (rf"\btwo[ -](?={TIMES}\b)", "2 "),
    (r"\b10\s*\^?\s*-\s*4\b|\b1e-0?4\b", "0.01 percent"),
    (r"\b10\s*\^?\s*-\s*3\b|\b1e-0?3\b", "0.1 percent"),
    (r"\b10\s*\^\s*-\s*2\b|\b1e-0?2\b", "1 percent"),
)
WRITINGS = [(re.compile(found, re.IGNORECASE), form) for found, form in WRITTEN]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range with its unit, and how exactly it is said.

    Attributes:
        kind: what it measures.
        low, high: its ends in `unit`, the same number for a plain one.
        unit: year, month, week, day, %, cm, mm; empty for a bare number.
        relation: "about", or on which side of it the value lies; empty for the value itself.
        step: one unit of its last printed digit.
    """

    kind: Kind
    low: float
    high: float
    unit: str
    relation: Relation
    step: float

    def raw(self, fact: FactDefinition) -> Any:
        """Return it as a value of a fact: a number, or an interval where it is not exact.

        A time in whole years may be counted in full or rounded: 2 years lie between 18 and 35
        months. An age counts full years or months. The ends of an interval are included, so that
        "below 18" ends a thousandth under 18.
        """
        if not self.unit and fact.unit:  # "age 8": the unit of the fact is meant
            return replace(self, unit=fact.unit.removesuffix("s")).raw(fact)
        low, high = self._in(fact.unit)
        least = max(0.0, fact.low or 0.0)
        most = fact.high if fact.high is not None else high
        match self.relation:
            case "below":
                low, high = least, _under(self._limit(fact.unit))
            case "at most":
                low, high = least, self._limit(fact.unit)
            case "above":
                low, high = _over(self._limit(fact.unit)), most
            case "at least":
                low, high = self._limit(fact.unit), most
            case "about":
                low, high = self._about(low, high, fact.unit)
                low = max(least, low)
        low, high = round(low, 9), round(high, 9)
        return low if low == high else {"from": low, "to": high}

    def _about(self, low: float, high: float, unit: str) -> tuple[float, float]:
        """Widen by a tenth or half a step, whichever is more, months to whole months."""
        limit = self._limit(unit)
        margin = max(limit / 10, _converted(self.step, self.unit, unit) / 2)
        low, high = min(low, limit - margin), max(high, limit + margin)
        return (floor(low), ceil(high)) if unit == "months" else (low, high)

    def _limit(self, unit: str) -> float:
        """Return the number itself in the unit of a fact, as a limit is meant."""
        return _converted(self.low, self.unit, unit)

    def _in(self, unit: str) -> tuple[float, float]:
        """Return what the number may mean in the unit of a fact."""
        if self.unit in {"year", "month"} and unit == "years":
            per_year = 1 if self.unit == "year" else MONTHS_IN_A_YEAR
            low = self.low / per_year
            full = self.low.is_integer()
            return low, _under((self.high + 1) / per_year) if full else self.high / per_year
        if self.unit == "year" and unit == "months":
            if self.low.is_integer() and self.high.is_integer():
                half = MONTHS_IN_A_YEAR / 2
                return max(0.0, self.low * 12 - half), self.high * 12 + MONTHS_IN_A_YEAR - 1
            half = self.step / 2
            return (self.low - half) * MONTHS_IN_A_YEAR, (self.high + half) * MONTHS_IN_A_YEAR
        if self.unit in DAYS and unit == "months":
            days = DAYS[self.unit]
            return floor(self.low * days / DAYS_IN_A_MONTH[1]), ceil(
                self.high * days / DAYS_IN_A_MONTH[0]
            )
        if self.unit in DAYS and unit == "years":
            days = DAYS[self.unit]
            return self.low * days / DAYS_IN_A_YEAR[1], (self.high + 1) * days / DAYS_IN_A_YEAR[0]
        return _converted(self.low, self.unit, unit), _converted(self.high, self.unit, unit)


def _converted(number: float, unit: str, into: str) -> float:
    match unit, into:
        case "year", "months":
            return number * MONTHS_IN_A_YEAR
        case "month", "years":
            return number / MONTHS_IN_A_YEAR
        case (("week" | "day"), _):
            in_months = number * DAYS[unit] * MONTHS_IN_A_YEAR / DAYS_IN_A_YEAR[0]
            return in_months if into == "months" else in_months / MONTHS_IN_A_YEAR
        case "%", _:
            return number / 100
        case "mm", _:
            return number / 10
    return number


def _under(number: float) -> float:
    return number * 0.999


def _over(number: float) -> float:
    return number * 1.001


def written(text: str) -> str:
    """Return a text with its numbers in digits and its units in one form.

    Half of a surrogate pair, which is no character, becomes a question mark.
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    for pattern, form in WRITINGS:
        text = pattern.sub(form, text)
    return str(alpha2digit(text, "en"))


def quantity(match: re.Match[str]) -> Quantity | None:
    """Read a match of `QUANTITY`; None for a group of numbers, such as "8 years or older"."""
    if match["beyond"]:
        return None
    unit = (match["unit"] or "").lower()
    unit = SPELLED.get(unit, unit.removesuffix("s") if len(unit) > 2 else unit)
    low, high = float(match["low"]), float(match["high"] or match["low"])
    if match["months"]:
        if unit != "year":
            return None
        low, high = (n * MONTHS_IN_A_YEAR + float(match["months"]) for n in (low, high))
        unit = "month"
    decimals = len((match["high"] or match["low"]).partition(".")[2])
    if unit == "%":
        kind: Kind = "percent"
    elif unit in {"cm", "mm"}:
        kind = "size"
    else:
        kind = "time" if unit else "number"
    if high < low:
        return None
    return Quantity(kind, low, high, unit, _relation(match["relation"]), 10.0**-decimals)


def _relation(words: str | None) -> Relation:
    found = RELATION.fullmatch(words) if words else None
    return list(RELATIONS)[found.lastindex - 1] if found and found.lastindex else ""
