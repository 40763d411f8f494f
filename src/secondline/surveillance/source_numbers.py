"""The sources of a library by the numbers under which the literature knows their documents."""

import re
from collections.abc import Iterable, Iterator

from secondline.domain.evidence import Source
from secondline.library.library import Library
from secondline.literature import identifiers
from secondline.literature.articles import names, pmids_of
from secondline.literature.pdq_markdown import PATH
from secondline.literature.records import Document
from secondline.literature.store import Store

TRIAL = re.compile(r"NCT\d{8}")
SUMMARY = re.compile(r"pdq-\d{4}-(.+)")  # the id of a source that is a summary of PDQ
OF_A_TRIAL = {"registry record", "text"}  # kinds of documents that a registration alone names


class SourceNumbers:
    """Finds the sources of a library that are known by a number."""

    def __init__(self, library: Library) -> None:
        self._sources: dict[str, list[str]] = {}
        self._pmids = {source.id: source.pmid for source in library.sources.values()}
        for source in library.sources.values():
            for number in _numbers(source):
                self._sources.setdefault(number, []).append(source.id)

    def of(self, document: Document) -> tuple[str, ...]:
        """Return the ids of the sources that a document is the text of, or the record of."""
        return self.known_by(_own_numbers(document))

    def known_by(self, numbers: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the sources that have one of the names of an article.

        Another PMID is another article: abstracts of one supplement have one DOI, and publishers
        print corrections under the DOI of the article.
        """
        given = tuple(numbers)
        own = pmids_of(given)
        found = dict.fromkeys(id_ for number in given for id_ in self._sources.get(number, ()))
        return tuple(
            id_ for id_ in found if not own or own.issuperset(names(pmid=self._pmids[id_]))
        )


def documents_of(source: Source, store: Store) -> tuple[str, ...]:
    """Return the ids of the documents that are held of a source, deleted ones left out.

    They share its PMID, PMC number or DOI, are the registry record of its trial, are the summary of
    PDQ at its address or that it is named after, or are a text of the user that has the id of the
    source.
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
    """Return the ids that the document of a summary may have: by its address, and by its file.

    A section that is a source of its own, pdq-2025-some-name, is pdq:some-name.
    """
    named = SUMMARY.fullmatch(source.id)
    if not named:
        return []
    page = PATH.match(source.url or "")
    return [f"pdq:{each[1]}" for each in (page, named) if each]


def _numbers(source: Source) -> Iterator[str]:
    yield from names(source.pmid, identifiers.doi(source.doi), source.pmcid)
    yield f"text:{source.id}"
    for summary in _summary(source):
        yield from (f"{summary} of {year}" for year in (source.year, None))
    if source.kind == "registry record":
        yield from _trials(source)


def _own_numbers(document: Document) -> Iterator[str]:
    yield from names(document.pmid, document.doi, document.pmcid)
    yield document.id
    yield f"{document.id} of {document.year}"  # a summary of another year is another source
    if document.kind in OF_A_TRIAL:
        yield from document.registration
