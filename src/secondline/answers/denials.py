"""What a sentence affirms, what it denies, and what it says is absent or left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from secondline.answers.judgements import OF_NOUNS, reached, words_of
from secondline.answers.report_words import (
    BREAKS,
    DENIALS,
    EXCEPTING,
    EXCLUDED,
    IN_PLACE_OF,
    MEANINGS,
    NAIVE,
    PREPOSITIONS,
    VERBS,
)
from secondline.answers.words import stems

NARROW = 4  # words that a denial reaches for what is only said
NARROW_ENDS = PREPOSITIONS | {"than", "that", "by", "after", "before", "from", "to", "and"}
PRONOUNS = {"it", "them", "one", "(", ")"}  # "higher with A than without it in the trial"
LONGEST_LIST = 12  # words of "no A, B or C"


@dataclass(frozen=True, slots=True)
class Denials:
    """Stems of the plain words of a sentence.

    Attributes:
        affirmed: said without a denial.
        denied: "did not respond".
        absent: "without radiotherapy", "no A, B or C", "soft-tissue disease is excluded".
        marked: each stem in its order, with whether a denial stands right before it.
        within: of each of these, whether a denial may reach it, however far.
    """

    affirmed: frozenset[str]
    denied: frozenset[str]
    absent: frozenset[str]
    marked: tuple[tuple[str, bool], ...]
    within: tuple[bool, ...]


def denials(text: str) -> Denials:
    """Return what a sentence affirms, what it denies and what it says is absent."""
    words = words_of(text)
    plain = [word[0].isalpha() and word not in DENIALS and word not in MEANINGS for word in words]

    def told(said: Sequence[bool]) -> frozenset[str]:
        return frozenset(
            stems([w for w, is_, s in zip(words, plain, said, strict=True) if is_ and s])
        )

    denied = reached(words, NARROW, NARROW_ENDS, DENIALS - OF_NOUNS)
    absent = reached(words, NARROW, NARROW_ENDS, OF_NOUNS)
    for place in (p for bounds in _left_out(words) for p in range(*bounds)):
        absent[place] = True
    either = [one or two for one, two in zip(denied, absent, strict=True)]
    wide = [one or two for one, two in zip(reached(words), either, strict=True)]
    marked = tuple(_marked(words))
    return Denials(
        told([not one for one in either]),
        told(denied),
        told(absent),
        tuple((stem, odd) for _, stem, odd in marked),
        tuple(wide[place] for place, _, _ in marked),
    )


def affirmed(words: Sequence[str]) -> frozenset[str]:
    """Return the words right before which no denial stands: not that of "not metastatic"."""
    steps = pairwise(("", *words))
    return frozenset(word for before, word in steps if before not in DENIALS | {"non"})


def _left_out(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where something is said to be left out, from a word to before another."""
    for place, word in enumerate(words):
        before = words[max(place - 2, 0) : place]
        if word in {"no", "without"} and before != ["with", "or"]:
            yield place + 1, _end_of_list(words, place + 1)
        elif tuple(words[place : place + 2]) in IN_PLACE_OF:
            yield place + 2, _end_of_part(words, place + 2)
        elif word in EXCEPTING:
            yield place + 1, _end_of_part(words, place + 1)
        elif word in EXCLUDED and "not" not in before:
            start = _start_of_list(words, place)
            if not VERBS.isdisjoint(words[start:place]):
                yield start, place
        elif word == NAIVE and place:
            yield place - 1, place


def _start_of_list(words: Sequence[str], place: int) -> int:
    """Return where a list begins of which a word is said: "A, B and C were excluded"."""
    start = max((p + 1 for p in range(place) if words[p] in BREAKS - {","}), default=0)
    verbs = [p for p in range(start, place) if words[p] in VERBS]
    if len(verbs) == 1 and verbs[0] >= place - 2:
        return start
    return max((p + 1 for p in range(place) if words[p] in BREAKS), default=0)


def _end_of_part(words: Sequence[str], start: int) -> int:
    """Return where the few words end that a word before them is said of."""
    for place in range(start, min(start + NARROW, len(words))):
        if words[place] in BREAKS or words[place] in VERBS or words[place] in NARROW_ENDS - {"of"}:
            return place
    return min(start + NARROW, len(words))


def _end_of_list(words: Sequence[str], start: int) -> int:
    """Return where a list ends that is denied as a whole: "no A, B or C"; `start` without one."""
    last = min(start + LONGEST_LIST, len(words))
    for place in range(start, last):
        word = words[place]
        if word in VERBS or (word in BREAKS and word != ","):
            return start
        if word in {"or", "nor"}:
            return _end_of_part(words, place + 1) if place > start else start
        if word in NARROW_ENDS:
            return start
    return start


def _marked(words: Sequence[str]) -> Iterator[tuple[int, str, bool]]:
    """Yield the place and the stem of each word, and whether denials right before it leave one."""
    odd, since = False, 0
    for place, word in enumerate(words):
        followed, before = words[place + 1 : place + 2], words[max(place - 2, 0) : place]
        if word in DENIALS:
            if list(followed) not in (["only"], ["or"]) and list(before) != ["with", "or"]:
                odd = not odd
            since = place
        elif word in BREAKS | PRONOUNS or (word in PREPOSITIONS and place > since + 1):
            odd = False
        elif word[0].isalpha():
            for stem in stems([word]):
                yield place, stem, odd
                odd = False
