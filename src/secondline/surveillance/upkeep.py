"""What keeps a library true to its sources, over the literature that was added."""

from collections.abc import Mapping
from typing import Any

from secondline.library.library import Library
from secondline.literature.literature import Literature
from secondline.literature.place import is_kept
from secondline.literature.records import StoreError
from secondline.surveillance.anchored import kept_anchors, verify_in
from secondline.surveillance.queue import Marks, Queue
from secondline.surveillance.results import LiteratureVerification, Mark, Watched
from secondline.surveillance.watching import Progress, watch


class Upkeep:
    """Holds one library against one literature."""

    def __init__(self, library: Library, literature: Literature) -> None:
        self.library = library
        self.literature = literature

    def verify(self) -> LiteratureVerification:
        """Look for the figures of every finding in the documents of its source; keep the anchors.

        Raises:
            StoreError: the database of the literature cannot be used.
        """
        return verify_in(self.library, self.literature)

    def watch(
        self,
        queue: Queue | None = None,
        *,
        everything: bool = False,
        from_year: int | None = None,
        progress: Progress | None = None,
    ) -> Watched:
        """Look at what changed since the last look, see `watching.watch`."""
        return watch(
            self.library, self.literature,
            queue=queue, everything=everything, from_year=from_year, progress=progress,
        )  # fmt: skip

    def marks(self) -> tuple[Mark, ...]:
        """Return every mark that surveillance ever made, also those handed over."""
        return Marks(self.literature.store.engine).all()


def anchors_of(id_: str, library: Library) -> Mapping[str, Any]:
    """Return `anchors` of a statement, as `verify` kept them; nothing where there are none.

    A database that cannot be read hides no record: `anchors_not_shown` says why.
    """
    if id_ not in library.statements or not is_kept():
        return {}
    try:
        kept = list(kept_anchors(library.statements[id_], Literature()))
    except StoreError as error:
        return {"anchors_not_shown": str(error)}
    return {"anchors": kept} if kept else {}
