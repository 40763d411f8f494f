"""The store of the log: one table of lines, in SQLite or PostgreSQL, written with durability."""

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from platformdirs import user_data_path
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from secondline.editorial.problems import StoreError

METADATA = sa.MetaData()
ENTRIES = sa.Table(
    "entries",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("root", sa.String(64), nullable=False),
)
LATEST_STEP = "entries_table"  # of migrations; asking for it spares the import of Alembic
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
WAIT = 30  # seconds for another writer
FEW = 500  # numbers in one question
TOGETHER = 10_000  # rows read or written at once
MIGRATION_LOCK = 0x5EC0_11D1  # an arbitrary number of ours


@dataclass(frozen=True, slots=True)
class Row:
    """A stored entry: its number, its line, and the root of the log that ends with it."""

    number: int
    line: str
    root: str


class Writing:
    """A transaction that alone may add entries."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, after: int) -> Generator[Row]:
        """Yield the entries after a number, in their order."""
        yield from _rows(self._connection, after)

    def last(self) -> int:
        """Return the number of the last entry, 0 in an empty log."""
        return self._connection.execute(sa.select(sa.func.max(ENTRIES.c.number))).scalar() or 0

    def add(self, rows: list[Row]) -> None:
        """Add entries."""
        for start in range(0, len(rows), TOGETHER):
            some = rows[start : start + TOGETHER]
            self._connection.execute(
                sa.insert(ENTRIES),
                [{"number": row.number, "line": row.line, "root": row.root} for row in some],
            )


class Store:
    """Where the log is kept. Its tables are made, or brought up to date, when it is opened."""

    def __init__(self, where: str) -> None:
        """Open a store.

        Args:
            where: a connection URL (sqlite or postgresql), or the path of an SQLite file.

        Raises:
            StoreError: it cannot be opened.
        """
        self._url = _url(where)
        self.name = self._url.render_as_string(hide_password=True)
        self._file = Path(self._url.database or "") if _is_sqlite(self._url) else None
        with self._told():
            self._engine = _engine(self._url)
            self._prepare()

    def rows(self, after: int = 0, until: int | None = None) -> Generator[Row]:
        """Yield the entries after a number, up to another, in their order, as they are stored.

        Close what is returned when not all of it is read.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._told(), self._engine.connect() as connection:
            yield from _rows(connection, after, until)

    def some(self, numbers: Sequence[int]) -> Iterator[Row]:
        """Yield some entries by their numbers, in their order.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._told(), self._engine.connect() as connection:
            for start in range(0, len(numbers), FEW):
                wanted = ENTRIES.c.number.in_(numbers[start : start + FEW])
                for row in connection.execute(
                    sa.select(ENTRIES).where(wanted).order_by(ENTRIES.c.number)
                ):
                    yield Row(row.number, row.line, row.root)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Hold the one right to write until the block ends; then all of it is kept, or nothing.

        Raises:
            StoreError: the store cannot be written; nothing was.
        """
        with self._told():
            if self._file and not self._file.exists():
                self._engine.dispose()  # a connection would write into a file that is gone
                raise StoreError(f"the store {self.name} has gone away; restore its file")
            writer = self._engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            with writer.begin() as connection:
                if not self._file:
                    connection.execute(sa.text("LOCK TABLE entries IN SHARE ROW EXCLUSIVE MODE"))
                yield Writing(connection)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _prepare(self) -> None:
        with self._engine.connect() as connection:
            if _step(connection) == LATEST_STEP:
                return
        writer = self._engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        with writer.begin() as connection:
            if not self._file:
                lock = sa.text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(lock, {"number": MIGRATION_LOCK})
            migrate(connection)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what a database says into what a person can act on; no password is in it."""
        try:
            yield
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            raise StoreError(f"the store {self.name} cannot be used: {cause}") from None


def own_store() -> str:
    """Return the store of this user: what SECONDLINE_STORE names, or a file in the user's data."""
    if where := os.environ.get("SECONDLINE_STORE"):
        return where
    home = os.environ.get("SECONDLINE_HOME")
    return str((Path(home) if home else user_data_path("secondline")) / "editorial.db")


def migrate(connection: Connection) -> None:
    """Bring the tables up to date, in the transaction of a connection."""
    # Only a new or an older store needs them; the import takes longer than opening a store.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "secondline.editorial:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _step(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _rows(connection: Connection, after: int, until: int | None = None) -> Generator[Row]:
    wanted = sa.select(ENTRIES).where(ENTRIES.c.number > after).order_by(ENTRIES.c.number)
    if until is not None:
        wanted = wanted.where(ENTRIES.c.number <= until)
    with connection.execute(wanted, execution_options={"yield_per": TOGETHER}) as found:
        for row in found:
            yield Row(row.number, row.line, row.root)


def _url(where: str) -> URL:
    try:
        url = make_url(where) if "://" in where else URL.create("sqlite", database=where)
    except ArgumentError:
        raise StoreError("the store is not a connection URL and not a path") from None
    kind = url.get_backend_name()
    if kind not in DRIVERS or (kind == "sqlite" and url.database in {None, "", ":memory:"}):
        raise StoreError(
            f"a store is the path of a file, sqlite:///FILE or postgresql://USER@HOST/NAME; found"
            f" {url.render_as_string(hide_password=True)}"
        )
    return url.set(drivername=DRIVERS[kind])


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _engine(url: URL) -> Engine:
    if not _is_sqlite(url):
        try:
            return sa.create_engine(url, pool_pre_ping=True)
        except ModuleNotFoundError:
            raise StoreError("PostgreSQL needs psycopg: pip install 'secondline[team]'") from None
    try:
        Path(url.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{url.database} cannot be created: {error.strerror}") from None
    engine = sa.create_engine(url, connect_args={"timeout": WAIT})
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    return engine


def _connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin as `_begun` says, not at the first write
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # an entry that was kept survives a power cut


def _begun(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
