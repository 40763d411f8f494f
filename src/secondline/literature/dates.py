"""Dates as far as they are printed: "1998 Dec-1999 Jan", "Fall 1976", 2007-11, or only a year."""

import re
from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from secondline.literature.records import PartialDate

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|2[01]\d\d)(?!\d)")
MONTH = re.compile(r"\b(" + "|".join(MONTHS) + r")[a-z]*\b", re.IGNORECASE)
DAY = re.compile(r"^\W*(0?[1-9]|[12]\d|3[01])(?![\d:])")
REMEMBERED = 10_000  # dates; a million citations of a file have some thousands of them
LONGEST = 4  # digits of a part of a date
PLAIN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")


@lru_cache(REMEMBERED)
def parts_date(year: str, month: str = "", day: str = "", season: str = "") -> PartialDate | None:
    """Return a date of parts that are printed apart; None when there is no year.

    Args:
        year, month, day: as printed; a month is a number or an English name.
        season: such as "Fall"; it is kept in `printed`.
    """
    words = " ".join(filter(None, (year, season, month, day)))
    number = _number(year)
    if number is None:
        return printed_date(words)
    found = _valid(number, _month(month), _number(day))
    if season or (month and not found.month) or (day and not found.day):
        return replace(found, printed=words)
    return found


@lru_cache(REMEMBERED)
def printed_date(text: str) -> PartialDate | None:
    """Return the beginning of what a date in words says, with the words; None for none."""
    words = " ".join(text.split())
    if not words:
        return None
    if (plain := PLAIN.fullmatch(words)) and _number(plain[1]):
        found = parts_date(*(part or "" for part in plain.groups()))
        return replace(found, printed=words) if found and found.printed else found
    year = YEAR.search(words)
    if year is None:
        return PartialDate(printed=words)
    # A month belongs to the first year: it follows it, or stands before it when nothing follows.
    month = MONTH.search(words, year.end()) or MONTH.search(words, 0, year.start())
    if month is None:
        return PartialDate(year=int(year[1]), printed=words)
    day = DAY.match(words[month.end() :])
    found = _valid(int(year[1]), MONTHS[month[1].lower()], int(day[1]) if day else None)
    return PartialDate(year=found.year, month=found.month, day=found.day, printed=words)


def _month(text: str) -> int | None:
    text = text.strip()
    return _number(text) if text.isdecimal() else MONTHS.get(text[:3].lower())


def _number(text: str) -> int | None:
    """Return a part of a date; None for what is none, such as 0 or a figure of twenty digits."""
    text = text.strip()
    return int(text) or None if text.isdecimal() and len(text) <= LONGEST else None


def _valid(year: int, month: int | None, day: int | None) -> PartialDate:
    """Leave away what no calendar has: a month beyond 12, the 31st of February."""
    if month is not None and month > 12:
        month = None
    if month is not None and day is not None:
        try:
            date(year, month, day)
        except ValueError:
            day = None
    return PartialDate(year=year, month=month, day=day if month is not None else None)
