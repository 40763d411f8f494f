"""The library in the formats of others: CSV, BibTeX, RIS, CSL-JSON, JSON Schema."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from secondline.domain.evidence import Endpoint, Finding, Source, SourceKind, Statement
from secondline.domain.facts import FactDefinition
from secondline.domain.terms import Aspect, Case, Contradiction, Refusal, Term
from secondline.library.library import Library
from secondline.library.schema import json_schema

BIBTEX: Mapping[SourceKind, str] = {"web page": "misc", "registry record": "misc", "label": "misc"}
RIS: Mapping[SourceKind, str] = {"web page": "ELEC", "registry record": "ELEC", "label": "ELEC"}
CSL: Mapping[SourceKind, str] = {
    "web page": "webpage",
    "registry record": "webpage",
    "label": "webpage",
}
FILES: Mapping[str, type[Any]] = {
    "sources": Source,
    "statements": Statement,
    "cases": Case,
    "terms/facts": FactDefinition,
    "terms/endpoints": Endpoint,
    "terms/diseases": Term,
    "terms/regimens": Term,
    "terms/drugs": Term,
    "terms/factors": Term,
    "terms/aspects": Aspect,
    "terms/refusals": Refusal,
    "terms/contradictions": Contradiction,
}


def cited(library: Library, disease: str | None = None) -> tuple[Source, ...]:
    """Return the sources that the statements of a disease cite; all sources for None."""
    if disease is None:
        return tuple(library.sources.values())
    used = {
        source.id: source
        for statement in library.statements.values()
        if library.disease_of(statement.id) == disease
        for source in library.sources_of(statement)
    }
    return tuple(used[id_] for id_ in sorted(used))


def findings_csv(library: Library, disease: str | None = None) -> str:
    """Write every finding of a disease, or of all, as a row with its statement and its source."""
    columns = [field.name for field in fields(Finding)]
    about = ["statement", "disease", "topic", "setting", "population", "study"]
    source = ["source", "via", "kind", "read", "pmid", "doi", "locator"]
    graded = ["level_printed", "level_scheme", "level_derived", "caution", "standing", "edition"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*about, *columns, *source, *graded])
    for statement in library.statements.values():
        if disease not in {None, library.disease_of(statement.id)}:
            continue
        origin = library.sources[statement.citation.source]
        level = statement.level
        for finding in statement.findings:
            writer.writerow(
                [
                    statement.id,
                    library.disease_of(statement.id),
                    statement.topic,
                    statement.setting,
                    statement.population,
                    statement.study,
                    *(_cell(getattr(finding, column)) for column in columns),
                    origin.id,
                    statement.citation.via,
                    origin.kind,
                    origin.read,
                    origin.pmid,
                    origin.doi,
                    statement.citation.locator,
                    *((level.printed, level.scheme, level.derived) if level else ("", "", "")),
                    statement.caution,
                    library.standing(statement.id),
                    library.edition,
                ]
            )
    return out.getvalue()


def _cell(value: object) -> object:
    return ("yes" if value else None) if isinstance(value, bool) else value


def bibtex(sources: Iterable[Source]) -> str:
    """Write sources as BibTeX; the key is the source id."""
    from bibtexparser.entrypoint import write_string  # noqa: PLC0415  # only an export needs it
    from bibtexparser.library import Library as Bibliography  # noqa: PLC0415
    from bibtexparser.middlewares import LatexEncodingMiddleware  # noqa: PLC0415
    from bibtexparser.model import Entry, Field  # noqa: PLC0415

    bibliography = Bibliography()
    for source in sources:
        values = {
            "title": source.title,
            "author": " and ".join(_authors(source)),
            "journal": source.journal,
            "year": str(source.year or ""),
            "doi": source.doi or "",
            "pmid": source.pmid or "",
            "url": source.url or "",
            "note": f"read: {source.read}",
        }
        entry = [Field(key, value) for key, value in values.items() if value]
        bibliography.add(Entry(BIBTEX.get(source.kind, "article"), source.id, entry))
    return str(write_string(bibliography, prepend_middleware=[LatexEncodingMiddleware()]))


def ris(sources: Iterable[Source]) -> str:
    """Write sources as RIS."""
    import rispy  # noqa: PLC0415  # only an export needs it

    entries = []
    for source in sources:
        entry = {
            "type_of_reference": RIS.get(source.kind, "JOUR"),
            "id": source.id,
            "title": source.title,
            "authors": list(_authors(source)),
            "secondary_title": source.journal,
            "year": str(source.year or ""),
            "doi": source.doi,
            "accession_number": source.pmid,
            "urls": [source.url] if source.url else [],
            "notes": [f"read: {source.read}"],
        }
        entries.append({key: value for key, value in entry.items() if value})
    return str(rispy.dumps(entries))


def csl_json(sources: Iterable[Source]) -> str:
    """Write sources as CSL-JSON, the format of citation processors."""
    items = []
    for source in sources:
        item: dict[str, Any] = {
            "id": source.id,
            "type": CSL.get(source.kind, "article-journal"),
            "title": source.title,
            "author": [_csl_name(author) for author in _authors(source)],
            "container-title": source.journal,
            "issued": {"date-parts": [[source.year]]} if source.year else None,
            "DOI": source.doi,
            "PMID": source.pmid,
            "PMCID": source.pmcid,
            "URL": source.url,
            "note": f"read: {source.read}",
        }
        items.append({key: value for key, value in item.items() if value})
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def schemas() -> str:
    """Write the JSON Schema of every kind of knowledge file, by the place of the file."""
    found = {name: json_schema(kind) for name, kind in FILES.items()}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _authors(source: Source) -> Iterable[str]:
    """Yield the authors one by one; "et al." is "others", as bibliographies write it."""
    for author in source.authors.split(","):
        name = author.strip().rstrip(".")
        if name in {"et al", "others"}:
            yield "others"
        elif name:
            yield name


def _csl_name(author: str) -> dict[str, str]:
    """Split "Van Winkle P" into family and given; a group or "others" is a literal name."""
    match = re.fullmatch(r"(.+) ([A-ZÀ-Þ]{1,4})", author)
    return {"family": match[1], "given": match[2]} if match else {"literal": author}
