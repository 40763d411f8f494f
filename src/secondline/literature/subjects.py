"""Which diseases a document is about: those whose names its title, abstract or subjects hold."""

import hashlib
import json
import string
from collections.abc import Iterable, Mapping

import ahocorasick

from secondline.literature.analyzer import plain
from secondline.literature.records import Document

BLANKS = str.maketrans(dict.fromkeys(string.punctuation + "\n\t", " "))
SPELLINGS = (("tumour", "tumor"), ("leukaemi", "leukemi"))  # British, as much of the literature is
SHORTEST = 6  # small letters of a name; abbreviations mean other things in other fields


class Subjects:
    """Finds the diseases of a vocabulary in documents.

    A filter by disease is only as good as this: the name must stand there. Abbreviations are not
    looked for, since they have several meanings across the literature.

    Args:
        names: by the id of a disease, what it is called.
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        kept = {
            plain_words(name): id_
            for id_, all_names in names.items()
            for name in all_names
            if sum(letter.islower() for letter in name) >= SHORTEST
        }
        self.digest = hashlib.sha256(json.dumps(sorted(kept.items())).encode()).hexdigest()[:12]
        self._names = ahocorasick.Automaton()
        for name, id_ in kept.items():
            self._names.add_word(name, (name, id_))
        if kept:
            self._names.make_automaton()

    def of(self, document: Document) -> tuple[str, ...]:
        """Return the ids of the diseases that a document names, in order."""
        if not len(self._names):
            return ()
        return tuple(
            sorted({id_ for _, (_, id_) in self._names.iter(plain_words(_told(document)))})
        )


def _told(document: Document) -> str:
    return "\n".join(
        (
            document.title,
            *(section.text for section in document.abstract),
            *document.keywords,
            *document.conditions,
            *(heading.descriptor for heading in document.mesh),
        )
    )


def plain_words(words: str) -> str:
    """Return words with one blank around each, so that whole words are found."""
    text = plain(words).translate(BLANKS)
    for british, american in SPELLINGS:
        text = text.replace(british, american)
    return f" {' '.join(text.split())} "
