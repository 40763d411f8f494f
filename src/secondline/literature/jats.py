"""JATS XML (PubMed Central, publishers) to documents: full texts with their tables as grids."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from secondline.literature import identifiers
from secondline.literature.dates import parts_date, printed_date
from secondline.literature.identifiers import pmc_number
from secondline.literature.jats_body import all_sections, references, tables
from secondline.literature.marked import APART, children, joined, name_of, word, words
from secondline.literature.records import (
    Author,
    Document,
    Link,
    PartialDate,
    RecordError,
    Relation,
    Section,
)
from secondline.literature.splitting import Element

TAGS = ("article",)
# Which of several dates is the one of publication, best first.
DATES = ("ppub", "print", "pub", "epub", "electronic", "epub-ppub", "collection", "epreprint")

# The words of JATS for how this article is related to another: this one ... the other.
RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {
        "retracted-article": "retracts",
        "retraction-forward": "retracted by",
        "partial-retraction": "partially retracts",
        "partially-retracted-article": "partially retracts",
        "corrected-article": "corrects",
        "correction-forward": "corrected by",
        "addended-article": "corrects",
        "addendum": "corrected by",
        "object-of-concern": "expresses concern about",
        "expression-of-concern": "concern expressed by",
        "commentary-article": "comments on",
        "letter": "commented on by",
        "letter-reply": "commented on by",
        "commentary": "commented on by",
        "updated-article": "updates",
        "update": "updated by",
        "republished-article": "republishes",
        "companion": "associated with",
        "article-reference": "associated with",
        "peer-reviewed-article": "comments on",
    }
)
# What a notice does to the article it is related to, where the relation does not say so.
NOTICES: Mapping[str, Relation] = MappingProxyType(
    {
        "retraction": "retracts",
        "partial-retraction": "partially retracts",
        "correction": "corrects",
        "expression-of-concern": "expresses concern about",
    }
)


def read(article: Element) -> Iterable[Document]:
    """Return the document of an article.

    Raises:
        RecordError: it has no metadata, or neither a number nor a title.
    """
    meta = next(_below(article, "front", "article-meta"), None)
    if meta is None:
        meta = next(_below(article, "front-stub"), None)
    if meta is None:
        raise RecordError("it has no article-meta")
    numbers = {
        (each.get("pub-id-type") or "").lower(): joined(each.text or "")
        for each in children(meta, "article-id")
    }
    pmcid = pmc_number(numbers.get("pmcid") or numbers.get("pmc") or numbers.get("pmcaid"))
    doi = identifiers.doi(numbers.get("doi"))
    pmid = identifiers.pmid(numbers.get("pmid"))
    title_group = next(children(meta, "title-group"), None)
    title = _title(title_group)
    kind = article.get("article-type") or ""
    found_tables = tuple(tables(article))
    oddities = [
        f"{table.label or 'a table'}: {table.unreadable}"
        for table in found_tables
        if table.unreadable
    ]
    if numbers.get("pmid") and not pmid:
        oddities.append("its PMID is no number and is left out")
    body = next(children(article, "body"), None)
    sections = tuple(all_sections(article, body))
    if body is None:
        oddities.append("it has no body")
    journal = next(_below(article, "front", "journal-meta"), None)
    return (
        Document(
            id=_id(pmcid, doi, pmid, title),
            kind="full text",
            pmid=pmid,
            pmcid=pmcid,
            doi=doi,
            title=title,
            vernacular_title=_vernacular(title_group),
            abstract=tuple(
                section
                for abstract in children(meta, "abstract")
                if not abstract.get("abstract-type")
                for section in _abstract(abstract)
            ),
            other_abstracts=tuple(
                (
                    _language(abstract) or abstract.get("abstract-type") or "",
                    tuple(_abstract(abstract)),
                )
                for abstract in meta
                if name_of(abstract) == "trans-abstract" or abstract.get("abstract-type")
                if name_of(abstract) in {"abstract", "trans-abstract"}
            ),
            authors=tuple(_authors(meta)),
            journal="" if journal is None else words(next(journal.iter("{*}journal-title"), None)),
            journal_abbreviation=_abbreviation(journal),
            volume=word(meta, "volume"),
            issue=word(meta, "issue"),
            pages=_pages(meta),
            date=_date(meta),
            language=(language,) if (language := _language(article)) else (),
            publication_types=(kind,) if kind else (),
            keywords=tuple(filter(None, map(words, meta.iter("{*}kwd")))),
            links=tuple(_links(meta, NOTICES.get(kind))),
            references=tuple(references(article)),
            body=sections,
            tables=found_tables,
            oddities=tuple(oddities),
        ),
    )


def _id(pmcid: str | None, doi: str | None, pmid: str | None, title: str) -> str:
    if pmcid:
        return f"pmc:{pmcid}"
    if doi:
        return f"doi:{doi}"
    if not title:
        raise RecordError("it has neither a number nor a title")
    called = hashlib.sha256(repr((pmid, title)).encode()).hexdigest()
    return f"sha256:{called[:16]}"


def _below(parent: Element, *path: str) -> Iterator[Element]:
    if not path:
        yield parent
        return
    for child in children(parent, path[0]):
        yield from _below(child, *path[1:])


def _language(element: Element) -> str:
    return (element.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()


def _title(group: Element | None) -> str:
    if group is None:
        return ""
    title, subtitle = word(group, "article-title"), word(group, "subtitle")
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def _vernacular(group: Element | None) -> str | None:
    if group is None:
        return None
    return words(next(group.iter("{*}trans-title"), None)) or None


def _abbreviation(journal: Element | None) -> str:
    if journal is None:
        return ""
    kinds = {each.get("journal-id-type"): words(each) for each in children(journal, "journal-id")}
    return kinds.get("nlm-ta") or kinds.get("iso-abbrev") or ""


def _pages(meta: Element) -> str:
    first, last = word(meta, "fpage"), word(meta, "lpage")
    if first and last and first != last:
        return f"{first}-{last}"
    return first or word(meta, "elocation-id")


def _date(meta: Element) -> PartialDate | None:
    dates = [
        (
            each.get("pub-type") or each.get("publication-format") or each.get("date-type") or "",
            each,
        )
        for each in children(meta, "pub-date")
    ]
    dates.sort(key=lambda one: DATES.index(one[0]) if one[0] in DATES else len(DATES))
    for _, each in dates:
        parts = (word(each, name) for name in ("year", "month", "day", "season"))
        found = parts_date(*parts) or printed_date(word(each, "string-date"))
        if found:
            return found
    return None


def _authors(meta: Element) -> Iterator[Author]:
    for contributor in meta.iter("{*}contrib"):
        if contributor.get("contrib-type") not in {"author", "collab", None}:
            continue
        if any(name_of(above) == "collab" for above in contributor.iterancestors()):
            continue  # a member of a group that signs as one
        yield from _author(contributor)


def _author(contributor: Element) -> Iterator[Author]:
    orcid = next(
        (
            joined(each.text or "").rpartition("/")[2]
            for each in children(contributor, "contrib-id")
            if each.get("contrib-id-type") == "orcid"
        ),
        None,
    )
    for each in contributor.iter("{*}name", "{*}string-name", "{*}collab", "{*}on-behalf-of"):
        name = name_of(each)
        if name in {"collab", "on-behalf-of"}:
            yield Author(collective=words(each, APART | {"contrib-group", "xref", "aff"}))
            return
        if name == "string-name" and not any(children(each, "surname")):
            yield Author(last_name=words(each), orcid=orcid)
            return
        yield Author(
            last_name=word(each, "surname"),
            fore_name=word(each, "given-names"),
            suffix=word(each, "suffix"),
            orcid=orcid,
        )
        return


def _abstract(abstract: Element) -> Iterator[Section]:
    """Yield the labelled parts of an abstract, or the whole of one without labels."""
    plain = [
        words(child) for child in abstract if name_of(child) not in {"sec", "title", "object-id"}
    ]
    if text := "\n".join(filter(None, plain)):
        yield Section(text=text)
    for part in children(abstract, "sec"):
        text = "\n".join(
            filter(None, (words(child) for child in part if name_of(child) != "title"))
        )
        if text:
            title = word(part, "title").rstrip(":")
            yield Section(heading=(title,) if title else (), text=text)


def _links(meta: Element, notice: Relation | None) -> Iterator[Link]:
    for related in meta.iter("{*}related-article", "{*}related-object"):
        relation = RELATIONS.get(related.get("related-article-type") or "")
        if relation is None:
            relation = notice or "associated with"
        address = next((str(value) for key, value in related.items() if key.endswith("href")), "")
        kind = (related.get("ext-link-type") or "").lower()
        pmid, doi, pmcid = identifiers.of_address(address, kind)
        yield Link(
            relation=relation,
            pmid=pmid,
            doi=doi,
            pmcid=pmcid,
            printed=words(related) or address,
        )
