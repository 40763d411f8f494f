"""How well and how fast is the literature searched? `python benchmarks/retrieval.py` says.

Quality: nDCG@10 and recall@100 of each leg and of their fusion on test collections with relevance
judgments (`../shared/datasets/retrieval`; skipped with a reason where they are absent), beside
bm25s, which ranks the same tokens on its own. Speed: an index of synthetic abstracts, by default
20,000 of them (`--documents`), with the processor time of a build and of queries.
"""

import argparse
import gzip
import json
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from math import log2
from pathlib import Path
from statistics import mean, median, quantiles

import bm25s
import numpy as np

from secondline.literature.analyzer import tokens
from secondline.literature.building import Entry, build
from secondline.literature.embedding import DIMENSIONS, Encoder, MiniLM, NoModel, Vector
from secondline.literature.index import Index
from secondline.literature.records import Document, PartialDate, Passage, Section
from secondline.literature.search import DEPTH, Filters

COLLECTIONS = Path(__file__).parents[2] / "shared" / "datasets" / "retrieval"
SEED = 1

Qrels = dict[str, dict[str, int]]


def document(id_: str, title: str, text: str, year: int | None = None) -> Entry:
    """Return an abstract as an index takes it: title and text as one passage."""
    whole = f"{title}\n{text}".strip()
    digest = sha256(whole.encode()).hexdigest()
    passage = Passage(
        id=f"{id_}#{digest[:12]}",
        document=id_,
        kind="abstract",
        text=whole,
        start=0,
        end=len(whole),
        sha256=digest,
    )
    made = Document(
        id=id_,
        kind="citation",
        title=title,
        abstract=(Section(text=text),),
        date=PartialDate(year=year) if year else None,
    )
    return Entry(document=made, passages=(passage,))


# Quality


class Collection:
    """A test collection: documents, queries, and the judged relevance of one to the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder.name
        self.queries = {q["_id"]: q["text"] for q in _json_lines(folder / "queries.jsonl")}
        self.qrels: Qrels = {}
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            query, found, relevance = line.split("\t")
            self.qrels.setdefault(query, {})[found] = int(relevance)

    def __iter__(self) -> Iterator[Entry]:
        for record in _json_lines(self.folder / "corpus.jsonl.gz"):
            yield document(record["_id"], record.get("title") or "", record["text"])


def _json_lines(path: Path) -> Iterator[dict[str, str]]:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    yield from map(json.loads, text.splitlines())


def ndcg(ranking: Sequence[str], relevance: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalized discounted cumulative gain, gains linear as in trec_eval."""
    gains = [relevance.get(found, 0) for found in ranking[:depth]]
    ideal = sorted(relevance.values(), reverse=True)[:depth]
    best = sum(gain / log2(rank + 1) for rank, gain in enumerate(ideal, 1))
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1)) / best


def recall(ranking: Sequence[str], relevance: Mapping[str, int], depth: int = DEPTH) -> float:
    """Return the share of the relevant documents that is found."""
    relevant = {found for found, judged in relevance.items() if judged > 0}
    return len(relevant & set(ranking[:depth])) / len(relevant)


def quality(collected: Path, encoder: Encoder | None, kept: Path | None) -> None:
    """Print the figures of one collection."""
    collection = Collection(collected)
    runs: dict[str, dict[str, list[str]]] = {"lexical": {}, "dense": {}, "fused": {}}
    with tempfile.TemporaryDirectory() as folder:
        place = kept / collected.name if kept else Path(folder)
        build(collection, place, encoder=encoder)
        index = Index(place, encoder=_given(encoder))
        for id_, query in collection.queries.items():
            _, rankings = index.rankings(query)
            for leg, ranking in rankings.items():
                runs[leg][id_] = list(ranking)
            runs["fused"][id_] = [hit.document for hit in index.search(query, limit=DEPTH).hits]
    runs["bm25s"] = peer(collection)
    print(f"\n{collected.name}: {len(collection.queries)} queries")
    for leg, run in runs.items():
        judged = [(run[id_], collection.qrels[id_]) for id_ in collection.qrels]
        print(
            f"  {leg:<8} nDCG@10 {mean(ndcg(*each) for each in judged):.4f}"
            f"   recall@100 {mean(recall(*each) for each in judged):.4f}"
        )
    same = [runs["lexical"][q][:10] == runs["bm25s"][q][:10] for q in collection.queries]
    shared = [
        len(set(runs["lexical"][q][:10]) & set(runs["bm25s"][q][:10])) / 10
        for q in collection.queries
    ]
    print(
        f"  top 10 as bm25s (unrounded lengths): {sum(same)} identical, {mean(shared):.3f} shared"
    )


def peer(collection: Collection) -> dict[str, list[str]]:
    """Rank by bm25s, which is given the same tokens."""
    ids, corpus = [], []
    for entry in collection:
        ids.append(entry.document.id)
        corpus.append(tokens(entry.passages[0].text))
    retriever = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    retriever.index(corpus, show_progress=False)
    queries = [tokens(query) for query in collection.queries.values()]
    found, _ = retriever.retrieve(queries, k=DEPTH, show_progress=False)
    return {
        id_: [ids[row] for row in rows]
        for id_, rows in zip(collection.queries, found.tolist(), strict=True)
    }


# Speed


class Synthetic:
    """Abstracts of words that are as frequent as words are (Zipf), always the same ones."""

    state = "synthetic"

    def __init__(self, documents: int) -> None:
        self._documents = documents
        drawn = random.Random(SEED)
        letters = "abcdefghijklmnopqrstuvwxyz"
        self.words = [
            "".join(drawn.choices(letters, k=drawn.randint(3, 11))) for _ in range(200_000)
        ]
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def __iter__(self) -> Iterator[Entry]:
        drawn = random.Random(SEED)
        for number in range(self._documents):
            words = self.drawn_words(drawn, drawn.randint(60, 300))
            title, text = " ".join(words[:12]), " ".join(words[12:])
            yield document(f"pmid:{number:08}", title, text, 1950 + number % 75)

    def drawn_words(self, drawn: random.Random, count: int) -> list[str]:
        """Return words at random, frequent ones more often."""
        return drawn.choices(self.words, cum_weights=self._weights, k=count)


class RandomEncoder:
    """Random directions in place of the model, which would take days for a million texts.

    Random vectors have no neighborhoods; lists of near ones are no help in finding them, so that
    this says how fast the leg is, and nothing of how well it finds.
    """

    model = "random"

    def vector(self, text: str) -> Vector | None:
        """Return a direction that depends on the text alone."""
        drawn = np.random.default_rng(int.from_bytes(sha256(text.encode()).digest()[:8]))
        return np.clip(np.rint(drawn.standard_normal(DIMENSIONS) * 40), -127, 127).astype(np.int8)


def speed(documents: int) -> None:
    """Print the figures of an index of synthetic abstracts."""
    corpus = Synthetic(documents)
    made = _seconds(lambda: sum(1 for _ in corpus))
    drawn = random.Random(SEED + 1)
    queries = [" ".join(corpus.drawn_words(drawn, 12)) for _ in range(100)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        lexical = _seconds(lambda: build(corpus, place, encoder=None)) - made
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        print(f"\n{documents:,} synthetic abstracts")
        print(f"  lexical build {lexical:.1f} s of processor, {documents / lexical:,.0f} a second")
        print(f"  index {size / 2**20:.1f} MiB")
        index = Index(place)
        timed("lexical, 12 words", index.rankings, queries)
        since = Filters(from_year=2000, retracted=False)
        timed("lexical, 12 words, filtered", lambda q: index.rankings(q, since), queries)
        encoder = RandomEncoder()
        build(corpus, place, encoder=encoder)
        index = Index(place, encoder=lambda: encoder)
        timed("both legs, without the model", index.search, queries)
        timed("both legs, filtered", lambda q: index.search(q, filters=since), queries)
    print(f"  memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def model_speed(encoder: Encoder, texts: Sequence[str]) -> None:
    """Print how fast the model encodes."""
    timed("the model, a query", encoder.vector, [text[:80] for text in texts])
    timed("the model, an abstract", encoder.vector, texts)


def timed(name: str, work: Callable[[str], object], queries: Sequence[str]) -> None:
    """Print the processor time of each query, after one that is not counted."""
    work(queries[0])
    times = [1000 * _seconds(lambda q=query: work(q)) for query in queries]
    p95 = quantiles(times, n=20)[-1]
    print(f"  {name:<32} median {median(times):8.2f} ms   p95 {p95:8.2f} ms of processor")


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _given(encoder: Encoder | None) -> Callable[[], Encoder]:
    def given() -> Encoder:
        if encoder is None:
            raise NoModel("not asked for")
        return encoder

    return given


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000, help="synthetic abstracts")
    parser.add_argument("--collections", type=Path, default=COLLECTIONS, help="their folder")
    parser.add_argument("--no-vectors", action="store_true", help="BM25 alone")
    parser.add_argument("--keep", type=Path, help="a folder in which vectors are kept between runs")
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    encoder = None if given.no_vectors else MiniLM()
    for name in ("scifact", "cystic_fibrosis"):
        folder = given.collections / name
        if folder.exists():
            quality(folder, encoder, given.keep)
        else:
            print(f"\n{name}: skipped, {folder} is absent")
    if given.documents:
        speed(given.documents)


if __name__ == "__main__":
    main()
