"""An editorial room over a small knowledge folder, on SQLite and on a real PostgreSQL."""

import pytest
from people import enrolled

from postgres_server import Server
from secondline import desk
from small_knowledge import Folder


@pytest.fixture(scope="session")
def postgres():
    server = Server(extensions=False)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    """Where a log is kept: the same tests run on both."""
    if request.param == "sqlite":
        return str(tmp_path / "log.db")
    return request.getfixturevalue("postgres").database()


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "knowledge")


@pytest.fixture
def open_room(folder, store):
    """Open the room over the folder, as another session would; all are closed in the end."""
    opened = []

    def room(root=None):
        opened.append(desk.open(root or folder.root).editorial(store))
        return opened[-1]

    yield room
    for each in opened:
        each.log.store.close()


@pytest.fixture
def room(open_room):
    return enrolled(open_room())


@pytest.fixture
def sqlite_room(folder, tmp_path):
    opened = enrolled(desk.open(folder.root).editorial(tmp_path / "log.db"))
    yield opened
    opened.log.store.close()
