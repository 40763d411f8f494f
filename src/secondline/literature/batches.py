"""The records of some steps of a file, written at once: versions, documents, links, retractions."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from secondline.literature.articles import names
from secondline.literature.database import chunks, documents, links, rejected, versions
from secondline.literature.holdings import Outcome
from secondline.literature.records import Deletion, Document, Rejected, Step
from secondline.literature.retractions import settle

_DECODER = msgspec.json.Decoder(Document)
PACKING = 3  # of zlib: levels above save little and cost much


def packed(document: Document) -> bytes:
    """Return a document as its content is kept."""
    return zlib.compress(msgspec.json.encode(document), PACKING)


def unpacked(content: bytes) -> Document:
    """Return the document of a content as it is kept."""
    return _DECODER.decode(zlib.decompress(content))


@dataclass(slots=True)
class _Now:
    """A document as it is after the records of the batch before."""

    id: str
    pmid: str | None
    doi: str | None
    pmcid: str | None
    issued: int
    version: int
    content_version: int
    sha256: str
    deleted: bool
    document: Document | None = None  # where the batch brings a new content


class Batch:
    """The records of some steps, written at once."""

    def __init__(self, connection: Connection, file: str) -> None:
        self._connection = connection
        self._file = file
        self._taken: list[tuple[int, int, Document | Deletion | Rejected]] = []
        self._versions: list[dict[str, Any]] = []
        self._outcomes: Counter[Outcome] = Counter()

    def take(self, step: Step) -> None:
        """Take the records of a step, in their order."""
        self._taken += [(step.position, n, each) for n, each in enumerate(step.records)]

    def write(self) -> Counter[Outcome]:
        """Write what was taken; return what became of it."""
        before = self._before()
        now: dict[str, _Now] = {id_: replace(row) for id_, row in before.items()}
        refused: list[dict[str, Any]] = []
        for position, number, each in self._taken:
            if isinstance(each, Document):
                self._outcomes[self._bring(each, position, now)] += 1
            elif isinstance(each, Deletion):
                self._outcomes[self._delete(each, position, now)] += 1
            else:
                self._outcomes["rejected"] += 1
                where = {"file": self._file, "position": position, "number": number}
                refused.append({**where, "record": each.record, "reason": each.reason})
        if refused:
            self._connection.execute(insert(rejected), refused)
        changed = {id_: row for id_, row in now.items() if row != before.get(id_)}
        if changed:
            self._write(changed, before)
        return self._outcomes

    def _before(self) -> dict[str, _Now]:
        ids = {_id(each) for _, _, each in self._taken if not isinstance(each, Rejected)}
        columns = [each.name for each in fields(_Now) if each.name != "document"]
        chosen = select(*(documents.c[name] for name in columns))
        return {
            row.id: _Now(**row._mapping)
            for some in chunks(sorted(ids))
            for row in self._connection.execute(chosen.where(documents.c.id.in_(some)))
        }

    def _bring(self, document: Document, position: int, now: dict[str, _Now]) -> Outcome:
        content = msgspec.json.encode(document)
        sha256 = hashlib.sha256(content).hexdigest()
        held = now.get(document.id)
        if held and not held.deleted and held.sha256 == sha256:
            return "unchanged"
        if held and document.version < held.issued:
            return "superseded"
        outcome: Outcome = "new" if held is None else "restored" if held.deleted else "revised"
        number = held.version + 1 if held else 1
        now[document.id] = _Now(
            id=document.id,
            pmid=document.pmid,
            doi=document.doi,
            pmcid=document.pmcid,
            issued=document.version,
            version=number,
            content_version=number,
            sha256=sha256,
            deleted=False,
            document=document,
        )
        self._version(
            document.id, number, outcome, position, sha256, zlib.compress(content, PACKING)
        )
        return outcome

    def _delete(self, deletion: Deletion, position: int, now: dict[str, _Now]) -> Outcome:
        held = now.get(_id(deletion))
        if held is None or held.deleted:
            return "not held"
        if deletion.version < held.issued:
            return "superseded"
        now[held.id] = replace(held, version=held.version + 1, deleted=True)
        self._version(held.id, held.version + 1, "deleted", position, "", None)
        return "deleted"

    def _version(  # noqa: PLR0913, PLR0917  # the columns of a row
        self, id_: str, number: int, action: str, position: int, sha256: str, content: bytes | None
    ) -> None:
        self._versions.append(
            {
                "document": id_,
                "version": number,
                "action": action,
                "sha256": sha256,
                "file": self._file,
                "position": position,
                "content": content,
            }
        )

    def _write(self, changed: Mapping[str, _Now], before: Mapping[str, _Now]) -> None:
        execute = self._connection.execute
        change = 1 + int(
            execute(select(func.coalesce(func.max(documents.c.changed), 0))).scalar_one()
        )
        touched: set[str] = set()
        for rows in (changed, before):
            for row in rows.values():
                touched.update(names(row.pmid, row.doi, row.pmcid))
        brought = {id_: row.document for id_, row in changed.items() if row.document}
        known = sorted(changed.keys() & before.keys())
        self._touch_retracted(known, touched)
        execute(insert(versions), self._versions)
        fresh = [_columns(row, change) for id_, row in changed.items() if id_ not in before]
        if fresh:
            execute(insert(documents), fresh)
        for id_ in known:
            execute(
                update(documents)
                .where(documents.c.id == id_)
                .values(_columns(changed[id_], change))
            )
        for some in chunks(sorted(brought.keys() & before.keys())):
            execute(delete(links).where(links.c.document.in_(some)))
        stated = [
            {"document": id_, "number": number, **msgspec.structs.asdict(link)}
            for id_, document in brought.items()
            for number, link in enumerate(document.links)
        ]
        if stated:
            execute(insert(links), stated)
        self._touch_retracted(sorted(changed), touched)
        settle(self._connection, touched, change)

    def _touch_retracted(self, ids: Sequence[str], touched: set[str]) -> None:
        """Add the numbers of what documents retract, as it is written now."""
        chosen = select(links.c.pmid, links.c.doi, links.c.pmcid).where(
            links.c.relation == "retracts"
        )
        for some in chunks(ids):
            for each in self._connection.execute(chosen.where(links.c.document.in_(some))):
                touched.update(names(each.pmid, each.doi, each.pmcid))


def _id(record: Document | Deletion) -> str:
    return record.id if isinstance(record, Document) else f"pmid:{record.pmid}"


def _columns(row: _Now, change: int) -> dict[str, Any]:
    """Return the columns that change; without a new content, those that tell of it stay."""
    columns: dict[str, Any] = {
        "version": row.version,
        "deleted": row.deleted,
        "changed": change,
    }
    if row.document is None:
        return columns
    return columns | {
        "id": row.id,
        "kind": row.document.kind,
        "pmid": row.pmid,
        "doi": row.doi,
        "pmcid": row.pmcid,
        "year": row.document.year,
        "issued": row.issued,
        "content_version": row.content_version,
        "sha256": row.sha256,
        "says_retracted": row.document.retracted,
        "retracted": row.document.retracted,
    }
