"""JSON Lines of the user to documents: a text with an id, and what else is known of it."""

import re
from typing import Any

from secondline.literature import identifiers
from secondline.literature.dates import printed_date
from secondline.literature.json_objects import Fields
from secondline.literature.records import (
    Author,
    Document,
    MeshHeading,
    PartialDate,
    RecordError,
    Section,
)

KEYS = {
    "id", "_id", "title", "text", "abstract", "authors", "journal", "mesh", "year", "date", "pmid",
    "pmcid", "doi", "registration", "url", "language", "publication_types", "keywords",
    "conditions", "interventions", "phases",
}  # fmt: skip


def read(record: dict[str, Any]) -> Document:
    """Return the document of one line.

    A line is {"id", "title", "text"}: `id` (or `_id`) and one of `title`, `text` and `abstract`
    are needed; authors, journal, year, pmid, pmcid, doi, registration, url, language and lists of
    publication_types, mesh, keywords, conditions, interventions and phases are optional.

    Raises:
        RecordError: it has no id or no text, or a value of another kind.
    """
    fields = Fields(record)
    id_ = fields.text("id") or fields.text("_id")
    if not id_:
        raise RecordError('it has no "id"')
    title, text, abstract = fields.text("title"), fields.lines("text"), fields.lines("abstract")
    if not (title or text or abstract):
        raise RecordError('it has no "text"')
    pmid = identifiers.pmid(fields.text("pmid"))
    if fields.text("pmid") and not pmid:
        raise RecordError(f"pmid {fields.text('pmid')[:20]!r} is no number of PubMed")
    registration = fields.text("registration")
    ignored = sorted(record.keys() - KEYS)
    return Document(
        id=f"text:{id_}",
        kind="text",
        pmid=pmid,
        pmcid=identifiers.pmc_number(fields.text("pmcid")),
        doi=identifiers.doi(fields.text("doi")),
        registration=(registration,) if registration else (),
        title=title,
        abstract=(Section(text=abstract or text),) if abstract or text else (),
        body=(Section(text=text),) if abstract and text else (),
        authors=tuple(_authors(record)),
        journal=fields.text("journal"),
        date=_date(fields),
        language=(language,) if (language := fields.text("language")) else (),
        publication_types=fields.texts("publication_types"),
        mesh=tuple(MeshHeading(descriptor=name) for name in fields.texts("mesh")),
        keywords=fields.texts("keywords"),
        conditions=fields.texts("conditions"),
        interventions=fields.texts("interventions"),
        phases=fields.texts("phases"),
        url=fields.text("url") or None,
        oddities=(f"not read: {', '.join(ignored)[:200]}",) if ignored else (),
    )


def _authors(record: dict[str, Any]) -> tuple[Author, ...]:
    """Return authors given as a list of names, or as one text, which is kept whole."""
    if isinstance(record.get("authors"), list):
        return tuple(Author(last_name=name) for name in Fields(record).texts("authors"))
    names = Fields(record).text("authors")
    return (Author(collective=names),) if names else ()


def _date(fields: Fields) -> PartialDate | None:
    year = fields.text("year")
    if year and not re.fullmatch(r"\d{4}", year):
        raise RecordError(f"year {year[:20]!r} is no year")
    return printed_date(fields.text("date")) or printed_date(year)
