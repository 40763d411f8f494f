"""A share of a hundred children: what a sentence for a family tells, as a hundred figures."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from secondline.domain.evidence import Statement
from secondline.library.library import Library

# As answers word a natural frequency: "About 17 of 100 children ... About 83 had died. Only ..."
HUNDRED = re.compile(
    r"^About (\d{1,2}) of 100 (.+?)\.(?: About (\d{1,2}) ([^.]+)\.)?(?: Only .*)?$"
)
SHARE = re.compile(r"^(?:About \d+ of 100 |(?:Almost )?(?:none|all) of the )", re.IGNORECASE)
FIGURE = re.compile(r"\d+(?:\.\d+)?")
WHOLE, ROW = 100, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class IconArray:
    """A hundred children of a group studied: the estimate alone is drawn, its range is told.

    Attributes:
        share: how many of them the sentence is about, from 1 to 99.
        group: the words that follow "17 of 100".
        others: what is told of the rest; "did not" where nothing is.
        between: the ends of the study's confidence interval, rounded to whole children; None
            where the study gives none.

    Raises:
        ValueError: the share is none or all of them, or the range does not contain it.
    """

    share: int
    group: str
    others: str = "did not"
    between: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if not 0 < self.share < WHOLE:
            raise ValueError(f"{self.share} of 100 is drawn from 1 to 99; say none or all in words")
        if self.between and not self.between[0] <= self.share <= self.between[1]:
            low, high = self.between
            raise ValueError(f"{low} to {high} of 100 does not contain {self.share}")

    @property
    def rest(self) -> int:
        """How many of the hundred the sentence is not about: the same denominator."""
        return WHOLE - self.share

    @property
    def places(self) -> Iterable[tuple[int, int, bool]]:
        """Yield column and row of every child from 0, and whether the sentence is about it."""
        return [(place % ROW, place // ROW, place < self.share) for place in range(WHOLE)]

    @property
    def title(self) -> str:
        """The figure in one line, in both frames."""
        return f"{self.share} of 100 {self.group}; {self.rest} of 100 {self.others}"

    @property
    def range(self) -> str:
        """The range of the study in words; empty where it gives none."""
        if self.between is None:
            return ""
        low, high = self.between
        return (
            "The study could not be exact: the true number for such a group is likely between"
            f" {low} and {high} of 100."
        )

    @property
    def reminder(self) -> str:
        """Whom the figure is about."""
        return "These are groups that were studied. It is not about your child alone."


def tells_a_share(text: str) -> bool:
    """Say whether a sentence tells a family a figure: those are shown when they are asked for."""
    return SHARE.match(text) is not None


def icon_array(text: str, statements: Iterable[str], library: Library) -> IconArray | None:
    """Return the figure of a sentence; None for one that tells no number of a hundred.

    Args:
        text: a sentence of an answer for a family.
        statements: the ids of those it rests on.
        library: that holds them.
    """
    match = HUNDRED.match(text)
    if match is None or int(match[1]) == 0:
        return None
    share = int(match[1])
    held = (library.statements[id_] for id_ in statements if id_ in library.statements)
    return IconArray(
        share=share,
        group=match[2],
        others=match[4] or "did not",
        between=_between(share, match[2], held, library),
    )


def _between(
    share: int, words: str, statements: Iterable[Statement], library: Library
) -> tuple[int, int] | None:
    """Return the confidence interval of the finding that a sentence tells, in whole children."""
    for finding in (finding for statement in statements for finding in statement.findings):
        lay = library.endpoints[finding.endpoint].lay
        told = finding.plain_group and lay and words.startswith(f"{finding.plain_group} {lay}")
        estimate = FIGURE.search(finding.estimate or "")
        if not told or estimate is None or round(float(estimate[0])) != share:
            continue
        if finding.interval_kind == "CI" and finding.coverage is None:
            ends = [float(end) for end in FIGURE.findall(finding.interval or "")]
            if len(ends) == 2:
                return round(ends[0]), round(ends[1])
    return None
