"""Opening the editorial room of a library, at the store that was named or at the user's own."""

from pathlib import Path

from secondline.editorial.editing import Editorial
from secondline.editorial.store import Store, own_store
from secondline.library.library import Library


def open_editorial(library: Library, store: Path | str | None = None) -> Editorial:
    """Open the editorial room of a library.

    Args:
        library: the edition that is worked on.
        store: of the log: a connection URL (sqlite or postgresql) or the path of an SQLite file;
            without one, what SECONDLINE_STORE names, or the user's own file.

    Raises:
        StoreError: the store cannot be opened.
    """
    return Editorial(Store(str(store or own_store())), library)
