"""The editorial room behind the pages: opened when a page first needs it, by one name or many."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from secondline import desk
from secondline.interfaces.web.serve_error import ServeError


@dataclass
class EditorialRoom:
    """Gives every page the same room, as soon as its store can be opened.

    Attributes:
        opened: the desk whose library is worked on.
        store: of the log: a connection URL or a path; None for the user's own.
        editions: the folder under which editions are published; None where none can be.
    """

    opened: desk.Desk
    store: str | None = None
    editions: Path | None = None
    _room: "desk.review.Editorial | None" = field(default=None, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def room(self) -> "desk.review.Editorial":
        """Return the room.

        Raises:
            StoreError: its store cannot be opened now; the next call tries again.
        """
        with self._lock:
            if self._room is None:
                self._room = self.opened.editorial(self.store)
            return self._room

    def require_enrolled(self, name: str) -> None:
        """Require that a person is enrolled under exactly this name.

        Raises:
            ServeError: nobody is; the message says what to do.
        """
        people = [person.name for person in self.room().people()]
        if name not in people:
            among = f"enrolled are {', '.join(people)}" if people else "nobody is enrolled yet"
            raise ServeError(
                f"--as {name}: no person of this name is enrolled ({among});"
                f' secondline review user add "{name}" enrolls'
            )

    def close(self) -> None:
        """Close the store, if it was opened."""
        with self._lock:
            if self._room is not None:
                self._room.close()
                self._room = None
