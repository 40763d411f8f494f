"""One article under all its names: its documents share a PMID, a DOI or a PMC number."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Engine, select

from secondline.literature.database import chunks, documents, reading

COLUMNS = {"pmid": documents.c.pmid, "doi": documents.c.doi, "pmcid": documents.c.pmcid}


def names(
    pmid: str | None = None, doi: str | None = None, pmcid: str | None = None
) -> tuple[str, ...]:
    """Return numbers with what they are, so that one kind is never taken for another."""
    numbers = (("pmid", pmid), ("doi", doi), ("pmcid", pmcid))
    return tuple(f"{kind}:{number}" for kind, number in numbers if number)


def pmids_of(given: Iterable[str]) -> frozenset[str]:
    """Return those of the names of articles that are PMIDs; two of them are two articles."""
    return frozenset(name for name in given if name.startswith("pmid:"))


def known_as(given: Iterable[str], engine: Engine) -> tuple[str, ...]:
    """Return every name of an article: those given, and those that its documents have, too.

    Two PMIDs are two articles, whatever else they share: publishers print corrections under the DOI
    of what they correct.

    Args:
        given: names as `names` returns them, or ids of documents.
        engine: of the database; deleted documents still say whose numbers are one.

    Returns:
        The names, a PMID first, then DOIs, PMC numbers and ids.

    Raises:
        StoreError: the database cannot be read.
    """
    found = dict.fromkeys(given)
    asked: set[str] = set()
    while new := [name for name in found if name not in asked]:
        asked.update(new)
        rows = list(_sharing(new, engine))
        own = pmids_of(found)
        theirs = {f"pmid:{row.pmid}" for row in rows if row.pmid}
        if not own and len(theirs) > 1:
            break  # nobody says which of them it is
        for row in rows:
            if not row.pmid or f"pmid:{row.pmid}" in (own or theirs):
                found |= dict.fromkeys((*names(row.pmid, row.doi, row.pmcid), row.id))
    return tuple(sorted(found, key=_rank))


def _sharing(asked: Iterable[str], engine: Engine) -> Iterator[Any]:
    """Yield the documents that have one of the names, in order of their ids."""
    wanted: dict[Any, list[str]] = {documents.c.id: list(asked)}
    for name in wanted[documents.c.id]:
        kind, _, number = name.partition(":")
        if kind in COLUMNS:
            wanted.setdefault(COLUMNS[kind], []).append(number)
    columns = (documents.c.id, *COLUMNS.values())
    rows: dict[str, Any] = {}
    with reading(engine) as connection:
        for column, values in wanted.items():
            for some in chunks(values):
                for row in connection.execute(select(*columns).where(column.in_(some))):
                    rows[row.id] = row
    return (row for _, row in sorted(rows.items()))


def _rank(name: str) -> tuple[int, str]:
    kind = name.partition(":")[0]
    return list(COLUMNS).index(kind) if kind in COLUMNS else len(COLUMNS), name
