"""A statement as a form, made from its types: filled, read back, its problems at their field."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from secondline import desk
from secondline.interfaces.web.form import Form
from secondline.interfaces.web.statement_labels import (
    CHOICES,
    FIRST,
    GROUPS,
    LABELS,
    PROSE,
    SECTIONS,
)

PREFIX = "f."
MOST_GROUPS = 60  # of one kind; no statement has a fifth of it
FOLDED = re.compile(r"\s*\n\s*")
LISTED = {  # fields that name records of the library, and the list of them
    "intervention": "regimens", "comparator": "regimens", "findings.endpoint": "endpoints",
    "citation.source": "sources", "citation.via": "sources",
}  # fmt: skip
LEFT_OUT = {"withdrawn"}  # written when a statement is withdrawn, and never before


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field of a record takes.

    Attributes:
        sort: text, prose, count, yes-no, choice, list, record or records.
        choices: of a choice.
        record: the type of a record, or of each of several.
        required: it must be given.
    """

    sort: str
    choices: tuple[str, ...] = ()
    record: Any = None
    required: bool = False


@cache
def kinds(record: Any) -> Mapping[str, Kind]:
    """Return what each field of a type of record takes, in its order."""
    hints = get_type_hints(record)
    return {
        each.name: _kind(hints[each.name], required=each.default is dataclasses.MISSING)
        for each in dataclasses.fields(record)
        if each.name not in LEFT_OUT
    }


def _kind(hint: Any, *, required: bool) -> Kind:
    if get_origin(hint) in {Union, UnionType}:
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is Literal:
        return Kind("choice", get_args(hint), required=required)
    if get_origin(hint) is tuple:
        of = get_args(hint)[0]
        return Kind("list") if of is str else Kind("records", record=of)
    if dataclasses.is_dataclass(hint):
        return Kind("record", record=hint, required=required)
    return Kind({int: "count", bool: "yes-no"}.get(hint, "text"), required=required)


@dataclass(frozen=True, slots=True)
class StatementField:
    """One field as it is shown.

    Attributes:
        name: as it is posted; `key` is the same without the number of its group.
        listed: the name of the list of records that it names, if any.
        value: what is typed.
        problem: why it cannot stand; empty where it can.
    """

    name: str
    key: str
    kind: Kind
    value: str
    problem: str

    @property
    def id(self) -> str:
        """The id of the field in a page."""
        return self.name.replace(".", "-")

    @property
    def label(self) -> str:
        """What an editor reads beside it."""
        return LABELS[self.key][0]

    @property
    def hint(self) -> str:
        """What an editor reads below it."""
        return LABELS[self.key][1]

    @property
    def prose(self) -> bool:
        """Whether it takes a paragraph."""
        return self.key in PROSE

    @property
    def listed(self) -> str:
        """The list of the records that it may name; empty where it names none."""
        return LISTED.get(self.key, "")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, with its words; also a value that may not, so that it is not lost."""
        known = [(each, CHOICES.get(each, each.replace("-", " "))) for each in self.kind.choices]
        return (
            known if self.value in {"", *self.kind.choices} else [*known, (self.value, self.value)]
        )


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The fields of a record within the statement, such as one finding.

    Attributes:
        number: of several, from 1; 0 where there is only one.
        first, more: the fields that are shown at once, and those that unfold.
    """

    name: str
    title: str
    number: int
    first: tuple[StatementField, ...]
    more: tuple[StatementField, ...]
    problem: str

    @property
    def id(self) -> str:
        """The id of the group in a page."""
        return self.name.replace(".", "-")

    @property
    def unfolded(self) -> bool:
        """Whether something stands in what unfolds."""
        return any(each.value or each.problem for each in self.more)


@dataclass(frozen=True)
class Typed:
    """What is typed in the form of a statement: text by the name of its field, groups counted."""

    values: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The statement as a file would give it; what is empty is absent."""
        found = self._record(desk.Statement, "")
        return {**found, "citation": found.get("citation", {})}

    def _record(self, record: Any, prefix: str) -> dict[str, Any]:
        found = {name: self._value(f"{prefix}{name}", k) for name, k in kinds(record).items()}
        return {name: value for name, value in found.items() if value not in ("", {}, [])}

    def _value(self, name: str, kind: Kind) -> Any:
        if kind.record and kind.sort == "record":
            found = self._record(kind.record, f"{name}.")
            return {} if set(found) <= {"scheme"} else found  # a scheme alone is no level
        if kind.record:
            return [self._record(kind.record, f"{name}.{n}.") for n in self.filled(name)]
        text = self.values.get(name, "")
        return (
            [each.strip() for each in text.split(",") if each.strip()]
            if kind.sort == "list"
            else text
        )

    def filled(self, name: str) -> list[int]:
        """Return the numbers of the groups of a name in which something stands."""
        numbers = range(1, self.counts.get(name, 0) + 1)
        return [n for n in numbers if any(self._within(f"{name}.{n}."))]

    def _within(self, prefix: str) -> Iterator[str]:
        return (text for name, text in self.values.items() if text and name.startswith(prefix))

    def with_group(self, name: str) -> "Typed":
        """Return the same with one more empty group."""
        count = min(self.counts.get(name, 0) + 1, MOST_GROUPS)
        return Typed(self.values, {**self.counts, name: count})

    def without_group(self, name: str, number: int) -> "Typed":
        """Return the same without one group; those after it move up."""
        values = {}
        for key, text in self.values.items():
            if key.startswith(f"{name}."):
                _, n, rest = key.split(".", 2)
                if int(n) != number:
                    values[f"{name}.{int(n) - (int(n) > number)}.{rest}"] = text
            else:
                values[key] = text
        return Typed(values, {**self.counts, name: max(self.counts.get(name, 0) - 1, 0)})

    def place(self, complaint: str) -> str:
        """Return the name of the field or the group that a complaint is about; empty for none.

        Args:
            complaint: its field, such as "says", "citation, source" or "finding 2, n".
        """
        name, record = "", desk.Statement
        for part in complaint.split(", "):
            word, _, digits = part.partition(" ")
            known = kinds(record)
            key = next((k for k in known if word in {k, k.removesuffix("s")}), None)
            if key is None:
                return name
            kind = known[key]
            name = f"{name}.{key}" if name else key
            if kind.sort == "records" and digits.isdecimal():
                shown = [n for i, n in enumerate(self.filled(key), 1) if i == int(digits)]
                if not shown:
                    return name
                name = f"{name}.{shown[0]}"
            if kind.record is None:
                return name
            record = kind.record
        return name


def typed_in(form: Form) -> Typed:
    """Return what is typed in a form that was sent. A line break within a field is a blank."""
    values, counts = (
        {},
        {name: 0 for name, kind in kinds(desk.Statement).items() if kind.sort == "records"},
    )
    for name in form:
        if name.startswith(PREFIX) and _is_field(key := name.removeprefix(PREFIX)):
            values[key] = FOLDED.sub(" ", form[name]).strip()
    for name in counts:
        given = form[f"count.{name}"]
        counts[name] = min(int(given), MOST_GROUPS) if given.isdecimal() and len(given) < 4 else 0
    return Typed(values, counts)


def typed_from(data: Mapping[str, Any]) -> Typed:
    """Return the form filled with a statement.

    Raises:
        ValueError: it holds what the form has no field for; the message names it.
    """
    values: dict[str, str] = {}
    counts: dict[str, int] = {}
    _fill(desk.Statement, data, "", values, counts)
    return Typed(values, counts)


def _fill(
    record: Any, data: Mapping[str, Any], prefix: str, values: dict[str, str],
    counts: dict[str, int],
) -> None:  # fmt: skip
    known = kinds(record)
    for key, value in data.items():
        name = f"{prefix}{key}"
        kind = known.get(key)
        if key in LEFT_OUT:
            continue
        if kind is None:
            raise ValueError(f"the form has no field {name}")
        match kind.sort, value:
            case "record", Mapping():
                _fill(_type_of(kind), value, f"{name}.", values, counts)
            case "records", list() if len(value) <= MOST_GROUPS and all(
                isinstance(each, Mapping) for each in value
            ):
                counts[name] = len(value)
                for number, each in enumerate(value, start=1):
                    _fill(_type_of(kind), each, f"{name}.{number}.", values, counts)
            case "list", list() if all(isinstance(each, str) and "," not in each for each in value):
                values[name] = ", ".join(value)
            case ("record" | "records" | "list", _) | (_, Mapping() | list()):
                raise ValueError(f"the form cannot hold what stands in {name}")
            case "yes-no", _:
                values[name] = {True: "yes", "true": "yes"}.get(value, str(value))
            case _:
                values[name] = str(value)


def _type_of(kind: Kind) -> Any:
    if kind.record is None:
        raise TypeError(kind.sort)
    return kind.record


def _is_field(name: str) -> bool:
    """Say whether a name is that of a field of a statement, such as "findings.2.n"."""
    record: Any = desk.Statement
    parts = name.split(".")
    while parts:
        kind = kinds(record).get(parts.pop(0)) if record else None
        if kind is None:
            return False
        if kind.sort == "records" and not (parts and re.fullmatch(r"[1-9]\d?", parts.pop(0))):
            return False
        if kind.record is None:
            return not parts
        record = kind.record
    return False


def sections(
    typed: Typed, complaints: Iterable[tuple[str, str]]
) -> list[tuple[str, list[StatementField | FieldGroup]]]:
    """Return the form as it is read: sections with their fields and groups.

    Args:
        typed: what stands in it.
        complaints: field and message of each.
    """
    problems: dict[str, str] = {}
    for where, message in complaints:
        name = typed.place(where)
        problems[name] = "; ".join(filter(None, (problems.get(name, ""), message)))
    top = kinds(desk.Statement)
    return [
        (title, [each for name in names for each in _shown(name, top[name], typed, problems)])
        for title, names in SECTIONS
    ]


def _shown(
    name: str, kind: Kind, typed: Typed, problems: Mapping[str, str]
) -> Iterator[StatementField | FieldGroup]:
    if kind.sort == "record":
        yield _group(name, kind, typed, problems)
    elif kind.sort == "records":
        for number in range(1, typed.counts.get(name, 0) + 1):
            yield _group(f"{name}.{number}", kind, typed, problems)
    else:
        yield _field(name, name, kind, typed, problems)


def _group(name: str, kind: Kind, typed: Typed, problems: Mapping[str, str]) -> FieldGroup:
    key, _, digits = name.partition(".")
    number = int(digits or 0)
    fields = {
        each: _field(f"{name}.{each}", f"{key}.{each}", its, typed, problems)
        for each, its in kinds(_type_of(kind)).items()
    }
    first = FIRST.get(key, tuple(fields))
    return FieldGroup(
        name, f"{GROUPS[key]} {number or ''}".strip(), number,
        tuple(fields[each] for each in first),
        tuple(each for at, each in fields.items() if at not in first),
        problems.get(name, ""),
    )  # fmt: skip


def _field(
    name: str, key: str, kind: Kind, typed: Typed, problems: Mapping[str, str]
) -> StatementField:
    return StatementField(name, key, kind, typed.values.get(name, ""), problems.get(name, ""))
