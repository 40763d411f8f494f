"""Plain data to domain objects: pydantic at the edge, its complaints in our words."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

EXPECTED = {
    "missing": "it is missing; write it",
    "unexpected_keyword_argument": "it is not a key of this record; remove it or correct its name",
    "extra_forbidden": "it is not a key of this record; remove it or correct its name",
    "int_parsing": "{input} is not a count",
    "int_type": "{input} is not a count",
    "float_parsing": "{input} is not a number",
    "bool_parsing": "{input} is neither yes nor no",
    "string_type": "{input} is not text",
    "tuple_type": "{input} is not a list; write [a, b]",
    "dataclass_type": "{input} is not a record of keys and values",
    "literal_error": "{input} is none of {expected}",
}


class SchemaError(ValueError):
    """Records that do not fit their type.

    Attributes:
        complaints: (record, field, message) for everything wrong.
        ids: the ids of all records of the list, also of those that are in order.
    """

    def __init__(self, complaints: Sequence[tuple[str, str, str]], ids: Iterable[str] = ()) -> None:
        super().__init__("; ".join(" ".join(parts) for parts in complaints))
        self.complaints = complaints
        self.ids = frozenset(ids)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(list[kind], config=ConfigDict(extra="forbid"))


def records(kind: Any, data: Any) -> tuple[Any, ...]:
    """Turn a list of plain records into domain objects of one kind.

    Raises:
        SchemaError: with every complaint about every record, not only the first.
    """
    if not isinstance(data, list):
        raise SchemaError([("", "", "expected a list of records")])
    try:
        return tuple(_adapter(kind).validate_python(data))
    except ValidationError as error:
        ids = (str(record.get("id")) for record in data if isinstance(record, dict))
        raise SchemaError(list(_complaints(error, data)), ids) from None


def json_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of a file that holds records of one kind.

    Every scalar of a file is written as text; "5", "yes" and "0.44" are read as their field needs.
    """
    return _adapter(kind).json_schema()


def _complaints(error: ValidationError, data: list[Any]) -> Iterator[tuple[str, str, str]]:
    for found in error.errors(include_url=False):
        position, *inner = found["loc"]
        record = data[position] if isinstance(position, int) else None
        name = record.get("id") or record.get("name") if isinstance(record, dict) else None
        template = EXPECTED.get(found["type"], found["msg"])
        yield (
            str(name or f"record {int(position) + 1}"),
            _place(inner),
            template.format(input=repr(found["input"]), **found.get("ctx", {})),
        )


def _place(path: Sequence[int | str]) -> str:
    """Write a path for people: ("findings", 1, "n") is "finding 2, n"."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int):
            words[-1] = f"{words[-1].removesuffix('s')} {part + 1}"
        else:
            words.append(str(part))
    return ", ".join(words)
