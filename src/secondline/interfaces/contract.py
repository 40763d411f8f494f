"""The stable JSON of results: plain data, keys in contract order."""

import json
from dataclasses import asdict, fields
from typing import Any

from secondline.desk import (
    Added,
    Answer,
    Assessment,
    Audit,
    Built,
    Cohort,
    Comparison,
    Counts,
    Difference,
    Replay,
    Retrieved,
    Sharded,
    Stats,
    Step,
    Verification,
    Verified,
    figures,
    surveillance,
)

Result = (
    Added
    | Answer
    | Assessment
    | Audit
    | Built
    | Cohort
    | Comparison
    | Counts
    | Difference
    | Replay
    | Retrieved
    | Sharded
    | Stats
    | Step
    | Verification
    | Verified
    | figures.ForestPlot
    | surveillance.LiteratureVerification
    | surveillance.Watched
)


def json_text(result: Result) -> str:
    """Write a result as the JSON of the contract."""
    return json.dumps(plain(result), ensure_ascii=False, indent=2)


def plain(result: Result) -> dict[str, Any]:
    """Return a result as JSON-ready data, in the order of its fields."""
    return {field.name: _plain(getattr(result, field.name)) for field in fields(result)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value
