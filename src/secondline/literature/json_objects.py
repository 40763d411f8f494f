"""A stream of JSON cut into its objects, each decoded by itself: lines, a list, an API's answer."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from secondline.literature.files import CHUNK, LARGEST_RECORD, Window
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
# The last two are a string that goes on behind what is looked at, and no string or bracket at all.
TOKEN = re.compile(
    rb"[^\"{}\[\]]*+(?:\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|([{\[])|([}\]])|(\")|\Z)", re.DOTALL
)
REST_OF_STRING = re.compile(rb"[^\"\\]*+(?:\\.[^\"\\]*+)*+(\"?)", re.DOTALL)
OPENS, CLOSES, UNFINISHED = 1, 2, 3  # groups of a token
OBJECT_ON_A_LINE = re.compile(rb"\n(?=\{\")")
CONTINUES = re.compile(rb"[ \t]+(?!\{\s*\"|\s)|[}\]]")  # an object that is spread over lines
LONGEST_BEGINNING = 128  # bytes that a chunk may cut the beginning of a record into
SHOWN = 40  # bytes of what stands where an object is expected
UNNAMED = "a record without a number"
SPREAD = "it is not JSON: it ends too early; one object a line is expected, without line breaks"
TOO_LARGE = f"it is larger than {LARGEST_RECORD >> 20} MiB"


def lines(window: Window, read: Read, start: int = 0) -> Iterator[Step]:
    """Read JSON Lines, one object a line; a line that cannot be read costs itself alone.

    An object that is spread over several lines is one bad record.
    """
    window.skip_to(start)
    spread = False
    while window.held or window.more():
        position = window.origin
        line = _line(window)
        if isinstance(line, bytes) and not line.strip():
            continue
        step = _step(line, read, position, window.origin)
        (found,) = step.records
        if isinstance(found, Rejected):
            if spread and isinstance(line, bytes) and CONTINUES.match(line):
                continue
            spread = found.reason == SPREAD
        else:
            spread = False
        yield step


def _line(window: Window) -> bytes | Rejected:
    """Return the line at the beginning of the window, or why it is left out; drop it."""
    searched = 0
    while (end := window.held.find(b"\n", searched)) < 0:
        searched = len(window.held)
        if searched > LARGEST_RECORD:
            return _long_line(window)
        if not window.more():
            break
    line = bytes(window.held if end < 0 else window.held[: end + 1])
    window.drop(len(line))
    return line.removeprefix(BOM)


def _long_line(window: Window) -> Rejected:
    called = _called(bytes(window.held[:CHUNK]))
    while (end := window.held.find(b"\n")) < 0:
        window.drop(len(window.held))
        if not window.more():
            break
    window.drop(end + 1)
    return Rejected(record=called, reason=TOO_LARGE)


def objects(
    window: Window, read: Read, begins: re.Pattern[bytes], start: int = 0
) -> Iterator[Step]:
    """Read the objects of a list, of an answer {"studies": [...]}, or one after the other.

    What is no object, does not end or is too large is one bad record; reading goes on behind it.

    Args:
        window: on the beginning of the file.
        read: makes a document of an object.
        begins: matches the beginning of an object, with a key that stands nowhere inside one.
        start: the offset at which reading is taken up again; 0 from the beginning.

    Raises:
        FileError: it ends inside an object or inside its list.
    """
    if window.held.startswith(BOM):
        window.drop(len(BOM))
    listed = LISTED.match(window.held)
    first = listed.end() if listed else 0
    window.skip_to(max(start, window.origin + first))
    cut = _Cut(window, begins)
    while True:
        _skip_between(window)
        if not window.held:
            if listed:
                raise FileError("it ends before its list does", window.origin)
            return
        if window.held.startswith(b"]") and listed:
            cut.pass_over(None)  # a further page may follow
            if not window.held:
                return
        position = window.origin
        if window.held[0] in b'{["':
            content = cut.value()
        else:
            content = cut.stray(b",]\n" if listed else b"\n")
        yield _step(content, read, position, window.origin)


def _skip_between(window: Window) -> None:
    while True:
        between = BETWEEN.match(window.held)
        window.drop(between.end() if between else 0)
        if window.held or not window.more():
            return


class _Cut:
    """Cuts a file into values, and finds the next record behind one that is bad."""

    def __init__(self, window: Window, begins: re.Pattern[bytes]) -> None:
        self._window = window
        self._begins = begins
        self._next = -1  # the offset in the file of the last beginning that was found
        self._searched = 0  # the offset in the file up to which no other begins

    def value(self) -> bytes | Rejected:
        """Return the value at the beginning of the window, or why it is none; drop it.

        Raises:
            FileError: the file ends inside it, and no line behind its beginning begins an object.
        """
        window, scan = self._window, _Scan()
        while True:
            limit = self._beginning(1)
            if end := scan.end(window.held, len(window.held) if limit is None else limit):
                return self._dropped(end)
            if limit is None and len(window.held) > LARGEST_RECORD:
                return self._too_large(scan)
            if limit is None and window.more():
                continue
            next_ = _first(limit, _start(OBJECT_ON_A_LINE.search(window.held)))
            if next_ is None:
                raise FileError("it ends inside an object", window.origin)
            called = _called(self._dropped(next_))
            return Rejected(record=called, reason="another record begins before it ends")

    def stray(self, ends: bytes) -> Rejected:
        """Drop what stands where a value is expected, up to one of some bytes or a record."""
        shown = self.pass_over(re.compile(b"[" + re.escape(ends) + b"]"))
        reason = f"something other than an object stands here: {shown.decode(errors='replace')!r}"
        return Rejected(record=UNNAMED, reason=reason)

    def pass_over(self, ends: re.Pattern[bytes] | None) -> bytes:
        """Drop everything before an end, the next record or the end of the file.

        Returns:
            How it begins.
        """
        window, shown = self._window, b""
        while True:
            end = _first(self._beginning(0), _start(ends and ends.search(window.held)))
            passed = max(0, len(window.held) - LONGEST_BEGINNING) if end is None else end
            shown = shown or bytes(window.held[: min(passed, SHOWN)])
            window.drop(passed)
            if end is None and window.more():
                continue
            if end is None:
                shown = shown or bytes(window.held[:SHOWN])
                window.drop(len(window.held))
            return shown

    def _beginning(self, at: int) -> int | None:
        """Return where the next record begins in what is held, not before `at`; None: nowhere."""
        held, origin = self._window.held, self._window.origin
        if self._next < origin + at:
            unseen = self._searched - LONGEST_BEGINNING - origin
            found = self._begins.search(held, max(at, unseen))
            if found is None:
                self._searched = origin + len(held)
                return None
            self._next = origin + found.start()
        return self._next - origin

    def _dropped(self, end: int) -> bytes:
        content = bytes(self._window.held[:end])
        self._window.drop(end)
        return content

    def _too_large(self, scan: "_Scan") -> Rejected:
        window, position = self._window, self._window.origin
        called = _called(bytes(window.held[:CHUNK]))
        while True:
            line = _start(OBJECT_ON_A_LINE.search(window.held))
            limit = _first(self._beginning(1), line)
            end = scan.end(window.held, len(window.held) if limit is None else limit)
            if end or limit is not None:
                window.drop(end or limit or 0)
                return Rejected(record=called, reason=TOO_LARGE)
            passed = len(window.held) - LONGEST_BEGINNING
            window.drop(passed)
            scan.at -= passed
            if not window.more():
                raise FileError(f"it ends inside an object; {TOO_LARGE}", position)


class _Scan:
    """Looks for the end of the value at the beginning of a window, at every byte once.

    Attributes:
        at: the offset in the window up to which it has looked.
    """

    def __init__(self) -> None:
        self.at = 0
        self._depth = 0
        self._in_string = False

    def end(self, held: bytearray, limit: int) -> int:
        """Return the offset behind the value, 0 when it does not end before the limit."""
        while self.at < limit:
            if self._in_string:
                rest = next(REST_OF_STRING.finditer(held, self.at, limit))
                self.at = rest.end()
                if not rest[1]:
                    return 0
                self._in_string = False
                if self._depth == 0:
                    return self.at
            for token in TOKEN.finditer(held, self.at, limit):
                self.at = token.end()
                if token.lastindex == OPENS:
                    self._depth += 1
                elif token.lastindex == CLOSES:
                    self._depth -= 1
                elif token.lastindex == UNFINISHED:
                    self._in_string = True
                    break
                if self._depth == 0:
                    return self.at
        return 0


def _start(found: re.Match[bytes] | None) -> int | None:
    return found.start() if found else None


def _first(*places: int | None) -> int | None:
    return min((place for place in places if place is not None), default=None)


def _step(content: bytes | Rejected, read: Read, position: int, end: int) -> Step:
    found: Document | Rejected
    if isinstance(content, Rejected):
        found = content
    else:
        try:
            found = read(_decoded(content))
        except RECORD_FAILS as error:
            found = Rejected(record=_called(content), reason=why(error))
    return Step(position=position, end=end, records=(found,))


def _called(content: bytes) -> str:
    """Name a record that could not be read, by the first number it prints."""
    found = CALLED.search(content)
    return found[1].decode("utf-8", "replace")[:100] if found else UNNAMED


def _decoded(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8")
        decoded = json.loads(text)
    except UnicodeDecodeError:
        raise RecordError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            raise RecordError(SPREAD) from None
        raise RecordError(f"it is not JSON: {str(error)[:200]}") from None
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
