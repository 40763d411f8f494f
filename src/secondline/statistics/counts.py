"""Counts of patients in running text: "Thirty-two of the 50", "14 (58%) of 24", "27/29"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from text_to_num import alpha2digit

WHOLE = r"(\d{1,3}(?:,\d{3})+|\d+)"
SHARE = r"(?:\s*\(\s*(\d+(?:\.\d+)?)\s*%?\s*\))?"
OF = r"(?:\s+(?:[a-z-]+\s+)?of\s+(?:(?:the|these|those|all|first|only)\s+)*|\s*/\s*)"
NOT_A_COUNT = r"(?![\d,]*\d|[./]\d|\s*(?:%|mg|Gy))"
COUNT = re.compile(
    rf"(?<![\d.,/–-]){WHOLE}{SHARE}{OF}{WHOLE}{NOT_A_COUNT}(?:(?:\s+[a-z]+){{0,2}}{SHARE})",
    re.IGNORECASE,
)
HYPHENED = re.compile(r"(?<=[a-z])-of-(?=[a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Count:
    """A count of patients as a text states it.

    Attributes:
        events, n: how many, and of how many.
        percent: the percentage printed beside it, and how many decimals it has; None when absent.
        quoted: the words of the text.
    """

    events: int
    n: int
    percent: tuple[float, int] | None
    quoted: str


def in_digits(text: str) -> str:
    """Write the numbers that a text spells out in digits: "Thirty-two of the 50" is "32 of the 50".

    Ordinals become "2nd"; "one-third" and other hyphened compounds that are no number stay.
    """
    return str(alpha2digit(HYPHENED.sub(" of ", text), "en", 0.0))


def counts_in(text: str) -> Iterator[Count]:
    """Yield every "x of y" of a text in order; a nested one, "12 of 23 of the 50", is two.

    A pair whose first number is the larger, such as the date 12/5 or a blood pressure, is none.
    """
    text = in_digits(text)
    position = 0
    while match := COUNT.search(text, position):
        events, before, n, after = match.groups()
        position = match.start(3)
        if _whole(events) <= _whole(n):
            figure = before or after
            percent = (float(figure), len(figure.partition(".")[2])) if figure else None
            yield Count(_whole(events), _whole(n), percent, match[0].strip())


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
