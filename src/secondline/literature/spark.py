"""Files of documents to Parquet and to shards of an index, by Apache Spark, here or on a cluster.

Spark prepares and never answers a query. What becomes of the records of all files together is what
the store makes of them: the newest version of each, deletions in order, retractions on both sides.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import uuid4

from secondline.literature.articles import names
from secondline.literature.batches import packed, unpacked
from secondline.literature.building import Entry
from secondline.literature.embedding import Encoder
from secondline.literature.files import digest, opened
from secondline.literature.passages import passages
from secondline.literature.reading import steps
from secondline.literature.records import (
    Deletion,
    Document,
    FileError,
    Rejected,
    StoreError,
)
from secondline.literature.results import Sharded
from secondline.literature.retractions import Known, retracted_ids
from secondline.literature.search import OptionError
from secondline.literature.shards import join, shard_of, write_shard
from secondline.literature.subjects import Subjects

LISTED = 100  # records refused that are named; the rest is counted
RETRACTED = "retracted.json"  # in the folder of a run, beside its documents
RECORDS = (
    "file int, position bigint, number int, shard int, id string, issued int, content binary,"
    " names array<string>, retracted boolean, retracts array<array<string>>, reason string"
)
DOCUMENTS = (
    "shard int, id string, content binary, names array<string>, retracted boolean,"
    " retracts array<array<string>>"
)
DIGESTS = "file int, digest string"
COUNTS = "shard int, retracted bigint"

Row = Mapping[str, Any]


def shard_files(  # noqa: PLR0913  # what a run can be told
    files: Sequence[Path],
    folder: Path,
    names: Mapping[str, Sequence[str]],
    *,
    shards: int = 16,
    encoder: Callable[[], Encoder] | None = None,
    session: Any = None,
) -> Sharded:
    """Make an index of files, in shards, and put it in the place of the one in a folder.

    Args:
        files: in the order in which they were published, later ones correcting earlier ones.
        folder: that all machines of the cluster reach under this name, as they reach the files.
        names: of diseases, by id.
        shards: how many; each is made by one core, and its vectors are held in its memory.
        encoder: opens the embedding model on a machine; None for no vectors.
        session: of Spark; None for the one that is active, or one on this machine.

    Raises:
        OptionError: the number of shards is none.
        StoreError: PySpark is not installed, or the folder cannot be written.
        AlreadyBuilding: another process puts an index into this folder.
    """
    if shards < 1:
        raise OptionError(f"the number of shards is {shards}; expected 1 or more")
    run = folder / f"run-{uuid4().hex[:12]}"
    try:
        (run / "shards").mkdir(parents=True)
    except OSError as error:
        raise StoreError(
            f"the folder {str(folder)!r} cannot be written: {error}; give another with --into"
        ) from None
    spark = session or _session()
    numbered = [(number, str(path.resolve())) for number, path in enumerate(files)]
    different = _once(spark, numbered)
    read = _mapped(spark, _frame(spark, different), partial(_read, shards=shards), RECORDS)
    records = _kept(spark, read, run / "records", shards)
    readable = _ordered(records.where("reason IS NULL"), shards)
    held = _mapped(spark, readable, _newest, DOCUMENTS)
    documents = _kept(spark, held, run / "documents", shards)
    retracted = _retracted(spark, documents)
    (run / RETRACTED).write_text(json.dumps({"ids": sorted(retracted)}), "utf-8")
    make = partial(
        _shards, run=run, names=names, retracted=retracted, encoder=encoder, shards=shards
    )
    made = _mapped(spark, _ordered(documents, shards), make, COUNTS).collect()
    for number in set(range(shards)) - {row.shard for row in made}:
        _write_one((), number, run, encoder() if encoder else None, shards)
    manifest = join(sorted((run / "shards").glob("shard-*")), folder, of=run.name)
    for other in folder.glob("run-*"):
        if other != run:
            shutil.rmtree(other, ignore_errors=True)  # where another process still reads it
    refused = records.where("reason IS NOT NULL")
    paths = dict(numbered)
    first = refused.orderBy("file", "position", "number").limit(LISTED).collect()
    return Sharded(
        files=len(different),
        shards=shards,
        documents=manifest.documents,
        passages=manifest.passages,
        vectors=manifest.vectors,
        retracted=sum(row.retracted for row in made),
        rejected=refused.count(),
        refused=tuple(
            f"{Path(paths[row.file]).name}, byte {row.position}: {row.id} {row.reason}"
            for row in first
        ),
    )


def _session() -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  # an extra
    except ImportError:
        raise StoreError("Spark is not installed; pip install 'secondline[spark]'") from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else the system's own Python
    return SparkSession.builder.appName("secondline").getOrCreate()


def _frame(spark: Any, files: Sequence[tuple[int, str]]) -> Any:
    """Return a table of files, each of them a task of its own."""
    return spark.createDataFrame(list(files), "file int, path string").repartition(
        max(len(files), 1), "file"
    )


def _mapped(
    spark: Any, table: Any, rows: Callable[[Iterator[Row]], Iterator[Row]], columns: str
) -> Any:
    """Return the table of what becomes of the rows of each partition, in their order."""
    names = [column.split()[0] for column in columns.split(", ")]

    def values(partition: Iterator[Row]) -> Iterator[tuple[Any, ...]]:
        return (tuple(row.get(name) for name in names) for row in rows(partition))

    given = table.rdd.map(lambda row: row.asDict()).mapPartitions(values)
    return spark.createDataFrame(given, columns, verifySchema=False)


def _once(spark: Any, files: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Leave out files of which an earlier one has the same content."""
    digests = _mapped(spark, _frame(spark, files), _digests, DIGESTS).collect()
    first: dict[str, int] = {}
    for row in sorted(digests):
        first.setdefault(row.digest or f"file {row.file}", row.file)
    return [each for each in files if each[0] in set(first.values())]


def _kept(spark: Any, table: Any, path: Path, shards: int) -> Any:
    """Write a table as Parquet, a folder for each shard, and return it as it is read from there."""
    _ordered(table, shards).write.partitionBy("shard").parquet(str(path))
    return spark.read.schema(table.schema).parquet(str(path))


def _ordered(table: Any, shards: int) -> Any:
    """Bring the rows of a shard together, in order of ids and of their places in the files."""
    places = [name for name in ("file", "position", "number") if name in table.columns]
    return table.repartition(shards, "shard").sortWithinPartitions("shard", "id", *places)


def _retracted(spark: Any, documents: Any) -> frozenset[str]:
    """Return the ids of all documents that are retracted, as the store finds them.

    What says so, and what shares a number with what is retracted, is little enough for one
    machine.
    """
    from pyspark.sql.functions import broadcast  # noqa: PLC0415  # an extra

    columns = ("id", "names", "retracted", "retracts")
    telling = documents.where("retracted OR size(retracts) > 0").select(*columns).collect()
    notices = [(row.id, tuple(given)) for row in telling for given in row.retracts]
    held = {row.id: row for row in telling if row.retracted}
    new = {name for _, given in notices for name in given}
    new |= {name for row in held.values() for name in row.names}
    each = documents.selectExpr("explode(names) AS name", *columns)
    asked: set[str] = set()
    while new := new - asked:
        asked |= new
        known = broadcast(spark.createDataFrame([(name,) for name in new], "name string"))
        held |= {row.id: row for row in each.join(known, "name").select(*columns).collect()}
        new = {name for row in held.values() for name in row.names}
    return retracted_ids(
        [
            Known(id=row.id, names=tuple(row.names), says_retracted=row.retracted)
            for row in held.values()
        ],
        notices,
    )


# What runs on the machines of the cluster


def _digest(file: Row) -> Row:
    try:
        return {"file": file["file"], "digest": digest(Path(file["path"]))}
    except FileError:
        return {"file": file["file"], "digest": None}  # told when it is read


def _digests(files: Iterator[Row]) -> Iterator[Row]:
    return map(_digest, files)


def _read(files: Iterator[Row], shards: int) -> Iterator[Row]:
    for file in files:
        yield from _records(file["file"], file["path"], shards)


def _records(file: int, name: str, shards: int) -> Iterator[Row]:
    """Yield the records of a file; what cannot be read is a row with the reason."""
    path = Path(name)
    try:
        with opened(path) as source:
            for step in steps(source, path):
                for number, each in enumerate(step.records):
                    place = {"file": file, "position": step.position, "number": number}
                    row = _record(each)
                    yield {**place, "shard": shard_of(row["id"], shards), **row}
    except FileError as error:
        place = {"file": file, "position": error.position, "number": -1}
        yield {**place, "shard": 0, "id": "", "reason": str(error)}


def _record(record: Document | Deletion | Rejected) -> Row:
    if isinstance(record, Rejected):
        return {"id": record.record, "reason": record.reason}
    if isinstance(record, Deletion):
        return {"id": f"pmid:{record.pmid}", "issued": record.version}
    retracts = [link for link in record.links if link.relation == "retracts"]
    return {
        "id": record.id,
        "issued": record.version,
        "content": packed(record),
        "names": names(record.pmid, record.doi, record.pmcid),
        "retracted": record.retracted,
        "retracts": [names(link.pmid, link.doi, link.pmcid) for link in retracts],
    }


def _newest(rows: Iterator[Row]) -> Iterator[Row]:
    for _, group in groupby(rows, itemgetter("shard", "id")):
        held = newest(group)
        if held is not None:
            yield held


def newest(rows: Iterable[Row]) -> Row | None:
    """Return what is held after all records of one document, in their order; None when deleted.

    An older version than the one that is held changes nothing, and neither does the order to delete
    an older version.
    """
    held: Row | None = None
    deleted = False
    for row in rows:
        if held is not None and row["issued"] < held["issued"]:
            continue
        if row["content"] is None:
            deleted = True
        else:
            held, deleted = row, False
    return None if deleted else held


def _shards(  # noqa: PLR0913, PLR0917  # what a task is told
    rows: Iterator[Row],
    run: Path,
    names: Mapping[str, Sequence[str]],
    retracted: frozenset[str],
    encoder: Callable[[], Encoder] | None,
    shards: int,
) -> Iterator[Row]:
    opened_encoder = encoder() if encoder else None
    subjects = Subjects(names)
    for number, group in groupby(rows, itemgetter("shard")):
        entries = _Entries(group, subjects, retracted)
        _write_one(entries, number, run, opened_encoder, shards)
        yield {"shard": number, "retracted": entries.retracted}


def _write_one(
    entries: Iterable[Entry], number: int, run: Path, encoder: Encoder | None, shards: int
) -> None:
    kept = run.parent / "encoded" / f"{number}-of-{shards}"
    folder = run / "shards" / f"shard-{number:04}"
    if folder.exists():  # by the same task, which Spark runs again
        shutil.rmtree(folder)
    write_shard(entries, folder, number, encoder, kept)


class _Entries:
    """The documents of a shard as an index takes them; counts those that are retracted."""

    def __init__(self, rows: Iterable[Row], subjects: Subjects, retracted: frozenset[str]) -> None:
        self._rows = rows
        self._subjects = subjects
        self._retracted = retracted
        self.retracted = 0

    def __iter__(self) -> Iterator[Entry]:
        for row in self._rows:
            document = unpacked(row["content"])
            retracted = row["id"] in self._retracted
            self.retracted += retracted
            yield Entry(
                document=document,
                passages=tuple(passages(document)),
                diseases=self._subjects.of(document),
                retracted=retracted,
            )
