"""Knowledge files as plain data: YAML in which every scalar is a string.

YAML is read from its events, once, so that duplicate keys are found before one of them is lost,
aliases (and with them alias bombs) are refused before anything is built, and `no`, `1.10` and
`12:30:00` stay the strings that were written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LARGEST_FILE = 2_000_000  # bytes; a knowledge file is some kB
DEEPEST = 20

Plain = Any  # str, list of Plain, or dict of str to Plain


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a knowledge file: which file, where in it, what, and the repair."""

    file: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class KnowledgeError(ValueError):
    """A file that cannot be read as knowledge. `line` is 1 for the first line, 0 when unknown."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def read_text(path: Path) -> str:
    """Read a UTF-8 text file.

    Raises:
        KnowledgeError: it is missing, too large, binary or not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"it cannot be read: {error.strerror}") from None
    if len(raw) > LARGEST_FILE:
        raise KnowledgeError(f"it has {len(raw):,} bytes; a file has at most {LARGEST_FILE:,}")
    if b"\0" in raw:
        raise KnowledgeError("it is binary; expected UTF-8 text")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise KnowledgeError(f"byte {error.start} is not UTF-8; save it as UTF-8", line) from None


def read_yaml(text: str) -> Plain:
    """Read one YAML document into strings, lists and dicts; an empty text gives None.

    Raises:
        KnowledgeError: the text is not YAML, or uses what knowledge files do not: aliases,
            anchors, tags, duplicate keys, keys that are not plain words, a second document.
    """
    if "\0" in text:
        raise KnowledgeError("it is binary; expected YAML text")
    try:
        return _built(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise KnowledgeError(f"not YAML: {problem}", mark.line + 1 if mark else 0) from None


def _built(events: Iterator[Any]) -> Plain:
    """Build data from parser events with a stack of open containers."""
    root: list[Plain] = []
    stack: list[tuple[Plain, str | None]] = [(root, None)]
    documents = 0
    for event in events:
        line = event.start_mark.line + 1
        match event:
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    raise KnowledgeError("a second document begins; keep one per file", line)
            case yaml.AliasEvent():
                raise KnowledgeError(f"alias *{event.anchor}: write the value out", line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent() | yaml.ScalarEvent():
                if event.anchor:
                    raise KnowledgeError(f"anchor &{event.anchor}: write the value out", line)
                if event.tag:
                    raise KnowledgeError(f"tag {event.tag}: leave it away", line)
                _place(event, stack, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                stack.pop()
            case _:
                pass
    return root[0] if root else None


def _place(event: Any, stack: list[tuple[Plain, str | None]], line: int) -> None:
    """Put a scalar or a new container where it belongs; the first scalar of a pair is its key."""
    container, key = stack[-1]
    if isinstance(container, dict) and key is None:
        if not isinstance(event, yaml.ScalarEvent):
            raise KnowledgeError("a key must be a plain word", line)
        if event.value in container:
            raise KnowledgeError(f"key {event.value!r} stands twice", line)
        stack[-1] = (container, event.value)
        return
    value: Plain = (
        event.value
        if isinstance(event, yaml.ScalarEvent)
        else ({} if isinstance(event, yaml.MappingStartEvent) else [])
    )
    if isinstance(container, dict):
        container[key] = value
        stack[-1] = (container, None)
    else:
        container.append(value)
    if not isinstance(event, yaml.ScalarEvent):
        if len(stack) > DEEPEST:
            raise KnowledgeError(f"nested deeper than {DEEPEST} levels", line)
        stack.append((value, None))
