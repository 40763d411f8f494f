"""Text in lines that fit a width, for pictures, in which nothing wraps by itself."""

from collections.abc import Iterator
from functools import lru_cache

from secondline.interfaces.sheet.characters import BREAK, printable

# Widths of common sans-serif letters in thousandths of their size. Wider ones than those of the
# font that is asked for, so that a line fits with the fonts of any machine.
WIDTHS = {
    **dict.fromkeys("ijl'|", 235), **dict.fromkeys(" .,:;!/\\ftI()[]-", 300),
    **dict.fromkeys("r\"*", 380), **dict.fromkeys("acksvxyzJ", 520),
    **dict.fromkeys("ABCDEGHKNOPQRSUVXYwZ&", 740), **dict.fromkeys("mMW%@—…", 920),
}  # fmt: skip
USUAL = 570


@lru_cache(4096)
def width_of(text: str, size: float) -> float:
    """Return how wide a text is at most, in the unit of its size."""
    return sum(WIDTHS.get(character, USUAL) for character in text) * size / 1000


@lru_cache(4096)
def wrapped(text: str, size: float, width: float) -> tuple[str, ...]:
    """Return a text in lines no wider than a width; a word that is wider is broken."""
    lines: list[list[str]] = []
    space, free = width_of(" ", size), 0.0
    for word in _words(text, size, width):
        needed = width_of(word, size)
        if not lines or needed + space > free:
            lines.append([word])
            free = width - needed
        else:
            lines[-1].append(word)
            free -= needed + space
    return tuple(" ".join(line) for line in lines)


def _words(text: str, size: float, width: float) -> Iterator[str]:
    for word in shown(text).split():
        part = word
        while width_of(part, size) > width:
            fits = next(n for n in range(1, len(part)) if width_of(part[: n + 1], size) > width)
            yield part[:fits]
            part = part[fits:]
        yield part


@lru_cache(4096)
def shown(text: str) -> str:
    """Return text that every font and every reader of XML can show; see `printable`."""
    return printable(text).replace(BREAK, "")
