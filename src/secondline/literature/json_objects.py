"""A stream of JSON cut into its objects, each decoded by itself: lines, a list, an API's answer."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from secondline.literature.files import LARGEST_RECORD, Window
from secondline.literature.records import (
    RECORD_FAILS,
    Document,
    FileError,
    RecordError,
    Rejected,
    Step,
    why,
)

Read = Callable[[dict[str, Any]], Document]

BOM = b"\xef\xbb\xbf"
LISTED = re.compile(rb"\s*(?:\{[^{}\[\]]*\"studies\"\s*:\s*)?\[")
BETWEEN = re.compile(rb"[\s,]*")
ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
HALF = re.compile("[\ud800-\udfff]")
CALLED = re.compile(rb"\"(?:nctId|_?id)\"\s*:\s*\"([^\"]+)\"")
TOKEN = re.compile(rb"[^\"{}\[\]]*(?:\"[^\"\\]*(?:\\.[^\"\\]*)*\"|([{\[])|([}\]]))", re.DOTALL)


def lines(window: Window, read: Read, start: int = 0) -> Iterator[Step]:
    """Read JSON Lines, one object a line; a line that cannot be read costs itself alone."""
    window.skip_to(start)
    while True:
        end = window.held.find(b"\n")
        while end < 0:
            searched = len(window.held)
            if searched > LARGEST_RECORD:
                where = window.origin
                raise FileError(f"it has a line of more than {LARGEST_RECORD >> 20} MiB", where)
            if not window.more():
                break
            end = window.held.find(b"\n", searched)
        line = bytes(window.held if end < 0 else window.held[: end + 1])
        if not line:
            return
        position = window.origin
        window.drop(len(line))
        if line.strip():
            yield _step(line.removeprefix(BOM), read, position, window.origin)


def objects(window: Window, read: Read, start: int = 0) -> Iterator[Step]:
    """Read the objects of a list, of an answer {"studies": [...]}, or one after the other.

    Raises:
        FileError: it ends inside an object, or something else stands between them.
    """
    if window.held.startswith(BOM):
        window.drop(len(BOM))
    listed = LISTED.match(window.held)
    first = listed.end() if listed else 0
    window.skip_to(max(start, window.origin + first))
    while True:
        _skip_between(window)
        if not window.held:
            if listed:
                raise FileError("it ends before its list does", window.origin)
            return
        if window.held.startswith(b"]") and listed:
            return
        if not window.held.startswith(b"{"):
            raise FileError("something other than an object stands here", window.origin)
        position = window.origin
        content = bytes(window.held[: _end(window)])
        window.drop(len(content))
        yield _step(content, read, position, window.origin)


def _skip_between(window: Window) -> None:
    while True:
        between = BETWEEN.match(window.held)
        window.drop(between.end() if between else 0)
        if window.held or not window.more():
            return


def _end(window: Window) -> int:
    """Return where the object at the beginning of the window ends."""
    depth = at = 0
    while True:
        token = TOKEN.match(window.held, at)
        if token is None:
            if len(window.held) > LARGEST_RECORD:
                reason = f"it has an object of more than {LARGEST_RECORD >> 20} MiB"
                raise FileError(reason, window.origin)
            if not window.more():
                raise FileError("it ends inside an object", window.origin)
            continue
        at = token.end()
        depth += bool(token[1]) - bool(token[2])
        if depth == 0:
            return at


def _step(content: bytes, read: Read, position: int, end: int) -> Step:
    try:
        found: Document | Rejected = read(_decoded(content))
    except RECORD_FAILS as error:
        found = Rejected(record=_called(content), reason=why(error))
    return Step(position=position, end=end, records=(found,))


def _called(content: bytes) -> str:
    """Name a record that could not be read, by the first number it prints."""
    found = CALLED.search(content)
    return found[1].decode("utf-8", "replace")[:100] if found else "a record without a number"


def _decoded(content: bytes) -> dict[str, Any]:
    try:
        decoded = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise RecordError("it is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise RecordError(f"it is not JSON: {str(error)[:200]}") from None
    if not isinstance(decoded, dict):
        raise RecordError("it is no JSON object")
    if ESCAPED.search(content):
        _require_text(decoded)
    return decoded


def _require_text(decoded: object) -> None:
    """Refuse what JSON can escape and no text holds: NUL, and half of a character."""
    if isinstance(decoded, str):
        if "\0" in decoded:
            raise RecordError("it holds a NUL, which is no character of a text")
        if HALF.search(decoded):
            raise RecordError("it holds half of a character")
    elif isinstance(decoded, dict):
        for each in (*decoded, *decoded.values()):
            _require_text(each)
    elif isinstance(decoded, list):
        for each in decoded:
            _require_text(each)


class Fields:
    """What a JSON object holds, each value of the kind it must be.

    Every method returns what is empty for what is absent.
    """

    def __init__(self, data: dict[str, Any], place: str = "") -> None:
        self._data = data
        self._place = place

    def _value(self, key: str, kind: type | tuple[type, ...], expected: str) -> Any:
        value = self._data.get(key)
        if value is None:
            return None
        if not isinstance(value, kind) or isinstance(value, bool):
            raise RecordError(f"{self._place}{key} is no {expected}")
        return value

    def text(self, key: str) -> str:
        """Return a text, or a number as it is written."""
        value = self._value(key, (str, int, float), "text")
        return "" if value is None else " ".join(str(value).split())

    def lines(self, key: str) -> str:
        """Return a text with its line breaks."""
        value = self._value(key, str, "text") or ""
        return "\n".join(filter(None, (" ".join(line.split()) for line in value.splitlines())))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        listed = self._value(key, list, "list") or []
        if not all(isinstance(each, str) for each in listed):
            raise RecordError(f"{self._place}{key} is no list of texts")
        return tuple(listed)

    def part(self, *keys: str) -> "Fields":
        """Return an object inside this one, or inside one in it."""
        inside = self
        for key in keys:
            found = inside._value(key, dict, "object") or {}
            inside = Fields(found, f"{inside._place}{key}.")
        return inside

    def parts(self, key: str) -> tuple["Fields", ...]:
        """Return a list of objects."""
        listed = self._value(key, list, "list") or []
        if not all(isinstance(each, dict) for each in listed):
            raise RecordError(f"{self._place}{key} is no list of objects")
        return tuple(Fields(each, f"{self._place}{key}.") for each in listed)
