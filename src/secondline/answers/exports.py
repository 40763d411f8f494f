"""The library in the formats of others, each by the name of its format."""

from secondline.answers.page import reference_page
from secondline.library import executable, export
from secondline.library.catalog import NoSuchRecord
from secondline.library.library import Library


def exported(form: str, library: Library, disease: str | None) -> str:
    """Write a library in a format of others; `Desk.export` names them.

    Raises:
        NoSuchRecord: there is no such disease, or the format is of one disease and none is named.
    """
    if disease is not None and disease not in library.diseases:
        raise NoSuchRecord(f"{disease!r} is not a disease of the library")
    if form == "findings-csv":
        return export.findings_csv(library, disease)
    if form == "json-schema":
        return export.schemas()
    if form in {"page", "cql", "elm"}:
        if disease is None:
            raise NoSuchRecord(f"{form} is of one disease; name it")
        of_disease = {"page": reference_page, "cql": executable.cql, "elm": executable.elm}
        return of_disease[form](disease, library)
    write = {"bibtex": export.bibtex, "ris": export.ris, "csl-json": export.csl_json}[form]
    return write(export.cited(library, disease))
