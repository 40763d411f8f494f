"""Whole calendar months between dates of which only the year or the month may be known."""

import re
from calendar import monthrange
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def date_range(text: Any) -> tuple[date, date]:
    """Return the first and last day that a full or partial date may mean.

    Raises:
        ValueError: the text is not of the form 2024, 2024-05 or 2024-05-17.
    """
    match = DATE.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError(f'"{text}" is not a date; write "2024", "2024-05" or "2024-05-17"')
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year and month and day:
            return date(year, month, day), date(year, month, day)
        first, last = month or 1, month or 12
        return date(year or 0, first, 1), date(year or 0, last, monthrange(year or 0, last)[1])
    except ValueError:
        raise ValueError(f'"{text}" is not a day of the calendar') from None


def whole_months(start: date, end: date) -> int:
    """Count completed calendar months, rounded down: 10 days before `start` is -1, not 0.

    Rounding down keeps a relapse shortly before the end of therapy negative, "on therapy".
    """
    delta = relativedelta(end, start)
    months = delta.years * 12 + delta.months
    return months - 1 if delta.days < 0 else months


def months_between(start: tuple[date, date], end: tuple[date, date]) -> tuple[int, int]:
    """Return the fewest and most whole months between two dates, each a first and last day."""
    return whole_months(start[1], end[0]), whole_months(start[0], end[1])
