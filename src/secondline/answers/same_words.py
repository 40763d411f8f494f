"""The strictest check of a rewording: the same figures and words in the same order.

Only small words, punctuation and the s of a plural may differ: enough to turn "Response: A 44%
(24 of 55); B 31%" into a sentence, and too little to exchange two arms, drop a "not" or add a dose.
"""

import re

from secondline.answers.answer import Sentence
from secondline.answers.words import PLAIN

# A number with its sign or relation; a sign between numbers; a word.
TOKEN = re.compile(
    r"(?:[<>=≤≥±]+\s*)?(?:\d+(?:[.,]\d+)*|\.\d+)%?|[-+/](?=\s?[\d.])|[^\W\d_][\w'+-]*"
)
FIGURE = re.compile(r"(?:[<>=≤≥±]+\s*)?(?:\d+(?:[.,]\d+)*|\.\d+)%?")
# Words that carry no meaning of their own here. "of", "or", "no", "than", "to", "from", "after" and
# "without" are not among them: each of them binds a figure or turns a sentence.
SMALL_WORD_LIST = """
a an the and with was were is are be been it in for at on that this there had has have who which
these those they their its by as among
"""
SMALL_WORDS = frozenset(SMALL_WORD_LIST.split())
# Signs that a rewording has only if its sentence has them: citations, mark-up, questions, irony.
SIGNS = frozenset('[]{}<>|*#`~^\\?!"“”@_')
ADDRESS = re.compile(r"https?:|www\.", re.IGNORECASE)
SHORTEST_PLURAL = 3  # letters; "was" and "its" are none
SPARE = 60  # characters that a rewording may be longer than its sentence


def form_problems(text: str, composed: str) -> tuple[str, ...]:
    """Return what is wrong with the form of a rewording, whatever it says.

    It is one line of the same script, about as long as its sentence, without a citation, mark-up or
    an address of its own, and it has every figure of its sentence as often, and no other.
    """
    found = []
    if not text.isprintable() or not text:
        found.append("it is not one line of text")
    if len(text) > len(composed) + SPARE:
        found.append("it is much longer than its sentence")
    foreign = {c for c in text if not c.isascii() or c in SIGNS} - set(composed)
    if foreign:
        found.append(f"it has signs of its own: {' '.join(sorted(foreign))}")
    if ADDRESS.search(text):
        found.append("it has an address")
    if sorted(FIGURE.findall(_plain(text))) != sorted(FIGURE.findall(_plain(composed))):
        found.append("its figures are not those of its sentence")
    return tuple(found)


def same_words(text: str, sentence: Sentence) -> tuple[str, ...]:
    """Return where a rewording has other words than its sentence, or in another order."""
    mine, its = _words(text), _words(sentence.text)
    if mine == its:
        return ()
    place = next((i for i, (a, b) in enumerate(zip(mine, its, strict=False)) if a != b), None)
    if place is None:
        return ("it is longer or shorter than its sentence",)
    return (f'it has "{mine[place]}" where its sentence has "{its[place]}"',)


def _words(text: str) -> list[str]:
    """Return figures, signs and words in order, small words left out; ALL is not all."""
    found = []
    for token in TOKEN.findall(_plain(text)):
        word = token if len(token) > 1 and token.isupper() else token.lower()
        if word not in SMALL_WORDS:
            is_long = word.islower() and len(word) > SHORTEST_PLURAL
            found.append(word.removesuffix("s") if is_long else word.replace(" ", ""))
    return found


def _plain(text: str) -> str:
    return text.translate(PLAIN)
