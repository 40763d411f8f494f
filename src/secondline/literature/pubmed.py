"""PubMed XML to documents: baseline, update files, E-utilities; articles, books and deletions."""

import hashlib
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
AUTHOR_PARTS = {
    "LastName": "last_name",
    "ForeName": "fore_name",
    "Initials": "initials",
    "Suffix": "suffix",
    "CollectiveName": "collective",
}
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
    told = _children(citation)
    in_article = _children(article)
    numbers = _numbers(data)
    oddities: list[str] = []
    printed = told.get("PMID")
    pmid = numbers.get("pubmed") if printed is None else _pmid(printed.text or "")
    if printed is None:
        oddities.append(f"no PMID; {pmid} is from its list of numbers" if pmid else "no PMID")
    title = words(in_article.get("ArticleTitle"))
    vernacular = words(in_article.get("VernacularTitle")) or None
    if not title:
        oddities.append("no title but a vernacular one" if vernacular else "no title")
    abstract = _abstract(in_article.get("Abstract"))
    if any("ABSTRACT TRUNCATED" in section.text for section in abstract):
        oddities.append("the abstract is truncated")
    journal = _children(in_article.get("Journal"))
    issue = _children(journal.get("JournalIssue"))
    doi = (_electronic_doi(article) or numbers.get("doi", "")).lower() or None
    authors = tuple(_authors(in_article.get("AuthorList")))
    journal_title = words(journal.get("Title"))
    info = told.get("MedlineJournalInfo")
    return Document(
        id=_id(pmid, doi, title or vernacular or "", journal_title, authors),
        kind="citation",
        pmid=pmid,
        version=1 if printed is None else _version(printed),
        pmcid=numbers.get("pmc"),
        doi=doi,
        registration=_registration(in_article.get("DataBankList")),
        status=citation.get("Status"),
        title=title,
        vernacular_title=vernacular,
        abstract=abstract,
        other_abstracts=tuple(_other_abstracts(citation)) if "OtherAbstract" in told else (),
        authors=authors,
        journal=journal_title,
        journal_abbreviation=_text(info, "MedlineTA") or words(journal.get("ISOAbbreviation")),
        volume=words(issue.get("Volume")),
        issue=words(issue.get("Issue")),
        pages=_pages(in_article.get("Pagination")),
        date=_date(issue.get("PubDate")) or _date(in_article.get("ArticleDate")),
        language=_texts(article, "Language"),
        publication_types=_texts(in_article.get("PublicationTypeList"), "PublicationType"),
        mesh=tuple(_mesh(told.get("MeshHeadingList"))),
        keywords=_texts(citation, "KeywordList/Keyword") if "KeywordList" in told else (),
        substances=_texts(told.get("ChemicalList"), "Chemical/NameOfSubstance"),
        links=tuple(_links(told.get("CommentsCorrectionsList"))),
        references=() if data is None else tuple(_references(data)),
        oddities=tuple(oddities),
    )


def _children(parent: Element | None) -> dict[str, Element]:
    """Return the elements directly below another, of each name the first."""
    found: dict[str, Element] = {}
    for child in () if parent is None else parent:
        found.setdefault(child.tag, child)
    return found


def _other_abstracts(citation: Element) -> Iterator[tuple[str, tuple[Section, ...]]]:
    for other in citation.iterfind("OtherAbstract"):
        yield other.get("Language") or other.get("Type") or "", _abstract(other)


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
    """Return the first number of each kind that a record gives itself."""
    found: dict[str, str] = {}
    listed = None if data is None else data.find("ArticleIdList")
    for each in () if listed is None else listed:
        if text := (each.text or "").strip():
            found.setdefault(each.get("IdType") or "pubmed", text)
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


def _texts(parent: Element | None, path: str) -> tuple[str, ...]:
    found = () if parent is None else map(words, parent.iterfind(path))
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


def _authors(listed: Element | None) -> Iterator[Author]:
    """Yield the authors; six hundred of them are as usual as one."""
    parts: dict[str, str] | None = None
    for each in () if listed is None else listed.iter("Author", "Identifier", *AUTHOR_PARTS):
        tag = each.tag
        if tag == "Author":
            if parts:
                yield Author(**parts)
            parts = None if each.get("ValidYN") == "N" else {}
        elif parts is None:
            continue
        elif tag != "Identifier":
            parts[AUTHOR_PARTS[tag]] = words(each)
        elif each.get("Source") == "ORCID" and each.text:
            parts["orcid"] = each.text.strip().rpartition("/")[2]
    if parts:
        yield Author(**parts)


def _pages(pagination: Element | None) -> str:
    parts = _children(pagination)
    if "MedlinePgn" in parts:
        return words(parts["MedlinePgn"])
    first, last = words(parts.get("StartPage")), words(parts.get("EndPage"))
    return "-".join(filter(None, (first, last)))


def _date(date: Element | None) -> PartialDate | None:
    parts = {child.tag: words(child) for child in (() if date is None else date)}
    if "MedlineDate" in parts:
        return printed_date(parts["MedlineDate"])
    names = ("Year", "Month", "Day", "Season")
    return parts_date(*(parts.get(name, "") for name in names))


def _registration(banks: Element | None) -> tuple[str, ...]:
    """Return the numbers of trials; sequences and data sets are no registrations."""
    return tuple(
        number
        for bank in (() if banks is None else banks.iterfind("DataBank"))
        if _text(bank, "DataBankName") not in SEQUENCES
        for number in _texts(bank, "AccessionNumberList/AccessionNumber")
    )


def _mesh(listed: Element | None) -> Iterator[MeshHeading]:
    descriptor, ui, major = "", None, False
    qualifiers: list[str] = []
    for each in () if listed is None else listed.iter("DescriptorName", "QualifierName"):
        text = each.text or ""
        if each.tag == "QualifierName":
            qualifiers.append(text)
            major = major or each.get("MajorTopicYN") == "Y"
            continue
        if descriptor:
            yield MeshHeading(
                descriptor=descriptor, ui=ui, major=major, qualifiers=tuple(qualifiers)
            )
        descriptor, ui, qualifiers = text, each.get("UI"), []
        major = each.get("MajorTopicYN") == "Y"
    if descriptor:
        yield MeshHeading(descriptor=descriptor, ui=ui, major=major, qualifiers=tuple(qualifiers))


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
    text = ""
    numbers: dict[str, str] = {}
    for listed in data.iterfind("ReferenceList"):
        for each in listed.iter("Reference", "Citation", "ArticleId"):
            tag = each.tag
            if tag == "Citation":
                text = words(each)
            elif tag == "ArticleId":
                numbers.setdefault(each.get("IdType") or "pubmed", (each.text or "").strip())
            elif text or numbers:
                yield _cited(text, numbers)
                text, numbers = "", {}
    if text or numbers:
        yield _cited(text, numbers)


def _cited(text: str, numbers: Mapping[str, str]) -> Cited:
    return Cited(
        text=text,
        pmid=identifiers.pmid(numbers.get("pubmed")),
        pmcid=numbers.get("pmcid") or numbers.get("pmc"),
        doi=numbers.get("doi"),
    )
