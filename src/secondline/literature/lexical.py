"""The lexical leg: BM25 by tantivy, which is given tokens and never a text.

Queries are built from tokens as objects. No character that a person types is an operator, and no
analyzer but ours (`analyzer`) takes part, so that another BM25 engine ranks alike.

Source:
    Robertson 2009, doi:10.1561/1500000019 (BM25; k1 = 1.2, b = 0.75, lengths kept in one byte).
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from secondline.literature.analyzer import tokens
from secondline.literature.entries import Entries
from secondline.literature.legs import MOST_TIED
from secondline.literature.search import CannotRank, Filters

WRITER_MEMORY = 200_000_000  # bytes; what is fuller is written as a segment
DECIMALS = 4  # of a score; sums of single precision differ beyond them by the order of addition
SHARD_FIELDS = ("shard", "row")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("tokens", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("marks", tokenizer_name="raw", index_option="basic")
    for field in SHARD_FIELDS:
        builder.add_unsigned_field(field, fast=True)
    return builder.build()


class LexicalWriter:
    """Writes the lexical part of an index, one passage after the other.

    Args:
        folder: exists and is empty.
        shard: the number of this part where several are joined into one index.
    """

    def __init__(self, folder: Path, shard: int = 0) -> None:
        self._shard = shard
        self._index = tantivy.Index(_schema(), str(folder))
        # One thread: segments are then the same whenever the same passages are added.
        self._writer = self._index.writer(heap_size=WRITER_MEMORY, num_threads=1)

    def add(self, row: int, text: str, marks: Iterable[str]) -> None:
        """Add a passage by its number."""
        document = tantivy.Document()
        document.add_text("tokens", " ".join(tokens(text)))
        for mark in marks:
            document.add_text("marks", mark)
        document.add_unsigned("shard", self._shard)
        document.add_unsigned("row", row)
        self._writer.add_document(document)

    def finish(self) -> None:
        """Write what is not yet on disk, and wait until segments are merged."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class Lexical:
    """Ranks documents by the BM25 score of their best passage.

    Args:
        folder: that `LexicalWriter` wrote, or `join` joined.
        first_rows: of each shard, the number in `entries` of its first passage.
    """

    name = "lexical"

    def __init__(self, folder: Path, entries: Entries, first_rows: Sequence[int] = (0,)) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._entries = entries
        self._first_rows = first_rows

    @property
    def passages(self) -> int:
        """How many passages it can rank."""
        return self._searcher.num_docs

    def ranked(self, query: str, filters: Filters, depth: int) -> list[tuple[int, int]]:
        """Return documents with their best passages, by number, best first.

        Ties, to `DECIMALS` decimals, are in order of the documents' ids.

        Raises:
            CannotRank: the query has no token.
        """
        counted = Counter(tokens(query))
        if not counted:
            raise CannotRank("the query holds no searchable word: only stop words or signs")
        built = self._query(counted, filters)
        asked = 2 * depth
        while True:
            hits = self._searcher.search(built, asked, count=False).hits
            best = self._best(hits)
            above = [d for d, (score, _) in best.items() if score > _rounded(hits[-1][0])]
            if len(hits) < asked or len(above) >= depth or asked >= MOST_TIED:
                break
            asked *= 4
        names = self._entries.documents
        order = sorted(best, key=lambda document: (-best[document][0], names[document]))
        return [(document, best[document][1]) for document in order[:depth]]

    def _query(self, counted: Counter[str], filters: Filters) -> Query:
        terms = [
            (Occur.Should, Query.boost_query(self._term(token), float(count)))
            for token, count in sorted(counted.items())
        ]
        built = Query.boolean_query(terms)
        groups = filters.groups(self._entries.marks)
        if not groups:
            return built
        sets = [
            Query.const_score_query(Query.term_set_query(self._schema, "marks", sorted(group)), 0.0)
            for group in groups
        ]
        return Query.boolean_query([(Occur.Must, each) for each in (built, *sets)])

    def _term(self, token: str) -> Query:
        return Query.term_query(self._schema, "tokens", token, "freq")

    def _best(
        self, hits: Sequence[tuple[float, tantivy.DocAddress]]
    ) -> dict[int, tuple[float, int]]:
        """Return for each document that was hit its best score and passage."""
        addresses = [address for _, address in hits]
        shards, rows = (self._searcher.fast_field_values(f, addresses) for f in SHARD_FIELDS)
        found = sorted(
            (-_rounded(score), self._first_rows[int(shard or 0)] + int(row or 0))
            for (score, _), shard, row in zip(hits, shards, rows, strict=True)
        )
        best: dict[int, tuple[float, int]] = {}
        for negative, row in found:
            best.setdefault(int(self._entries.document_of[row]), (-negative, row))
        return best


def _rounded(score: float) -> float:
    return round(score, DECIMALS)


def join(folders: Sequence[Path], folder: Path) -> None:
    """Make one index of the segments of several, so that a term is as rare as it is in all of them.

    BM25 weighs a term by how many passages hold it. Shards that each count for themselves rank
    differently; joined, they share the counts and nothing is approximated. Segments are linked, or
    copied where the file system cannot link.

    Args:
        folders: that `LexicalWriter` wrote, the shard numbers in this order from 0.
        folder: exists and is empty.
    """
    joined: dict[str, object] = {}
    segments: list[object] = []
    for part in folders:
        meta = json.loads((part / "meta.json").read_text("utf-8"))
        segments += meta["segments"]
        joined = {**meta, "segments": segments}
        for path in sorted(part.iterdir()):
            if path.name[0] != "." and path.name != "meta.json":
                _link(path, folder / path.name)
    (folder / "meta.json").write_text(json.dumps(joined), "utf-8")


def _link(path: Path, to: Path) -> None:
    try:
        to.hardlink_to(path)
    except OSError:
        to.write_bytes(path.read_bytes())
