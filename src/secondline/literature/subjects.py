"""Which diseases a document is about: those that its title, abstract or subjects name.

Names are looked for as whole phrases, whatever their case. A name that holds an abbreviation counts
only as it is printed, "ALL" and never "all", and only in a text that also holds the last word of a
name of the disease written out, such as "leukemia". A name within a longer name of another disease
does not count.
"""

import hashlib
import json
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick

from secondline.literature.records import Document

RULES = 2  # counted up whenever a document may come to other diseases by the same names
BLANKS = str.maketrans(dict.fromkeys(string.punctuation + string.whitespace, " "))
SPELLINGS = tuple(  # British, as much of the literature is
    (printed(british), printed(american))
    for british, american in (("tumour", "tumor"), ("leukaemi", "leukemi"))
    for printed in (str.lower, str.capitalize, str.upper)
)
SHORTEST = 6  # small letters of a name that is written out
DASHES = re.compile("[\u2010-\u2015\u2212]")  # would vanish from ASCII, and join what they part
ABBREVIATION = re.compile(r"\w*[A-Z]\w*[A-Z]\w*")
BESIDE = 20  # characters by which an abbreviation is told from a word in a line of capitals


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a disease, as it stands among words that `printed_words` returned.

    Attributes:
        phrase: in small letters, a blank on either side.
        capitals: its abbreviations, with their places among its words.
    """

    disease: str
    phrase: str
    capitals: tuple[tuple[int, str], ...]


class Subjects:
    """Finds the diseases of a vocabulary in documents.

    Args:
        names: by the id of a disease, what documents call it.
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        given = sorted((id_, name) for id_, all_names in names.items() for name in all_names)
        self.digest = hashlib.sha256(json.dumps([RULES, given]).encode()).hexdigest()[:12]
        called = [name for id_, printed in given for name in _looked_for(id_, printed)]
        by_phrase: dict[str, list[_Name]] = {}
        self._last_words: dict[str, set[str]] = {}  # by disease, of its names written out
        for name in called:
            by_phrase.setdefault(name.phrase, []).append(name)
            if not name.capitals:
                last = f" {name.phrase.split()[-1]} "
                self._last_words.setdefault(name.disease, set()).add(last)
        self._longer = {phrase: list(_longer(phrase, called)) for phrase in by_phrase}
        self._names = ahocorasick.Automaton()
        for phrase, meant in by_phrase.items():
            self._names.add_word(phrase, tuple(meant))
        if by_phrase:
            self._names.make_automaton()

    def of(self, document: Document) -> tuple[str, ...]:
        """Return the ids of the diseases that a document names, in order."""
        return self.named_in(printed_words(_told(document)))

    def named_in(self, printed: str, beside: str = "") -> tuple[str, ...]:
        """Return the ids of the diseases that words name, as `printed_words` returned them.

        Args:
            printed: the words.
            beside: small letters of the text around them, which may say what they shorten.
        """
        if not len(self._names):
            return ()
        words = printed.lower()
        written_out: set[str] = set()
        abbreviated: set[str] = set()
        for last, meant in self._names.iter(words):
            for name in meant:
                found = abbreviated if name.capitals else written_out
                start = last + 1 - len(name.phrase)
                if (
                    name.disease not in found
                    and _is_printed(name, start, printed)
                    and not self._is_part(name, start, words)
                ):
                    found.add(name.disease)
        return tuple(
            sorted(written_out | {id_ for id_ in abbreviated if self._fits(id_, words + beside)})
        )

    def _is_part(self, name: _Name, start: int, words: str) -> bool:
        """Say whether a name that begins at a place is part of a name of another disease."""
        return any(
            start >= offset and words.startswith(longer.phrase, start - offset)
            for longer, offset in self._longer[name.phrase]
            if longer.disease != name.disease
        )

    def _fits(self, disease: str, words: str) -> bool:
        """Say whether a text that holds an abbreviation of a disease is about such diseases."""
        return any(last in words for last in self._last_words.get(disease, ()))


def _looked_for(disease: str, printed: str) -> Iterator[_Name]:
    """Yield a name as it is looked for, one that is written out in its plural, too."""
    words = printed_words(printed).split()
    capitals = tuple((n, word) for n, word in enumerate(words) if ABBREVIATION.fullmatch(word))
    phrase = " ".join(words).lower()
    if capitals or sum(map(str.islower, printed)) >= SHORTEST:
        yield _Name(disease, f" {phrase} ", capitals)
        if not capitals and not phrase.endswith("s"):
            yield _Name(disease, f" {phrase}s ", ())


def _longer(phrase: str, called: Sequence[_Name]) -> Iterator[tuple[_Name, int]]:
    """Yield the longer names that hold a phrase, each with the place of the phrase in it."""
    for name in called:
        if phrase in name.phrase and phrase != name.phrase:
            yield name, name.phrase.index(phrase)


def _is_printed(name: _Name, start: int, printed: str) -> bool:
    """Say whether abbreviations stand there as such, and not in a line of capitals."""
    if not name.capitals:
        return True
    end = start + len(name.phrase)
    words = printed[start:end].split()
    beside = printed[max(start - BESIDE, 0) : start], printed[end : end + BESIDE]
    return all(words[n] == capitals for n, capitals in name.capitals) and all(
        not text.strip() or any(map(str.islower, text)) for text in beside
    )


def _told(document: Document) -> str:
    subjects = (
        *document.keywords,
        *document.conditions,
        *(heading.descriptor for heading in document.mesh),
    )
    return "\n".join(
        (
            document.title,
            *(section.text for section in document.abstract),
            *subjects,
            *(" ".join(reversed(each.split(", "))) for each in subjects if ", " in each),
        )
    )


def printed_words(text: str) -> str:
    """Return the words of a text in ASCII, with one blank around each, so that whole ones match."""
    if not text.isascii():
        text = DASHES.sub("-", unicodedata.normalize("NFKD", text))
        text = text.encode("ascii", "ignore").decode("ascii")
    text = text.translate(BLANKS)
    for british, american in SPELLINGS:
        text = text.replace(british, american)
    return f" {' '.join(text.split())} "


def plain_words(text: str) -> str:
    """Return the words of a text in small letters, with one blank around each."""
    return printed_words(text).lower()
