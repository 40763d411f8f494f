"""What went wrong with a database or an address, and what a person can do about it."""

import sqlite3

from sqlalchemy import URL

from secondline.literature.records import AddressError

RESTORE = "restore it from a copy, or move it away and add the files again"
REACH = "see that it is a file, and that you may read and write it and its folder"
SQLITE = {  # by what SQLite's own codes begin with
    "SQLITE_NOTADB": RESTORE,
    "SQLITE_CORRUPT": RESTORE,
    "SQLITE_CANTOPEN": REACH,
    "SQLITE_PERM": REACH,
    "SQLITE_READONLY": "you need the right to write it and its folder",
    "SQLITE_FULL": "make room, then run the command again: it goes on where it stopped",
    "SQLITE_IOERR": "see that the disk has room and is in order, then run the command again",
    "SQLITE_BUSY": "another process writes it; wait until it has finished",
}
POSTGRES = {  # by what the standard's codes begin with
    "22": "make the database with the encoding UTF8",
    "42501": "let its owner grant this user the right to",
    "53": "make room, then run the command again: it goes on where it stopped",
    "0A000": "install the extension on the server",
    "58P01": "install the extension on the server",
}
SERVER = "see that the server runs, and that the address names it, its database, user and password"


def place(url: URL) -> str:
    """Return which database an address names: its file, or the address without any password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "the database in memory"
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def scheme(address: str) -> str:
    """Return what can be shown of an address that is none: no password may be in it."""
    before, mark, _ = address.partition("://")
    if mark:
        return f"{before}{mark}..."
    return "words that hold @" if "@" in address else repr(address)


def no_search(address: str) -> AddressError:
    """Return the error of a SECONDLINE_SEARCH that names nothing to search in."""
    return AddressError(
        f"SECONDLINE_SEARCH is no address of a search; found {scheme(address)}, expected"
        " postgresql://USER@HOST/NAME, https://HOST:PORT of OpenSearch, or file:///FOLDER of a"
        " folder that `secondline literature index shard` filled"
    )


def why(error: Exception, url: URL) -> str:
    """Return which database, what went wrong, and what to do."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError):
        return (
            f"{place(url)}: its folder cannot be made ({cause}); let SECONDLINE_HOME name a folder"
            " that you may write"
        )
    told = (str(cause).splitlines() or [type(cause).__name__])[0]
    return f"{place(url)}: {told}; {_remedy(cause)}"


def _remedy(cause: BaseException) -> str:
    if isinstance(cause, sqlite3.Error):
        code, known, other = getattr(cause, "sqlite_errorname", ""), SQLITE, REACH
    else:
        code, known, other = getattr(cause, "sqlstate", None) or "", POSTGRES, SERVER
    return next((what for name, what in known.items() if code.startswith(name)), other)
