"""Facts of a patient as fields of a form: written from the vocabulary, read back as facts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from secondline import desk
from secondline.interfaces.web.form import Form

RANGE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:to|-|–)\s*(\d+(?:\.\d+)?)\s*", re.IGNORECASE)
UNKNOWN = "?"  # begins the value of a choice that is no code; no code begins with it
REASONS = {"pending": "result pending", "asked-none-found": "asked, not found"}
TAKEN_AWAY = f"{UNKNOWN}not-recorded"
HOW = ".list"  # ends the name of the field that says how complete a list is
AT_LEAST, WHOLE = "at-least", "whole"


@dataclass(frozen=True, slots=True)
class FactField:
    """One fact with what stands in its field.

    Attributes:
        name, label, kind, unit, codes: of the fact.
        text: what is typed, for a number, a date or an open list.
        chosen: the choices that are made: codes, "yes", "no", or "?" with a reason.
        list_is: of a set, "at-least", "whole", or "" where nothing is known.
        given: something stands in it.
        problem: why it cannot be read; empty where it can.
        written: how codes are written for readers, where blanks for hyphens are not enough.
    """

    name: str
    label: str
    kind: str
    unit: str
    codes: tuple[str, ...]
    text: str = ""
    chosen: tuple[str, ...] = ()
    list_is: str = ""
    given: bool = False
    problem: str = ""
    written: Mapping[str, str] = field(default_factory=dict)

    def in_words(self, choice: str) -> str:
        """Write a choice as readers know it."""
        if choice.startswith(UNKNOWN):
            return REASONS.get(choice.removeprefix(UNKNOWN), "not known")
        return self.written.get(choice, choice.replace("-", " "))

    @property
    def shown(self) -> str:
        """Return the value in words, as a reader checks it."""
        if not self.given:
            return "not known"
        words = [self.in_words(choice) for choice in self.chosen] or [_whole(self.text) or "none"]
        told = ", ".join(words)
        if self.kind == "set" and self.list_is == AT_LEAST:
            return f"at least {told}"
        return f"{told} {self.unit}".strip() if self.kind == "number" else told

    def posted(self) -> Iterator[tuple[str, str]]:
        """Yield the fields that say the same again, by their names without a prefix."""
        for choice in self.chosen:
            yield self.name, choice
        if self.text:
            yield self.name, self.text
        if self.list_is:
            yield f"{self.name}{HOW}", self.list_is


def _whole(text: str) -> str:
    """Return "8" for "8 to 8.991", as ages are told; other texts as they are."""
    ends = RANGE.fullmatch(text)
    if ends and float(ends[1]).is_integer() and 0.9 < float(ends[2]) - float(ends[1]) < 1:
        return f"{float(ends[1]):g}"
    return text


def fields_of(
    definitions: Iterable[desk.FactDefinition],
    facts: Mapping[str, Any],
    problems: Mapping[str, str] | None = None,
) -> list[FactField]:
    """Return a field for every fact, filled with what is given of it.

    Args:
        definitions: the facts, in the order of the form.
        facts: as `Desk.assess` takes them.
        problems: why a fact cannot be read, by its name.
    """
    return [
        _field(definition, facts.get(definition.name), (problems or {}).get(definition.name, ""))
        for definition in definitions
    ]


def _field(fact: desk.FactDefinition, value: Any, problem: str) -> FactField:
    text, list_is = "", ""
    chosen: tuple[str, ...] = ()
    match value:
        case None:
            pass
        case {"unknown": reason}:
            chosen = (f"{UNKNOWN}{reason}",)
        case {"at_least": codes}:
            chosen, list_is = tuple(codes), AT_LEAST
        case {"from": low, "to": high}:
            text = f"{_number(low)} to {_number(high)}"
        case bool():
            chosen = ("yes" if value else "no",)
        case list():
            chosen, list_is = tuple(value), WHOLE
        case float() | int():
            text = _number(value)
        case str() if fact.kind in {"bool", "code"}:
            chosen = (value,)
        case _:
            text = str(value)
    if fact.kind == "set" and not fact.codes:
        text, chosen = ", ".join(chosen), ()
    return FactField(
        name=fact.name, label=fact.label, kind=fact.kind, unit=fact.unit, codes=fact.codes,
        text=text, chosen=chosen, list_is=list_is, given=value is not None, problem=problem,
        written=fact.written,
    )  # fmt: skip


def _number(value: float | str) -> str:
    return f"{Decimal(f'{value:g}'):f}" if isinstance(value, float | int) else str(value)


def facts_from(
    form: Form, definitions: Iterable[desk.FactDefinition], prefix: str
) -> dict[str, Any]:
    """Read the facts of a form; a field that is empty is a fact that is not known, and absent.

    Args:
        form: with fields named `<prefix>.<fact>`.
        definitions: the facts to look for; other fields are left alone.
        prefix: "fact", "answer" or another.

    Returns:
        The facts as `Desk.assess` takes them, unchecked; None for one that is taken away.
    """
    found: dict[str, Any] = {}
    for fact in definitions:
        values = [v.strip() for v in form.all(f"{prefix}.{fact.name}") if v.strip()]
        list_is = form[f"{prefix}.{fact.name}{HOW}"]
        if TAKEN_AWAY in values:
            found[fact.name] = None
        elif values or list_is:
            found[fact.name] = _value(fact, values, list_is)
    return found


def _value(fact: desk.FactDefinition, values: list[str], list_is: str) -> Any:
    """Return one value; a list that nobody called complete stays open."""
    first = values[0] if values else ""
    if first.startswith(UNKNOWN):
        return {"unknown": first.removeprefix(UNKNOWN)}
    if fact.kind == "set":
        codes = values if fact.codes else [c for v in values for c in _listed(v)]
        return codes if list_is == WHOLE else {"at_least": codes}
    if fact.kind == "number" and (ends := RANGE.fullmatch(first)):
        return {"from": float(ends[1]), "to": float(ends[2])}
    return first


def _listed(text: str) -> Iterator[str]:
    """Yield the names of a list that is typed with commas, semicolons or lines between them."""
    yield from (name.strip() for name in re.split(r"[,;\n]", text) if name.strip())


def problems_by_fact(error: desk.PatientError) -> dict[str, str]:
    """Return the problems of facts by their names, as `PatientError` tells them."""
    return {name: says for problem in error.problems for name, _, says in [problem.partition(": ")]}
