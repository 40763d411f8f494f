"""Every way of searching asked in turn: what it ranks, or why it does not, and both fused."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from secondline.literature.fusion import ranks, reciprocal_rank_fusion
from secondline.literature.search import DEPTH, CannotRank, Filters, Found, Hit, Leg, NoModel

MOST_TIED = 10_000  # passages looked at for one query, so that thousands of equal ones cost little

PANIC = ("pyo3_runtime", "PanicException")

Rankings = Mapping[str, Mapping[str, str]]  # by leg: documents, best first, with their passages


class PanicError(Exception):
    """A library in Rust gave up, as tantivy does at files that are cut; the message is its own."""


class Ranker(Protocol):
    """A leg that is open."""

    @property
    def passages(self) -> int:
        """How many passages it can rank, before filters."""

    def ranked(self, query: str, filters: Filters, depth: int) -> Mapping[str, str]:
        """Return documents, best first, with their best passages.

        Raises:
            CannotRank, NoModel: it has no answer; the message says why.
        """


class Scored(NamedTuple):
    """A passage that a server found; `row` is its number, which decides between equal ones."""

    score: float
    row: int
    document: str
    passage: str


def opened(open_leg: Callable[[], Ranker]) -> Ranker | Exception:
    """Open a leg, or return why it cannot be: the others can still answer, and it is told of."""
    try:
        with _panics_told():
            return open_leg()
    except Exception as error:  # whatever fails in a leg is told with the answer
        return error


def asked(
    rankers: Mapping[str, Ranker | Exception],
    query: str,
    filters: Filters,
    *,
    passages: int,
    repair: str,
) -> tuple[tuple[Leg, ...], dict[str, Mapping[str, str]]]:
    """Ask every leg; one that does not answer ranks nothing and says why.

    Args:
        rankers: by the name of the leg; an error for one that could not be opened.
        passages: how many there are; a leg that can rank fewer says so.
        repair: the command that makes the index anew.
    """
    legs: list[Leg] = []
    rankings: dict[str, Mapping[str, str]] = {}
    for name, ranker in rankers.items():
        held, answered, reason = 0, True, None
        rankings[name] = {}
        try:
            open_ranker = _open(ranker)
            with _panics_told():
                held = open_ranker.passages
                rankings[name] = open_ranker.ranked(query, filters, DEPTH)
            if held < passages:
                lacks = passages - held
                told = "1 passage is" if lacks == 1 else f"{lacks:,} passages are"
                reason = f"{told} not in it; run: {repair}"
        except Exception as error:  # whatever fails in a leg is told with the answer
            answered, reason = False, _reason(error, repair)
        legs.append(
            Leg(
                name=name,
                answered=answered,
                reason=reason,
                documents=len(rankings[name]),
                passages=held,
            )
        )
    return tuple(legs), rankings


def _open(ranker: Ranker | Exception) -> Ranker:
    if isinstance(ranker, Exception):
        raise ranker
    return ranker


@contextmanager
def _panics_told() -> Iterator[None]:
    """Raise a panic of a library in Rust as a failure of the leg.

    It is no Exception, lest programs go on after one; its class is made at run time and cannot be
    imported. A search only reads, so that the other legs can still be asked.
    """
    try:
        yield
    except BaseException as error:
        if (type(error).__module__, type(error).__name__) != PANIC:
            raise
        raise PanicError(str(error).partition("\n")[0]) from None


def _reason(error: Exception, repair: str) -> str:
    if isinstance(error, CannotRank | NoModel):
        return str(error)
    if isinstance(error, PanicError):
        return f"its files cannot be read and are probably damaged ({error}); run: {repair}"
    return f"it failed: {type(error).__name__}: {error}"


def fused(query: str, legs: tuple[Leg, ...], rankings: Rankings, limit: int) -> Found:
    """Return the answer of a search: the documents of all legs, fused by their ranks."""
    documents = {name: list(ranking) for name, ranking in rankings.items()}
    hits = []
    for document, score in reciprocal_rank_fusion(documents)[:limit]:
        in_legs = tuple(ranks(document, documents))
        best, _ = min(in_legs, key=lambda leg: leg[1])
        passage = rankings[best][document]
        hits.append(Hit(document=document, passage=passage, score=score, ranks=in_legs))
    return Found(query=query, legs=legs, hits=tuple(hits))


def documents_of(
    nearest: Callable[[int], Iterable[Scored]], depth: int, decimals: int
) -> dict[str, str]:
    """Return documents, best first, each with its best passage, ties in order of their ids.

    A document may hold many of the best passages, and many may be equally good: more passages are
    asked for until enough documents are certain.

    Args:
        nearest: returns as many of the best passages as it is asked for, fewer when it has no more.
        depth: documents at most.
        decimals: of a score that are compared.
    """
    wanted = 2 * depth
    while True:
        found = [each._replace(score=round(each.score, decimals)) for each in nearest(wanted)]
        found.sort(key=lambda each: (-each.score, each.row))
        best: dict[str, Scored] = {}
        for each in found:
            best.setdefault(each.document, each)
        if len(found) < wanted or wanted >= MOST_TIED or _certain(best, found) >= depth:
            break
        wanted = min(4 * wanted, MOST_TIED)
    order = sorted(best.values(), key=lambda each: (-each.score, each.document))
    return {each.document: each.passage for each in order[:depth]}


def _certain(best: Mapping[str, Scored], found: Sequence[Scored]) -> int:
    """Count the documents that no passage beyond those found can be equal to."""
    return sum(each.score > found[-1].score for each in best.values())
