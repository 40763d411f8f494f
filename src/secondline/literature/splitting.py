"""A stream of XML cut into its records, each parsed by itself.

A few records are in memory, a record that cannot be parsed costs itself alone, and every record
knows its place, at which reading is taken up again. The parser sees no DOCTYPE, fetches nothing,
expands no entity and keeps libxml2's limits; a document that declares entities is refused.
"""

import html.entities
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from lxml import etree

from secondline.literature.files import BEFORE_THE_ROOT, LARGEST_RECORD, Window
from secondline.literature.records import (
    RECORD_FAILS,
    Deletion,
    Document,
    FileError,
    RecordError,
    Rejected,
    Step,
    why,
)

Element: TypeAlias = Any  # of lxml, which ships no types
Found = tuple[Document | Deletion | Rejected, ...]
Read = Callable[[Element], Iterable[Document | Deletion]]

BATCH = 1 << 18  # bytes of records that are parsed before they are read
LONGEST_PROLOG = 1 << 18  # bytes before the root element
LONGEST_START_TAG = 1 << 18  # bytes; NLM and publishers need some hundred
LONGEST_MARKUP = 64  # bytes that a chunk may cut a tag or the beginning of a comment into
DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
DECLARES_ENTITIES = re.compile(rb"<!ENTITY", re.IGNORECASE)
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
START_TAG = re.compile(rb"<[^!?/][^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
NAMED_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
XML_ENTITIES = {b"amp", b"lt", b"gt", b"quot", b"apos"}
ENCODINGS = re.compile(r"utf-?8|us-ascii|ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE)
HARDENED = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
PARSER = etree.XMLParser(**HARDENED)
UNINDENTED = etree.XMLParser(**HARDENED, remove_blank_text=True)  # without blanks between elements


@dataclass(frozen=True, slots=True)
class Prolog:
    """What stands before the first record and is needed to parse each of them.

    Attributes:
        opening: an XML declaration with the encoding, and the start tag of the root element with
            its namespaces; without the start tag where the root element is the record itself.
        closing: the end tag of the root element, or nothing.
        end: the offset at which records may begin.
    """

    opening: bytes
    closing: bytes
    end: int


def records(
    window: Window,
    tags: tuple[str, ...],
    read: Read,
    start: int = 0,
    marked: re.Pattern[bytes] | None = None,
) -> Iterator[Step]:
    """Read the records of an XML document, in order.

    Args:
        window: on the beginning of the file.
        tags: the names of the elements that are records.
        read: makes documents and deletions of the element of a record.
        start: the offset at which reading is taken up again; 0 from the beginning.
        marked: is found in every record with elements inside a text, between which a blank is one
            of its words' blanks. In the others a blank between elements is only their layout, and
            the parser passes over it. None: in all records they may be words' blanks.

    Raises:
        FileError: the document declares entities, or cannot be read further; what came before
            has been given.
    """
    prolog = _prolog(window, tags)
    window.skip_to(max(start, prolog.end))
    for batch in _batches(_pieces(window, tags, prolog.closing)):
        elements = [_element(piece.content, prolog, marked) for piece in batch]
        for piece, element in zip(batch, elements, strict=True):
            found = _found(piece.content, element, read)
            yield Step(position=piece.position, end=piece.end, records=found)


class _Piece(NamedTuple):
    position: int
    end: int
    content: bytes | Rejected


def _batches(pieces: Iterator[_Piece]) -> Iterator[list[_Piece]]:
    """Yield the pieces, a few at a time; those before a break of the file are yielded before it.

    Cutting, parsing and reading each do a few records in turn: a processor does again sooner what
    it has just done.
    """
    batch: list[_Piece] = []
    broken: FileError | None = None
    try:
        for piece in pieces:
            batch.append(piece)
            if piece.end - batch[0].position > BATCH:
                yield batch
                batch = []
    except FileError as error:
        broken = error
    yield batch
    if broken:
        raise broken


def _element(
    content: bytes | Rejected, prolog: Prolog, marked: re.Pattern[bytes] | None
) -> Element | Rejected:
    if isinstance(content, Rejected):
        return content
    parser = PARSER if marked is None or marked.search(content) else UNINDENTED
    try:
        return parsed(content, prolog, parser)
    except RECORD_FAILS as error:
        return _rejected(content, error)


def _found(content: bytes | Rejected, element: Element | Rejected, read: Read) -> Found:
    if isinstance(content, Rejected):
        return (content,)
    if isinstance(element, Rejected):
        return (element,)
    try:
        return tuple(read(element))
    except RECORD_FAILS as error:
        return (_rejected(content, error),)


def _rejected(content: bytes, error: Exception) -> Rejected:
    return Rejected(record=_called(content), reason=why(error))


def _prolog(window: Window, tags: tuple[str, ...]) -> Prolog:
    while True:
        at = _root_at(window)
        if at is not None and (root := START_TAG.match(window.held, at)):
            break
        if len(window.held) > LONGEST_PROLOG or not window.more():
            raise FileError("it has no root element", window.origin)
    before = bytes(window.held[:at])
    if DECLARES_ENTITIES.search(COMMENT.sub(b"", before)):
        raise FileError("it declares entities, which no document here needs; it is refused")
    declared = DECLARED.search(before)
    encoding = "utf-8" if window.recoded or not declared else declared[1].decode()
    if not ENCODINGS.fullmatch(encoding):
        raise FileError(f"its encoding {encoding!r} is not read; save it as UTF-8")
    opening = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
    tag = root[0]
    name = re.split(rb"[\s/>]", tag[1:], maxsplit=1)[0]
    if name.decode("ascii", "replace").rpartition(":")[2] in tags:
        return Prolog(opening, b"", window.origin + root.start())
    if tag.endswith(b"/>"):
        return Prolog(opening, b"", window.origin + root.end())
    return Prolog(opening + bytes(tag), b"</" + bytes(name) + b">", window.origin + root.end())


def _root_at(window: Window) -> int | None:
    at = 3 if window.held.startswith(b"\xef\xbb\xbf") else 0
    while match := BEFORE_THE_ROOT.match(window.held, at):
        at = match.end()
    return at if START_TAG.match(window.held, at) else None


def _pieces(window: Window, tags: tuple[str, ...], closing: bytes) -> Iterator[_Piece]:
    """Yield the bytes of each record, comments between records left out."""
    names = "|".join(map(re.escape, tags)).encode()
    prefix = rb"(?:[\w.-]+:)?"
    start = re.compile(rb"<!--|<!\[CDATA\[|<\?|<(" + prefix + rb"(?:" + names + rb"))(?=[\s/>])")
    closed = not closing
    while True:
        found = start.search(window.held)
        if found is None:
            closed = closed or closing in window.held
            window.drop(max(0, len(window.held) - LONGEST_MARKUP))
            if window.more():
                continue
            if not (closed or closing in window.held):
                where = window.origin + len(window.held)
                raise FileError(f"it ends before {closing.decode('ascii', 'replace')}", where)
            return
        # A match looks into the window, so its words are taken before the window moves.
        markup, name = bytes(found[0]), found[1] and bytes(found[1])
        window.drop(found.start())
        if name is None:
            _skip(window, markup)
        else:
            yield _piece(window, name)


def _skip(window: Window, opening: bytes) -> None:
    """Drop a comment or the like, however long it is."""
    position = window.origin
    ending = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}[opening]
    window.drop(len(opening))
    while (found := window.held.find(ending)) < 0:
        window.drop(max(0, len(window.held) - len(ending)))
        if not window.more():
            raise FileError(f"it ends without {ending.decode()}", position)
    window.drop(found + len(ending))


def _piece(window: Window, name: bytes) -> _Piece:
    """Return the record at the beginning of the window, and drop it."""
    position = window.origin
    content = _content(window, name)
    if isinstance(content, Rejected):
        return _Piece(position, window.origin, content)
    window.drop(len(content))
    return _Piece(position, window.origin, content)


def _content(window: Window, name: bytes) -> bytes | Rejected:
    """Return the record at the beginning of the window, or why it is none; then it is dropped."""
    end_tag = b"</" + name
    at = 1
    start_tag = b""
    while True:
        if not start_tag and (found := START_TAG.match(window.held)):
            start_tag = bytes(found[0])
            if start_tag.endswith(b"/>"):
                return start_tag
        end = _tag_end(window, end_tag, at)
        if end:
            break
        at = max(1, len(window.held) - LONGEST_MARKUP)
        if not start_tag and len(window.held) > LONGEST_START_TAG:
            reason = f"its start tag is longer than {LONGEST_START_TAG >> 10} KiB"
            return _left_out(window, name, reason)
        if len(window.held) > LARGEST_RECORD:
            return _left_out(window, name, f"it is larger than {LARGEST_RECORD >> 20} MiB")
        if not window.more():
            reason = f"the file ends inside {_called(bytes(window.held[:CALLED_WITHIN]))}"
            raise FileError(reason, window.origin)
    again = _next_start(window, b"<" + name, end)
    if again:
        called = _called(bytes(window.held[:again]))
        window.drop(again)
        return Rejected(record=called, reason=f"it has no end tag </{name.decode()}>")
    return bytes(window.held[:end])


def _left_out(window: Window, name: bytes, reason: str) -> Rejected:
    """Drop what is held of a record that ends nowhere in it, up to the next that begins there."""
    called = _called(bytes(window.held[:CALLED_WITHIN]))
    next_start = _next_start(window, b"<" + name, len(window.held) - 1)
    window.drop(next_start or len(window.held) - LONGEST_MARKUP)
    return Rejected(record=called, reason=reason)


def _tag_end(window: Window, end_tag: bytes, at: int) -> int:
    """Return the offset behind an end tag, 0 when it is not held yet."""
    while (found := window.held.find(end_tag, at)) > 0:
        close = window.held.find(b">", found)
        if close < 0:
            return 0
        if not window.held[found + len(end_tag) : close].strip():
            return close + 1
        at = close  # another element, whose name begins alike
    return 0


def _next_start(window: Window, start_tag: bytes, end: int) -> int:
    """Return where another record begins before the end of this one, 0 when none does."""
    at = 1
    while (found := window.held.find(start_tag, at, end)) > 0:
        if window.held[found + len(start_tag)] in b" \t\r\n>":
            return found
        at = found + 1
    return 0


def parsed(content: bytes, prolog: Prolog, parser: Element = PARSER) -> Element:
    """Parse one record.

    Raises:
        RecordError: it is not well-formed, or not in its encoding.
    """
    try:
        root = etree.fromstring(prolog.opening + content + prolog.closing, parser)
    except etree.XMLSyntaxError as error:
        plain = NAMED_ENTITY.sub(_numbered, content)
        if plain != content:
            return parsed(plain, prolog, parser)
        raise RecordError(f"it is not well-formed XML: {_first_line(error)}") from None
    if not prolog.closing:
        return root
    return root[0]


def _numbered(entity: re.Match[bytes]) -> bytes:
    """Write an entity that the DTD would declare, such as &nbsp;, by its number."""
    character = html.entities.html5.get(entity[1].decode() + ";")
    if entity[1] in XML_ENTITIES or character is None:
        return entity[0]
    return "".join(f"&#{ord(each)};" for each in character).encode()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]


CALLED_WITHIN = 1 << 16  # bytes of a record in which its number is looked for
CALLED = re.compile(
    rb"<PMID[^>]*>\s*(\d+)|pub-id-type=\"(?:pmc|pmcid|doi)\">\s*([\w./-]+)|\bid=\"([\w.-]+)\""
)


def _called(content: bytes) -> str:
    """Name a record that could not be read, by the first number it prints."""
    found = CALLED.search(content[:CALLED_WITHIN])
    if not found:
        return "a record without a number"
    number = next(group for group in found.groups() if group).decode()
    return f"PMID {number}" if found[1] else number
