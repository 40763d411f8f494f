"""Documents kept: every version with where it came from, deletions, links both ways.

The content decides what changed: its hash, never a date. A batch of steps and the place reached in
the file are written together, so that a process that is killed loses nothing and doubles nothing.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from secondline.literature.batches import Batch, unpacked
from secondline.literature.database import (
    chunks,
    documents,
    files,
    links,
    reading,
    rejected,
    versions,
    writing,
)
from secondline.literature.holdings import Counts, FileRecord, Held, Outcome, Related, State
from secondline.literature.records import INVERSE, Step

PAGE = 500  # documents read at once


class Store:
    """Documents in a database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # Files

    def file(self, sha256: str) -> FileRecord | None:
        """Return what is known of a file, by its content."""
        with reading(self.engine) as connection:
            row = connection.execute(select(files).where(files.c.sha256 == sha256)).one_or_none()
        return _file(row) if row else None

    def begin(self, file: FileRecord) -> None:
        """Remember a file of which nothing is kept yet."""
        with writing(self.engine) as connection:
            known = connection.execute(select(files.c.sha256).where(files.c.sha256 == file.sha256))
            if known.first() is None:
                connection.execute(insert(files).values(**_row(file)))

    def finish(self, sha256: str, state: State, reason: str | None = None) -> None:
        """Remember that a file is read to its end, or to where it is broken."""
        with writing(self.engine) as connection:
            finished = update(files).where(files.c.sha256 == sha256)
            connection.execute(finished.values(state=state, reason=reason))

    def keep(self, sha256: str, steps: Sequence[Step]) -> Counter[Outcome]:
        """Keep what the next steps of a file hold, and that the file is read so far.

        Steps that another process has kept meanwhile are left out.

        Returns:
            What became of the records of these steps.
        """
        with writing(self.engine) as connection:
            row = connection.execute(select(files).where(files.c.sha256 == sha256)).one()
            reached = _file(row)
            batch = Batch(connection, sha256)
            for step in steps:
                if step.end > reached.position:
                    batch.take(step)
            outcomes = batch.write()
            position = max(reached.position, steps[-1].end if steps else 0)
            counts = json.dumps(reached.counts + outcomes)
            connection.execute(
                update(files)
                .where(files.c.sha256 == sha256)
                .values(position=position, counts=counts)
            )
        return outcomes

    # Documents

    def get(self, id_: str) -> Held | None:
        """Return a document, a deleted one in its last version; None when it was never held."""
        with reading(self.engine) as connection:
            return next(_held(connection, _CURRENT.where(documents.c.id == id_)), None)

    def find_ids(self, number: str) -> tuple[str, ...]:
        """Return the ids of documents known by an id, a PMID, a PMC number or a DOI."""
        told = number.strip()
        named = or_(
            documents.c.id == told,
            documents.c.id.in_([f"nct:{told.upper()}", f"text:{told}"]),
            documents.c.pmid == told.lower().removeprefix("pmid:").strip(),
            documents.c.pmcid == told.upper().removeprefix("PMC:"),
            documents.c.doi == told.lower().removeprefix("https://doi.org/").removeprefix("doi:"),
        )
        with reading(self.engine) as connection:
            ids = connection.execute(select(documents.c.id).where(named).order_by(documents.c.id))
            return tuple(ids.scalars())

    def named_by(
        self,
        *,
        ids: Collection[str] = (),
        pmids: Collection[str] = (),
        pmcids: Collection[str] = (),
        dois: Collection[str] = (),
    ) -> tuple[str, ...]:
        """Return the ids of documents that have one of many ids or numbers; no deleted ones."""
        columns = documents.c
        asked = (
            (columns.id, ids), (columns.pmid, pmids), (columns.pmcid, pmcids), (columns.doi, dois),
        )  # fmt: skip
        found: set[str] = set()
        with reading(self.engine) as connection:
            for column, values in asked:
                for some in chunks(values):
                    chosen = select(columns.id).where(column.in_(some), columns.deleted.is_(False))
                    found.update(connection.execute(chosen).scalars())
        return tuple(sorted(found))

    def all(self, since: int = 0) -> Iterator[Held]:
        """Yield every document that is not deleted, in the order of ids.

        Args:
            since: only what changed after this change, deleted documents too; 0 for everything.
        """
        chosen = _CURRENT.order_by(documents.c.id).limit(PAGE)
        if since:
            chosen = chosen.where(documents.c.changed > since)
        else:
            chosen = chosen.where(documents.c.deleted.is_(False))
        last = ""
        while True:
            with reading(self.engine) as connection:
                page = tuple(_held(connection, chosen.where(documents.c.id > last)))
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1].document.id

    def related(self, id_: str) -> tuple[Related, ...]:
        """Return how a document is related to others, stated on either side; citations left out."""
        with reading(self.engine) as connection:
            own = connection.execute(
                select(documents.c.pmid, documents.c.doi, documents.c.pmcid).where(
                    documents.c.id == id_
                )
            ).one_or_none()
            if own is None:
                return ()
            found = [*_stated(connection, id_), *_stated_of(connection, id_, own)]
        # What both sides state is told once, in the words of the document itself.
        unique: dict[tuple[str, str], Related] = {}
        for each in found:
            unique.setdefault((each.relation, each.id or each.pmid or each.printed), each)
        return tuple(unique.values())

    def history(self, id_: str) -> tuple[Any, ...]:
        """Return the versions of a document, oldest first: action, hash, file and position."""
        chosen = (
            select(
                versions.c.version,
                versions.c.action,
                versions.c.sha256,
                files.c.name,
                versions.c.position,
            )
            .join(files, files.c.sha256 == versions.c.file)
            .where(versions.c.document == id_)
            .order_by(versions.c.version)
        )
        with reading(self.engine) as connection:
            return tuple(connection.execute(chosen))

    def count(self) -> Counts:
        """Count what is held."""
        live = documents.c.deleted.is_(False)
        with reading(self.engine) as connection:

            def one(chosen: Any) -> int:
                return int(connection.execute(chosen).scalar_one())

            def by(column: Any, *where: Any) -> dict[str, int]:
                chosen = select(column, func.count()).where(*where).group_by(column)
                return {str(name): n for name, n in sorted(map(tuple, connection.execute(chosen)))}

            by_kind = by(documents.c.kind, live)
            return Counts(
                records=sum(by_kind.values()),
                by_kind=by_kind,
                retracted=one(select(func.count()).where(live, documents.c.retracted)),
                deleted=one(select(func.count()).where(documents.c.deleted)),
                versions=one(select(func.count()).select_from(versions)),
                links=one(select(func.count()).select_from(links)),
                files=by(files.c.state),
                rejected=one(select(func.count()).select_from(rejected)),
                changed=one(select(func.coalesce(func.max(documents.c.changed), 0))),
            )


_CURRENT = select(documents, versions.c.content).join(
    versions,
    (versions.c.document == documents.c.id) & (versions.c.version == documents.c.content_version),
)


def _held(connection: Connection, chosen: Any) -> Iterator[Held]:
    for row in connection.execute(chosen):
        yield Held(
            document=unpacked(row.content),
            version=row.version,
            sha256=row.sha256,
            retracted=row.retracted,
            deleted=row.deleted,
            changed=row.changed,
        )


def _stated(connection: Connection, id_: str) -> Iterator[Related]:
    """Yield what a document says of others."""
    stated = select(links).where(links.c.document == id_).order_by(links.c.number)
    for link in connection.execute(stated).all():
        others = select(documents.c.id).where(_named(documents, link), documents.c.id != id_)
        ids = tuple(connection.execute(others.order_by(documents.c.id)).scalars())
        for other in ids or (None,):
            yield Related(link.relation, other, link.pmid, link.doi, link.pmcid, link.printed, id_)


def _stated_of(connection: Connection, id_: str, own: Any) -> Iterator[Related]:
    """Yield what documents that are not deleted say of this one, told from its side."""
    columns = documents.c
    stating = (
        select(links.c.relation, columns.id, columns.pmid, columns.doi, columns.pmcid)
        .join(documents, documents.c.id == links.c.document)
        .where(_named(links, own), documents.c.id != id_, documents.c.deleted.is_(False))
        .order_by(documents.c.id)
    )
    for each in connection.execute(stating):
        if inverse := INVERSE.get(each.relation):
            yield Related(inverse, each.id, each.pmid, each.doi, each.pmcid, "", each.id)


def _named(table: Table, row: Any) -> ColumnElement[bool]:
    """Return what holds of the rows of a table that share a number with a row.

    Two PMIDs are two articles, whatever else they share.
    """
    told = {"pmid": row.pmid, "doi": row.doi, "pmcid": row.pmcid}
    shared = [table.c[kind] == number for kind, number in told.items() if number]
    same = or_(table.c.pmid.is_(None), table.c.pmid == row.pmid) if row.pmid else true()
    return and_(or_(false(), *shared), same)


def _file(row: Any) -> FileRecord:
    return FileRecord(**{**row._mapping, "counts": Counter(json.loads(row.counts))})


def _row(file: FileRecord) -> dict[str, Any]:
    return {**asdict(file), "counts": json.dumps(file.counts)}
