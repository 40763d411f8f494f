"""What a search server is given: passages with tokens of ours, marks, and vectors made before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from secondline.literature.analyzer import tokens
from secondline.literature.building import Entry, texts
from secondline.literature.embedding import Vector
from secondline.literature.encoded import Encoded, key
from secondline.literature.search import marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A passage as a server takes it.

    Attributes:
        row: its number, from 0.
        tokens: of its text, in order; the server's own analyzer takes no part.
        marks: what filters see of its document.
        vector: None when none was made, or the model knows no piece of its text.
    """

    row: int
    passage: str
    document: str
    tokens: list[str]
    marks: list[str]
    vector: Vector | None


def loaded(corpus: Iterable[Entry], encoded: Encoded | None) -> Iterator[Loaded]:
    """Yield every passage of a corpus.

    Args:
        encoded: vectors that were made before; None for a server that searches by words alone.
    """
    row = 0
    for entry in corpus:
        marked = marks(entry.document, entry.diseases, retracted=entry.retracted)
        found = texts(entry)
        vectors = _vectors(found, encoded)
        for passage, text, vector in zip(entry.passages, found, vectors, strict=True):
            yield Loaded(
                row=row,
                passage=passage.id,
                document=entry.document.id,
                tokens=tokens(text),
                marks=marked,
                vector=vector,
            )
            row += 1


def _vectors(found: list[str], encoded: Encoded | None) -> list[Vector | None]:
    if encoded is None:
        return [None] * len(found)
    positions = encoded.positions(b"".join(map(key, found)))
    kept = iter(encoded.vectors(positions[positions >= 0]))
    return [next(kept) if position >= 0 else None for position in positions.tolist()]
