"""The search engine in files on this machine: lexical and dense legs, fused."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from secondline.literature import analyzer, legs
from secondline.literature.embedding import Encoder, MiniLM
from secondline.literature.entries import Entries
from secondline.literature.intact import Sums, damaged_at_opening, damages, within
from secondline.literature.place import is_there
from secondline.literature.results import Verified
from secondline.literature.search import (
    EVERYTHING,
    CannotRank,
    Filters,
    Found,
    Leg,
    NoIndex,
    checked,
)

FORMAT = 2  # of the files of an index
MANIFEST = "current.json"
BUILD = "secondline literature index build"
NONE = "there is no index of the literature"


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
        sums: of each file its bytes and their SHA-256.
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
    sums: Sums


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Put an index in the place of the one that is there: at once, or not at all."""
    with NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as partial:
        json.dump(asdict(manifest), partial, indent=2)
    Path(partial.name).replace(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest | None:
    """Return what the index in a folder is, or None when there is none that can be used."""
    try:
        read = json.loads((folder / MANIFEST).read_text("utf-8"))
        sums = {name: (size, sum_) for name, (size, sum_) in read["sums"].items()}
        rows = tuple(read["first_rows"])
        manifest = Manifest(**{**read, "first_rows": rows, "sums": sums})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return manifest if manifest.format == FORMAT else None


def verified(folder: Path) -> Verified:
    """Read all files of an index, and hold them against what was written.

    Raises:
        NoIndex: the folder holds none.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise NoIndex(f"{why_none(folder) if is_there(folder / MANIFEST) else NONE}; run: {BUILD}")
    return Verified(
        folder=str(folder),
        built=manifest.built,
        files=len(manifest.sums),
        bytes=sum(size for size, _ in manifest.sums.values()),
        damages=tuple(damages(folder, manifest.sums)),
    )


def why_none(folder: Path) -> str:
    """Say why a folder holds no index that can be used."""
    place = repr(str(folder.absolute()))
    if not is_there(folder):
        return f"there is no folder {place}"
    if not is_there(folder / MANIFEST):
        return f"the folder {place} holds no index of the literature"
    if not os.access(folder / MANIFEST, os.R_OK):
        return f"the index in {place} may not be read by you"
    return f"the index in {place} is of another version of secondline, or damaged"


class _Numbered(Protocol):
    """A leg over entries, which it names by number."""

    @property
    def passages(self) -> int: ...

    def ranked(self, query: str, filters: Filters, depth: int) -> list[tuple[int, int]]: ...


class _Named:
    """A leg that names documents and passages by their ids."""

    def __init__(self, numbered: _Numbered, entries: Entries) -> None:
        self._numbered = numbered
        self._entries = entries
        self.passages = numbered.passages

    def ranked(self, query: str, filters: Filters, depth: int) -> dict[str, str]:
        ranked = self._numbered.ranked(query, filters, depth)
        documents, passages = self._entries.documents, self._entries.passages
        return {documents[document]: passages[row] for document, row in ranked}


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
                found = why_none(folder) if is_there(folder / MANIFEST) else NONE
                raise NoIndex(f"{found}; run: {BUILD}")
            self._open(folder, manifest, cache(encoder))

    def _open(self, folder: Path, manifest: Manifest, encoder: Callable[[], Encoder]) -> None:
        self.manifest = manifest
        lexical = f"{manifest.folder}/lexical"
        listed = within(manifest.sums, manifest.folder, without=lexical)
        if damage := damaged_at_opening(folder, listed):
            raise NoIndex(f"the index cannot be read: {damage}; run: {BUILD}")
        try:
            self._entries = Entries(folder / manifest.folder)
        except (OSError, ValueError) as error:
            raise NoIndex(f"the index cannot be read ({error}); run: {BUILD}") from None
        self._legs = {
            "lexical": legs.opened(lambda: _Named(self._lexical(folder), self._entries)),
            "dense": legs.opened(lambda: _Named(self._dense(folder, encoder), self._entries)),
        }

    def _lexical(self, folder: Path) -> _Numbered:
        from secondline.literature.lexical import Lexical  # noqa: PLC0415  # may be what fails

        if self.manifest.analyzer != analyzer.fingerprint():
            raise CannotRank(
                f"the index was made with the analyzer {self.manifest.analyzer!r}, queries with"
                f" {analyzer.fingerprint()!r}; run: {BUILD}"
            )
        self._intact(folder, f"{self.manifest.folder}/lexical")
        parts = folder / self.manifest.folder / "lexical"
        return Lexical(parts, self._entries, self.manifest.first_rows)

    def _dense(self, folder: Path, encoder: Callable[[], Encoder]) -> _Numbered:
        from secondline.literature.dense import Dense  # noqa: PLC0415  # may be what fails

        if self.manifest.vectors_folder is None or self.manifest.model is None:
            raise CannotRank(f"the index was built without vectors; run: {BUILD}")
        self._intact(folder, self.manifest.vectors_folder)
        parts = folder / self.manifest.vectors_folder
        return Dense(parts, self._entries, encoder, self.manifest.model)

    def _intact(self, folder: Path, part: str) -> None:
        """Refuse a part with a damaged file before a library in Rust meets it.

        That library ends in a panic, and prints where in its source, past every message of ours.
        """
        if damage := damaged_at_opening(folder, within(self.manifest.sums, part)):
            raise CannotRank(f"{damage}; run: {BUILD}")

    def search(self, query: str, *, filters: Filters = EVERYTHING, limit: int = 10) -> Found:
        """Find documents, best first; see `search.SearchEngine`."""
        checked(query, limit)
        asked, rankings = self.rankings(query, filters)
        return legs.fused(query, asked, rankings, limit)

    def rankings(
        self, query: str, filters: Filters = EVERYTHING
    ) -> tuple[tuple[Leg, ...], dict[str, Mapping[str, str]]]:
        """Return every leg, and what each ranks: documents, best first, with their best passages.

        A leg that did not answer ranks nothing.
        """
        passages = self.manifest.passages
        return legs.asked(self._legs, query, filters, passages=passages, repair=BUILD)
