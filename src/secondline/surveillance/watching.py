"""Surveillance: what changed in the literature, held against the statements and their sources."""

from collections.abc import Callable, Iterable, Iterator

from secondline.library.library import Library
from secondline.literature.holdings import Held
from secondline.literature.literature import Literature
from secondline.literature.records import Document
from secondline.surveillance.events import Events
from secondline.surveillance.notices import Notice, Notices
from secondline.surveillance.queue import Marks, Queue, Reached
from secondline.surveillance.results import Mark, Match, SourceNotice, Watched
from secondline.surveillance.source_numbers import SourceNumbers
from secondline.surveillance.standing_queries import StandingQueries, StandingQuery

TOLD_EVERY = 1000  # documents
LONGEST_TITLE = 300  # characters

Progress = Callable[[str, float], None]  # what is looked at, and the share of it that is done


def watch(  # noqa: PLR0913  # what a look can be told
    library: Library,
    literature: Literature,
    *,
    queue: Queue | None = None,
    everything: bool = False,
    from_year: int | None = None,
    progress: Progress | None = None,
) -> Watched:
    """Look at what changed since the last look, and mark the statements that it concerns.

    Args:
        queue: of the editorial room; without one, marks wait beside the literature.
        everything: look at all that is held; what was marked is not marked again.
        from_year: match only documents of this year or later, or of none that is known. Notices
            count whatever their year.
        progress: told how much was looked at.

    Raises:
        StoreError: the database of the literature cannot be used.
    """
    kept = Marks(literature.store.engine)
    before = kept.reached()
    after = 0 if everything else before.changed
    until = literature.stats().changed
    look = _Look(library, literature, Events(literature.store.engine, kept.abouts()), from_year)
    changed = literature.documents(after) if until > after else ()
    for held in _told_of(changed, progress):
        look.at(held)
    reached = Reached(max(until, before.changed), look.queries.digest)
    new = kept.keep(look.marks(), reached)
    marked = {(mark.statement, mark.about) for mark in new}
    return Watched(
        edition=library.edition,
        queries=len(look.queries.queries),
        after=after,
        until=until,
        documents=look.documents,
        queries_changed=_queries_changed(before, reached, after),
        notices=tuple(look.new_notices(marked)),
        matches=tuple(m for m in look.matches if any((s, m.about) in marked for s in m.statements)),
        marks=new,
        handed_over=None if queue is None else kept.hand_over(queue, library.statements),
    )


def _told_of(documents: Iterable[Held], progress: Progress | None) -> Iterator[Held]:
    for number, held in enumerate(documents, start=1):
        yield held
        if progress and number % TOLD_EVERY == 0:
            progress(f"{number:,} documents", 0.0)


def _queries_changed(before: Reached, now: Reached, after: int) -> str | None:
    if not after or before.queries == now.queries:
        return None
    return (
        "statements or names changed since the last look, and older documents were not held"
        " against them: run secondline watch --all"
    )


class _Look:
    """One look at documents, in the order in which they are given."""

    def __init__(
        self, library: Library, literature: Literature, events: Events, from_year: int | None
    ) -> None:
        self.queries = StandingQueries(library)
        self.matches: list[Match] = []
        self.documents = 0
        self._library = library
        self._from_year = from_year
        self._numbers = SourceNumbers(library)
        self._events = events
        self._read = Notices(literature.store, self._numbers, events)
        self._notices: dict[tuple[str, str, str], Notice] = {}

    def at(self, held: Held) -> None:
        self.documents += 1
        for notice in self._read.of(held):
            self._notices.setdefault((notice.source, notice.reason, notice.about), notice)
        # What is a source is known to the editors, who read it.
        if held.deleted or self._numbers.of(held.document) or self._is_older(held.document):
            return
        if matched := self.queries.matched(held.document):
            about = self._events.of_document(held.document)
            self.matches += (_match(held.document, about, query) for query in matched)

    def marks(self) -> Iterator[Mark]:
        for notice in self._notices.values():
            for statement in self._resting_on(notice):
                yield Mark(
                    statement=statement,
                    reason=notice.reason,
                    about=notice.about,
                    says=notice.says,
                )
        for match in self.matches:
            says = f"{match.document} tells of {match.intervention}, {match.setting}"
            for statement in match.statements:
                yield Mark(
                    statement=statement,
                    reason="surveillance match",
                    about=match.about,
                    says=f"{says} {match.disease}",
                )

    def new_notices(self, marked: set[tuple[str, str]]) -> Iterator[SourceNotice]:
        for notice in self._notices.values():
            statements = self._resting_on(notice)
            if any((statement, notice.about) in marked for statement in statements):
                yield SourceNotice(
                    source=notice.source,
                    reason=notice.reason,
                    says=notice.says,
                    document=notice.document,
                    statements=statements,
                )

    def _resting_on(self, notice: Notice) -> tuple[str, ...]:
        """Return the statements that stand on a source; none where its retraction is recorded."""
        if notice.reason == "retraction" and self._library.sources[notice.source].retracted:
            return ()
        citing = self._library.citing(notice.source)
        return tuple(statement.id for statement in citing if not statement.withdrawn)

    def _is_older(self, document: Document) -> bool:
        year = document.year
        return self._from_year is not None and year is not None and year < self._from_year


def _match(document: Document, about: str, query: StandingQuery) -> Match:
    return Match(
        document=document.id,
        about=about,
        kind=document.kind,
        title=(document.title or document.vernacular_title or "")[:LONGEST_TITLE],
        journal=document.journal[:LONGEST_TITLE],
        year=document.year,
        disease=query.disease,
        setting=query.setting,
        intervention=query.intervention,
        statements=query.statements,
    )
