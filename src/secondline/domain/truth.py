"""Three-valued truth (strong Kleene logic): met, not met, unknown."""

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """Whether a criterion holds for a patient; a missing fact leaves it unknown.

    A truth value has no `bool()`: code that would treat unknown as false, or as true, fails.
    """

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        """Refuse: a third value has no place in a two-valued `if`.

        Raises:
            TypeError: always. Compare with `is Truth.MET` or its two siblings.
        """
        raise TypeError(
            f"a truth value ({self.value}) is not a bool; compare it: `truth is Truth.MET`"
        )


MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


def truth_of(known: bool) -> Truth:
    """Turn a two-valued fact into a truth value."""
    return MET if known else NOT_MET


def negation(truth: Truth) -> Truth:
    """Exchange met and not met; unknown stays unknown."""
    return NOT_MET if truth is MET else MET if truth is NOT_MET else UNKNOWN


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Met when all are met, not met when one is not, otherwise unknown. Empty: met."""
    result = MET
    for truth in truths:
        if truth is NOT_MET:
            return NOT_MET
        if truth is UNKNOWN:
            result = UNKNOWN
    return result


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Met when one is met, not met when none is, otherwise unknown. Empty: not met."""
    result = NOT_MET
    for truth in truths:
        if truth is MET:
            return MET
        if truth is UNKNOWN:
            result = UNKNOWN
    return result


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """Met when `count` are met already, not met when too few can still be met."""
    found = list(truths)
    met = found.count(MET)
    if met >= count:
        return MET
    return UNKNOWN if met + found.count(UNKNOWN) >= count else NOT_MET
