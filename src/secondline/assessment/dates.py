"""Calendar months between dates of which only the year or the month may be known."""

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
        raise ValueError('is not a date; write "2024", "2024-05" or "2024-05-17"')
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year and month and day:
            return date(year, month, day), date(year, month, day)
        first, last = month or 1, month or 12
        return date(year or 0, first, 1), date(year or 0, last, monthrange(year or 0, last)[1])
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


def calendar_months(start: date, end: date) -> float:
    """Count calendar months; days left over count as a part of a month, negative before `start`.

    The part only has to lie between two whole months, so that 12 months and 20 days are more than
    12 and less than 13, and ten days before the end of therapy are before it.
    """
    delta = relativedelta(end, start)
    return delta.years * 12 + delta.months + round(delta.days / 31, 2)


def months_between(start: tuple[date, date], end: tuple[date, date]) -> tuple[float, float]:
    """Return the fewest and most months between two dates, each a first and last possible day."""
    return calendar_months(start[1], end[0]), calendar_months(start[0], end[1])
