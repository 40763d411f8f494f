"""The stable JSON of answers and assessments: results as plain data, keys in contract order."""

from dataclasses import asdict, fields
from typing import Any

from secondline.desk import Answer, Assessment


def plain(result: Answer | Assessment) -> dict[str, Any]:
    """Return a result as JSON-ready data, in the order of its fields."""
    return {field.name: _plain(getattr(result, field.name)) for field in fields(result)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value
