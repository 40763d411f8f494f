"""Digests of exact content: an approval belongs to words, not to a name."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

ABSENT: tuple[Any, ...] = (None, [], {}, "")


def plain(value: Any) -> Any:
    """Return a record as plain data; keys that are absent are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        kept = {key: plain(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each is not False and each not in ABSENT}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def content_digest(record: Any) -> str:
    """Return the SHA-256 of a record's exact content, 64 hexadecimal digits.

    The record is written as JSON with sorted keys and without the keys that are absent, so that
    the digest depends on words and figures alone: not on layout, and not on keys that a later
    version of the program knows.
    """
    return words_digest(plain(record))


def words_digest(content: Mapping[str, Any]) -> str:
    """Return the digest of a record that is plain data already, see `plain`."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def edition_of(files: Iterable[tuple[str, bytes]]) -> str:
    """Return the edition: 16 hexadecimal digits over the names and bytes of all knowledge files."""
    total = hashlib.sha256()
    for name, content in sorted(files):
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:16]
