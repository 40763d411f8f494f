"""Text for print: every character that the fonts do not hold is shown by its code."""

import re
import unicodedata

LONGEST_WORD = 24  # characters; a longer one may be broken, so that it stays in its column
BREAK = "\N{ZERO WIDTH SPACE}"
LETTERS = (  # Latin, Greek, Cyrillic
    (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x17E), (0x391, 0x3A1), (0x3A3, 0x3C9), (0x410, 0x44F),
)  # fmt: skip
SIGNS = frozenset("–—‘’‚“”„†‡•…‰′″‹›€™←↑→↓−√∞≈≠≤≥№")
SAME = str.maketrans({"‐": "-", "‑": "-", "‣": "•"})


def printable(text: str) -> str:
    """Return text as it is printed: spaces for line breaks, and "[U+202E]" for what has no glyph.

    Control characters, marks that turn the direction of writing and half surrogate pairs are shown
    by their codes too, so that nobody reads another text than the one that is there.
    """
    normal = unicodedata.normalize("NFC", text).translate(SAME)
    shown = "".join(map(_shown, normal))
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", rf"\g<0>{BREAK}", shown)


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    code = ord(character)
    held = character in SIGNS or any(first <= code <= last for first, last in LETTERS)
    return character if held else f"[U+{code:04X}]"
