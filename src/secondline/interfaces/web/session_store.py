"""Where sessions are kept: in a folder that only this user reads, gone when the server stops.

The processes of one server share it. A server that starts knows no session of an earlier one.
"""

import os
import shutil
import sqlite3
import tempfile
import weakref
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE sessions (secret TEXT PRIMARY KEY, person TEXT, began REAL, seen REAL) WITHOUT ROWID;
CREATE TABLE attempts (state TEXT PRIMARY KEY, browser TEXT, nonce TEXT, verifier TEXT,
                       return_to TEXT, began REAL) WITHOUT ROWID;
CREATE INDEX sessions_seen ON sessions (seen);
CREATE INDEX attempts_began ON attempts (began);
"""
WAIT = 5.0  # seconds for another process that writes


class SessionStore:
    """Two tables, opened by each process for itself, since no connection outlives a fork."""

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="secondline-"))  # for this user alone
        self._file = folder / "sessions.db"
        self._opened: dict[int, sqlite3.Connection] = {}  # by process
        self._end = weakref.finalize(self, _remove, folder, os.getpid(), self._opened)
        connection = self._connect()
        connection.executescript(TABLES)
        connection.close()

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement, which is done whole or not at all, and return its rows."""
        process = os.getpid()
        if process not in self._opened:
            self._opened[process] = self._connect()
        return self._opened[process].execute(statement, values).fetchall()

    def close(self) -> None:
        """Forget everything."""
        self._end()

    def _connect(self) -> sqlite3.Connection:
        # Used from one thread at a time, that of the event loop, which the tests change.
        connection = sqlite3.connect(
            self._file, timeout=WAIT, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # nothing here is worth waiting for a disk
        return connection


def _remove(folder: Path, process: int, opened: dict[int, sqlite3.Connection]) -> None:
    """Remove what is kept, in the process that began it; one that it forked leaves it alone."""
    if os.getpid() != process:
        return
    if connection := opened.pop(process, None):
        connection.close()
    shutil.rmtree(folder, ignore_errors=True)
