"""Digests of exact content: an approval belongs to words, not to a name."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any


def content_digest(record: Any) -> str:
    """Return the SHA-256 of a record's exact content, 64 hexadecimal digits.

    The record is written as JSON with sorted keys and without the keys that are absent, so that
    the digest depends on words and figures alone, not on layout.
    """
    content = {key: value for key, value in asdict(record).items() if value not in (None, (), "")}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def edition_of(files: Iterable[tuple[str, bytes]]) -> str:
    """Return the edition: 16 hexadecimal digits over the names and bytes of all knowledge files."""
    total = hashlib.sha256()
    for name, content in sorted(files):
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:16]
