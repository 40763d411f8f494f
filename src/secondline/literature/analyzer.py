"""Text to the tokens that every search engine is given, so that all of them rank alike.

An engine's own analyzer is never used: it would be another one in each engine and each version.
What the engines share is a list of tokens, and BM25 over them.
"""

import re
import unicodedata

import Stemmer

# The English stop words of Lucene (StopAnalyzer.ENGLISH_STOP_WORDS_SET), 33 of them.
STOP_WORD_LIST = """
a an and are as at be but by for if in into is it no not of on or such that the their then there
these they this to was will with
"""
STOP_WORDS = frozenset(STOP_WORD_LIST.split())
RULES = "secondline 1"  # counted up whenever a text may come to other tokens
LONGEST_TOKEN = 255  # characters, as in Lucene; what is longer is cut into several
MOST_STEMS = 1_000_000  # words remembered, some 150 MB at most; then remembering starts anew
TOKEN = re.compile(rf"[a-z0-9]{{1,{LONGEST_TOKEN}}}")


def plain(text: str) -> str:
    """Return the text in lower-case ASCII: letters without their accents, the rest left out.

    Compatibility forms become what they stand for (ligatures, superscripts, full width); a letter
    of another script becomes nothing.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return text.lower()


def tokens(text: str) -> list[str]:
    """Return the stems of the words and numbers of a text, in order, stop words left out."""
    return [stem for word in TOKEN.findall(plain(text)) if (stem := _STEMS[word])]


class _Stems(dict[str, str]):
    """The stem of each word, "" for a stop word; worked out when a word is first met."""

    def __init__(self) -> None:
        super().__init__()
        self._stemmer = Stemmer.Stemmer("english", 0)  # it need not remember what stands here

    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_STEMS:
            self.clear()
        self[word] = stem = "" if word in STOP_WORDS else str(self._stemmer.stemWord(word))
        return stem


_STEMS = _Stems()


def fingerprint() -> str:
    """Return what decides the tokens: these rules and the version of the stemmer."""
    return f"{RULES}, Snowball English {Stemmer.version()}"
