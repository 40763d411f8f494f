"""What may be recorded about a patient, and how exactly it is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

FactKind = Literal["number", "bool", "code", "set", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How people say a fact: phrases, in which (a|b|) are alternatives and <time> a quantity.

    Attributes:
        yes, no: of a bool. Of the treatments received, with <treatment> for what was given or not.
        codes: the phrases of each code; of a set, several codes may stand in one key, and the
            set stays open.
        only: the phrases by which a set holds one code and no other.
        value: of a number, with <time>, <percent>, <size> or <number> for the quantity.
        values: phrases by which a number is said in words: "4", or "0 to 6" for an interval.
        treatment: of a prior treatment, the names of all that it stands for.
        unclear: phrases that leave the fact open, by the question that they leave.
        about_relapse: "one": only where one relapse is told of; "nearest": moreover only where
            the relapse is the event that stands nearest to the phrase.
    """

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    value: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    treatment: tuple[str, ...] = ()
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    about_relapse: Literal["one", "nearest"] | None = None


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """One fact of the shared vocabulary: its name, kind, unit, codes and words.

    Attributes:
        name: the contract name, with its unit as suffix where it has one.
        kind: number, bool, code (one of `codes`), set (of `codes`) or date.
        label: a short noun phrase for reasons and forms ("size at diagnosis").
        unit: the unit of a number as shown to readers ("months"); empty when it has none.
        codes: what a code or set may hold; an empty tuple for a set means any code.
        diseases: where the fact matters; empty means everywhere.
        low, high: the plausible range of a number, inclusive; a value outside is refused.
        derived_from: a set fact and the codes whose presence makes this bool true.
        implies: facts that are true whenever this bool fact is true.
        said: how it is said in a question; None for a fact that is not read from questions.
        written: how a code is written for readers, by the code ("CNS" for cns); a code that is
            absent is written with blanks for its hyphens.
    """

    name: str
    kind: FactKind
    label: str
    unit: str = ""
    codes: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    derived_from: tuple[str, tuple[str, ...]] | None = None
    implies: tuple[str, ...] = ()
    said: Said | None = None
    written: Mapping[str, str] = field(default_factory=dict)

    def in_words(self, code: str) -> str:
        """Write a code of this fact for readers: "CNS", "first relapse"; a date stays as it is."""
        if self.kind == "date":
            return code
        return self.written.get(code, code.replace("-", " "))


class Reason(Enum):
    """Why a fact is unknown."""

    NOT_RECORDED = "not-recorded"
    ASKED_NONE_FOUND = "asked-none-found"
    PENDING = "pending"
    CONFLICTING = "conflicting"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact without a value, and why."""

    reason: Reason = Reason.NOT_RECORDED


NOT_RECORDED = Unknown()


@dataclass(frozen=True, slots=True)
class Interval:
    """A number known only to lie between two ends, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A set of codes; `complete` is false when more may have been given than is listed."""

    codes: frozenset[str]
    complete: bool = True


Value = bool | float | str | Interval | CodeSet | Unknown


@dataclass(frozen=True, slots=True)
class Patient:
    """The facts of one patient. A fact that was not given is unknown, never a default."""

    facts: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        return self.facts.get(name, NOT_RECORDED)

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def having(self, **facts: Value) -> "Patient":
        """Return the same patient with some facts set otherwise."""
        return Patient({**self.facts, **facts})
