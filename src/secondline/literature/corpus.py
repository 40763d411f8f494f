"""The literature that was added, as an index takes it."""

from collections.abc import Iterator

from sqlalchemy import select

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
        newest = (
            select(documents.c.changed, documents.c.id, documents.c.sha256)
            .order_by(documents.c.changed.desc(), documents.c.id)
            .limit(1)
        )
        with reading(self._literature.store.engine) as connection:
            row = connection.execute(newest).one_or_none()
        content = f"change {row.changed}, {row.id} {row.sha256[:12]}" if row else "nothing held"
        return f"{content}, diseases {self._subjects.digest}"

    def __iter__(self) -> Iterator[Entry]:
        for held in self._literature.documents():
            yield Entry(
                document=held.document,
                passages=tuple(passages(held.document)),
                diseases=self._subjects.of(held.document),
                retracted=held.retracted,
            )
