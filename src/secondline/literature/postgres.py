"""PostgreSQL as search server: BM25 by the extension pg_textsearch, cosines by pgvector.

A search is answered by one statement for each leg. Passages stand in a schema of their own, which
a build replaces whole, in one transaction.

Source:
    https://github.com/timescale/pg_textsearch, https://github.com/pgvector/pgvector
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from secondline.literature.database import POSTGRES, SECONDS_TO_CONNECT
from secondline.literature.dense import EXACT, PROBED
from secondline.literature.embedding import DIMENSIONS, Vector
from secondline.literature.legs import Scored
from secondline.literature.loading import Loaded
from secondline.literature.records import StoreError
from secondline.literature.remedies import no_search, why
from secondline.literature.search import AlreadyBuilding
from secondline.literature.servers import Contents, Groups

SCHEMA, NEW = "secondline_search", "secondline_search_new"
EXTENSIONS = ("pg_textsearch", "vector")
BUILDING = 7_051_928  # the number of the lock by which one process builds at a time
SECONDS = 30  # for one leg; it is then told to have failed
MOST_TOKENS = 16_383  # of a passage: the positions that PostgreSQL tells apart in a text
LONGEST = 500_000  # characters of its tokens; beyond a megabyte PostgreSQL refuses a text
# PostgreSQL's own parser divides some tokens ("1e5e"); none of letters and digits that begins with
# a letter. A repeated token counts up to 255 times in a passage.
LETTER = "t"


class PostgreSQL:
    """Passages in PostgreSQL, with the extensions pg_textsearch and vector.

    Args:
        address: postgresql://USER@HOST/NAME.

    Raises:
        AddressError: it is no such address.
        StoreError: the driver is not installed.
    """

    def __init__(self, address: str) -> None:
        url = _url(address)
        try:
            self._engine: Engine = create_engine(
                url, pool_pre_ping=True, connect_args={"connect_timeout": SECONDS_TO_CONNECT}
            )
        except ModuleNotFoundError:
            raise StoreError("PostgreSQL needs the extra: pip install 'secondline[team]'") from None

    def close(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    def contents(self) -> Contents | None:
        """Return what it holds, None for nothing that can be used.

        Raises:
            StoreError: the server cannot be asked.
        """
        with self._told(), self._engine.connect() as connection:
            name = connection.execute(text("SELECT to_regclass(:n)"), {"n": f"{SCHEMA}.contents"})
            if name.scalar() is None:
                return None
            kept = connection.execute(text(f"SELECT kept FROM {SCHEMA}.contents")).scalar_one()
        return Contents.from_json(kept)

    def replace(self, passages: Iterable[Loaded], contents: Callable[[], Contents]) -> None:
        """Put passages in the place of those that it holds: all of them, or none.

        Searches go on with the old ones until the new ones are indexed.

        Raises:
            AlreadyBuilding: another process does so.
            StoreError: the server cannot be written, or lacks an extension.
        """
        with self._told(), self._engine.connect() as connection, _alone(connection):
            _extended(connection)
            _run(connection, f"DROP SCHEMA IF EXISTS {NEW} CASCADE", f"CREATE SCHEMA {NEW}")
            _run(
                connection,
                f"CREATE TABLE {NEW}.passages (row integer NOT NULL, passage text NOT NULL,"
                " document text NOT NULL, tokens text NOT NULL, marks text[] NOT NULL,"
                f" vector halfvec({DIMENSIONS}) STORAGE PLAIN)",  # read for every search
                f"CREATE TABLE {NEW}.contents (kept text NOT NULL)",
            )
            _copy(connection, passages)
            held = contents()
            _run(
                connection,
                f"CREATE INDEX by_tokens ON {NEW}.passages USING bm25 (tokens)"
                " WITH (text_config = 'simple', k1 = 1.2, b = 0.75)",
                f"CREATE INDEX by_marks ON {NEW}.passages USING gin (marks)",
            )
            if held.vectors > EXACT:
                _run(
                    connection,
                    f"CREATE INDEX by_vector ON {NEW}.passages"
                    f" USING ivfflat (vector halfvec_cosine_ops) WITH (lists = {_lists(held)})",
                )
            keep = text(f"INSERT INTO {NEW}.contents VALUES (:kept)")
            connection.execute(keep, {"kept": held.as_json()})
            connection.commit()
            _run(connection, f"ANALYZE {NEW}.passages")
            connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            connection.execute(text(f"ALTER SCHEMA {NEW} RENAME TO {SCHEMA}"))
            connection.commit()

    def by_tokens(self, counted: Counter[str], groups: Groups, wanted: int) -> list[Scored]:
        """Return the best passages by BM25, only such as hold a token."""
        query = _written(counted.elements())
        score = f"tokens <@> to_bm25query(:query, '{SCHEMA}.by_tokens')"
        found = self._found(score, "true", groups, wanted, query=query)
        return [each for each in found if each.score > 0]

    def by_vector(self, vector: Vector, groups: Groups, wanted: int) -> list[Scored]:
        """Return the nearest passages by cosine, only such as have a vector."""
        held = self.contents()
        lists = _lists(held) if held and held.vectors > EXACT else 0
        settings = {
            "ivfflat.probes": str(math.ceil(PROBED * lists)),
            "ivfflat.max_probes": str(lists),
            "ivfflat.iterative_scan": "relaxed_order",  # put in order here
        }
        score = f"vector <=> CAST(:query AS halfvec({DIMENSIONS}))"
        return self._found(
            score,
            "vector IS NOT NULL",
            groups,
            wanted,
            query=str(vector.tolist()),
            settings=settings if lists else {},
        )

    def _found(  # noqa: PLR0913  # the parts of one statement
        self,
        score: str,
        holds: str,
        groups: Groups,
        wanted: int,
        *,
        query: str,
        settings: dict[str, str] | None = None,
    ) -> list[Scored]:
        """Return the passages with the lowest scores; higher is better in what is returned."""
        passing = [f"marks && CAST(:group_{n} AS text[])" for n in range(len(groups))]
        statement = text(
            f"SELECT {score} AS score, row, document, passage FROM {SCHEMA}.passages"
            f" WHERE {' AND '.join((holds, *passing))} ORDER BY score LIMIT :wanted"
        )
        values: dict[str, Any] = {f"group_{n}": list(group) for n, group in enumerate(groups)}
        with self._engine.connect() as connection:
            told = {"statement_timeout": f"{SECONDS}s", **(settings or {})}
            for name, value in told.items():
                setting = text("SELECT set_config(:name, :value, true)")
                connection.execute(setting, {"name": name, "value": value})
            rows = connection.execute(statement, {**values, "query": query, "wanted": wanted})
            return [
                Scored(-found.score, found.row, found.document, found.passage) for found in rows
            ]

    @contextmanager
    def _told(self) -> Iterator[None]:
        from psycopg import Error  # noqa: PLC0415  # an extra

        try:
            yield
        except (DBAPIError, Error) as error:
            told = why(error, self._engine.url)
            raise StoreError(f"the search server cannot be used: {told}") from None


def _url(address: str) -> URL:
    try:
        url = make_url(address)
        return url.set(drivername=POSTGRES[url.get_backend_name()])
    except (ArgumentError, ValueError, KeyError):
        raise no_search(address) from None


def _lists(held: Contents) -> int:
    return 2 * math.isqrt(held.vectors)


def _written(tokens: Iterable[str]) -> str:
    return " ".join(LETTER + token for token in tokens)


def _copy(connection: Connection, passages: Iterable[Loaded]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # it is connected
    columns = "row, passage, document, tokens, marks, vector"
    with (
        driver.transaction(),
        driver.cursor().copy(f"COPY {NEW}.passages ({columns}) FROM STDIN") as copy,
    ):
        copy.set_types(["int4", "text", "text", "text", "text[]", "text"])
        for each in passages:
            tokens = _written(each.tokens[:MOST_TOKENS])[:LONGEST]
            vector = None if each.vector is None else str(each.vector.tolist())
            copy.write_row(
                (each.row, each.passage, each.document, tokens, list(each.marks), vector)
            )


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.execute(text(statement))
    connection.commit()


def _extended(connection: Connection) -> None:
    held = set(connection.execute(text("SELECT extname FROM pg_extension")).scalars())
    for name in EXTENSIONS:
        if name not in held:
            connection.execute(text(f"CREATE EXTENSION {name}"))
    connection.commit()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Let one process build at a time; the server frees the lock of one that was killed."""
    locking = {"number": BUILDING}
    taken = connection.execute(text("SELECT pg_try_advisory_lock(:number)"), locking)
    if not taken.scalar():
        raise AlreadyBuilding("another process builds this index; wait until it has finished")
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:number)"), locking)
        connection.commit()
