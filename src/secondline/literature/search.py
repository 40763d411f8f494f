"""What a search is asked and what it answers, whichever engine stands behind it."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, get_args

from secondline.literature.records import Document, DocumentKind

LONGEST_QUERY = 10_000  # characters; an abstract may be searched with, a book may not
DEPTH = 100  # documents that each leg hands to fusion
LARGEST_LIMIT = DEPTH  # documents of one answer
KINDS: tuple[str, ...] = get_args(DocumentKind)
PHASES = ("early 1", "1", "2", "3", "4")
YEARS = re.compile(r"(?:(\d{4})?\s*[-–]\s*(\d{4})?|(\d{4}))")
PHASE = re.compile(r"(?<![A-Z0-9])(EARLY[ _-]*)?(?:PHASE[ _-]*)?(IV|I{1,3}|[1-4])[AB]?(?![A-Z0-9])")
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}


class QueryError(ValueError):
    """A query, or an option of a search, that cannot be read."""


class OptionError(QueryError):
    """A filter or a limit that is none, whatever the query."""


class NoIndex(RuntimeError):  # noqa: N818  # the first thing a new user meets, no fault
    """There is no index, or it cannot be read; the message says how to build one."""


class AlreadyBuilding(RuntimeError):  # noqa: N818  # a state, not an error
    """Another process builds this index."""


class NoModel(RuntimeError):  # noqa: N818  # a leg without its model is a result
    """The embedding model cannot be used: it is not installed, or it is another one."""


class CannotRank(RuntimeError):  # noqa: N818  # told with the answer, not an error
    """A leg has no answer to this query; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which documents are searched; an empty set or None lets every document through.

    A document of which the year, the disease or the phase is not known passes no filter of it.

    Attributes:
        kinds: of `DocumentKind`.
        from_year, to_year: of the document's date, both included.
        diseases: ids of the vocabulary.
        phases: of `PHASES`.
        retracted: True for retracted documents only, False for all others.
    """

    kinds: frozenset[str] = frozenset()
    from_year: int | None = None
    to_year: int | None = None
    diseases: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    retracted: bool | None = None

    def groups(self, known: Iterable[str]) -> tuple[frozenset[str], ...]:
        """Return sets of marks: a document passes that has one mark of every set.

        Args:
            known: all marks of the index, from which the years are taken.
        """
        groups = [
            frozenset(f"{name}:{value}" for value in values)
            for name, values in (
                ("kind", self.kinds),
                ("disease", self.diseases),
                ("phase", self.phases),
            )
            if values
        ]
        if self.from_year is not None or self.to_year is not None:
            groups.append(frozenset(mark for mark in known if self._in_years(mark)))
        if self.retracted is not None:
            groups.append(frozenset({f"retracted:{'yes' if self.retracted else 'no'}"}))
        return tuple(groups)

    def _in_years(self, mark: str) -> bool:
        name, _, value = mark.partition(":")
        if name != "year":
            return False
        year = int(value)
        return (self.from_year is None or self.from_year <= year) and (
            self.to_year is None or year <= self.to_year
        )


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What one way of searching contributed.

    Attributes:
        name: "lexical" or "dense".
        answered: False when it could not rank; then `reason` says why.
        reason: why it did not answer, or what its answer lacks; None when there is nothing to say.
        documents: how many documents it ranked, `DEPTH` at most.
        passages: how many passages it could have ranked, before filters.
    """

    name: str
    answered: bool
    reason: str | None
    documents: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document that was found, with its best passage.

    Attributes:
        document: its id.
        passage: the id of the passage that the best of its ranks is due to.
        score: of the fusion; it orders one answer and means nothing beside another.
        ranks: the legs that found it, with its rank in each, from 1.
    """

    document: str
    passage: str
    score: float
    ranks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer of a search.

    Attributes:
        legs: every leg, those that did not answer too.
        hits: documents, best first, ties in order of their ids.
    """

    query: str
    legs: tuple[Leg, ...]
    hits: tuple[Hit, ...]

    @property
    def complete(self) -> bool:
        """Say whether every leg answered."""
        return all(leg.answered for leg in self.legs)


class SearchEngine(Protocol):
    """What searches: an index in files, or a server that was given the same tokens."""

    def search(self, query: str, *, filters: Filters = EVERYTHING, limit: int = 10) -> Found:
        """Find documents, best first.

        Args:
            query: words; no character of it is an operator.
            limit: how many documents at most, from 1 to `LARGEST_LIMIT`.

        Raises:
            QueryError: the query is empty, too long or not text, or the limit is out of range.
        """


def checked(query: str, limit: int) -> None:
    """Refuse a query that no engine should be given.

    Raises:
        QueryError: the query is empty, too long or not text.
        OptionError: the limit is out of range.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryError(
            f"the query has {len(query):,} characters; search with at most {LONGEST_QUERY:,}"
        )
    if "\0" in query:
        raise QueryError("the query is not text; search with words")
    if not query.strip():
        raise QueryError('the query is empty; search with words, such as "second relapse"')
    if not 1 <= limit <= LARGEST_LIMIT:
        raise OptionError(f"the limit is {limit}; expected 1 to {LARGEST_LIMIT}")


def marks(document: Document, diseases: Iterable[str], *, retracted: bool) -> list[str]:
    """Return what filters see of a document, such as "kind:citation" and "year:2019"."""
    found = [f"kind:{document.kind}", f"retracted:{'yes' if retracted else 'no'}"]
    if document.year is not None:
        found.append(f"year:{document.year}")
    found += (f"disease:{disease}" for disease in diseases)
    printed = (*document.phases, *document.publication_types)
    found += (f"phase:{phase}" for phase in PHASES if phase in set(_phases_in(printed)))
    return found


def _phases_in(printed: Sequence[str]) -> Iterator[str]:
    for words in printed:
        if "PHASE" in words.upper():
            yield from phases_of(words)


def phases_of(words: str) -> list[str]:
    """Return the phases that words name: "PHASE1", "Phase I/II", "Clinical Trial, Phase III"."""
    return [
        f"{'early ' if early else ''}{ROMAN.get(number, number)}"
        for early, number in PHASE.findall(words.upper())
    ]


def filters_from(  # noqa: PLR0913  # a filter is a parameter
    *,
    kinds: Iterable[str] = (),
    years: str | None = None,
    diseases: Iterable[str] = (),
    phases: Iterable[str] = (),
    retracted: bool | None = None,
    known_diseases: Collection[str] | None = None,
) -> Filters:
    """Read filters as a person writes them.

    Args:
        known_diseases: ids of the vocabulary; None when any is taken.
        years: "2019", "2010-2019", "2010-" or "-2019".
        phases: "2", "II", "phase 2" or "early 1".

    Raises:
        OptionError: a kind, a year, a disease or a phase is none.
    """
    kinds, diseases = frozenset(kinds), frozenset(diseases)
    _known("kind of document", kinds, KINDS)
    if known_diseases is not None:
        _known("disease of the library", diseases, known_diseases)
    from_year, to_year = _years(years) if years is not None else (None, None)
    return Filters(
        kinds=kinds,
        from_year=from_year,
        to_year=to_year,
        diseases=diseases,
        phases=frozenset(phase for words in phases for phase in _phases(words)),
        retracted=retracted,
    )


def _known(what: str, given: Iterable[str], known: Collection[str]) -> None:
    for each in sorted(set(given) - set(known)):
        raise OptionError(f"{each!r} is not a {what}; expected {', '.join(known)}")


def _years(words: str) -> tuple[int | None, int | None]:
    match = YEARS.fullmatch(words.strip())
    if not match or not any(match.groups()):
        raise OptionError(f"{words!r} is not a range of years; expected 2019, 2010-2019, 2010-")
    low, high, only = (int(part) if part else None for part in match.groups())
    if low is not None and high is not None and low > high:
        raise OptionError(f"{words!r} ends before it begins; expected {high}-{low}")
    return (only, only) if only is not None else (low, high)


def _phases(words: str) -> list[str]:
    found = phases_of(words)
    if not found:
        raise OptionError(f"{words!r} is not a phase; expected {', '.join(PHASES)}")
    return found
