"""Dates as far as they are printed: "1998 Dec-1999 Jan", "Fall 1976", 2007-11, or only a year."""

import re
from datetime import date

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
PLAIN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")


def parts_date(year: str, month: str = "", day: str = "", season: str = "") -> PartialDate | None:
    """Return a date of parts that are printed apart; None when there is no year.

    Args:
        year, month, day: as printed; a month is a number or an English name.
        season: such as "Fall"; it is kept in `printed`.
    """
    if not year.strip().isdecimal():
        return printed_date(" ".join(filter(None, (year, season, month, day))))
    printed = f"{year} {season}" if season else None
    found = _valid(int(year), _month(month), int(day) if day.strip().isdecimal() else None)
    if found.month is None and month and not printed:
        printed = f"{year} {month}"
    return PartialDate(year=found.year, month=found.month, day=found.day, printed=printed)


def printed_date(text: str) -> PartialDate | None:
    """Return the beginning of what a date in words says, with the words; None for none."""
    words = " ".join(text.split())
    if not words:
        return None
    if plain := PLAIN.fullmatch(words):
        return _valid(*(int(part) if part else None for part in plain.groups()))
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
    if text.isdecimal():
        return int(text)
    return MONTHS.get(text[:3].lower())


def _valid(year: int | None, month: int | None, day: int | None) -> PartialDate:
    """Leave away what no calendar has: a month beyond 12, the 31st of February."""
    if month is not None and not 1 <= month <= 12:
        month = None
    if year is not None and month is not None and day is not None:
        try:
            date(year, month, day)
        except ValueError:
            day = None
    return PartialDate(year=year, month=month, day=day if month is not None else None)
