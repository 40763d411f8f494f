"""What every reader makes and every index takes: documents, and the passages they are cut into.

Text is kept as its source prints it, white space joined; nothing in it is ever an instruction.
An absent value is None or an empty tuple, never a guess.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

DocumentKind = Literal[
    "citation",  # of PubMed: a journal article, its abstract and what it is linked with
    "book",  # of PubMed: a book or a chapter
    "full text",  # JATS, of PubMed Central or a publisher
    "evidence summary",  # PDQ
    "registry record",  # ClinicalTrials.gov
    "text",  # JSON Lines of the user
]
Relation = Literal[
    "retracts",
    "retracted by",
    "partially retracts",
    "partially retracted by",
    "corrects",
    "corrected by",
    "expresses concern about",
    "concern expressed by",
    "comments on",
    "commented on by",
    "updates",
    "updated by",
    "republishes",
    "republished by",
    "summarizes for patients",
    "summarized for patients by",
    "cites",
    "associated with",
]
LevelScheme = Literal["pdq-2023", "pdq-legacy"]
Audience = Literal["professional", "patient"]
PassageKind = Literal["abstract", "body", "table"]

# A link that one side states holds for the other side too.
INVERSE: Mapping[Relation, Relation] = MappingProxyType(
    {
        "retracts": "retracted by",
        "retracted by": "retracts",
        "partially retracts": "partially retracted by",
        "partially retracted by": "partially retracts",
        "corrects": "corrected by",
        "corrected by": "corrects",
        "expresses concern about": "concern expressed by",
        "concern expressed by": "expresses concern about",
        "comments on": "commented on by",
        "commented on by": "comments on",
        "updates": "updated by",
        "updated by": "updates",
        "republishes": "republished by",
        "republished by": "republishes",
        "summarizes for patients": "summarized for patients by",
        "summarized for patients by": "summarizes for patients",
        "associated with": "associated with",
    }
)


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What they all are: frozen, and made several times as fast as a frozen dataclass.

    A file of PubMed makes some four hundred thousand. As JSON, what has its default is left out.
    """


class PartialDate(Record, frozen=True, kw_only=True):
    """A date as far as it is printed; of a range such as "1998 Dec-1999 Jan" the beginning.

    Attributes:
        year, month, day: numbers; a part that is not printed is None.
        printed: the words of the source where it prints no plain date, such as "1976 Fall".
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    printed: str | None = None


class Author(Record, frozen=True, kw_only=True):
    """A person, or a group that signs under a name of its own (`collective`)."""

    last_name: str = ""
    fore_name: str = ""
    initials: str = ""
    suffix: str = ""
    collective: str = ""
    orcid: str | None = None


class Section(Record, frozen=True, kw_only=True):
    """A piece of running text under its headings.

    Attributes:
        heading: the headings above it, outermost first; empty for a text without any. Of a
            structured abstract, its label as printed, such as ("RESULTS",).
        text: paragraphs divided by a newline.
        category: the label in NLM's own words (BACKGROUND, METHODS, RESULTS, ...), where given.
    """

    heading: tuple[str, ...] = ()
    text: str
    category: str | None = None


class Cell(Record, frozen=True, kw_only=True):
    """One place of a table's grid.

    Attributes:
        spanned: whether the text is repeated from a cell that spans several places.
    """

    text: str
    header: bool = False
    spanned: bool = False


class Table(Record, frozen=True, kw_only=True):
    """A table as a grid of cells: every row has as many cells as the table has columns.

    Attributes:
        label, caption, notes: as printed.
        heading: the headings of the section it stands in.
        rows: of cells, spans repeated in every place that they cover; empty when not readable.
        unreadable: why there are no cells, such as "table not readable: it is an image".
    """

    label: str = ""
    caption: str = ""
    heading: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    notes: str = ""
    unreadable: str | None = None


class Cited(Record, frozen=True, kw_only=True):
    """An entry of a document's reference list.

    Attributes:
        anchor: by what the text refers to it, such as "4"; empty where the list is not numbered.
        heading: the section whose list it belongs to, as in PDQ; empty for one list at the end.
        text: the entry as printed.
    """

    anchor: str = ""
    heading: tuple[str, ...] = ()
    text: str = ""
    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    url: str | None = None


class EvidenceLevel(Record, frozen=True, kw_only=True):
    """A level of evidence that a document prints beside a result.

    Attributes:
        printed: the code as printed, even where malformed, such as "B4" or "3iiDiv".
        scheme: which of the two PDQ schemes the code belongs to.
        heading: the section in which it stands.
        anchors, pmids: the references that the code is printed with.
    """

    printed: str
    scheme: LevelScheme
    heading: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    pmids: tuple[str, ...] = ()


class MeshHeading(Record, frozen=True, kw_only=True):
    """A subject heading of NLM with its qualifiers; a major topic is marked."""

    descriptor: str
    ui: str | None = None
    major: bool = False
    qualifiers: tuple[str, ...] = ()


class Link(Record, frozen=True, kw_only=True):
    """How this document is related to another: this document `relation` the other.

    Attributes:
        pmid, doi, pmcid: of the other; all None when only its citation is printed.
        printed: the citation of the other as printed.
    """

    relation: Relation
    pmid: str | None = None
    doi: str | None = None
    pmcid: str | None = None
    printed: str = ""


class Document(Record, frozen=True, kw_only=True):
    """One document as its source prints it.

    Attributes:
        id: `pmid:…`, `pmc:PMC…`, `doi:…`, `nct:NCT…`, `pdq:…`, `medquad:…`, `text:…`; a record
            without any such identifier has `sha256:` and the beginning of its content's hash.
        version: NLM's version of a citation, 1 for nearly all.
        status: of a citation (MEDLINE, In-Process, ...) or of a trial (RECRUITING, ...).
        title: empty when the record has only a `vernacular_title`.
        book: the title of the book of a chapter.
        date: of publication; of a trial, its start; of an evidence summary, its last change.
        language: codes as printed, such as "eng".
        publication_types, keywords, substances, conditions, interventions, phases: as printed.
        audience: of an evidence summary, for whom it is written; None where it does not say.
        oddities: what the reader met and kept, such as "no PMID", each a short sentence.
    """

    id: str
    kind: DocumentKind
    pmid: str | None = None
    version: int = 1
    pmcid: str | None = None
    doi: str | None = None
    registration: tuple[str, ...] = ()
    status: str | None = None
    title: str = ""
    vernacular_title: str | None = None
    abstract: tuple[Section, ...] = ()
    other_abstracts: tuple[tuple[str, tuple[Section, ...]], ...] = ()  # language or type, sections
    authors: tuple[Author, ...] = ()
    journal: str = ""
    journal_abbreviation: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    book: str = ""
    date: PartialDate | None = None
    language: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    mesh: tuple[MeshHeading, ...] = ()
    keywords: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    levels: tuple[EvidenceLevel, ...] = ()
    references: tuple[Cited, ...] = ()
    body: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    audience: Audience | None = None
    url: str | None = None
    oddities: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year of its date, or None."""
        return self.date.year if self.date else None

    @property
    def retracted(self) -> bool:
        """Whether the record itself says so; the store knows of notices in other records too."""
        return "Retracted Publication" in self.publication_types or any(
            link.relation == "retracted by" for link in self.links
        )


class Deletion(Record, frozen=True, kw_only=True):
    """The order of a source to delete a citation that it once issued."""

    pmid: str
    version: int = 1


class Passage(Record, frozen=True, kw_only=True):
    """A piece of one document, long enough to be understood, short enough to be quoted.

    Attributes:
        id: the document's id, "#" and the beginning of the hash of heading and text: it stays while
            the passage does, whatever changes around it.
        document: the id of its document.
        kind: the title with the abstract, running text, or a table with its caption.
        heading: the headings above it, outermost first.
        text: exactly `plain_text(document)[start:end]`.
        start, end: offsets in characters, the end not included.
        sha256: of `text` in UTF-8, 64 hexadecimal digits.
    """

    id: str
    document: str
    kind: PassageKind
    heading: tuple[str, ...] = ()
    text: str
    start: int
    end: int
    sha256: str


class Rejected(Record, frozen=True, kw_only=True):
    """A record that cannot be read: what it is called, as far as known, and why."""

    record: str
    reason: str


class Step(Record, frozen=True, kw_only=True):
    """What a reader found at one place of a file; reading can be taken up again at its end.

    Attributes:
        position, end: offsets in bytes from the beginning of the file, unpacked.
        records: in the order of the file.
    """

    position: int
    end: int
    records: tuple[Document | Deletion | Rejected, ...]


class RecordError(ValueError):
    """One record cannot be read; the message says why. The reader goes on with the next."""


# By these one record fails, also where a source prints what no reader foresaw.
RECORD_FAILS = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RecursionError,
)


def why(error: Exception) -> str:
    """Say why a record cannot be read; what was not foreseen is named as such."""
    if isinstance(error, RecordError):
        return str(error)
    return f"the reader does not know this shape of record ({type(error).__name__}: {error})"[:300]


class FileError(ValueError):
    """A file cannot be read, or not further; the message says why.

    Attributes:
        position: the offset in bytes, unpacked, from which on it cannot be read.
    """

    def __init__(self, reason: str, position: int = 0) -> None:
        super().__init__(reason)
        self.position = position


class StoreError(ValueError):
    """The database of the literature cannot be used; the message says why."""


class AddressError(StoreError):
    """SECONDLINE_DATABASE or SECONDLINE_SEARCH names no address; the message says what is one."""


class NoSuchDocument(ValueError):  # noqa: N818  # like NoSuchRecord, it is an answer, not an error
    """No document is held under a number; the message says what to do."""
