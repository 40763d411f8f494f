"""Small corpora for the tests of search, and an encoder whose vectors can be followed by eye."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from secondline.literature.building import Entry, build
from secondline.literature.embedding import DIMENSIONS
from secondline.literature.index import Index
from secondline.literature.records import Document, PartialDate, Passage


def passage(document: str, number: int, text: str) -> Passage:
    return Passage(
        id=f"{document}#{number}",
        document=document,
        kind="abstract",
        text=text,
        start=0,
        end=len(text),
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def entry(id_: str, *texts: str, diseases: Sequence[str] = (), retracted=False, **fields) -> Entry:
    """A document of which every text is a passage."""
    year = fields.pop("year", None)
    document = Document(
        id=id_, date=PartialDate(year=year) if year else None, **{"kind": "citation", **fields}
    )
    passages = tuple(passage(id_, number, text) for number, text in enumerate(texts))
    return Entry(document=document, passages=passages, diseases=diseases, retracted=retracted)


class Corpus:
    def __init__(self, *entries: Entry, state: str = "1") -> None:
        self.entries = entries
        self.state = state

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


class Letters:
    """An encoder that counts letters; it knows none of a text without any from a to z."""

    model = "letters"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def vector(self, text):
        self.encoded.append(text)
        vector = np.zeros(DIMENSIONS, np.int64)
        for letter in text.lower():
            if "a" <= letter <= "z":
                vector[ord(letter) - ord("a")] += 10
        return np.minimum(vector, 127).astype(np.int8) if vector.any() else None

    def vectors(self, texts):
        return map(self.vector, texts)


def index_of(folder: Path, *entries: Entry, encoder=None) -> Index:
    """Build an index of entries and open it; without an encoder it is lexical only."""
    build(Corpus(*entries), folder, encoder=encoder)
    return Index(folder, encoder=lambda: encoder)
