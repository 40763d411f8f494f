"""The search engine on a server: it is given tokens and vectors of ours, and only ranks."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol, Self

from secondline.literature import analyzer, legs
from secondline.literature.building import ENCODED, Corpus, Progress, alone, encode
from secondline.literature.embedding import Encoder, MiniLM, Vector
from secondline.literature.encoded import Encoded
from secondline.literature.index import BUILD
from secondline.literature.lexical import DECIMALS
from secondline.literature.loading import Loaded, loaded
from secondline.literature.search import EVERYTHING, CannotRank, Filters, Found, NoIndex, checked

FORMAT = 1  # of what a server holds
COSINE_DECIMALS = 9  # that are compared; servers differ in the last digits by the order of addition
Groups = Sequence[Sequence[str]]  # a passage passes that has one mark of every group


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a server holds.

    Attributes:
        of: the state of the corpus that it was made of.
        analyzer: what made its tokens.
        model: what made its vectors; None without any.
        built: when, in UTC.
        vectors: how many passages have one.
        marks: every mark of a document.
    """

    format: int = FORMAT
    of: str
    analyzer: str
    model: str | None
    built: str
    documents: int
    passages: int
    vectors: int
    marks: tuple[str, ...]

    def as_json(self) -> str:
        """Return it as it is kept on the server."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self | None:
        """Read it, or return None for what this version cannot use."""
        try:
            read = json.loads(text)
            found = cls(**{**read, "marks": tuple(read["marks"])})
        except (ValueError, TypeError, KeyError):
            return None
        return found if found.format == FORMAT else None


class Server(Protocol):
    """What ranks passages: PostgreSQL, OpenSearch."""

    def contents(self) -> Contents | None:
        """Return what it holds, None for nothing that can be used."""

    def replace(self, passages: Iterable[Loaded], contents: Callable[[], Contents]) -> None:
        """Put passages in the place of those that it holds: all of them, or none.

        Args:
            contents: called when all passages have been taken.

        Raises:
            AlreadyBuilding: another process does so.
        """

    def by_tokens(self, counted: Counter[str], groups: Groups, wanted: int) -> list[legs.Scored]:
        """Return the best passages by BM25, only such as hold a token."""

    def by_vector(self, vector: Vector, groups: Groups, wanted: int) -> list[legs.Scored]:
        """Return the nearest passages by cosine, only such as have a vector."""


class Served:
    """Searches on a server, as `index.Index` does in files.

    Args:
        encoder: opens the embedding model; called when the first query needs it.
    """

    def __init__(self, server: Server, encoder: Callable[[], Encoder] = MiniLM) -> None:
        self._server = server
        self._encoder = cache(encoder)

    def contents(self) -> Contents | None:
        """Return what the server holds, None for nothing that can be used."""
        return self._server.contents()

    def build(
        self,
        corpus: Corpus,
        folder: Path,
        *,
        encoder: Encoder | None,
        progress: Progress | None = None,
    ) -> Contents:
        """Give the server a corpus, in the place of what it holds.

        Args:
            folder: of the index in files, in which vectors made before are kept; made when absent.
            encoder: None for no vectors.
            progress: told what is done, and how many passages of it.

        Raises:
            AlreadyBuilding: another process does so.
        """
        tell = progress or (lambda *_: None)
        if encoder is None:
            return self._load(corpus, None, None, tell)
        with alone(folder), Encoded(folder / ENCODED, encoder.model) as encoded:
            encode(corpus, encoder, encoded, tell)
            return self._load(corpus, encoded, encoder.model, tell)

    def _load(
        self, corpus: Corpus, encoded: Encoded | None, model: str | None, tell: Progress
    ) -> Contents:
        counting = _Counting(corpus.state, model, tell)
        self._server.replace(counting.all(loaded(corpus, encoded)), counting.contents)
        return counting.contents()

    def search(self, query: str, *, filters: Filters = EVERYTHING, limit: int = 10) -> Found:
        """Find documents, best first; see `search.SearchEngine`.

        Raises:
            NoIndex: the server holds none.
        """
        checked(query, limit)
        contents = self._server.contents()
        if contents is None:
            raise NoIndex(f"the search server holds no index of the literature; run: {BUILD}")
        rankers: dict[str, legs.Ranker | Exception] = {
            "lexical": _Lexical(self._server, contents),
            "dense": _Dense(self._server, contents, self._encoder),
        }
        asked, rankings = legs.asked(
            rankers, query, filters, passages=contents.passages, repair=BUILD
        )
        return legs.fused(query, asked, rankings, limit)


class _Counting:
    """Counts passages while a server takes them."""

    def __init__(self, of: str, model: str | None, tell: Progress) -> None:
        self._of = of
        self._model = model
        self._tell = tell
        self._built = datetime.now(UTC).isoformat(timespec="seconds")
        self._documents = self._passages = self._vectors = 0
        self._marks: set[str] = set()

    def all(self, passages: Iterable[Loaded]) -> Iterator[Loaded]:
        last = None
        for each in passages:
            yield each
            self._passages += 1
            self._vectors += each.vector is not None
            if each.document != last:
                last = each.document
                self._documents += 1
                self._marks.update(each.marks)
                self._tell("indexed", self._passages)

    def contents(self) -> Contents:
        return Contents(
            of=self._of,
            analyzer=analyzer.fingerprint(),
            model=self._model,
            built=self._built,
            documents=self._documents,
            passages=self._passages,
            vectors=self._vectors,
            marks=tuple(sorted(self._marks)),
        )


def _groups(filters: Filters, contents: Contents) -> Groups:
    return [sorted(group) for group in filters.groups(contents.marks)]


class _Lexical:
    def __init__(self, server: Server, contents: Contents) -> None:
        self._server = server
        self._contents = contents
        self.passages = contents.passages

    def ranked(self, query: str, filters: Filters, depth: int) -> dict[str, str]:
        if self._contents.analyzer != analyzer.fingerprint():
            raise CannotRank(
                f"the index was made with the analyzer {self._contents.analyzer!r}, queries with"
                f" {analyzer.fingerprint()!r}; run: {BUILD}"
            )
        counted = Counter(analyzer.tokens(query))
        if not counted:
            raise CannotRank("the query holds no searchable word: only stop words or signs")
        groups = _groups(filters, self._contents)
        return legs.documents_of(
            lambda wanted: self._server.by_tokens(counted, groups, wanted), depth, DECIMALS
        )


class _Dense:
    def __init__(self, server: Server, contents: Contents, encoder: Callable[[], Encoder]) -> None:
        self._server = server
        self._contents = contents
        self._encoder = encoder
        self.passages = contents.vectors

    def ranked(self, query: str, filters: Filters, depth: int) -> dict[str, str]:
        if self._contents.model is None:
            raise CannotRank(f"the index was built without vectors; run: {BUILD}")
        encoder = self._encoder()
        if encoder.model != self._contents.model:
            raise CannotRank(
                f"the vectors were made with the model {self._contents.model!r}, the query with"
                f" {encoder.model!r}; run: {BUILD}"
            )
        vector = encoder.vector(query)
        if vector is None:
            raise CannotRank("the embedding model knows no part of the query")
        groups = _groups(filters, self._contents)
        return legs.documents_of(
            lambda wanted: self._server.by_vector(vector, groups, wanted), depth, COSINE_DECIMALS
        )
