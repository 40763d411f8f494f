"""What documents say of the sources of a library: retractions, corrections, concern, deletion."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from secondline.literature.articles import known_as, names
from secondline.literature.holdings import Held
from secondline.literature.records import INVERSE, Document, Link, Relation
from secondline.literature.store import Store
from secondline.surveillance.events import REASONS, Events
from secondline.surveillance.results import Reason
from secondline.surveillance.source_numbers import SourceNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that happened to a source.

    Attributes:
        about: the same for the same event, whoever tells of it; the source alone for a retraction,
            which happens once.
        says: what happened, in words.
        document: the id of the document that says so.
    """

    source: str
    reason: Reason
    about: str
    says: str
    document: str


class Notices:
    """Reads what happened to sources from the documents that are held."""

    def __init__(self, store: Store, numbers: SourceNumbers, events: Events) -> None:
        self._store = store
        self._numbers = numbers
        self._events = events

    def of(self, held: Held) -> Iterator[Notice]:
        """Yield what is said of sources: of the document itself, where it is one, and by it."""
        told = [] if held.deleted else list(self._told_by(held.document))
        own = self._is(held.document, {source for source, _ in told})
        for source in own:
            yield from self._of_source(source, held)
        for source, relation in told:
            if source not in own:
                yield self._by(source, relation, held)

    def _told_by(self, document: Document) -> Iterator[tuple[str, Relation]]:
        """Yield the sources that a document names, each with what it did to it."""
        for link in document.links:
            relation = INVERSE.get(link.relation)
            if relation and relation in REASONS:
                for source in self._named(link):
                    yield source, relation

    def _is(self, document: Document, named: Collection[str]) -> tuple[str, ...]:
        """Return the sources that a document is.

        A notice without a PMID that is printed under the DOI of the source is not the source.
        """
        same = self._numbers.known_by(names(document.pmid))
        return tuple(id_ for id_ in self._numbers.of(document) if id_ not in named or id_ in same)

    def _of_source(self, source: str, held: Held) -> Iterator[Notice]:
        """Yield what became of a source that is held, said by it and by others."""
        if held.deleted:
            yield _notice(source, "changed source", f"{source} deleted", "deleted", held)
            return
        if held.retracted:
            yield _notice(source, "retraction", source, "retracted", held)
        for each in self._store.related(held.document.id):
            if each.relation in REASONS:
                given = (*names(each.pmid, each.doi, each.pmcid), *([each.id] if each.id else []))
                called = self._events.names_of(*given, printed=each.printed)
                told_by = self._store.get(each.stated_by) or held
                yield self._told(source, each.relation, called, told_by)

    def _by(self, source: str, relation: Relation, held: Held) -> Notice:
        """Tell what a document did to a source, from the side of the source."""
        document = held.document
        given = (*names(document.pmid, document.doi, document.pmcid), document.id)
        return self._told(source, relation, self._events.names_of(*given), held)

    def _told(self, source: str, relation: Relation, notice: tuple[str, ...], held: Held) -> Notice:
        about = self._events.of_notice(source, relation, notice)
        return _notice(source, REASONS[relation], about, f"{relation} {notice[0]}", held)

    def _named(self, link: Link) -> tuple[str, ...]:
        """Return the sources that a link names, by its numbers or by others of the same article."""
        given = names(link.pmid, link.doi, link.pmcid)
        return self._numbers.known_by(given) or self._numbers.known_by(
            known_as(given, self._store.engine)
        )


def _notice(source: str, reason: Reason, about: str, says: str, held: Held) -> Notice:
    return Notice(
        source=source,
        reason=reason,
        about=about,
        says=f"{source} is {says}, by {held.document.id} ({held.document.kind})",
        document=held.document.id,
    )
