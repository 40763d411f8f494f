"""What tests of the literature share: files made small, read, and kept in a database of their own."""

import os

import pytest

from postgres_server import postgres_server
from secondline.literature import database
from secondline.literature.files import opened
from secondline.literature.literature import Literature
from secondline.literature.reading import steps
from secondline.literature.records import FileError


@pytest.fixture
def written(tmp_path):
    """Write a file and return its path."""

    def write(content, name="file.xml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def records(written):
    """Read a file; return its records, and why it cannot be read further."""

    def read(content, name="file.xml"):
        path = written(content, name)
        found = []
        try:
            with opened(path) as source:
                for step in steps(source, path):
                    found.extend(step.records)
        except FileError as error:
            return found, f"byte {error.position}: {error}"
        return found, None

    return read


@pytest.fixture
def only(records):
    """Read a file that holds one record and is in order; return the record."""

    def read(content, name="file.xml"):
        found, broken = records(content, name)
        assert broken is None
        (one,) = found
        return one

    return read


@pytest.fixture
def literature(tmp_path):
    address = f"sqlite:///{tmp_path}/literature.sqlite"
    database.opened(address).dispose()
    return Literature(address)


@pytest.fixture
def add(literature, written):
    """Write files and add them; return what became of the last."""

    def add_all(*contents, name="file.xml"):
        paths = [written(content, f"{n}-{name}") for n, content in enumerate(contents)]
        return list(literature.add(paths))[-1]

    return add_all


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL: the one that is named, or one that is started."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    named = os.environ.get("SECONDLINE_TEST_POSTGRES")
    if named:
        yield named
    else:
        with postgres_server() as address:
            yield address
