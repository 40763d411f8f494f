"""Where surveillance leaves its marks: the queue of the editorial room, in the name of a person."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secondline.editorial.dossier import MarkReason

if TYPE_CHECKING:
    from secondline.editorial.editing import Editorial


@dataclass(frozen=True, slots=True)
class Inbox:
    """Takes marks for the editors; every one is signed by the person who looked."""

    room: "Editorial"
    who: str

    def mark(self, statement: str, reason: MarkReason, about: str) -> None:
        """Put a statement into the queue; what was marked once is not marked again."""
        self.room.mark(statement, reason, about, who=self.who)
