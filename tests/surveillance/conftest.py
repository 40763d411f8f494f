"""What tests of surveillance share: documents of invented trials, and a literature of their own.

All of them run on SQLite and on PostgreSQL; the latter skip, with the reason, where there is none.
"""

import json

import pytest
from sqlalchemy import text

from secondline.literature import database
from secondline.literature.literature import Literature
from secondline.surveillance.upkeep import Upkeep


@pytest.fixture(params=["sqlite", "postgresql"])
def literature(request, tmp_path):
    if request.param == "sqlite":
        yield Literature(f"sqlite:///{tmp_path}/literature.sqlite")
        return
    opened = Literature(request.getfixturevalue("plain_postgres"))
    yield opened
    opened.store.engine.dispose()
    with opened.store.engine.begin() as connection:
        database.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    opened.store.engine.dispose()


@pytest.fixture
def added(literature, tmp_path):
    """Add files of PubMed XML or lists of records of the user; each call is one update."""
    count = iter(range(1000))

    def add(content):
        path = tmp_path / f"{next(count)}.{'xml' if isinstance(content, str) else 'jsonl'}"
        if not isinstance(content, str):
            content = "".join(json.dumps(record) + "\n" for record in content)
        path.write_text(content, "utf-8")
        (result,) = literature.add([path])
        assert result.state == "read", result.reason
        return result

    return add


@pytest.fixture
def upkeep(library, literature):
    return Upkeep(library, literature)


class Room:
    """A queue of editors that remembers what it was told."""

    def __init__(self):
        self.told = []

    def mark(self, statement, reason, about):
        self.told.append((statement, reason, about))


@pytest.fixture
def room():
    return Room()
