"""The search engine in files on this machine: lexical and dense legs, fused."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from secondline.literature import analyzer
from secondline.literature.embedding import Encoder, MiniLM
from secondline.literature.entries import Entries
from secondline.literature.fusion import ranks, reciprocal_rank_fusion
from secondline.literature.search import (
    DEPTH,
    EVERYTHING,
    CannotRank,
    Filters,
    Found,
    Hit,
    Leg,
    NoIndex,
    NoModel,
    checked,
)

FORMAT = 1  # of the files of an index
MANIFEST = "current.json"
BUILD = "secondline literature index build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the files of an index are.

    Attributes:
        of: the state of the corpus that it was made of.
        analyzer: what made its tokens.
        model: what made its vectors; None without any.
        built: when, in UTC.
        folder: of the passages and their tokens.
        vectors_folder: of the vectors; None without any.
        vectors: how many passages have one.
        first_rows: of each shard, the number of its first passage.
    """

    format: int
    of: str
    analyzer: str
    model: str | None
    built: str
    documents: int
    passages: int
    vectors: int
    folder: str
    vectors_folder: str | None
    first_rows: tuple[int, ...]


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Put an index in the place of the one that is there: at once, or not at all."""
    with NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as partial:
        json.dump(asdict(manifest), partial, indent=2)
    Path(partial.name).replace(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest | None:
    """Return what the index in a folder is, or None when there is none that can be used."""
    try:
        read = json.loads((folder / MANIFEST).read_text("utf-8"))
        manifest = Manifest(**{**read, "first_rows": tuple(read["first_rows"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return manifest if manifest.format == FORMAT else None


class _Ranker(Protocol):
    """A leg that is open."""

    @property
    def passages(self) -> int: ...

    def ranked(self, query: str, filters: Filters, depth: int) -> list[tuple[int, int]]: ...


class Index:
    """Searches the index in a folder.

    All its files are opened at once: a build that replaces them afterwards disturbs nothing, and is
    seen by the next `Index`.

    Args:
        folder: that `building.build` wrote.
        encoder: opens the embedding model; called when the first query needs it.

    Raises:
        NoIndex: the folder holds none.
    """

    def __init__(self, folder: Path, encoder: Callable[[], Encoder] = MiniLM) -> None:
        manifest = None
        while manifest is None or manifest != read_manifest(folder):  # replaced while it was opened
            manifest = read_manifest(folder)
            if manifest is None:
                raise NoIndex(f"there is no index of the literature; run: {BUILD}")
            self._open(folder, manifest, cache(encoder))

    def _open(self, folder: Path, manifest: Manifest, encoder: Callable[[], Encoder]) -> None:
        self.manifest = manifest
        try:
            self._entries = Entries(folder / manifest.folder)
        except (OSError, ValueError) as error:
            raise NoIndex(f"the index cannot be read ({error}); run: {BUILD}") from None
        self._legs: dict[str, _Ranker | Exception] = {
            "lexical": _opened(lambda: self._lexical(folder)),
            "dense": _opened(lambda: self._dense(folder, encoder)),
        }

    def _lexical(self, folder: Path) -> _Ranker:
        from secondline.literature.lexical import Lexical  # noqa: PLC0415  # may be what fails

        if self.manifest.analyzer != analyzer.fingerprint():
            raise CannotRank(
                f"the index was made with the analyzer {self.manifest.analyzer!r}, queries with"
                f" {analyzer.fingerprint()!r}; run: {BUILD}"
            )
        parts = folder / self.manifest.folder / "lexical"
        return Lexical(parts, self._entries, self.manifest.first_rows)

    def _dense(self, folder: Path, encoder: Callable[[], Encoder]) -> _Ranker:
        from secondline.literature.dense import Dense  # noqa: PLC0415  # may be what fails

        if self.manifest.vectors_folder is None or self.manifest.model is None:
            raise CannotRank(f"the index was built without vectors; run: {BUILD}")
        parts = folder / self.manifest.vectors_folder
        return Dense(parts, self._entries, encoder, self.manifest.model)

    def search(self, query: str, *, filters: Filters = EVERYTHING, limit: int = 10) -> Found:
        """Find documents, best first; see `search.SearchEngine`."""
        checked(query, limit)
        legs, rankings = self.rankings(query, filters)
        documents = {name: list(ranking) for name, ranking in rankings.items()}
        hits = []
        for document, score in reciprocal_rank_fusion(documents)[:limit]:
            in_legs = tuple(ranks(document, documents))
            best, _ = min(in_legs, key=lambda leg: leg[1])
            passage = rankings[best][document]
            hits.append(Hit(document=document, passage=passage, score=score, ranks=in_legs))
        return Found(query=query, legs=legs, hits=tuple(hits))

    def rankings(
        self, query: str, filters: Filters = EVERYTHING
    ) -> tuple[tuple[Leg, ...], dict[str, dict[str, str]]]:
        """Return every leg, and what each ranks: documents, best first, with their best passages.

        A leg that did not answer ranks nothing.
        """
        names = self._entries
        legs: list[Leg] = []
        rankings: dict[str, dict[str, str]] = {}
        for name in self._legs:
            leg, ranked = self._answer(name, query, filters)
            legs.append(leg)
            rankings[name] = {names.documents[d]: names.passages[row] for d, row in ranked}
        return tuple(legs), rankings

    def _answer(self, name: str, query: str, filters: Filters) -> tuple[Leg, list[tuple[int, int]]]:
        """Return what a leg ranks, and whether it did."""
        opened = self._legs[name]
        passages = 0 if isinstance(opened, Exception) else opened.passages
        ranked: list[tuple[int, int]] = []
        reason = None
        try:
            ranked = _ranked(opened, query, filters)
            answered = True
        except Exception as error:  # whatever fails in a leg is told with the answer
            answered, reason = False, _reason(error)
        if answered and passages < self.manifest.passages:
            reason = f"{self.manifest.passages - passages:,} passages are not in it; run: {BUILD}"
        leg = Leg(
            name=name, answered=answered, reason=reason, documents=len(ranked), passages=passages
        )
        return leg, ranked


def _opened(open_leg: Callable[[], _Ranker]) -> _Ranker | Exception:
    try:
        return open_leg()
    except Exception as error:  # the other leg can still answer, and this one is told of
        return error


def _ranked(leg: _Ranker | Exception, query: str, filters: Filters) -> list[tuple[int, int]]:
    if isinstance(leg, Exception):
        raise leg
    return leg.ranked(query, filters, DEPTH)


def _reason(error: Exception) -> str:
    if isinstance(error, CannotRank | NoModel):
        return str(error)
    return f"it failed: {type(error).__name__}: {error}"
