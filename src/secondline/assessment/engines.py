"""Where a registry's SQL runs: DuckDB in this process, or Apache Spark for what outgrows it.

Queries are written once, for DuckDB; SQLGlot translates them for Spark. A table is read as a
stream and never changed.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

from secondline.assessment.columns import ColumnType
from secondline.criteria.sql import text

EngineName = Literal["duckdb", "spark"]
Progress = Callable[[float], None]  # called with the share done, 0 to 1

SUFFIXES = {".parquet": "parquet", ".csv": "csv", ".tsv": "csv", ".gz": "csv"}
MEMORY = "1GB"  # of DuckDB for one run; results and reading buffers come on top
POLL_SECONDS = 0.2


class TableError(ValueError):
    """A table that cannot be read: which, what was found, what was expected."""


class Engine(Protocol):
    """Runs queries over one table, which they call `table`."""

    table: str

    def columns(self) -> Mapping[str, ColumnType]:
        """Return the headings of the table and what their columns hold."""
        ...

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        """Return the few rows of a query."""
        ...

    def write(self, query: str, path: Path) -> None:
        """Write the rows of a query as Parquet, or as CSV by the suffix of the path."""
        ...

    def rejected(self) -> Sequence[str]:
        """Return what is said of lines that are no rows of the table."""
        ...

    def close(self) -> None:
        """Give back what the engine holds."""
        ...


def kind_of(path: Path) -> str:
    """Return "parquet" or "csv" by the suffix of a path.

    Raises:
        TableError: there is no such file, or it is neither.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise TableError(f"{path} is neither .parquet nor .csv")
    return kind


class DuckDB:
    """DuckDB within this process, streaming the table with bounded memory."""

    def __init__(
        self, path: Path, *, progress: Progress | None = None, threads: int | None = None
    ) -> None:
        import duckdb  # noqa: PLC0415  # only a cohort needs it

        kind = kind_of(path)
        if not path.exists():
            raise TableError(f"{path} does not exist")
        self._errors = duckdb.Error
        self._progress = progress
        config: dict[str, Any] = {"memory_limit": MEMORY, "preserve_insertion_order": "false"}
        if threads:
            config["threads"] = threads
        self._connection = duckdb.connect(config=config)
        if progress:  # DuckDB counts only for a bar; it is told not to print its own
            self._connection.execute("SET enable_progress_bar = true")
            self._connection.execute("SET enable_progress_bar_print = false")
        # The one filter, on the disease, is computed from a cell and cannot reach the file; trying
        # to push it through hundreds of columns takes DuckDB 2.0 minutes.
        self._connection.execute("SET disabled_optimizers = 'filter_pushdown,in_clause'")
        options = ", all_varchar = true, header = true, store_rejects = true, ignore_errors = true"
        self._is_csv = kind == "csv"
        self.table = f"read_{kind}({text(str(path))}{options if self._is_csv else ''})"
        self._path = path

    def columns(self) -> Mapping[str, ColumnType]:
        """Return the headings of the table and what their columns hold."""
        if self._path.stat().st_size == 0:
            raise TableError(f"{self._path} cannot be read as a table: it is empty")
        found = self._run(f"DESCRIBE SELECT * FROM {self.table}").fetchall()
        return {name: _column_type(kind) for name, kind, *_ in found}

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        """Return the few rows of a query."""
        found: Sequence[tuple[Any, ...]] = self._run(query).fetchall()
        return found

    def write(self, query: str, path: Path) -> None:
        """Write the rows of a query to a file."""
        form = "PARQUET" if kind_of(path) == "parquet" else "CSV, HEADER"
        self._run(f"COPY ({query}) TO {text(str(path))} (FORMAT {form})")

    def rejected(self) -> Sequence[str]:
        """Return what is said of lines that are no rows."""
        if not self._is_csv:
            return ()
        query = "SELECT DISTINCT line, error_message FROM reject_errors ORDER BY line"
        return tuple(f"line {line}: {message}" for line, message in self.rows(query))

    def close(self) -> None:
        """Give back what the engine holds."""
        self._connection.close()

    def _run(self, query: str) -> Any:
        """Run a query, telling its progress from a second thread meanwhile."""
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(done,), daemon=True)
        if self._progress:
            watch.start()
        try:
            return self._connection.execute(query)
        except self._errors as error:
            first = str(error).splitlines()[0]
            raise TableError(f"{self._path} cannot be read as a table: {first}") from None
        finally:
            done.set()
            if self._progress:
                watch.join()

    def _watch(self, done: threading.Event) -> None:
        while not done.wait(POLL_SECONDS):
            share = self._connection.query_progress()
            if self._progress and share > 0:
                self._progress(min(share, 100.0) / 100)


class Spark:
    """Apache Spark, here or on a cluster: the same queries, translated."""

    def __init__(self, path: Path, *, session: Any = None) -> None:
        """Open a table, with a session that is given or the one that is active or local.

        Raises:
            TableError: PySpark is not installed, or the file is neither Parquet nor CSV.
        """
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415  # an extra
        except ImportError:
            raise TableError("Spark is not installed; pip install 'secondline[spark]'") from None
        if not path.exists():
            raise TableError(f"{path} does not exist")
        self.session = session or SparkSession.builder.appName("secondline").getOrCreate()
        self.session.conf.set("spark.sql.session.timeZone", "UTC")
        if kind_of(path) == "parquet":
            read = self.session.read.parquet(str(path))
        else:
            read = self.session.read.csv(str(path), header=True)
        self.table = "registry"
        read.createOrReplaceTempView(self.table)
        self._types: list[tuple[str, str]] = read.dtypes

    def columns(self) -> Mapping[str, ColumnType]:
        """Return the headings of the table and what their columns hold."""
        return {name: _column_type(kind.upper()) for name, kind in self._types}

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        """Return the few rows of a query."""
        return [tuple(row) for row in self._run(query).collect()]

    def write(self, query: str, path: Path) -> None:
        """Write the rows of a query to a file."""
        frame = self._run(query)
        if kind_of(path) == "parquet":
            frame.write.mode("overwrite").parquet(str(path))
        else:
            frame.write.mode("overwrite").option("header", True).csv(str(path))

    def rejected(self) -> Sequence[str]:
        """Return what is said of lines that are no rows."""
        return ()

    def close(self) -> None:
        """Give back what the engine holds."""
        self.session.catalog.dropTempView(self.table)

    def _run(self, query: str) -> Any:
        return self.session.sql(spark_sql(query))


@contextmanager
def opened_table(
    path: Path, engine: EngineName, out: Path | None = None, progress: Progress | None = None
) -> Iterator[Engine]:
    """Open a table with an engine, and close it.

    Args:
        out: where the result of every patient will be written.

    Raises:
        TableError: the table cannot be read, or the result would replace it.
    """
    if out and out.exists() and path.exists() and out.samefile(path):
        raise TableError(f"{out} is the table itself; name another file for the result")
    opened = Spark(path) if engine == "spark" else DuckDB(path, progress=progress)
    try:
        yield opened
    finally:
        opened.close()


def spark_sql(query: str) -> str:
    """Translate a query for Spark."""
    import sqlglot  # noqa: PLC0415  # only Spark needs it

    (translated,) = sqlglot.transpile(query, read="duckdb", write="spark")
    return translated


def _column_type(kind: str) -> ColumnType:
    """Name what a column of DuckDB or Spark holds."""
    if kind.endswith("[]") or kind.startswith("ARRAY"):
        return "list"
    if re.match(r"(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|FLOAT|DOUBLE|REAL|DECIMAL)", kind):
        return "number"
    if kind == "BOOLEAN":
        return "bool"
    return "date" if kind.startswith(("DATE", "TIMESTAMP")) else "text"
