"""The digest of an answer: the same edition and the same input give the same bytes.

Covered is every key of the answer except the digest itself, `worded_by` and `literature`: question,
reader, edition, refusal and reason, sections with the texts, citations, statements and levels of
their sentences, references, follow-up questions, questions for the visit, explained words, standing
and disclaimer. It is written as canonical JSON: keys sorted, no blanks between tokens, every
character outside ASCII as an escape.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

NOT_COVERED = ("digest", "worded_by", "literature")


def canonical(content: Mapping[str, Any]) -> bytes:
    """Write the content of an answer as canonical JSON; dataclasses are written by their fields."""
    covered = {key: value for key, value in content.items() if key not in NOT_COVERED}
    text = json.dumps(covered, default=_by_field, sort_keys=True, separators=(",", ":"))
    return text.encode("ascii")


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of an answer, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _by_field(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
