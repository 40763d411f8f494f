"""What does one machine need for how many records? `python benchmarks/scale.py` measures it.

Prints what docs/explanation/scale.md reckons with: shards written, joined and opened; files of
PubMed XML to Parquet and to a joined index by Spark on this machine (`--spark`, needs Java); and
the same passages in PostgreSQL (`--postgres ADDRESS`, a server with pg_textsearch and pgvector that
may be filled). Abstracts are synthetic: words as frequent as words are, of the length of abstracts;
vectors are random. Times are of the clock. `--documents` says how many, by default 20,000.
"""

import argparse
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import psycopg
from retrieval import SEED, RandomEncoder, Synthetic

from secondline.literature.building import Entry
from secondline.literature.index import Index
from secondline.literature.postgres import SCHEMA, PostgreSQL
from secondline.literature.servers import Served
from secondline.literature.shards import join, shard_of, write_shard
from secondline.literature.spark import shard_files

SHARDS = 4
PER_FILE = 5_000  # citations of one file of PubMed XML


def in_shards(corpus: Synthetic, folder: Path, *, vectors: bool) -> None:
    """Print what shards take, and the index that they are joined into."""
    encoder = RandomEncoder() if vectors else None
    parts = [folder / f"shard-{number}" for number in range(SHARDS)]
    spent = 0.0
    for number, part in enumerate(parts):
        entries = list(_of_shard(corpus, number))
        kept = folder / "encoded" / str(number)
        spent += _seconds(
            lambda e=entries, p=part, n=number, k=kept: write_shard(e, p, n, encoder, k)
        )
    print(f"  {SHARDS} shards written in {spent:.1f} s, {_mib(*parts):.0f} MiB")
    joined = folder / "joined"
    print(f"  joined in {_seconds(lambda: join(parts, joined, of='benchmark')):.1f} s")
    opened = _seconds(lambda: Index(joined))
    print(f"  opened in {1000 * opened:.0f} ms")
    searched("from joined shards", Index(joined, RandomEncoder).search, corpus)


def _of_shard(corpus: Synthetic, number: int) -> Iterator[Entry]:
    return (entry for entry in corpus if shard_of(entry.document.id, SHARDS) == number)


def by_spark(corpus: Synthetic, folder: Path) -> None:
    """Print what Spark takes from PubMed XML to a joined index, on this machine."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  # only where it is asked for

    files = list(_files(corpus, folder))
    session = (
        SparkSession.builder.master(f"local[{os.cpu_count()}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    session.range(1).collect()
    spent = _seconds(
        lambda: shard_files(files, folder / "by-spark", {}, shards=SHARDS, session=session)
    )
    run = next((folder / "by-spark").glob("run-*"))
    print(f"  Spark, {len(files)} files of {_mib(*files):.0f} MiB: {spent:.1f} s of the clock")
    print(f"  Parquet of the records read: {_mib(run / 'records'):.0f} MiB")
    print(f"  Parquet of the documents kept: {_mib(run / 'documents'):.0f} MiB")
    session.stop()


def _files(corpus: Synthetic, folder: Path) -> Iterator[Path]:
    """Write the corpus as files of PubMed XML."""
    records: list[str] = []
    entries = list(corpus)
    for at, entry in enumerate(entries, 1):
        document = entry.document
        year = document.date.year if document.date else None
        records.append(
            f'<PubmedArticle><MedlineCitation><PMID Version="1">{at}</PMID><Article>'
            f"<Journal><JournalIssue><PubDate><Year>{year}</Year></PubDate></JournalIssue>"
            "</Journal>"
            f"<ArticleTitle>{document.title}</ArticleTitle><Abstract><AbstractText>"
            f"{document.abstract[0].text}</AbstractText></Abstract></Article></MedlineCitation>"
            "</PubmedArticle>"
        )
        if len(records) == PER_FILE or at == len(entries):
            path = folder / f"{at}.xml"
            path.write_text(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>", "utf-8")
            records.clear()
            yield path


def in_postgres(corpus: Synthetic, folder: Path, address: str, *, vectors: bool) -> None:
    """Print what PostgreSQL takes."""
    encoder = RandomEncoder() if vectors else None
    server = PostgreSQL(address)
    engine = Served(server, RandomEncoder)
    spent = _seconds(lambda: engine.build(corpus, folder, encoder=encoder))
    print(f"  PostgreSQL: built in {spent:.1f} s of the clock, the client's work included")
    with psycopg.connect(address) as connection:
        for part in ("passages", "by_tokens", "by_marks"):
            name = f"{SCHEMA}.{part}"
            row = connection.execute("SELECT pg_table_size(%s::regclass)", [name]).fetchone()
            print(f"    {part} {row[0] / 2**20 if row else 0:.0f} MiB")
    searched("from PostgreSQL", engine.search, corpus)
    server.close()


def searched(name: str, search: Callable[[str], object], corpus: Synthetic) -> None:
    """Print the time of the clock for a query of 12 words, after one that is not counted."""
    drawn = np.random.default_rng(SEED + 1)
    queries = [" ".join(corpus.drawn_words(drawn, 12)) for _ in range(40)]
    search(queries[0])
    times = [1000 * _seconds(lambda q=query: search(q)) for query in queries]
    print(f"  a search {name}: median {median(times):.1f} ms of the clock")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _mib(*paths: Path) -> float:
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return sum(file.stat().st_size for file in files if file.is_file()) / 2**20


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000, help="synthetic abstracts")
    parser.add_argument("--no-vectors", action="store_true", help="BM25 alone")
    parser.add_argument("--spark", action="store_true", help="Spark on this machine")
    parser.add_argument("--postgres", help="the address of a PostgreSQL that may be filled")
    given = parser.parse_args()
    vectors = not given.no_vectors
    print(f"{platform.machine()}, {os.cpu_count()} cores, {given.documents:,} synthetic abstracts")
    corpus = Synthetic(given.documents)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        in_shards(corpus, folder, vectors=vectors)
        if given.postgres:
            in_postgres(corpus, folder / "postgres", given.postgres, vectors=vectors)
        if given.spark:
            by_spark(corpus, folder)
    print(f"  memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
