"""Text to the word pieces of the embedding model: the uncased tokenizer of BERT.

Sources:
    Devlin 2019, doi:10.18653/v1/N19-1423; Wu 2016, arXiv:1609.08144 (longest piece first).
"""

import unicodedata
from functools import cache
from importlib.resources import files

CLS, SEP, UNKNOWN = 101, 102, 100  # ids of "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 100  # characters; a longer word is unknown, as in BERT
LONGEST_TEXT = 32_768  # characters that are looked at, some twenty times what a model reads
CONTROL = {"Cc", "Cf", "Co", "Cs"}  # Unicode categories of what is left out
IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def pieces(text: str, most: int) -> list[int]:
    """Return the ids of the word pieces of a text between those of its beginning and its end.

    Args:
        text: of any kind; what follows the first `most` pieces is not looked at.
        most: how many ids are returned at most, beginning and end included.
    """
    ids = [CLS]
    for word in text[:LONGEST_TEXT].translate(_CHARACTERS).split(" "):
        if len(ids) >= most:
            break
        if word:
            ids += _pieces_of(word)
    return [*ids[: most - 1], SEP]


def are_known(ids: list[int]) -> bool:
    """Say whether any piece tells of what the text is about: one that is in the vocabulary."""
    return any(id_ != UNKNOWN for id_ in ids[1:-1])


class _Characters(dict[int, str]):
    """What each character becomes; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = became = _became(chr(code), code)
        return became


_CHARACTERS = _Characters()


def _became(character: str, code: int) -> str:
    if character in "\t\n\r":
        return " "
    if code in {0, 0xFFFD} or unicodedata.category(character) in CONTROL:
        return ""
    if character.isspace():
        return " "
    parts = (
        part.lower()
        for part in unicodedata.normalize("NFD", character)
        if unicodedata.category(part) != "Mn"
    )
    plain = "".join(f" {part} " if _is_punctuation(part) else part for part in parts)
    return f" {plain} " if any(low <= code <= high for low, high in IDEOGRAPHS) else plain


def _is_punctuation(part: str) -> bool:
    if part.isascii():
        return part.isprintable() and not part.isalnum() and part != " "
    return unicodedata.category(part[0]).startswith("P")


def _pieces_of(word: str) -> list[int]:
    """Return the ids of the longest pieces that make up a word, or of "[UNK]" if none do."""
    if len(word) > LONGEST_WORD:
        return [UNKNOWN]
    vocabulary = _vocabulary()
    found: list[int] = []
    start, prefix = 0, ""
    while start < len(word):
        for end in range(len(word), start, -1):
            id_ = vocabulary.get(prefix + word[start:end])
            if id_ is not None:
                break
        else:
            return [UNKNOWN]
        found.append(id_)
        start, prefix = end, "##"
    return found


@cache
def _vocabulary() -> dict[str, int]:
    stored = files("secondline.literature").joinpath("minilm", "vocabulary.txt")
    lines = stored.read_text("utf-8").split("\n")
    return {piece: id_ for id_, piece in enumerate(lines) if piece}
