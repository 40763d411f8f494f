"""JATS XML (PubMed Central, publishers) to documents: full texts with their tables as grids."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from secondline.literature.dates import parts_date, printed_date
from secondline.literature.grids import Grid, TableError, filled, html_grid
from secondline.literature.marked import APART, joined, name_of, words
from secondline.literature.records import (
    Author,
    Cited,
    Document,
    Link,
    PartialDate,
    RecordError,
    Relation,
    Section,
    Table,
)
from secondline.literature.splitting import Element

TAGS = ("article",)
IMAGE = "table not readable: it is an image"
NO_CELLS = "table not readable: it has no cells"
GROUPS = {"disp-quote", "boxed-text", "statement", "list", "list-item", "def-list", "speech"} | {
    "fig-group", "table-wrap-group", "ack", "notes", "glossary", "app", "app-group", "sec",
    "def-item", "def", "question-wrap", "answer", "verse-group",
}  # fmt: skip
# Which of several dates is the one of publication, best first.
DATES = ("ppub", "print", "pub", "epub", "electronic", "epub-ppub", "collection", "epreprint")
DOI = re.compile(r"10\.\d{4,9}/\S+")
BEFORE_POINT = re.compile(r" ([,.:;)])")
PMID = re.compile(r"[1-9]\d{0,9}")

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
        for each in _children(meta, "article-id")
    }
    pmcid = _pmcid(numbers.get("pmcid") or numbers.get("pmc") or numbers.get("pmcaid"))
    doi = numbers.get("doi", "").lower() or None
    pmid = numbers.get("pmid")
    title_group = next(_children(meta, "title-group"), None)
    title = _title(title_group)
    kind = article.get("article-type") or ""
    tables = tuple(_tables(article))
    oddities = [
        f"{table.label or 'a table'}: {table.unreadable}" for table in tables if table.unreadable
    ]
    if pmid and not PMID.fullmatch(pmid):
        oddities.append(f"its PMID {pmid[:20]!r} is no number and is left out")
        pmid = None
    body = next(_children(article, "body"), None)
    sections = tuple(_all_sections(article, body))
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
                for abstract in _children(meta, "abstract")
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
            volume=_word(meta, "volume"),
            issue=_word(meta, "issue"),
            pages=_pages(meta),
            date=_date(meta),
            language=(language,) if (language := _language(article)) else (),
            publication_types=(kind,) if kind else (),
            keywords=tuple(filter(None, map(words, meta.iter("{*}kwd")))),
            links=tuple(_links(meta, NOTICES.get(kind))),
            references=tuple(_references(article)),
            body=sections,
            tables=tables,
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


def _children(parent: Element, name: str) -> Iterator[Element]:
    return (child for child in parent if name_of(child) == name)


def _below(parent: Element, *path: str) -> Iterator[Element]:
    if not path:
        yield parent
        return
    for child in _children(parent, path[0]):
        yield from _below(child, *path[1:])


def _word(parent: Element, name: str) -> str:
    return words(next(_children(parent, name), None))


def _pmcid(text: str | None) -> str | None:
    digits = (text or "").upper().removeprefix("PMC").partition(".")[0]
    return f"PMC{digits}" if digits.isdecimal() else None


def _language(element: Element) -> str:
    return (element.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()


def _title(group: Element | None) -> str:
    if group is None:
        return ""
    title, subtitle = _word(group, "article-title"), _word(group, "subtitle")
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def _vernacular(group: Element | None) -> str | None:
    if group is None:
        return None
    return words(next(group.iter("{*}trans-title"), None)) or None


def _abbreviation(journal: Element | None) -> str:
    if journal is None:
        return ""
    kinds = {each.get("journal-id-type"): words(each) for each in _children(journal, "journal-id")}
    return kinds.get("nlm-ta") or kinds.get("iso-abbrev") or ""


def _pages(meta: Element) -> str:
    first, last = _word(meta, "fpage"), _word(meta, "lpage")
    if first and last and first != last:
        return f"{first}-{last}"
    return first or _word(meta, "elocation-id")


def _date(meta: Element) -> PartialDate | None:
    dates = [
        (
            each.get("pub-type") or each.get("publication-format") or each.get("date-type") or "",
            each,
        )
        for each in _children(meta, "pub-date")
    ]
    dates.sort(key=lambda one: DATES.index(one[0]) if one[0] in DATES else len(DATES))
    for _, each in dates:
        parts = (_word(each, name) for name in ("year", "month", "day", "season"))
        found = parts_date(*parts) or printed_date(_word(each, "string-date"))
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
            for each in _children(contributor, "contrib-id")
            if each.get("contrib-id-type") == "orcid"
        ),
        None,
    )
    for each in contributor.iter("{*}name", "{*}string-name", "{*}collab", "{*}on-behalf-of"):
        name = name_of(each)
        if name in {"collab", "on-behalf-of"}:
            yield Author(collective=words(each, APART | {"contrib-group", "xref", "aff"}))
            return
        if name == "string-name" and not any(_children(each, "surname")):
            yield Author(last_name=words(each), orcid=orcid)
            return
        yield Author(
            last_name=_word(each, "surname"),
            fore_name=_word(each, "given-names"),
            suffix=_word(each, "suffix"),
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
    for part in _children(abstract, "sec"):
        text = "\n".join(
            filter(None, (words(child) for child in part if name_of(child) != "title"))
        )
        if text:
            title = _word(part, "title").rstrip(":")
            yield Section(heading=(title,) if title else (), text=text)


def _all_sections(article: Element, body: Element | None) -> Iterator[Section]:
    if body is not None:
        yield from _sections(body, ())
    for back in _children(article, "back"):
        for part in back:
            if name_of(part) in {"ack", "app-group", "app", "notes", "glossary", "sec"}:
                yield from _sections(part, (_word(part, "title"),) if _word(part, "title") else ())
    for part in article:
        if name_of(part) in {"floats-group", "floats-wrap"}:
            yield from _sections(part, ())
        elif name_of(part) in {"sub-article", "response"}:
            title = words(next(part.iter("{*}article-title"), None)) or name_of(part)
            for inner in _children(part, "body"):
                yield from _sections(inner, (title,))


def _sections(parent: Element, heading: tuple[str, ...]) -> Iterator[Section]:
    """Yield the text that stands directly under a heading, then what stands under its own."""
    inner = [child for child in parent if name_of(child) in {"sec", "app"}]
    own = "\n".join(_paragraphs(child for child in parent if child not in inner))
    if own:
        yield Section(heading=heading, text=own)
    for section in inner:
        title = " ".join(filter(None, (_word(section, "label"), _word(section, "title"))))
        yield from _sections(section, (*heading, title) if title else heading)


def _paragraphs(blocks: Iterable[Element]) -> Iterator[str]:
    for block in blocks:
        name = name_of(block)
        if name == "fig":
            yield from _caption(block)
        elif name in GROUPS:
            title = _word(block, "title")
            yield from filter(None, (title,))
            yield from _paragraphs(child for child in block if name_of(child) != "title")
        elif name in {"p", "preformat", "verse-line", "attrib", "term"} or name.startswith("disp-"):
            if text := words(block, APART - {"disp-formula"}):
                yield text
            for figure in block.iter("{*}fig"):
                yield from _caption(figure)


def _caption(figure: Element) -> Iterator[str]:
    text = " ".join(filter(None, (_word(figure, "label"), _word(figure, "caption"))))
    if text:
        yield text


def _tables(article: Element) -> Iterator[Table]:
    for wrap in article.iter("{*}table-wrap"):
        heading = tuple(
            title
            for above in reversed(list(wrap.iterancestors()))
            if name_of(above) == "sec" and (title := _word(above, "title"))
        )
        rows, unreadable = _rows(wrap)
        yield Table(
            label=_word(wrap, "label"),
            caption=_word(wrap, "caption"),
            heading=heading,
            rows=rows,
            notes=" ".join(_notes(wrap)),
            unreadable=unreadable,
        )


def _rows(wrap: Element) -> tuple[Grid, str | None]:
    """Return the grids of a table one below the other, or why there is none."""
    tables = [each for each in wrap.iter("{*}table") if not _nested(each)]
    try:
        rows = filled(row for table in tables for row in html_grid(table))
    except TableError as error:
        return (), f"table not readable: {error}"
    if rows:
        return rows, None
    images = {"graphic", "inline-graphic", "media"}
    return (), IMAGE if any(name_of(each) in images for each in wrap.iter()) else NO_CELLS


def _nested(table: Element) -> bool:
    return any(name_of(above) == "table" for above in table.iterancestors())


def _notes(wrap: Element) -> Iterator[str]:
    for foot in _children(wrap, "table-wrap-foot"):
        for note in foot.iter("{*}p", "{*}attrib"):
            label = next(
                (_word(above, "label") for above in note.iterancestors() if name_of(above) == "fn"),
                "",
            )
            yield " ".join(filter(None, (label, words(note))))


def _links(meta: Element, notice: Relation | None) -> Iterator[Link]:
    for related in meta.iter("{*}related-article", "{*}related-object"):
        relation = RELATIONS.get(related.get("related-article-type") or "")
        if relation in {None, "associated with"} and notice is not None:
            relation = notice
        address = next((str(value) for key, value in related.items() if key.endswith("href")), "")
        doi = DOI.search(address.lower())
        number = address if related.get("ext-link-type") in {"pmid", "pubmed"} else ""
        yield Link(
            relation=relation or "associated with",
            pmid=number if PMID.fullmatch(number) else None,
            doi=doi[0] if doi else None,
            printed=words(related) or address,
        )


def _references(article: Element) -> Iterator[Cited]:
    for back in _children(article, "back"):
        for entry in back.iter("{*}ref"):
            yield _cited(entry)


def _cited(entry: Element) -> Cited:
    numbers = {
        (each.get("pub-id-type") or ""): joined("".join(each.itertext()))
        for each in entry.iter("{*}pub-id", "{*}object-id")
    }
    citation = next(
        (child for child in entry if "citation" in name_of(child) or name_of(child) == "note"), None
    )
    pmid = numbers.get("pmid", "")
    return Cited(
        anchor=_word(entry, "label").strip("[]()."),
        text=_citation(citation),
        pmid=pmid if PMID.fullmatch(pmid) else None,
        pmcid=_pmcid(numbers.get("pmcid") or numbers.get("pmc")),
        doi=numbers.get("doi", "").lower() or None,
    )


def _citation(citation: Element | None) -> str:
    """Write an entry of a reference list; where it is given in parts, the parts with blanks."""
    if citation is None:
        return ""
    if (citation.text or "").strip() or any((child.tail or "").strip() for child in citation):
        return BEFORE_POINT.sub(r"\1", words(citation, APART | {"pub-id"}))
    parts = (
        ", ".join(_names(child)) or words(child) for child in citation if name_of(child) != "pub-id"
    )
    return " ".join(filter(None, parts))


def _names(group: Element) -> Iterator[str]:
    for name in group.iter("{*}name"):
        yield " ".join(filter(None, (_word(name, "surname"), _word(name, "given-names"))))
