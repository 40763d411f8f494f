"""The sources of a library by the numbers under which the literature knows their documents."""

import re
from collections.abc import Iterable, Iterator

from secondline.domain.evidence import Source
from secondline.library.library import Library
from secondline.literature import identifiers
from secondline.literature.records import Document
from secondline.literature.store import Store

TRIAL = re.compile(r"NCT\d{8}")
SUMMARY = re.compile(r"pdq-\d{4}-(.+)")  # the id of a source that is a summary of PDQ
OF_A_TRIAL = {"registry record", "text"}  # kinds of documents that a registration alone names


class SourceNumbers:
    """Finds the sources of a library that are known by a number."""

    def __init__(self, library: Library) -> None:
        self._sources: dict[str, list[str]] = {}
        for source in library.sources.values():
            for number in _numbers(source):
                self._sources.setdefault(number, []).append(source.id)

    def known_by(self, *, pmid: str | None = None, doi: str | None = None) -> tuple[str, ...]:
        """Return the ids of the sources that have a PMID or a DOI."""
        return self._of(_named(pmid=pmid, doi=doi))

    def of(self, document: Document) -> tuple[str, ...]:
        """Return the ids of the sources that a document is the text of, or the record of."""
        return self._of(_own_numbers(document))

    def _of(self, numbers: Iterable[str]) -> tuple[str, ...]:
        found = (id_ for number in numbers for id_ in self._sources.get(number, ()))
        return tuple(dict.fromkeys(found))


def documents_of(source: Source, store: Store) -> tuple[str, ...]:
    """Return the ids of the documents that are held of a source, deleted ones left out.

    They share its PMID, PMC number or DOI, are the registry record of its trial, are the summary of
    PDQ that it is named after, or are a text of the user that has the id of the source.
    """
    trials = (f"nct:{trial}" for trial in _trials(source))
    return store.named_by(
        ids=[f"text:{source.id}", *trials, *_summary(source)],
        pmids=[source.pmid] if source.pmid else [],
        pmcids=[source.pmcid] if source.pmcid else [],
        dois=[doi] if (doi := identifiers.doi(source.doi)) else [],
    )


def _trials(source: Source) -> list[str]:
    return TRIAL.findall(source.registration or "")


def _summary(source: Source) -> list[str]:
    """Return the id of the document of a summary: pdq-2025-some-name is pdq:some-name."""
    named = SUMMARY.fullmatch(source.id)
    return [f"pdq:{named[1]}"] if named else []


def _numbers(source: Source) -> Iterator[str]:
    yield from _named(source.pmid, identifiers.doi(source.doi), source.pmcid)
    yield f"text:{source.id}"
    for summary in _summary(source):
        yield from (f"{summary} of {year}" for year in (source.year, None))
    if source.kind == "registry record":
        yield from _trials(source)


def _own_numbers(document: Document) -> Iterator[str]:
    yield from _named(document.pmid, document.doi, document.pmcid)
    yield document.id
    yield f"{document.id} of {document.year}"  # a summary of another year is another source
    if document.kind in OF_A_TRIAL:
        yield from document.registration


def _named(
    pmid: str | None = None, doi: str | None = None, pmcid: str | None = None
) -> Iterator[str]:
    """Yield numbers with what they are, so that one kind is never taken for another."""
    for kind, number in (("pmid", pmid), ("doi", doi), ("pmcid", pmcid)):
        if number:
            yield f"{kind}:{number}"
