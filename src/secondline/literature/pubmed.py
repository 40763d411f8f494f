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
# By NLM's definition, what stands inside a text is named in small letters (b, i, sup, mml:math), or
# is a DispFormula, which holds mml:math; every other element has a capital.
MARKED = re.compile(rb"</[^A-Z]")
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
    parts = _children(record)
    citation = record if name == "MedlineCitation" else parts.get("MedlineCitation")
    if citation is None:
        raise RecordError("it has no MedlineCitation")
    return (_citation(citation, parts.get("PubmedData")),)


def _deletions(order: Element) -> Iterator[Deletion]:
    for each in order.iterfind("PMID"):
        yield Deletion(pmid=_pmid(each.text or ""), version=_version(each))


def _citation(citation: Element, data: Element | None) -> Document:
    told = _children(citation)
    article = told.get("Article")
    if article is None:
        raise RecordError("it has no Article")
    in_article = _children(article)
    in_data = _children(data)
    numbers = _numbers(in_data.get("ArticleIdList"))
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
    electronic_doi = _electronic_doi(article) if "ELocationID" in in_article else ""
    doi = (electronic_doi or numbers.get("doi", "")).lower() or None
    authors = _authors(in_article.get("AuthorList"))
    journal_title = words(journal.get("Title"))
    info = told.get("MedlineJournalInfo")
    return Document(
        id=_id(pmid, doi, title or vernacular or "", journal_title, authors),
        kind="citation",
        pmid=pmid,
        version=1 if printed is None else _version(printed),
        pmcid=identifiers.pmc_number(numbers.get("pmc")),
        doi=doi,
        registration=_registration(in_article.get("DataBankList")),
        status=citation.get("Status"),
        title=title,
        vernacular_title=vernacular,
        abstract=abstract,
        other_abstracts=tuple(_other_abstracts(citation)) if "OtherAbstract" in told else (),
        authors=authors,
        journal=journal_title,
        journal_abbreviation=_first(info, "MedlineTA") or words(journal.get("ISOAbbreviation")),
        volume=words(issue.get("Volume")),
        issue=words(issue.get("Issue")),
        pages=_pages(in_article.get("Pagination")),
        date=_date(issue.get("PubDate")) or _date(in_article.get("ArticleDate")),
        language=tuple([words(each) for each in article.iterchildren("Language")]),
        publication_types=_texts(in_article.get("PublicationTypeList"), "PublicationType"),
        mesh=tuple(_mesh(told.get("MeshHeadingList"))),
        keywords=_texts(citation, "Keyword") if "KeywordList" in told else (),
        substances=_texts(told.get("ChemicalList"), "NameOfSubstance"),
        links=tuple(_links(told.get("CommentsCorrectionsList"))),
        references=tuple(_references(data)) if "ReferenceList" in in_data else (),
        oddities=tuple(oddities),
    )


def _children(parent: Element | None) -> dict[str, Element]:
    """Return the elements directly below another, of each name the first."""
    found: dict[str, Element] = {}
    for child in () if parent is None else parent:
        found.setdefault(child.tag, child)
    return found


def _other_abstracts(citation: Element) -> Iterator[tuple[str, tuple[Section, ...]]]:
    for other in citation.iterchildren("OtherAbstract"):
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
    numbers = _numbers(record.find("PubmedBookData/ArticleIdList")) | _numbers(
        chapter.find("ArticleIdList")
    )
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
        journal=_first(book, "PublisherName"),
        volume=_first(book, "Volume"),
        pages=_pages(chapter.find("Pagination")),
        book=book_title,
        date=_date(chapter.find("ContributionDate"))
        or _date(None if book is None else book.find("PubDate")),
        language=_texts(chapter, "Language"),
        publication_types=_texts(chapter, "PublicationType"),
        keywords=_texts(chapter, "Keyword"),
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


def _numbers(listed: Element | None) -> dict[str, str]:
    """Return the first number of each kind that a record gives itself."""
    found: dict[str, str] = {}
    for each in () if listed is None else listed:
        if text := (each.text or "").strip():
            found.setdefault(each.get("IdType") or "pubmed", text)
    if "pubmed" in found and not identifiers.pmid(found["pubmed"]):
        del found["pubmed"]
    return found


def _electronic_doi(article: Element) -> str:
    for each in article.iterchildren("ELocationID"):
        if each.get("EIdType") == "doi" and each.get("ValidYN") != "N" and each.text:
            return str(each.text).strip()
    return ""


def _first(parent: Element | None, name: str) -> str:
    """Return the words of the first element of a name below another."""
    return "" if parent is None else words(next(parent.iter(name), None))


def _texts(parent: Element | None, name: str) -> tuple[str, ...]:
    """Return the words of all elements of a name below another."""
    if parent is None:
        return ()
    return tuple([text for each in parent.iter(name) if (text := words(each))])


def _abstract(abstract: Element | None) -> tuple[Section, ...]:
    if abstract is None:
        return ()
    return tuple(
        Section(
            heading=(label,) if (label := (each.get("Label") or "").strip()) else (),
            text=text,
            category=each.get("NlmCategory"),
        )
        for each in abstract.iterchildren("AbstractText")
        if (text := words(each))
    )


def _authors(listed: Element | None) -> tuple[Author, ...]:
    """Return the authors; six hundred of them are as usual as one."""
    found: list[dict[str, str]] = []
    parts: dict[str, str] = {}
    for each in () if listed is None else listed.iter("Author", "Identifier", *AUTHOR_PARTS):
        tag = each.tag
        if tag in AUTHOR_PARTS:
            parts[AUTHOR_PARTS[tag]] = words(each)
        elif tag == "Author":
            parts = {}
            if each.get("ValidYN") != "N":
                found.append(parts)
        elif each.get("Source") == "ORCID" and each.text:
            parts["orcid"] = each.text.strip().rpartition("/")[2]
    return tuple([Author(**parts) for parts in found if parts])


def _pages(pagination: Element | None) -> str:
    parts = _children(pagination)
    if "MedlinePgn" in parts:
        return words(parts["MedlinePgn"])
    first, last = words(parts.get("StartPage")), words(parts.get("EndPage"))
    return "-".join(filter(None, (first, last)))


def _date(date: Element | None) -> PartialDate | None:
    parts = _children(date)
    if "MedlineDate" in parts:
        return printed_date(words(parts["MedlineDate"]))
    return parts_date(
        words(parts.get("Year")),
        words(parts.get("Month")),
        words(parts.get("Day")),
        words(parts.get("Season")),
    )


def _registration(banks: Element | None) -> tuple[str, ...]:
    """Return the numbers of trials; sequences and data sets are no registrations."""
    if banks is None:
        return ()
    return tuple(
        number
        for bank in banks
        if _first(bank, "DataBankName") not in SEQUENCES
        for number in _texts(bank, "AccessionNumber")
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
        pmid = identifiers.pmid(_first(each, "PMID"))
        printed = _first(each, "RefSource")
        doi = None if pmid else identifiers.doi(printed)
        for relation in RELATIONS.get(each.get("RefType") or "", ("associated with",)):
            yield Link(
                relation=relation,
                pmid=pmid,
                doi=doi,
                printed=printed,
            )


def _references(data: Element) -> Iterator[Cited]:
    """Yield the reference list, of lists in lists too."""
    text = ""
    numbers: dict[str, str] = {}
    for listed in data.iterchildren("ReferenceList"):
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
