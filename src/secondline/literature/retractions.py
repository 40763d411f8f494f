"""Which documents are retracted, by their own record or by a notice in another.

A notice counts by its relation, whatever its title says; it reaches every document of the same
article: the citation and the full text share a PMID, a DOI or a PMC number. When a notice is
deleted or revised, what it retracted is looked at again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, select, update

from secondline.literature.articles import COLUMNS, names, pmids_of
from secondline.literature.database import chunks, documents, links


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A document by which an article is known.

    Attributes:
        names: its numbers, as `articles.names` returns them.
        says_retracted: whether its own record says so, and it is not deleted.
    """

    id: str
    names: tuple[str, ...]
    says_retracted: bool


def settle(connection: Connection, touched: set[str], change: int) -> None:
    """Mark anew which documents are retracted, among those with the numbers touched.

    Args:
        touched: the names of documents that changed, and of those that they retract or did; what
            these documents are called besides is added.
        change: the number of the change, for documents whose mark turns.
    """
    held = _held(connection, touched)
    known = [
        Known(
            id=each.id,
            names=names(each.pmid, each.doi, each.pmcid),
            says_retracted=each.says_retracted and not each.deleted,
        )
        for each in held
    ]
    retracted = retracted_ids(known, _noticed(connection, touched))
    for mark in (True, False):
        turned = [
            each.id for each in held if (each.id in retracted) == mark and each.retracted != mark
        ]
        for some in chunks(turned):
            change_mark = update(documents).where(documents.c.id.in_(some))
            connection.execute(change_mark.values(retracted=mark, changed=change))


def retracted_ids(
    held: Iterable[Known], notices: Iterable[tuple[str, tuple[str, ...]]]
) -> frozenset[str]:
    """Return the ids of the documents that are retracted.

    Two PMIDs are two articles, whatever else they share: abstracts of one supplement have one DOI,
    and notices are printed under the DOI of what they retract. A notice that names no PMID reaches
    every article with the number that it names, for nobody says which of them is meant.

    Args:
        held: documents, with all others that share a number with one of them.
        notices: the id of a document and the names of one article that it retracts.
    """
    articles = _Articles(held, notices)
    found: set[str] = set()
    for each in articles.held:
        if each.says_retracted:
            found |= {each.id, *articles.of(each.names)}
    for given in articles.noticed:
        found |= articles.of(given)
    return frozenset(found)


class _Articles:
    """Documents by the articles that they are of."""

    def __init__(
        self, held: Iterable[Known], notices: Iterable[tuple[str, tuple[str, ...]]]
    ) -> None:
        self.held = tuple(held)
        self.noticed: set[tuple[str, ...]] = set()
        self._retracting: dict[str, set[str]] = defaultdict(set)
        for document, given in notices:
            self.noticed.add(given)
            self._retracting[document].update(given)
        self._named: dict[str, list[Known]] = defaultdict(list)
        for each in self.held:
            for name in each.names:
                self._named[name].append(each)

    def of(self, given: Iterable[str]) -> set[str]:
        """Return the ids of the documents of the article that is known by the names given."""
        found: set[str] = set()
        asked: set[str] = set()
        new = set(given)
        own = pmids_of(new)
        while new:
            asked |= new
            near = {each.id: each for name in new for each in self._named.get(name, ())}
            called = asked.union(*(each.names for each in near.values()))
            kept = [each for each in near.values() if self._is_of(each, own, called)]
            own = own or pmids_of(name for each in kept for name in each.names)
            found.update(each.id for each in kept)
            new = {name for each in kept for name in each.names} - asked
        return found

    def _is_of(self, each: Known, own: Collection[str], called: Collection[str]) -> bool:
        if own and pmids_of(each.names):
            return not pmids_of(each.names).isdisjoint(own)
        # The notice is not the article, though it is printed under its DOI.
        return self._retracting.get(each.id, set()).isdisjoint(called)


def _held(connection: Connection, touched: set[str]) -> Sequence[Any]:
    """Return the documents of the numbers touched, and of the other numbers that these have."""
    chosen = select(
        documents.c.id,
        *COLUMNS.values(),
        documents.c.deleted,
        documents.c.says_retracted,
        documents.c.retracted,
    )
    found: dict[str, Any] = {}
    asked: set[str] = set()
    while new := touched - asked:
        asked |= new
        for each in _with(connection, chosen, documents, new):
            found[each.id] = each
            touched.update(names(each.pmid, each.doi, each.pmcid))
    return tuple(found.values())


def _noticed(
    connection: Connection, touched: Collection[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield notices that are not deleted, each with the numbers touched that it retracts."""
    notices = (
        select(links.c.document, links.c.pmid, links.c.doi, links.c.pmcid)
        .join(documents, documents.c.id == links.c.document)
        .where(links.c.relation == "retracts", documents.c.deleted.is_(False))
    )
    for each in _with(connection, notices, links, touched):
        yield each.document, names(each.pmid, each.doi, each.pmcid)


def _with(
    connection: Connection, chosen: Select[Any], table: Table, asked: Iterable[str]
) -> Iterator[Any]:
    """Yield what is chosen of the rows of a table that have one of the names of articles."""
    numbers: dict[str, list[str]] = defaultdict(list)
    for name in asked:
        kind, _, number = name.partition(":")
        numbers[kind].append(number)
    for kind, values in numbers.items():
        for some in chunks(values):
            yield from connection.execute(chosen.where(table.c[kind].in_(some)))
