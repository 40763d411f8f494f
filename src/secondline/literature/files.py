"""A file of documents: opened, plain or packed, and recognized by what it holds, not its name."""

import codecs
import hashlib
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, NoReturn, Protocol

from isal import isal_zlib

from secondline.literature.records import FileError

Format = Literal["pubmed", "jats", "pdq", "medquad", "pdq-markdown", "trials", "json-lines"]

CHUNK = 1 << 16  # bytes read at once
HEAD = 1 << 16  # bytes by which a file is recognized
LARGEST_RECORD = 64 << 20  # bytes; the largest articles of PubMed Central have about 30 million
UNPACKED_AT_ONCE = 1 << 20  # bytes
DAMAGED = (
    "the packed file is damaged (its checksum does not fit its content), so that any word in it may"
    " have been altered; get it again"
)
GZIP = b"\x1f\x8b"
UTF_16 = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
NAMED = {
    b"PK\x03\x04": "it is a ZIP archive; unpack it and add the files in it",
    b"BZh": "it is packed with bzip2; unpack it and add the file in it",
    b"\xfd7zXZ": "it is packed with xz; unpack it and add the file in it",
    GZIP: "it is packed twice; unpack it once and add the file in it",
    b"%PDF": "it is a PDF; add the JATS XML of the article instead",
}
ROOTS: dict[str, Format] = {
    "PubmedArticleSet": "pubmed",
    "PubmedBookArticleSet": "pubmed",
    "PubmedArticle": "pubmed",
    "PubmedBookArticle": "pubmed",
    "DeleteCitation": "pubmed",
    "MedlineCitationSet": "pubmed",
    "MedlineCitation": "pubmed",
    "article": "jats",
    "articles": "jats",
    "pmc-articleset": "jats",
    "OAI-PMH": "jats",
    "Summary": "pdq",
    "Document": "medquad",
}
REFUSED_ROOTS = {
    "html": "it is an HTML page, perhaps the error page of a download; get the file again",
    "eFetchResult": "it is an error of E-utilities, not an answer; ask again",
    "eSearchResult": "it is a list of PMIDs; get the records with efetch",
    "clinical_study": "it is the old XML of ClinicalTrials.gov; get the record as JSON (version 2)",
}
EXPECTED = (
    "expected PubMed XML, JATS XML, PDQ (XML or Markdown), MedQuAD XML, ClinicalTrials.gov JSON"
    " (version 2) or JSON Lines, plain or packed with gzip"
)
BEFORE_THE_ROOT = re.compile(
    rb"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[(?>"
    rb"<!--.*?-->|<\?.*?\?>|<(?!!--|\?)|[^\]\"'<]|\"[^\"]*\"|'[^']*'"
    rb")*+\]\s*)?>",
    re.DOTALL | re.IGNORECASE,
)
ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
TRIALS = re.compile(
    rb'\s*\{[^{}\[\]]*"studies"\s*:\s*\[\s*[{\]]|.*?"protocolSection"\s*:', re.DOTALL
)
PDQ_MARKDOWN = re.compile(rb"\A\s*(?:---\s|<!--|#).*?\bPDQ", re.DOTALL)


class Stream(Protocol):
    """What a window reads: up to so many bytes, none at the end."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        ...


class Window:
    """The part of a file that a reader looks at; memory stays flat however long the file is.

    Attributes:
        held: bytes read and not yet dropped.
        origin: the offset in the file, unpacked, of the first of them.
    """

    def __init__(self, stream: Stream) -> None:
        self.held = bytearray()
        self.origin = 0
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        self._broken: FileError | None = None
        self.head()
        for mark, encoding in UTF_16.items():
            if self.held.startswith(mark):
                self._decoder = codecs.getincrementaldecoder(encoding)()
                self.held = bytearray(self._decoder.decode(bytes(self.held)).encode())
                break

    @property
    def recoded(self) -> bool:
        """Whether the file is UTF-16 and is shown as UTF-8, whatever it declares."""
        return self._decoder is not None

    def more(self) -> bool:
        """Hold more bytes; False at the end of the file.

        Raises:
            FileError: the file cannot be unpacked, decoded or read further; what came before the
                break is held.
        """
        if self._broken:
            raise self._broken
        try:
            chunk = self._stream.read(CHUNK)
            if self._decoder:
                self.held += self._decoder.decode(chunk, final=not chunk).encode()
            else:
                self.held += chunk
        except UnicodeDecodeError as error:
            self.held += error.object[: error.start].decode(error.encoding, "ignore").encode()
            self._break(f"it is not {error.encoding} throughout")
        except (EOFError, OSError) as error:
            self._break(_why(error))
        return bool(chunk)

    def _break(self, reason: str) -> NoReturn:
        self._broken = FileError(reason, self.origin + len(self.held))
        raise self._broken

    def drop(self, count: int) -> None:
        """Give up the first bytes that are held."""
        del self.held[:count]
        self.origin += count

    def skip_to(self, offset: int) -> None:
        """Give up everything before an offset, reading on as far as needed."""
        while self.origin < offset:
            if not self.held and not self.more():
                return
            self.drop(min(len(self.held), offset - self.origin))

    def head(self) -> bytes:
        """Return the beginning of the file, as far as it is needed to recognize it.

        Raises:
            FileError: nothing of it can be unpacked, decoded or read.
        """
        try:
            while len(self.held) < HEAD and self.more():
                pass
        except FileError:  # told when reading comes to the break, at once where nothing is held
            if not self.held:
                raise
        return bytes(self.held[:HEAD])


class _Unpacked:
    """The bytes inside a file packed with gzip, member after member, as far as they are intact.

    A byte that is altered in a packed file may alter what comes out long before, or without, the
    place where unpacking fails: only the checksum at the end of a member tells. So the file is
    gone through once before anything of it is given. A file that was cut has lost its last
    checksum, not its words.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._packed = b""
        self._untrusted = _first_damaged(file)
        file.seek(0)
        self._begin(0)

    def _begin(self, start: int) -> None:
        self._member = isal_zlib.decompressobj(wbits=31)
        self._start = start  # of the member, an offset in the packed file

    def read(self, size: int, /) -> bytes:
        while self._start != self._untrusted:
            if self._member.eof:
                self._packed = self._member.unused_data or self._file.read(CHUNK)
                if not self._packed.strip(b"\0"):
                    return b""  # padding
                self._begin(self._file.tell() - len(self._packed))
                continue
            packed = self._packed or self._file.read(CHUNK)
            if not packed:
                raise EOFError("the packed file ends too early; get it again")
            unpacked = self._member.decompress(packed, size)
            self._packed = self._member.unconsumed_tail
            if unpacked:
                return unpacked
        raise EOFError(DAMAGED)


def _first_damaged(file: BinaryIO) -> int | None:
    """Return where the first member begins that fails its checksum or cannot be unpacked."""
    packed, start = file.read(CHUNK), 0
    member = isal_zlib.decompressobj(wbits=31)
    while packed:
        try:
            member.decompress(packed, UNPACKED_AT_ONCE)
        except isal_zlib.error:  # type: ignore[misc]  # declared as an exception, not as its class
            return start
        packed = member.unconsumed_tail or member.unused_data or file.read(CHUNK)
        if member.eof:
            if not packed.strip(b"\0"):
                return None  # padding
            start = file.tell() - len(packed)
            member = isal_zlib.decompressobj(wbits=31)
    return None


class Source:
    """A file while it is read.

    Attributes:
        window: what is seen of it.
        size: of the file as it lies on the disk, in bytes.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size
        packed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        self.window = Window(_Unpacked(file) if packed else file)

    @property
    def done(self) -> int:
        """How many bytes of the file have been read, of `size`."""
        return self._file.tell()


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file of documents.

    Raises:
        FileError: there is no such file, it may not be read, or it is packed and damaged from its
            beginning on.
    """
    try:
        file, size = _regular(path).open("rb"), path.stat().st_size
    except OSError as error:
        raise FileError(_why(error)) from None
    with file:
        yield Source(file, size)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as it lies on the disk.

    Raises:
        FileError: there is no such file, or it may not be read.
    """
    try:
        with _regular(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(_why(error)) from None


def recognized(head: bytes) -> Format:
    """Return the format of a file by its beginning.

    Raises:
        FileError: it is none that is read; the message says what it is, or what is expected.
    """
    for mark, what in NAMED.items():
        if head.startswith(mark):
            raise FileError(what)
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        raise FileError("it is empty; get it again")
    if text.startswith(b"{") or text.startswith(b"["):
        return "trials" if TRIALS.match(text) else "json-lines"
    at = 0
    while match := BEFORE_THE_ROOT.match(text, at):
        at = match.end()
    if not text.startswith(b"<", at):
        if PDQ_MARKDOWN.match(text):
            return "pdq-markdown"
        found = "it has no root element" if at == len(text) else "it is none of the formats read"
        raise FileError(f"{found}; {EXPECTED}")
    root = ROOT.match(text, at)
    name = root[1].decode() if root else ""
    for refused, what in REFUSED_ROOTS.items():
        if name.lower() == refused.lower():
            raise FileError(what)
    if name not in ROOTS:
        found = f"its root element is {name!r}" if name else "it has no root element"
        raise FileError(f"{found}; {EXPECTED}")
    return ROOTS[name]


def _regular(path: Path) -> Path:
    """Return the path of a file that can be read twice, first for its digest."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise FileError(
            f"it is a folder; give the files in it, such as {path.name or '.'}/*.xml.gz"
        )
    if not stat.S_ISREG(mode):
        raise FileError("it is a pipe or a device; write what it gives into a file, and add that")
    return path


def _why(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file; check its name and its folder"
        case PermissionError():
            return "you may not read it; let its owner give you the right to"
        case OSError(strerror=str(told)):
            return f"it cannot be read: {told}"
    return str(error)
