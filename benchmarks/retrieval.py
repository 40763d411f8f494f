"""How well and how fast is the literature searched? `python benchmarks/retrieval.py` says.

Quality: nDCG@10 and recall@100 of each leg and of their fusion on test collections with relevance
judgments (`../shared/datasets/retrieval`; skipped with a reason where they are absent), beside
bm25s, which ranks the same tokens on its own, and beside Lucene where a jar of it is given
(`--lucene`, needs Java; pyserini's wheel holds one). Speed: an index of synthetic abstracts, by
default 20,000 of them (`--documents`), with the processor time of a build and of queries, by words
and with vectors that are random directions (of more than 200,000 in lists), or, with `--dense`,
the vectors alone; and with `--lists` how many of the nearest vectors are found when only the
nearest lists are looked at.
"""

import argparse
import gzip
import json
import os
import platform
import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import count, islice
from math import log2
from pathlib import Path
from statistics import mean, median, quantiles

import bm25s
import numpy as np

from secondline.literature import dense
from secondline.literature.analyzer import tokens
from secondline.literature.building import Entry, build
from secondline.literature.embedding import DIMENSIONS, Encoder, MiniLM, Vector
from secondline.literature.index import Index
from secondline.literature.lexical import DECIMALS
from secondline.literature.records import Document, PartialDate, Passage, Section
from secondline.literature.search import DEPTH, Filters, NoModel

DATASETS = os.environ.get("SECONDLINE_DATASETS") or Path(__file__).parents[2] / "shared/datasets"
COLLECTIONS = Path(DATASETS) / "retrieval"
RANK = Path(__file__).parent / "lucene" / "Rank.java"
K1, B = 1.2, 0.75  # of BM25
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


def quality(
    collected: Path, encoder: Encoder | None, kept: Path | None, lucene: Path | None
) -> None:
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
    alike("bm25s, unrounded lengths", runs["lexical"], runs["bm25s"])
    if lucene:
        alike("Lucene", runs["lexical"], ranked_by_lucene(collection, lucene))


def alike(name: str, ours: Mapping[str, list[str]], theirs: Mapping[str, list[str]]) -> None:
    """Print how many of the first ten are those of another engine."""
    tens = [(ours[query][:10], theirs[query][:10]) for query in ours]
    identical = sum(one == other for one, other in tens)
    shared = mean(len(set(one) & set(other)) / max(len(one), 1) for one, other in tens)
    print(f"  top 10 as {name}: {identical} of {len(tens)} identical, {shared:.3f} shared")


def peer(collection: Collection) -> dict[str, list[str]]:
    """Rank by bm25s, which is given the same tokens."""
    ids, corpus = [], []
    for entry in collection:
        ids.append(entry.document.id)
        corpus.append(tokens(entry.passages[0].text))
    retriever = bm25s.BM25(method="lucene", k1=K1, b=B)
    retriever.index(corpus, show_progress=False)
    queries = [tokens(query) for query in collection.queries.values()]
    found, _ = retriever.retrieve(queries, k=DEPTH, show_progress=False)
    return {
        id_: [ids[row] for row in rows]
        for id_, rows in zip(collection.queries, found.tolist(), strict=True)
    }


def ranked_by_lucene(collection: Collection, jar: Path) -> dict[str, list[str]]:
    """Rank by Lucene, which is given the same tokens; ties as ours, in order of the ids."""
    passages = ((entry.document.id, entry.passages[0].text) for entry in collection)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("passages.tsv", "queries.tsv")]
        for path, texts in zip(files, (passages, collection.queries.items()), strict=True):
            lines = (f"{id_}\t{' '.join(tokens(text))}\n" for id_, text in texts)
            path.write_text("".join(lines), "utf-8")
        command = ["java", "-cp", jar, RANK, *files, str(DEPTH + 20)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    runs = {}
    for line in printed.splitlines():
        query, *hits = line.split("\t")
        scored = ((float(hit.split()[1]), hit.split()[0]) for hit in hits)
        # Lucene leaves out a factor that is the same for all; without it ties would be others.
        ordered = sorted((-round(score * (1 + K1), DECIMALS), id_) for score, id_ in scored)
        runs[query] = [id_ for _, id_ in ordered]
    return runs


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
        weights = 1 / np.arange(1, len(self.words) + 1)
        self._shares = np.cumsum(weights / weights.sum())

    def __iter__(self) -> Iterator[Entry]:
        drawn = np.random.default_rng(SEED)
        for number in range(self._documents):
            words = self.drawn_words(drawn, int(drawn.integers(60, 301)))
            title, text = " ".join(words[:12]), " ".join(words[12:])
            yield document(f"pmid:{number:08}", title, text, 1950 + number % 75)

    def drawn_words(self, drawn: np.random.Generator, count: int) -> list[str]:
        """Return words at random, frequent ones more often."""
        ranks = np.minimum(np.searchsorted(self._shares, drawn.random(count)), len(self.words) - 1)
        return [self.words[rank] for rank in ranks]


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

    def vectors(self, texts: Sequence[str]) -> Iterator[Vector | None]:
        """Yield the direction of each text."""
        return map(self.vector, texts)


def speed(documents: int) -> None:
    """Print the figures of an index of synthetic abstracts, made once with both legs."""
    corpus, encoder = Synthetic(documents), RandomEncoder()
    made = _seconds(lambda: sum(1 for _ in corpus))
    drawn = np.random.default_rng(SEED + 1)
    queries = [" ".join(corpus.drawn_words(drawn, 12)) for _ in range(100)]
    begun: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        start = time.process_time()
        manifest = build(
            corpus,
            place,
            encoder=encoder,
            progress=lambda done, _: begun.setdefault(done, time.process_time()),
        )
        lexical = begun["encoded"] - start - made  # vectors begin when all passages are indexed
        print(f"\n{documents:,} synthetic abstracts")
        print(f"  lexical build {lexical:.1f} s of processor, {documents / lexical:,.0f} a second")
        print(f"  index {_mebibytes(place / manifest.folder):.1f} MiB")
        vectors_made(place / str(manifest.vectors_folder))
        since = Filters(from_year=2000, retracted=False)
        index = Index(place, encoder=_given(None))
        timed("lexical, 12 words", index.rankings, queries)
        timed("lexical, 12 words, filtered", lambda q: index.rankings(q, since), queries)
        index = Index(place, encoder=lambda: encoder)
        timed("both legs, without the model", index.search, queries)
        timed("both legs, filtered", lambda q: index.search(q, filters=since), queries)
        years = count(2025)  # filters that let the same through, and were never asked
        timed(
            "both legs, each filter new",
            lambda q: index.search(
                q, filters=Filters(from_year=2000, to_year=next(years), retracted=False)
            ),
            queries,
        )
    print(f"  memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def vectors_made(folder: Path) -> None:
    """Print what the dense part of an index takes, given its vectors."""
    vectors, rows = np.load(folder / "vectors.npy"), np.load(folder / "rows.npy")
    with tempfile.TemporaryDirectory() as again:
        spent = _seconds(lambda: dense.write(Path(again), vectors, rows))
    many = len(np.load(folder / "centroids.npy"))
    print(f"  vectors {_mebibytes(folder):.1f} MiB, {many:,} lists, {spent:.1f} s of processor")


def dense_speed(count: int) -> None:
    """Print the figures of the dense leg alone over random directions."""
    drawn = np.random.default_rng(SEED)
    vectors = drawn.integers(-127, 128, (count, DIMENSIONS), np.int8)
    numbers = np.arange(count, dtype=np.int32)
    given = Given()
    print(f"\n{count:,} random vectors")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        spent = _seconds(lambda: dense.write(place, vectors, numbers))
        many = len(np.load(place / "centroids.npy"))
        print(f"  vectors {_mebibytes(place):.1f} MiB, {many:,} lists, {spent:.1f} s of processor")
        leg = dense.Dense(place, Numbered(numbers), lambda: given, given.model)
        times = []
        for query in drawn.integers(-127, 128, (100, DIMENSIONS), np.int8):
            given.query = query
            times.append(1000 * _seconds(lambda: leg.ranked("", Filters(), DEPTH)))
        print(f"  dense leg                        median {median(times):8.2f} ms of processor")
    print(f"  memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def model_speed(encoder: Encoder, collected: Path) -> None:
    """Print how fast the model encodes, one text at a time."""
    collection = Collection(collected)
    abstracts = [entry.passages[0].text for entry in islice(collection, 40)]
    print(f"\nthe model, texts of {collected.name}")
    timed("a query", encoder.vector, list(collection.queries.values())[:40])
    timed("an abstract", encoder.vector, abstracts)


def lists(count: int, vectors: Vector, asked: Vector) -> None:
    """Print how many of the 100 nearest are found in the lists that are looked at.

    Args:
        count: how many vectors are made, each between two of the `vectors` of real texts.
        asked: vectors of real queries.
    """
    drawn = np.random.default_rng(SEED)
    unit = vectors / np.linalg.norm(vectors.astype(np.float32), axis=1, keepdims=True)
    made = np.empty((count, DIMENSIONS), np.int8)
    for start in range(0, count, 10_000):
        size = min(10_000, count - start)
        one, other = unit[drawn.integers(0, len(unit), (2, size))]
        share = drawn.random((size, 1))
        mixed = share * one + (1 - share) * other + 0.02 * drawn.standard_normal(one.shape)
        made[start : start + size] = np.rint(mixed * (127 / np.abs(mixed).max(1, keepdims=True)))
    print(f"\n{count:,} vectors between those of real texts, {len(asked)} queries")
    with tempfile.TemporaryDirectory() as folder:
        numbers = np.arange(count, dtype=np.int32)
        spent = _seconds(lambda: dense.write(Path(folder), made, numbers))
        print(f"  lists made in {spent:.1f} s of processor")
        given = Given()
        leg = dense.Dense(Path(folder), Numbered(numbers), lambda: given, given.model)
        nearest: list[set[int]] = []
        for exact, probed in ((count, 0.0), *((0, share) for share in (0.01, 0.02, 0.03, 0.05))):
            dense.EXACT, dense.PROBED = exact, probed
            found, times = [], []
            for query in asked:
                given.query = query
                start = time.process_time()
                found.append({row for row, _ in leg.ranked("", Filters(), DEPTH)})
                times.append(1000 * (time.process_time() - start))
            nearest = nearest or found
            share = mean(
                len(one & other) / DEPTH for one, other in zip(found, nearest, strict=True)
            )
            name = "all vectors" if exact else f"lists with {probed:.0%} of them"
            print(f"  {name:<22} median {median(times):6.2f} ms, {share:.3f} of the nearest 100")


class Given:
    """An encoder that returns the vector it is given."""

    model = "given"
    query: Vector

    def vector(self, _: str) -> Vector:
        """Return the vector that was given last."""
        return self.query

    def vectors(self, texts: Sequence[str]) -> Iterator[Vector | None]:
        """Yield it for each text."""
        return map(self.vector, texts)


class Numbered:
    """Documents of one passage each, named by their numbers."""

    def __init__(self, numbers: "np.ndarray[tuple[int], np.dtype[np.int32]]") -> None:
        self.document_of = numbers
        self.documents = numbers

    def allowed(self, _: Filters) -> None:
        """Let every passage through."""


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


def _mebibytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


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
    parser.add_argument("--dense", type=int, default=0, help="random vectors, and nothing else")
    parser.add_argument("--no-vectors", action="store_true", help="BM25 alone")
    parser.add_argument("--lucene", type=Path, help="a jar that holds Lucene 9")
    parser.add_argument("--lists", type=int, default=0, help="vectors to group into lists")
    parser.add_argument("--keep", type=Path, help="a folder in which vectors are kept between runs")
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if given.dense:
        dense_speed(given.dense)
        return
    encoder = None if given.no_vectors else MiniLM()
    for name in ("scifact", "cystic_fibrosis"):
        folder = COLLECTIONS / name
        if folder.exists():
            quality(folder, encoder, given.keep, given.lucene)
        else:
            print(f"\n{name}: skipped, {folder} is absent")
        if encoder and folder.exists():
            model_speed(encoder, folder)
    if given.lists:
        lists(given.lists, *kept_vectors(given.keep, encoder))
    if given.documents:
        speed(given.documents)


def kept_vectors(keep: Path | None, encoder: Encoder | None) -> tuple[Vector, Vector]:
    """Return the vectors of the collections as they were kept, and those of the queries."""
    if keep is None or encoder is None:
        raise SystemExit(
            "--lists needs the vectors of real texts: give --keep, without --no-vectors"
        )
    folders = [index for index in keep.iterdir() if (COLLECTIONS / index.name).exists()]
    vectors = [np.load(path) for index in folders for path in index.glob("vectors-*/vectors.npy")]
    texts = [
        text for index in folders for text in Collection(COLLECTIONS / index.name).queries.values()
    ]
    asked = [vector for text in texts if (vector := encoder.vector(text)) is not None]
    return np.concatenate(vectors), np.stack(asked)


if __name__ == "__main__":
    main()
