"""The literature that was added, as an index takes it."""

from collections.abc import Iterator

from sqlalchemy import func, select

from secondline.literature.building import Entry
from secondline.literature.database import documents, reading
from secondline.literature.literature import Literature
from secondline.literature.passages import passages
from secondline.literature.subjects import Subjects


class StoredCorpus:
    """Every document that is held and not deleted, with its passages and diseases."""

    def __init__(self, literature: Literature, subjects: Subjects) -> None:
        self._literature = literature
        self._subjects = subjects

    @property
    def state(self) -> str:
        """What changes with every change of the literature and of the names of diseases."""
        newest = select(func.coalesce(func.max(documents.c.changed), 0))
        with reading(self._literature.store.engine) as connection:
            change = connection.execute(newest).scalar_one()
        return f"change {change}, diseases {self._subjects.digest}"

    def __iter__(self) -> Iterator[Entry]:
        for held in self._literature.documents():
            yield Entry(
                document=held.document,
                passages=tuple(passages(held.document)),
                diseases=self._subjects.of(held.document),
                retracted=held.retracted,
            )
