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
from secondline.domain.terms import Aspect, Case, Contradiction, Explanation, Refusal, Term
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
    "terms/explanations": Explanation,
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

    words, identifiers = Bibliography(), {}
    for source in sources:
        authors = [_bibtex_name(author) for author in _authors(source)]
        if _is_cut(source):
            authors.append("others")
        values = {
            "title": source.title,
            "author": " and ".join(authors),
            "journal": source.journal,
            "note": f"read: {source.read}",
        }
        worded = [Field(key, value) for key, value in values.items() if value]
        words.add(Entry(BIBTEX.get(source.kind, "article"), source.id, worded))
        names = {"year": source.year, "doi": source.doi, "pmid": source.pmid, "url": source.url}
        identifiers[source.id] = [Field(k, str(v)) for k, v in names.items() if v]
    # Words are encoded for LaTeX; an identifier that is encoded is another one.
    encoded = LatexEncodingMiddleware().transform(words)
    for entry in encoded.entries:
        entry.fields = [*entry.fields, *identifiers[entry.key]]
    return str(write_string(encoded))


def ris(sources: Iterable[Source]) -> str:
    """Write sources as RIS."""
    import rispy  # noqa: PLC0415  # only an export needs it

    entries = []
    for source in sources:
        entry = {
            "type_of_reference": RIS.get(source.kind, "JOUR"),
            "id": source.id,
            "title": source.title,
            "authors": [_ris_name(author) for author in _authors(source)],
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
    """Yield the authors one by one; what stands in parentheses is no author, nor is "et al"."""
    for author in re.sub(r"\([^)]*\)", "", source.authors).split(","):
        name = author.strip(" .…")
        if name and name not in {"et al", "others"}:
            yield name


def _is_cut(source: Source) -> bool:
    return "et al" in source.authors or "..." in source.authors


def _parted(author: str) -> tuple[str, str] | None:
    """Return family and given names of "Van Winkle P"; None for a group."""
    match = re.fullmatch(r"(.+) ([A-ZÀ-Þ]{1,4})", author)
    return (match[1], match[2]) if match else None


def _bibtex_name(author: str) -> str:
    parts = _parted(author)
    return f"{parts[0]}, {parts[1]}" if parts else f"{{{author}}}"


def _ris_name(author: str) -> str:
    parts = _parted(author)
    return f"{parts[0]}, {parts[1]}" if parts else author


def _csl_name(author: str) -> dict[str, str]:
    parts = _parted(author)
    return {"family": parts[0], "given": parts[1]} if parts else {"literal": author}
