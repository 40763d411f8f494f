"""What an answer is made of, before it is worded: rules and statements, section by section."""

from dataclasses import dataclass, field

from secondline.domain.evidence import Statement
from secondline.domain.pathways import AnyRule, Caution, Option, Stratum

Item = AnyRule | Statement
Leading = Stratum | Option | Caution

WORDS_OF_AN_OVERVIEW = 3_200
WORDS_OF_A_SECTION = 900
FEW_ASPECTS = 3
OPTIONS_SHARE = 3  # the options have as much room as so many other sections


@dataclass(slots=True)
class Plan:
    """What to tell: rules by their passages, statements by themselves.

    Attributes:
        overview: the question is about the situation as a whole.
        brief: rules are told with the main figures of the statements nearest to the question.
        rank: the places of the statements nearest to the question.
        lead: the rule whose passage answers a specific question in short, if there is one.
        items: by aspect, both in the order in which they are shown.
        named: by aspect, options that are named without their evidence.
        left_out: there was more to tell than there is room for.
    """

    overview: bool
    brief: bool = False
    rank: dict[str, int] = field(default_factory=dict)
    lead: Leading | None = None
    items: dict[str, list[Item]] = field(default_factory=dict)
    named: dict[str, list[Option]] = field(default_factory=dict)
    left_out: bool = False

    @property
    def is_of_few_aspects(self) -> bool:
        """Say whether an overview is of some aspects only, so that there is room for details."""
        return self.overview and len(self.items) <= FEW_ASPECTS

    def room(self, aspect: str) -> int:
        """Return about how many words an overview has for a section; the options get most."""
        shares = {each: OPTIONS_SHARE if each == "options" else 1 for each in self.items}
        share = shares.get(aspect, 1) / max(sum(shares.values()), 1)
        return min(round(WORDS_OF_AN_OVERVIEW * share), WORDS_OF_A_SECTION)

    def leave_out(self, aspect: str, items: list[Item]) -> None:
        """Tell no more of an aspect than the names of its options."""
        options = [item for item in items if isinstance(item, Option)]
        self.named.setdefault(aspect, []).extend(options)
        self.left_out = True
