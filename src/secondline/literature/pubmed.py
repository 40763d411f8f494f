"""PubMed XML to documents: baseline, update files, E-utilities; articles, books and deletions."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from secondline.literature import identifiers
from secondline.literature.dates import parts_date, printed_date
from secondline.literature.marked import name_of, words
from secondline.literature.records import (
    Author,
    Cited,
    Deletion,
    Document,
    Link,
    MeshHeading,
    PartialDate,
    RecordError,
    Relation,
    Section,
)
from secondline.literature.splitting import Element

TAGS = (
    "PubmedArticle",
    "PubmedBookArticle",
    "MedlineCitation",
    "DeleteCitation",
    "DeleteDocument",
)
TRUNCATED = re.compile(r"\(ABSTRACT TRUNCATED(?: AT \d+ WORDS)?\)")
SEQUENCES = {"GENBANK", "PDB", "RefSeq", "SWISSPROT", "PIR", "GDB", "OMIM", "GEO", "SRA", "Dryad"}

# The words of NLM for how one citation is related to another: this record ... the other.
RELATIONS: Mapping[str, tuple[Relation, ...]] = MappingProxyType(
    {
        "RetractionOf": ("retracts",),
        "RetractionIn": ("retracted by",),
        "PartialRetractionOf": ("partially retracts",),
        "PartialRetractionIn": ("partially retracted by",),
        "RetractedandRepublishedFrom": ("retracts", "republishes"),
        "RetractedandRepublishedIn": ("retracted by", "republished by"),
        "CorrectedandRepublishedFrom": ("corrects", "republishes"),
        "CorrectedandRepublishedIn": ("corrected by", "republished by"),
        "ErratumFor": ("corrects",),
        "ErratumIn": ("corrected by",),
        "ExpressionOfConcernFor": ("expresses concern about",),
        "ExpressionOfConcernIn": ("concern expressed by",),
        "CommentOn": ("comments on",),
        "CommentIn": ("commented on by",),
        "UpdateOf": ("updates",),
        "UpdateIn": ("updated by",),
        "RepublishedFrom": ("republishes",),
        "RepublishedIn": ("republished by",),
        "ReprintOf": ("republishes",),
        "ReprintIn": ("republished by",),
        "OriginalReportIn": ("summarizes for patients",),
        "SummaryForPatientsIn": ("summarized for patients by",),
        "AssociatedDataset": ("associated with",),
        "AssociatedPublication": ("associated with",),
        "Cites": ("cites",),
    }
)


def read(record: Element) -> Iterable[Document | Deletion]:
    """Return what one record of PubMed XML holds: a citation, a book, or orders to delete.

    Raises:
        RecordError: it holds neither an article nor a book, or a number that is none.
    """
    name = name_of(record)
    if name in {"DeleteCitation", "DeleteDocument"}:
        return tuple(_deletions(record))
    if name == "PubmedBookArticle":
        return (_book(record),)
    citation = record if name == "MedlineCitation" else record.find("MedlineCitation")
    if citation is None:
        raise RecordError("it has no MedlineCitation")
    article = citation.find("Article")
    if article is None:
        raise RecordError("it has no Article")
    return (_citation(citation, article, record.find("PubmedData")),)


def _deletions(order: Element) -> Iterator[Deletion]:
    for each in order.iterfind("PMID"):
        yield Deletion(pmid=_pmid(each.text or ""), version=_version(each))


def _citation(citation: Element, article: Element, data: Element | None) -> Document:
    numbers = _numbers(data)
    oddities: list[str] = []
    printed = citation.find("PMID")
    pmid = numbers.get("pubmed") if printed is None else _pmid(printed.text or "")
    if printed is None:
        oddities.append(f"no PMID; {pmid} is from its list of numbers" if pmid else "no PMID")
    title = words(article.find("ArticleTitle"))
    vernacular = words(article.find("VernacularTitle")) or None
    if not title:
        oddities.append("no title but a vernacular one" if vernacular else "no title")
    abstract = _abstract(article.find("Abstract"))
    if any(TRUNCATED.search(section.text) for section in abstract):
        oddities.append("the abstract is truncated")
    journal = article.find("Journal")
    issue = None if journal is None else journal.find("JournalIssue")
    doi = (_electronic_doi(article) or numbers.get("doi", "")).lower() or None
    authors = _authors(article.find("AuthorList"))
    journal_title = _text(journal, "Title")
    return Document(
        id=_id(pmid, doi, title or vernacular or "", journal_title, authors),
        kind="citation",
        pmid=pmid,
        version=1 if printed is None else _version(printed),
        pmcid=numbers.get("pmc"),
        doi=doi,
        registration=_registration(article),
        status=citation.get("Status"),
        title=title,
        vernacular_title=vernacular,
        abstract=abstract,
        other_abstracts=tuple(
            (other.get("Language") or other.get("Type") or "", _abstract(other))
            for other in citation.iterfind("OtherAbstract")
        ),
        authors=authors,
        journal=journal_title,
        journal_abbreviation=(
            _text(citation, "MedlineJournalInfo/MedlineTA") or _text(journal, "ISOAbbreviation")
        ),
        volume=_text(issue, "Volume"),
        issue=_text(issue, "Issue"),
        pages=_pages(article.find("Pagination")),
        date=_date(None if issue is None else issue.find("PubDate"))
        or _date(article.find("ArticleDate")),
        language=_texts(article, "Language"),
        publication_types=_texts(article, "PublicationTypeList/PublicationType"),
        mesh=tuple(_mesh(citation.find("MeshHeadingList"))),
        keywords=_texts(citation, "KeywordList/Keyword"),
        substances=_texts(citation, "ChemicalList/Chemical/NameOfSubstance"),
        links=tuple(_links(citation.find("CommentsCorrectionsList"))),
        references=() if data is None else tuple(_references(data)),
        oddities=tuple(oddities),
    )


def _id(
    pmid: str | None, doi: str | None, title: str, journal: str, authors: tuple[Author, ...]
) -> str:
    """Return the id of a citation: its PMID, else its DOI, else the hash of what it is called."""
    if pmid:
        return f"pmid:{pmid}"
    if doi:
        return f"doi:{doi}"
    if not title:
        raise RecordError("it has neither a number nor a title")
    called = repr((title, journal, authors))
    return f"sha256:{hashlib.sha256(called.encode()).hexdigest()[:16]}"


def _book(record: Element) -> Document:
    chapter = record.find("BookDocument")
    if chapter is None:
        raise RecordError("it has no BookDocument")
    book = chapter.find("Book")
    numbers = _numbers(record.find("PubmedBookData")) | _numbers(chapter)
    printed = chapter.find("PMID")
    pmid = numbers.get("pubmed") if printed is None else _pmid(printed.text or "")
    title = words(chapter.find("ArticleTitle"))
    book_title = "" if book is None else words(book.find("BookTitle"))
    authors = tuple(
        author
        for parent in (chapter, book)
        if parent is not None
        for authors in parent.iterfind("AuthorList")
        for author in _authors(authors)
    )
    doi = numbers.get("doi", "").lower() or None
    vernacular = words(chapter.find("VernacularTitle")) or None
    return Document(
        id=_id(pmid, doi, title or book_title, book_title, authors),
        kind="book",
        pmid=pmid,
        version=1 if printed is None else _version(printed),
        doi=doi,
        title=title or book_title,
        vernacular_title=vernacular,
        abstract=_abstract(chapter.find("Abstract")),
        authors=authors,
        journal=_text(book, "Publisher/PublisherName"),
        volume=_text(book, "Volume"),
        pages=_pages(chapter.find("Pagination")),
        book=book_title,
        date=_date(chapter.find("ContributionDate"))
        or _date(None if book is None else book.find("PubDate")),
        language=_texts(chapter, "Language"),
        publication_types=_texts(chapter, "PublicationType"),
        keywords=_texts(chapter, "KeywordList/Keyword"),
        references=tuple(_references(chapter)),
        body=tuple(_contents(chapter.find("Sections"))),
    )


def _contents(sections: Element | None) -> Iterator[Section]:
    """Yield the table of contents of a book as one section."""
    titles = [] if sections is None else [words(t) for t in sections.iter("SectionTitle")]
    if any(titles):
        yield Section(heading=("Contents",), text="\n".join(filter(None, titles)))


def _pmid(text: str) -> str:
    number = identifiers.pmid(text)
    if number is None:
        raise RecordError(f"its PMID is {text.strip()[:40]!r}, which is no number of PubMed")
    return number


def _version(pmid: Element) -> int:
    version = pmid.get("Version") or "1"
    return int(version) if version.isdecimal() and len(version) < 4 else 1


def _numbers(data: Element | None) -> dict[str, str]:
    """Return the first number of each kind in the list of numbers of a record itself."""
    found: dict[str, str] = {}
    listed = None if data is None else data.find("ArticleIdList")
    for each in () if listed is None else listed:
        if each.text and each.text.strip():
            found.setdefault(each.get("IdType") or "pubmed", each.text.strip())
    if "pubmed" in found and not identifiers.pmid(found["pubmed"]):
        del found["pubmed"]
    return found


def _electronic_doi(article: Element) -> str:
    for each in article.iterfind("ELocationID"):
        if each.get("EIdType") == "doi" and each.get("ValidYN") != "N" and each.text:
            return str(each.text).strip()
    return ""


def _text(parent: Element | None, path: str) -> str:
    found = None if parent is None else parent.find(path)
    return words(found)


def _texts(parent: Element, path: str) -> tuple[str, ...]:
    found = (words(each) for each in parent.iterfind(path))
    return tuple(text for text in found if text)


def _abstract(abstract: Element | None) -> tuple[Section, ...]:
    if abstract is None:
        return ()
    return tuple(
        Section(
            heading=(label,) if (label := (each.get("Label") or "").strip()) else (),
            text=text,
            category=each.get("NlmCategory"),
        )
        for each in abstract.iterfind("AbstractText")
        if (text := words(each))
    )


def _authors(listed: Element | None) -> tuple[Author, ...]:
    if listed is None:
        return ()
    return tuple(
        Author(
            last_name=words(author.find("LastName")),
            fore_name=words(author.find("ForeName")),
            initials=words(author.find("Initials")),
            suffix=words(author.find("Suffix")),
            collective=words(author.find("CollectiveName")),
            orcid=_orcid(author),
        )
        for author in listed.iterfind("Author")
        if author.get("ValidYN") != "N"
    )


def _orcid(author: Element) -> str | None:
    for each in author.iterfind("Identifier"):
        if each.get("Source") == "ORCID" and each.text:
            return (
                str(each.text)
                .strip()
                .removeprefix("http://orcid.org/")
                .removeprefix("https://orcid.org/")
            )
    return None


def _pages(pagination: Element | None) -> str:
    if pagination is None:
        return ""
    first, last = _text(pagination, "StartPage"), _text(pagination, "EndPage")
    return _text(pagination, "MedlinePgn") or "-".join(filter(None, (first, last)))


def _date(date: Element | None) -> PartialDate | None:
    if date is None:
        return None
    if words_of_medline := _text(date, "MedlineDate"):
        return printed_date(words_of_medline)
    year, month, day, season = (_text(date, name) for name in ("Year", "Month", "Day", "Season"))
    return parts_date(year, month, day, season)


def _registration(article: Element) -> tuple[str, ...]:
    """Return the numbers of trials; sequences and data sets are no registrations."""
    return tuple(
        number
        for bank in article.iterfind("DataBankList/DataBank")
        if _text(bank, "DataBankName") not in SEQUENCES
        for number in _texts(bank, "AccessionNumberList/AccessionNumber")
    )


def _mesh(listed: Element | None) -> Iterator[MeshHeading]:
    for heading in () if listed is None else listed:
        descriptor = heading.find("DescriptorName")
        if descriptor is None or not descriptor.text:
            continue
        qualifiers = heading.findall("QualifierName")
        yield MeshHeading(
            descriptor=descriptor.text,
            ui=descriptor.get("UI"),
            major=any(each.get("MajorTopicYN") == "Y" for each in (descriptor, *qualifiers)),
            qualifiers=tuple(each.text for each in qualifiers if each.text),
        )


def _links(listed: Element | None) -> Iterator[Link]:
    for each in () if listed is None else listed:
        pmid = identifiers.pmid(_text(each, "PMID"))
        for relation in RELATIONS.get(each.get("RefType") or "", ("associated with",)):
            yield Link(
                relation=relation,
                pmid=pmid,
                printed=_text(each, "RefSource"),
            )


def _references(data: Element) -> Iterator[Cited]:
    """Yield the reference list, of lists in lists too."""
    for listed in data.iterfind("ReferenceList"):
        for each in listed.iterfind("Reference"):
            numbers = _numbers(each)
            yield Cited(
                text=_text(each, "Citation"),
                pmid=numbers.get("pubmed"),
                pmcid=numbers.get("pmcid") or numbers.get("pmc"),
                doi=numbers.get("doi"),
            )
        yield from _references(listed)
