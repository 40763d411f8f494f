"""The tables in which literature is kept, in SQLite or PostgreSQL, and how they are opened."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from secondline.literature.place import is_there
from secondline.literature.records import AddressError, StoreError
from secondline.literature.remedies import place, scheme, why

HEAD = "pmc_links"  # the newest migration
POSTGRES = dict.fromkeys(("postgresql", "postgres"), "postgresql+psycopg")
DRIVERS = {"sqlite": "sqlite", **POSTGRES}  # by what addresses call them
NO_FILE = {None, "", ":memory:"}  # literature that is gone with its process
SECONDS_TO_CONNECT = 10
AT_ONCE = 400  # values of one query
NAMED = 3  # tables of another program
ONE_WRITER = 7_051_927  # the number of the lock by which PostgreSQL lets one batch write at a time

metadata = MetaData()

# What files were read, by their content.
files = Table(
    "files",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("format", Text),
    Column("position", BigInteger, nullable=False),  # unpacked; reading goes on here
    Column("state", Text, nullable=False),  # reading, read or broken
    Column("reason", Text),  # why it is broken
    Column("counts", Text, nullable=False),  # JSON: what became of its records
)

# One row for each document, as it is now.
documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("pmid", Text),
    Column("doi", Text),
    Column("pmcid", Text),
    Column("year", Integer),
    Column("issued", Integer, nullable=False),  # the version that its source gives it
    Column("version", Integer, nullable=False),  # how many versions were kept
    Column("content_version", Integer, nullable=False),  # the newest version with a content
    Column("sha256", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("says_retracted", Boolean, nullable=False),  # in the record itself
    Column("retracted", Boolean, nullable=False),  # in it, or by a notice in another
    Column("changed", BigInteger, nullable=False),  # rises with every batch
    Index("documents_by_pmid", "pmid"),
    Index("documents_by_doi", "doi"),
    Index("documents_by_pmcid", "pmcid"),
    Index("documents_by_change", "changed"),
)

# Every version that was ever read, and where it came from.
versions = Table(
    "versions",
    metadata,
    Column("document", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("action", Text, nullable=False),  # new, revised, deleted or restored
    Column("sha256", Text, nullable=False),  # of the content; empty when deleted
    Column("file", Text, nullable=False),
    Column("position", BigInteger, nullable=False),  # in the file, unpacked
    Column("content", LargeBinary),  # packed; none when deleted
)

# How documents say that they are related to others.
links = Table(
    "links",
    metadata,
    Column("document", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("relation", Text, nullable=False),
    Column("pmid", Text),
    Column("doi", Text),
    Column("pmcid", Text),
    Column("printed", Text, nullable=False),
    Index("links_by_pmid", "pmid"),
    Index("links_by_doi", "doi"),
    Index("links_by_pmcid", "pmcid"),
)

# Records that could not be read.
rejected = Table(
    "rejected",
    metadata,
    Column("file", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

# Where the figures of a finding stand in the text of a document that is its source.
anchors = Table(
    "anchors",
    metadata,
    Column("statement", Text, primary_key=True),
    Column("finding", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("words", Text, nullable=False),  # the digest of the statement that was verified
    Column("document", Text, nullable=False),
    Column("start", Integer, nullable=False),  # of the sentence, in characters
    Column("end", Integer, nullable=False),
    Column("sha256", Text, nullable=False),  # of the sentence
)

# Statements that surveillance put into the queue of the editors, each reason once.
marks = Table(
    "marks",
    metadata,
    Column("statement", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("says", Text, nullable=False),
    Column("handed_over", Boolean, nullable=False),  # to the editorial room
)

# Up to which change surveillance has looked, and with which standing queries: one row.
watched = Table(
    "watched",
    metadata,
    Column("changed", BigInteger, nullable=False),
    Column("queries", Text, nullable=False),  # their digest
)


def is_made(address: str) -> bool:
    """Say whether there is a database to be read: False for an SQLite file that is not there.

    Raises:
        AddressError: it is no address.
    """
    url = _url(address)
    return url.get_backend_name() != "sqlite" or is_there(Path(url.database or ""))


def nothing() -> Engine:
    """Return a database in memory that holds nothing and forgets what is written."""
    engine = create_engine("sqlite://", poolclass=NullPool)
    event.listen(engine, "connect", _sqlite)
    event.listen(engine, "connect", _empty)
    return engine


def _empty(connection: Any, _: object) -> None:
    for table in metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))


def opened(address: str) -> Engine:
    """Open a database, made when there is none, and bring its tables up to date.

    Args:
        address: sqlite:///FILE, or postgresql://… for a team.

    Raises:
        AddressError: it is no address.
        StoreError: it cannot be opened, was written by a newer version, or is another program's.
    """
    url = _url(address)
    try:
        if url.get_backend_name() == "sqlite":
            Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(url)
            event.listen(engine, "connect", _sqlite)
        else:
            engine = create_engine(url, connect_args={"connect_timeout": SECONDS_TO_CONNECT})
        _up_to_date(engine)
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs the extra: pip install 'secondline[team]'") from None
    except (DBAPIError, OSError) as error:
        raise StoreError(f"the literature cannot be opened: {why(error, url)}") from None
    return engine


def _url(address: str) -> URL:
    try:
        url = make_url(address)
        found = url.set(drivername=DRIVERS[url.get_backend_name()])
    except (ArgumentError, ValueError, KeyError):
        found = None
    if found is None or (found.drivername == "sqlite" and found.database in NO_FILE):
        raise AddressError(
            f"SECONDLINE_DATABASE is no address of a database; found {scheme(address)}, expected"
            " sqlite:///FILE or postgresql://USER@HOST/NAME"
        )
    return found


def _sqlite(connection: Any, _: object) -> None:
    """Wait for another process that writes; a batch is kept whole or not at all."""
    connection.isolation_level = None  # SQLAlchemy begins transactions, not the driver
    for setting in ("synchronous=NORMAL", "busy_timeout=60000"):
        connection.execute(f"PRAGMA {setting}")


def chunks(values: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield values in pieces that one query can name."""
    listed = tuple(values)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Look into the database.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection
    except DBAPIError as error:
        raise StoreError(f"the literature cannot be read: {why(error, engine.url)}") from None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Change the database, whole or not at all, one writer at a time.

    Raises:
        StoreError: it cannot be written; nothing of this was.
    """
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_WRITER})
            yield connection
    except DBAPIError as error:
        raise StoreError(f"the literature cannot be written: {why(error, engine.url)}") from None


def _up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if "alembic_version" in tables:
            found = connection.execute(text("SELECT version_num FROM alembic_version"))
            if found.scalar() == HEAD:
                return
    if tables and files.name not in tables and _is_of_others(engine, tables):
        raise StoreError(
            f"{place(engine.url)} is the database of another program: it holds"
            f" {', '.join(sorted(tables)[:NAMED])}; let SECONDLINE_DATABASE name another one"
        )
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:  # readers read on while one process writes
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    # Only a database that is not up to date needs the import.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError:
        raise StoreError(
            f"{place(engine.url)} was written by a newer version of secondline; update this one"
        ) from None


def _is_of_others(engine: Engine, tables: set[str]) -> bool:
    """Say so of an SQLite file with other tables, and of any with migrations that are not ours."""
    return engine.dialect.name == "sqlite" or "alembic_version" in tables
