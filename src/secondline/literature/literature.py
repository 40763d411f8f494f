"""The literature of one user or team: files added, documents counted, shown and read again."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from secondline.literature.database import is_made, nothing, opened
from secondline.literature.files import digest, recognized
from secondline.literature.files import opened as opened_file
from secondline.literature.holdings import Added, Counts, FileRecord, Held, Outcome, Refused
from secondline.literature.passages import passages
from secondline.literature.place import database_address
from secondline.literature.reading import READERS
from secondline.literature.records import Document, FileError, NoSuchDocument, Rejected, Step
from secondline.literature.store import Store

Progress = Callable[[str, float], None]  # called with the name of a file and the share done

BATCH_RECORDS = 500  # written at once
BATCH_BYTES = 16 << 20
LISTED = 100  # records refused and oddities that a report names; the rest is counted
NAMES = re.compile(r"NCT\d{8}|PMC\d+", re.IGNORECASE)
DAY = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# A PMID by itself, or beside a PMC number; behind "pubmed" it may be the day of a download.
PMID_NAMES = re.compile(
    r"(?:(?:pmid|(pubmed))[_-]?)?(\d{5,8})(?:[_-]PMC\d+)?|PMC\d+[_-](?:pmid[_-]?)?(\d{5,8})",
    re.IGNORECASE,
)


class Literature:
    """Documents that were added, in one database; it is made by the first that is added."""

    def __init__(self, address: str | None = None) -> None:
        """Open the literature.

        Args:
            address: of the database; None for SECONDLINE_DATABASE, or the user's own folder.

        Raises:
            AddressError: it is no address.
            StoreError: the database cannot be used.
        """
        self._address = address or database_address()
        self._kept = Store(opened(self._address)) if is_made(self._address) else None

    @property
    def store(self) -> Store:
        """What is kept: nothing where nothing was added, for reading never makes a database.

        Raises:
            StoreError: the database cannot be used.
        """
        if self._kept is None and is_made(self._address):
            self._kept = Store(opened(self._address))
        return self._kept or Store(nothing())

    def add(self, paths: Iterable[Path], progress: Progress | None = None) -> Iterator[Added]:
        """Add files in their order, and yield what became of each.

        The same content is never added twice; a file whose reading was stopped goes on there.

        Raises:
            StoreError: the database cannot be written.
        """
        for path in paths:
            yield self._add(path, progress or (lambda *_: None))

    def _add(self, path: Path, progress: Progress) -> Added:
        try:
            sha256 = digest(path)
            known = self.store.file(sha256)
            if known and known.state != "reading":
                return _already(path, known)
            return self._read(path, sha256, known, progress)
        except FileError as error:
            return Added(file=str(path), state="refused", reason=str(error))

    def _read(self, path: Path, sha256: str, known: FileRecord | None, progress: Progress) -> Added:
        report = _Report(path)
        with opened_file(path) as source:
            name = recognized(source.window.head())
            start = known.position if known else 0
            if self._kept is None:
                self._kept = Store(opened(self._address))
            if known is None:
                self._kept.begin(
                    FileRecord(sha256, path.name, source.size, name, 0, "reading", None, Counter())
                )
            broken: str | None = None
            batch: list[Step] = []
            count = 0
            try:
                for step in READERS[name](source, path, start):
                    batch.append(step)
                    count += len(step.records)
                    report.look_at(step)
                    if count >= BATCH_RECORDS or step.end - batch[0].position >= BATCH_BYTES:
                        report.counts += self._kept.keep(sha256, batch)
                        batch, count = [], 0
                        progress(path.name, source.done / max(source.size, 1))
            except FileError as error:
                broken = f"from byte {error.position} on: {error}"
            report.counts += self._kept.keep(sha256, batch)
        self._kept.finish(sha256, "broken" if broken else "read", broken)
        progress(path.name, 1.0)
        return report.added(name, start, broken)

    def stats(self) -> Counts:
        """Count what is held."""
        return self.store.count()

    def documents(self, since: int = 0) -> Iterator[Held]:
        """Yield every document, or what changed after the change `since`, deleted ones too."""
        return self.store.all(since)

    def document(self, id_: str) -> Held | None:
        """Return the document with an id, a deleted one in its last version, or None."""
        return self.store.get(id_)

    def show(self, number: str) -> dict[str, Any]:
        """Return a document with its relations, its history and its passages, as plain data.

        Args:
            number: an id such as pmid:123, or a PMID, PMC number, NCT number or DOI by itself;
                where several documents share it, the first, and the others are named.

        Raises:
            NoSuchDocument: none is held.
        """
        ids = self.store.find_ids(number)
        held = self.store.get(ids[0]) if ids else None
        if held is None:
            raise NoSuchDocument(
                f"no document {number!r} is held; add its file with: secondline literature add"
            )
        id_ = held.document.id
        return {
            "id": id_,
            "retracted": held.retracted,
            "deleted": held.deleted,
            "version": held.version,
            "sha256": held.sha256,
            "also_held_as": list(ids[1:]),
            "related": [
                {"relation": each.relation, "id": each.id, "pmid": each.pmid, "doi": each.doi}
                | {"pmcid": each.pmcid, "printed": each.printed, "stated_by": each.stated_by}
                for each in self.store.related(id_)
            ],
            "history": [dict(row._mapping) for row in self.store.history(id_)],
            "passages": sum(1 for _ in passages(held.document)),
            "document": msgspec.to_builtins(held.document),
        }


def _already(path: Path, known: FileRecord) -> Added:
    return Added(
        file=str(path),
        state="broken" if known.state == "broken" else "read",
        format=known.format,
        already=True,
        reason=known.reason,
    )


class _Report:
    """What is told of a file while it is read."""

    def __init__(self, path: Path) -> None:
        self.counts: Counter[Outcome] = Counter()
        self._path = path
        self._refused: list[Refused] = []
        self._oddities: Counter[str] = Counter()

    def look_at(self, step: Step) -> None:
        for record in step.records:
            if isinstance(record, Rejected):
                if len(self._refused) < LISTED:
                    self._refused.append(Refused(step.position, record.record, record.reason))
            elif isinstance(record, Document):
                self._oddities.update(record.oddities)
                self._oddities.update(_misnamed(self._path, record))

    def added(self, name: str, start: int, broken: str | None) -> Added:
        return Added(
            file=str(self._path),
            state="broken" if broken else "read",
            format=name,
            resumed=start,
            reason=broken,
            counts=dict(self.counts),
            refused=tuple(self._refused),
            oddities=dict(self._oddities.most_common(LISTED)),
        )


def _misnamed(path: Path, document: Document) -> Iterator[str]:
    """Say when a file is named like one record and holds another; what it holds counts."""
    own = {document.pmid, document.pmcid, *document.registration}
    for number in _named(path.name.partition(".")[0]):
        same_kind = {
            "NCT": document.kind == "registry record",
            "PMC": document.pmcid is not None,
        }.get(number[:3], document.pmid is not None)
        if same_kind and number not in own:
            yield f"the file is named {number} and holds {document.id}"


def _named(stem: str) -> Iterator[str]:
    """Yield the numbers of records that the name of a file holds."""
    yield from map(str.upper, NAMES.findall(stem)[:1])
    if named := PMID_NAMES.fullmatch(stem):
        number = named[2] or named[3]
        if not (named[1] and DAY.fullmatch(number)):
            yield number
