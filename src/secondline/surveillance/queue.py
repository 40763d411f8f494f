"""Where statements wait for the editors: marks that are kept once, and the room they go to."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine, Select, delete, insert, select, update

from secondline.literature.database import marks, reading, watched, writing
from secondline.surveillance.results import Mark, Reason


class Queue(Protocol):
    """What takes marks for the editors."""

    def mark(self, statement: str, reason: Reason, about: str) -> object:
        """Put a statement into the queue; what is known there already changes nothing."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Up to which change the literature was looked at, and the digest of the queries then."""

    changed: int = 0
    queries: str = ""


class Marks:
    """Marks beside the literature that they are about; one database for a team."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def reached(self) -> Reached:
        """Return how far was looked; nothing yet is change 0."""
        with reading(self._engine) as connection:
            row = connection.execute(select(watched)).first()
        return Reached(row.changed, row.queries) if row else Reached()

    def keep(self, found: Iterable[Mark], reached: Reached) -> tuple[Mark, ...]:
        """Keep marks and how far was looked, both or neither.

        Returns:
            Those that were not known, in the order of their statements.
        """
        key = (marks.c.statement, marks.c.reason, marks.c.about)
        with writing(self._engine) as connection:
            known = {tuple(row) for row in connection.execute(select(*key))}
            new: dict[tuple[str, str, str], Mark] = {}
            for mark in found:
                named = (mark.statement, mark.reason, mark.about)
                if named not in known:
                    new.setdefault(named, mark)
            if new:
                rows = [
                    {
                        "statement": mark.statement, "reason": mark.reason, "about": mark.about,
                        "says": mark.says, "handed_over": False,
                    }
                    for mark in new.values()
                ]  # fmt: skip
                connection.execute(insert(marks), rows)
            connection.execute(delete(watched))
            row = {"changed": reached.changed, "queries": reached.queries}
            connection.execute(insert(watched), [row])
        return tuple(new[named] for named in sorted(new))

    def abouts(self) -> frozenset[str]:
        """Return what all marks are about."""
        with reading(self._engine) as connection:
            return frozenset(connection.execute(select(marks.c.about).distinct()).scalars())

    def all(self) -> tuple[Mark, ...]:
        """Return every mark that was ever made."""
        return self._chosen(select(marks))

    def hand_over(self, queue: Queue, among: Container[str]) -> int:
        """Put what is not there yet into the queue of the editors; return how many marks.

        A mark is remembered as handed over after it was; handing it over again changes nothing.

        Args:
            among: the ids of the statements that the room knows; marks of others wait.
        """
        waiting = self._chosen(select(marks).where(marks.c.handed_over.is_(False)))
        known = [mark for mark in waiting if mark.statement in among]
        for mark in known:
            queue.mark(mark.statement, mark.reason, mark.about)
            handed = update(marks).where(
                marks.c.statement == mark.statement,
                marks.c.reason == mark.reason,
                marks.c.about == mark.about,
            )
            with writing(self._engine) as connection:
                connection.execute(handed.values(handed_over=True))
        return len(known)

    def _chosen(self, chosen: Select[Any]) -> tuple[Mark, ...]:
        ordered = chosen.order_by(marks.c.statement, marks.c.reason, marks.c.about)
        with reading(self._engine) as connection:
            return tuple(
                Mark(statement=row.statement, reason=row.reason, about=row.about, says=row.says)
                for row in connection.execute(ordered)
            )
