"""One given value, read by the kind of its fact; a clear message when it does not fit."""

import json
from typing import Any

from secondline.assessment.dates import date_range
from secondline.criteria.vocabulary import suggestion
from secondline.domain.facts import CodeSet, FactDefinition, Interval, Reason, Unknown, Value

LARGEST = 1e9  # no fact reaches it; also false for "not a number"
YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def value_of(fact: FactDefinition, raw: Any) -> Value:
    """Read one value.

    Raises:
        ValueError: found, expected and repair, in that order.
    """
    if isinstance(raw, dict):
        return _partial_value(fact, raw)
    match fact.kind:
        case "bool":
            return _bool(raw)
        case "number":
            return _number(fact, raw)
        case "code":
            return _code(fact, raw)
        case "set":
            return CodeSet(_codes(fact, raw))
        case _:
            return _date(raw)


def _partial_value(fact: FactDefinition, raw: dict[str, Any]) -> Value:
    match raw:
        case {"unknown": str() as reason} if len(raw) == 1:
            known = {each.value: each for each in Reason}
            if reason not in known:
                raise ValueError(f'"{reason}" is not a reason; expected {" | ".join(known)}')
            return Unknown(known[reason])
        case {"from": low, "to": high} if len(raw) == 2 and fact.kind == "number":
            interval = Interval(_number(fact, low), _number(fact, high))
            if interval.low > interval.high:
                raise ValueError(f"from {low} is above to {high}; exchange them")
            return interval
        case {"at_least": codes} if len(raw) == 1 and fact.kind == "set":
            return CodeSet(_codes(fact, codes), complete=False)
        case _:
            raise ValueError(
                f'a {fact.kind} may be given as {{"unknown": reason}}'
                + {"number": ' or {"from": a, "to": b}', "set": ' or {"at_least": [codes]}'}.get(
                    fact.kind, ""
                )
            )


def _bool(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in YES_NO:
        return YES_NO[raw.lower()]
    raise ValueError(f"{_shown(raw)} is neither true nor false")


def _number(fact: FactDefinition, raw: Any) -> float:
    if isinstance(raw, str):
        try:
            raw = float(raw)
        except ValueError:
            unit = f" of {fact.unit}" if fact.unit else ""
            raise ValueError(f"{_shown(raw)} is not a number{unit}; give the bare number") from None
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < LARGEST:
        raise ValueError(f"{_shown(raw)} is not a number that a patient can have")
    low, high = fact.low, fact.high
    if (low is not None and raw < low) or (high is not None and raw > high):
        raise ValueError(
            f"{raw:g} lies outside {low:g} to {high:g}{' ' + fact.unit if fact.unit else ''};"
            " is the unit right?"
        )
    return float(raw)


def _date(raw: Any) -> str:
    try:
        date_range(raw)
    except ValueError as error:
        raise ValueError(f"{_shown(raw)} {error}") from None
    return str(raw)


def _code(fact: FactDefinition, raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{_shown(raw)} is not a code; expected {' | '.join(fact.codes)}")
    if fact.codes and raw not in fact.codes:
        raise ValueError(
            f"{_shown(raw)} is not one of its codes{suggestion(raw, fact.codes)};"
            f" expected {' | '.join(fact.codes)}"
        )
    return raw


def _codes(fact: FactDefinition, raw: Any) -> frozenset[str]:
    if not isinstance(raw, list):
        raise ValueError(f"{_shown(raw)} is not a list of codes; write [] for none")
    return frozenset(_code(fact, each) for each in raw)


def _shown(raw: Any) -> str:
    text = json.dumps(raw, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."
