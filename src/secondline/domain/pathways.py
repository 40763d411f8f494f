"""Clinical pathways: the rules that the passages became."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["standard", "alternative", "trial", "avoid", "local-control", "supportive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A named way of dividing patients, with its own clock and definitions.

    Attributes:
        exclusive: at most one stratum can hold; two that both hold are an error.
    """

    scheme: str
    label: str
    exclusive: bool = True
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule has: a criterion, and the passage and statements it comes from.

    Attributes:
        when: the criterion, in the criterion language.
        undecided_when: patients for whom the sources give no rule; the answer is then unknown.
        undecided_because: why, in a sentence.
        passage: the paragraph that stands above the rule in its pathway file.
    """

    id: str
    when: str
    statements: tuple[str, ...] = ()
    undecided_when: str | None = None
    undecided_because: str | None = None
    passage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Rule):
    """A criterion with a name, for use in other rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum(Rule):
    """One class of a scheme."""

    scheme: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Rule):
    """Something that can be done, and the role the sources give it."""

    label: str
    role: Role
    plain: str | None = None
    caution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook(Rule):
    """One published result that describes patients like this one.

    Attributes:
        statement: the statement whose findings are shown.
        group: the group of the finding; endpoint and timepoint narrow it where needed.
    """

    statement: str
    group: str = "all"
    endpoint: str | None = None
    caution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution(Rule):
    """A warning that holds for some patients."""

    text: str


AnyRule = Named | Stratum | Option | Outlook | Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """One clinical situation: its schemes and rules in the order of the passages."""

    id: str
    disease: str
    title: str
    schemes: tuple[Scheme, ...]
    rules: tuple[AnyRule, ...]
