"""Which documents are retracted, by their own record or by a notice in another.

A notice counts by its relation, whatever its title says; it reaches every document of the same
article: the citation and the full text share a PMID or a DOI. When a notice is deleted or revised,
what it retracted is looked at again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update

from secondline.literature.database import documents, links

AT_ONCE = 400  # values of one query


@dataclass(slots=True)
class Numbers:
    """PMIDs and DOIs by which articles are known."""

    pmids: set[str] = field(default_factory=set)
    dois: set[str] = field(default_factory=set)

    def add(self, pmid: str | None, doi: str | None) -> bool:
        """Add the numbers of one article; whether one was not known yet."""
        before = len(self)
        if pmid:
            self.pmids.add(pmid)
        if doi:
            self.dois.add(doi)
        return len(self) > before

    def name(self, pmid: str | None, doi: str | None) -> bool:
        """Say whether an article is known by one of the numbers."""
        return pmid in self.pmids or doi in self.dois

    def __len__(self) -> int:
        return len(self.pmids) + len(self.dois)


def settle(connection: Connection, touched: Numbers, change: int) -> None:
    """Mark anew which documents are retracted, among those with the numbers touched.

    Args:
        touched: the numbers of documents that changed, and of those that they retract or did.
        change: the number of the change, for documents whose mark turns.
    """
    held = _held(connection, touched)
    retracted = Numbers()
    for each in held:
        if each.says_retracted and not each.deleted:
            retracted.add(each.pmid, each.doi)
    for pmid, doi in _noticed(connection, touched):
        retracted.add(pmid, doi)
    grown = True
    while grown:  # an article retracted by one of its numbers is retracted by the other, too
        grown = False
        for each in held:
            if retracted.name(each.pmid, each.doi):
                grown = retracted.add(each.pmid, each.doi) or grown
    for mark in (True, False):
        turned = [
            each.id
            for each in held
            if retracted.name(each.pmid, each.doi) == mark and each.retracted != mark
        ]
        for some in chunks(turned):
            change_mark = update(documents).where(documents.c.id.in_(some))
            connection.execute(change_mark.values(retracted=mark, changed=change))


def _held(connection: Connection, touched: Numbers) -> Sequence[Any]:
    """Return the documents of the numbers touched, and of the other numbers that these have."""
    chosen = select(
        documents.c.id,
        documents.c.pmid,
        documents.c.doi,
        documents.c.deleted,
        documents.c.says_retracted,
        documents.c.retracted,
    )
    found: dict[str, Any] = {}
    asked = Numbers()
    while new := Numbers(touched.pmids - asked.pmids, touched.dois - asked.dois):
        asked = Numbers(set(touched.pmids), set(touched.dois))
        for column, values in ((documents.c.pmid, new.pmids), (documents.c.doi, new.dois)):
            for some in chunks(values):
                for each in connection.execute(chosen.where(column.in_(some))):
                    found[each.id] = each
                    touched.add(each.pmid, each.doi)
    return tuple(found.values())


def _noticed(connection: Connection, touched: Numbers) -> Iterator[tuple[str | None, str | None]]:
    """Yield the numbers touched that a notice which is not deleted retracts."""
    notices = (
        select(links.c.pmid, links.c.doi)
        .join(documents, documents.c.id == links.c.document)
        .where(links.c.relation == "retracts", documents.c.deleted.is_(False))
    )
    for column, values in ((links.c.pmid, touched.pmids), (links.c.doi, touched.dois)):
        for some in chunks(values):
            for each in connection.execute(notices.where(column.in_(some))):
                yield each.pmid, each.doi


def chunks(values: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield values in pieces that one query can name."""
    listed = tuple(values)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
