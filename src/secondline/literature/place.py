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
    return (
        bool(os.environ.get("SECONDLINE_DATABASE"))
        or (literature_folder() / "literature.sqlite").is_file()
    )
