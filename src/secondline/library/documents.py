"""Knowledge files as plain data: YAML in which every scalar is a string.

YAML is read from its events, once, so that duplicate keys are found before one of them is lost,
aliases (and with them alias bombs) are refused before anything is built, and `no`, `1.10` and
`12:30:00` stay the strings that were written.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

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


def read_text(path: Path, largest: int = LARGEST_FILE) -> str:
    """Read a UTF-8 text file of at most so many bytes.

    Raises:
        KnowledgeError: it is missing, too large, binary or not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"it cannot be read: {error.strerror}") from None
    if len(raw) > largest:
        raise KnowledgeError(f"it has {len(raw):,} bytes; a file has at most {largest:,}")
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
        return _built(yaml.CSafeLoader(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise KnowledgeError(f"not YAML: {problem}", mark.line + 1 if mark else 0) from None


def _built(loader: Any) -> Plain:  # noqa: PLR0912  # one branch for each kind of event
    """Build data from parser events with a stack of open containers.

    Scalars, by far the most events, are looked at first and by their class: this loop takes most of
    the time in which a library is read.
    """
    root: list[Plain] = []
    container: Plain = root
    key: str | None = None
    stack: list[tuple[Plain, str | None]] = []
    documents = 0
    next_event = loader.get_event
    while True:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            if event.anchor or event.tag:
                raise _refused(event)
            value: Plain = event.value
            if key is not None:
                container[key] = value
                key = None
            elif type(container) is list:
                container.append(value)
            elif value in container:
                raise KnowledgeError(f"key {value!r} stands twice", _line(event))
            else:
                key = value
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.anchor or event.tag:
                raise _refused(event)
            value = {} if kind is MappingStartEvent else []
            if key is not None:
                container[key] = value
            elif type(container) is list:
                container.append(value)
            else:
                raise KnowledgeError("a key must be a plain word", _line(event))
            if len(stack) >= DEEPEST:
                raise KnowledgeError(f"nested deeper than {DEEPEST} levels", _line(event))
            stack.append((container, None))
            container, key = value, None
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            container, key = stack.pop()
        elif kind is AliasEvent:
            raise KnowledgeError(f"alias *{event.anchor}: write the value out", _line(event))
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise KnowledgeError("a second document begins; keep one per file", _line(event))
        elif kind is StreamEndEvent:
            break
    return root[0] if root else None


def _refused(event: Any) -> KnowledgeError:
    what = f"anchor &{event.anchor}: write the value out" if event.anchor else None
    return KnowledgeError(what or f"tag {event.tag}: leave it away", _line(event))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
