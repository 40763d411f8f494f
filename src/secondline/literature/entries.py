"""Which passages an index holds, of which documents, and what filters see of them.

Passages and documents are numbered in the order in which they were added. Everything is read from
mapped files: opening an index costs nothing, however large it is.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from secondline.literature.search import Filters

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Names:
    """Strings by number: one file of text, one of where each ends."""

    def __init__(self, path: Path) -> None:
        text = path.with_suffix(".txt")
        self._text = np.memmap(text, np.uint8, "r") if text.stat().st_size else b""
        self._ends = np.load(path.with_suffix(".npy"), mmap_mode="r")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        start = int(self._ends[number - 1]) if number else 0
        return bytes(self._text[start : int(self._ends[number])]).decode()


class NamesWriter:
    """Writes what `Names` reads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.with_suffix(".txt").open("wb")
        self._ends = array("q")
        self._end = 0

    def add(self, name: str) -> int:
        """Add a name and return its number."""
        self._end += self._file.write(name.encode())
        self._ends.append(self._end)
        return len(self._ends) - 1

    def close(self) -> None:
        """Close its file; what was added is whole only after `finish`."""
        self._file.close()

    def finish(self) -> None:
        """Write what is not yet on disk."""
        self.close()
        np.save(self._path.with_suffix(".npy"), np.frombuffer(self._ends, np.int64))


class Entries:
    """The passages and documents of an index, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.passages = Names(folder / "passages")
        self.documents = Names(folder / "documents")
        self.document_of: Rows = np.load(folder / "document-of.npy", mmap_mode="r")
        self.marks: dict[str, int] = json.loads((folder / "marks.json").read_text("utf-8"))
        self._marked: Rows = np.load(folder / "marked.npy", mmap_mode="r")
        self._ends = list(self.marks.values())
        self._number = {mark: number for number, mark in enumerate(self.marks)}

    def marked(self, mark: str) -> Rows:
        """Return the documents that have a mark, by number."""
        number = self._number.get(mark)
        if number is None:
            return np.empty(0, np.int32)
        start = self._ends[number - 1] if number else 0
        return self._marked[start : self._ends[number]]

    def allowed(self, filters: Filters) -> Mask | None:
        """Return for each passage whether its document passes; None when there is no filter."""
        groups = filters.groups(self.marks)
        if not groups:
            return None
        documents = np.ones(len(self.documents), np.bool_)
        for group in groups:
            passing = np.zeros(len(self.documents), np.bool_)
            for mark in group:
                passing[self.marked(mark)] = True
            documents &= passing
        allowed: Mask = documents.take(self.document_of)
        return allowed


class EntriesWriter:
    """Writes what `Entries` reads; used with `with`, so that no file stays open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._passages = NamesWriter(folder / "passages")
        self._documents = NamesWriter(folder / "documents")
        self._document_of = array("i")
        self._marked: dict[str, array[int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._passages.close()
        self._documents.close()

    def add(self, document: str, marks: Iterable[str], passages: Iterable[str]) -> range:
        """Add a document with its passages and return the numbers of the passages."""
        number = self._documents.add(document)
        for mark in marks:
            self._marked.setdefault(mark, array("i")).append(number)
        first = len(self._document_of)
        for passage in passages:
            self._passages.add(passage)
            self._document_of.append(number)
        return range(first, len(self._document_of))

    def finish(self) -> None:
        """Write what is not yet on disk."""
        self._passages.finish()
        self._documents.finish()
        np.save(self._folder / "document-of.npy", np.frombuffer(self._document_of, np.int32))
        ordered = sorted(self._marked.items())
        ends = np.cumsum([len(numbers) for _, numbers in ordered]).tolist()
        np.save(
            self._folder / "marked.npy",
            np.concatenate(
                [np.empty(0, np.int32), *(np.frombuffer(n, np.int32) for _, n in ordered)]
            ),
        )
        text = json.dumps({mark: end for (mark, _), end in zip(ordered, ends, strict=True)})
        (self._folder / "marks.json").write_text(text, "utf-8")


def join(folders: Sequence[Path], folder: Path) -> tuple[int, ...]:
    """Join the entries of several folders in one, in their order.

    Returns:
        Of each folder, the number of its first passage.
    """
    first_rows, rows = [], 0
    with EntriesWriter(folder) as writer:
        for part in folders:
            first_rows.append(rows)
            for document, marks, passages in _all(Entries(part)):
                rows = writer.add(document, marks, passages).stop
        writer.finish()
    return tuple(first_rows)


def _all(entries: Entries) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each document with its marks and its passages."""
    count = len(entries.documents)
    marks: list[list[str]] = [[] for _ in range(count)]
    for mark in entries.marks:
        for number in entries.marked(mark).tolist():
            marks[number].append(mark)
    passages: list[list[str]] = [[] for _ in range(count)]
    for row, number in enumerate(entries.document_of.tolist()):
        passages[number].append(entries.passages[row])
    for number in range(count):
        yield entries.documents[number], marks[number], passages[number]
