"""Where literature is kept: under SECONDLINE_HOME, or in the platform's folder for data."""

import os
from pathlib import Path

from platformdirs import user_data_path


def literature_folder() -> Path:
    """Return the folder of everything that is kept of literature; it need not exist yet."""
    home = os.environ.get("SECONDLINE_HOME")
    return (Path(home) if home else user_data_path("secondline")) / "literature"


def database_address() -> str:
    """Return the address of the database: SECONDLINE_DATABASE, or SQLite in the folder."""
    address = os.environ.get("SECONDLINE_DATABASE")
    return address or f"sqlite:///{literature_folder() / 'literature.sqlite'}"


def is_kept() -> bool:
    """Say whether literature was ever added; to look at what is not there would make it."""
    named = bool(os.environ.get("SECONDLINE_DATABASE"))
    return named or is_there(literature_folder() / "literature.sqlite")


def is_there(path: Path) -> bool:
    """Say whether there is such a file or folder; one that may not be seen counts as there.

    Opening it then says what stands in the way.
    """
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def places() -> tuple[str, str | None, Path]:
    """Return all places at which literature is looked for: database, search, folder."""
    return database_address(), search_address(), literature_folder()


def search_address() -> str | None:
    """Return the address of the search server: SECONDLINE_SEARCH; None for an index in files."""
    return os.environ.get("SECONDLINE_SEARCH") or None
