"""Whether a rewording still says what the original says: figure by figure, term by term.

That a number occurs in the original proves nothing. A figure of a rewording must have the value,
unit, bound, endpoint and time of one figure of the original, and nothing beside it that belongs to
another figure there. No term may be added, no denial lost, no strong word invented.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product

import sentencex

from secondline.answers.answer import Sentence as Answered
from secondline.answers.binding import read
from secondline.answers.lexicon import Lexicon
from secondline.answers.report_words import (
    COMPARING,
    DENIALS,
    GENERAL,
    JOINING,
    JUDGING,
    LESS,
    MORE,
    NEUTRAL,
    RELATIONS,
    SAME,
)
from secondline.answers.same_words import same_words
from secondline.answers.sentences import SHARES, Figure, Sentence
from secondline.answers.words import STOP_WORDS, normalized, stems
from secondline.statistics.figures_in_text import Quantity

BINDING = {"regimen", "drug", "study"}  # terms that a rewording may not add
NUMBERS = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of several sentences, each read with what it leans on."""

    text: str
    sentences: tuple[Sentence, ...]
    figures: tuple[Figure, ...]
    labels: frozenset[str]


def verifier_over(lexicon: Lexicon) -> Callable[[str, Answered], tuple[str, ...]]:
    """Return what checks a rewording of one sentence of an answer.

    A sentence with figures may change in small words alone: its form binds them. Running text may
    be worded otherwise, as far as it says nothing new.
    """

    def verify(text: str, sentence: Answered) -> tuple[str, ...]:
        otherwise = same_words(text, sentence)
        if not otherwise or any(character.isdigit() for character in sentence.text):
            return otherwise
        return problems_of(text, [sentence.text], lexicon, strict=True)

    return verify


def problems_of(
    text: str, original: Sequence[str], lexicon: Lexicon, *, strict: bool = False
) -> tuple[str, ...]:
    """Return what a rewording says that its original does not; empty when it is faithful.

    Args:
        text: the rewording, one sentence or more.
        original: the sentences that it rewords, as they were composed.
        lexicon: of the library, for terms and endpoints.
        strict: allow no word of content that the original does not use, and no change of places;
            for rewordings by a machine, which is asked for no more.
    """
    new, old = _read([text], lexicon), _read(original, lexicon)
    found = chain(
        _added_terms(new, old),
        _figure_problems(new, old),
        _bound_problems(new, old),
        _judging_problems(new, old),
        _turned_comparison(new, old),
        _denials(new, old),
        chain(_word_problems(new, old), _order_problems(new, old)) if strict else (),
    )
    return tuple(dict.fromkeys(found))


def _read(texts: Sequence[str], lexicon: Lexicon) -> _Text:
    parts = [p.strip() for t in texts for p in sentencex.segment("en", t) if p.strip()]
    sentences = tuple(read(part, lexicon) for part in parts)
    figures: list[Figure] = []
    for place, sentence in enumerate(sentences):
        before = sentences[place - 1].labels if place else frozenset()
        for figure in sentence.figures:
            # "The 4-year EFS was 78%" tells of whom only in the sentence before it.
            lean = before if len(figure.own | figure.around) <= 1 else frozenset()
            figures.append(replace(figure, own=figure.own | lean))
    labels = frozenset().union(*(s.labels for s in sentences))
    return _Text(" ".join(s.text for s in sentences), sentences, tuple(figures), labels)


def _ids(text: _Text, kind: str) -> set[str]:
    found = {id_ for sentence in text.sentences for id_ in sentence.ids(kind)}
    counted = {id_ for figure in text.figures for id_ in figure.endpoints}
    return found | counted if kind == "endpoint" else found


def _added_terms(new: _Text, old: _Text) -> Iterator[str]:
    for kind in sorted(BINDING):
        for id_ in sorted(_ids(new, kind) - _ids(old, kind)):
            if not _is_named(id_, old):
                yield f"{kind} {id_} is not in the original"
    for id_ in sorted(_ids(new, "endpoint") - _ids(old, "endpoint")):
        counted = new.figures or not _ids(new, "endpoint") & _ids(old, "endpoint")
        if counted and not _is_named(id_, old):
            yield f"endpoint {id_} is not in the original"


def _is_named(id_: str, old: _Text) -> bool:
    """Say whether the words of a term all stand in the original, though not as its name."""
    return set(stems(id_.replace("-", " ").split())) <= {
        label.removeprefix("no:") for label in old.labels
    }


def _figure_problems(new: _Text, old: _Text) -> Iterator[str]:
    for figure in new.figures:
        same = [other for other in old.figures if _same_value(figure.quantity, other.quantity)]
        written = f"{figure.quantity.kind} {figure.quantity.low:g}{figure.quantity.unit}"
        if not same:
            yield f"{written} is not in the original"
            continue
        reasons = [_clash(figure, other, new, old) for other in same]
        if all(reasons):
            yield f"{written}: {reasons[0]}"


def _same_value(one: Quantity, two: Quantity) -> bool:
    bounds = {"<", ">"}
    return (
        one.kind == two.kind
        and one.unit == two.unit
        and abs(one.low - two.low) < 1e-9
        and abs(one.high - two.high) < 1e-9
        and (one.events, one.n) == (two.events, two.n)
        and (one.relation == two.relation or not {one.relation, two.relation} & bounds)
    )


def _clash(figure: Figure, other: Figure, new: _Text, old: _Text) -> str:
    """Return why a figure cannot be this one of the original; "" when it can."""
    if figure.endpoints and other.endpoints and not figure.endpoints & other.endpoints:
        return "it counts something else in the original"
    if figure.months is not None and figure.months != other.months:
        return "it has another time in the original"
    if figure.months is None and other.months is not None:
        return "it has lost its time"
    rivals = [rival for rival in old.figures if rival is not other and _is_rival(rival, other)]
    for rival in rivals:
        foreign = (figure.own & rival.own) - other.own
        if foreign:
            return f'"{min(foreign)}" belongs to another figure of the original'
    own_of_other = other.own - frozenset().union(*(r.own | r.around for r in rivals))
    denied = {label.removeprefix("no:") for label in figure.own if label.startswith("no:")}
    if denied & own_of_other:
        return f'"{min(denied & own_of_other)}" is denied here and not in the original'
    kept = figure.own | figure.around
    lost = {label[3:] for label in other.own if label.startswith("no:") and label not in kept}
    if lost & new.labels:
        return f'"{min(lost & new.labels)}" is denied in the original'
    return ""


def _is_rival(rival: Figure, other: Figure) -> bool:
    """Say whether two figures of the original count the same sort of thing, in other patients."""
    kinds = {rival.quantity.kind, other.quantity.kind}
    if len(kinds) == 2 and kinds != SHARES:
        return False
    same_sort = rival.quantity.unit == other.quantity.unit
    joined = kinds == SHARES and abs(rival.quantity.low - other.quantity.low) < 0.51
    return same_sort and not joined


def _bound_problems(new: _Text, old: _Text) -> Iterator[str]:
    mine = {b for s in new.sentences for b in s.bounds}
    its = {b for s in old.sentences for b in s.bounds}
    for bound_ in sorted(mine - its):
        yield f"{bound_} is not in the original"


def _judging_problems(new: _Text, old: _Text) -> Iterator[str]:
    its = set(stems([w.lower() for w in JUDGING.findall(old.text)])) | set(_words(old.text))
    its |= {word for row in SAME if row & its for word in row}
    for word in dict.fromkeys(w.lower() for w in JUDGING.findall(new.text)):
        if word not in its and not its.intersection(stems([word])):
            yield f'"{word}" is not in the original'


def _word_problems(new: _Text, old: _Text) -> Iterator[str]:
    """Yield words that the original does not use: content, relations, and how often it denies."""
    its = set(_words(old.text))
    known = its | set(stems(sorted(its)))
    known |= {word for row in SAME if row & its for word in row}
    bounds = (row for row in (LESS, MORE) if _has_bound(old, row) and _has_bound(new, row))
    known |= {word for row in bounds for word in row}
    known |= set(_shared_names(new, old))
    for word in dict.fromkeys(_words(new.text)):
        if word in NEUTRAL or word in known or ((stem := stems([word])) and stem[0] in known):
            continue
        if word in RELATIONS or word not in STOP_WORDS:
            yield f'"{word}" is not in the original'
    yield from _repeated(new, old, known)
    yield from _lost(new, old)
    mine_denied, its_denied = (
        sum(word in DENIALS for word in _words(text.text)) for text in (new, old)
    )
    if mine_denied != its_denied:
        yield "it denies more or less often than the original"
    for number in sorted(Counter(NUMBERS.findall(new.text)) - Counter(NUMBERS.findall(old.text))):
        yield f"{number} is not in the original, or not as often"


def _repeated(new: _Text, old: _Text, known: set[str]) -> Iterator[str]:
    """Yield words that stand more often than in the original: another word has lost its place."""
    rows = [set(stems(sorted(row))) for row in SAME]
    mine, its = (Counter(stems(_words(text.text))) for text in (new, old))
    for stem in sorted(mine):
        alike = next((row for row in rows if stem in row), {stem})
        allowed = sum(its[each] for each in alike)
        if stem in NEUTRAL or stem in GENERAL or not allowed:
            continue
        if sum(mine[each] for each in alike) > allowed and stem in known:
            yield f'"{stem}" stands more often than in the original'
    mine_units, its_units = (
        Counter(w for w in _words(text.text) if w in RELATIONS) for text in (new, old)
    )
    for word in sorted((mine_units - its_units) & Counter(set(RELATIONS))):
        if word not in LESS | MORE and its_units[word]:
            yield f'"{word}" stands more often than in the original'


def _lost(new: _Text, old: _Text) -> Iterator[str]:
    """Yield words of content that a rewording leaves out, and small ones that it has not as often.

    A name may be exchanged for another of the same term.
    """
    mine, its = _words(new.text), _words(old.text)
    kept = set(stems(mine)) | {
        stem for row in SAME if row & set(mine) for stem in stems(sorted(row))
    }
    kept |= {stem for word in _shared_names(old, new) for stem in stems([word])}
    for stem in dict.fromkeys(stems(its)):
        if stem not in kept and stem not in GENERAL and stem not in NEUTRAL:
            yield f'"{stem}" is left out'
    turned = Counter(w for w in mine if w in JOINING)
    for word in sorted(
        (turned - (was := Counter(w for w in its if w in JOINING))) + (was - turned)
    ):
        yield f'"{word}" does not stand as often as in the original'


def _order_problems(new: _Text, old: _Text) -> Iterator[str]:
    """Yield terms that have changed places where no figure tells which is which."""
    if len(new.figures) > 1:
        return
    mine, its = (
        [c for s in text.sentences for _, cs in s.names for c in sorted(cs)] for text in (new, old)
    )
    shared = [c for c in dict.fromkeys(mine) if c in set(its)]
    if shared != [c for c in dict.fromkeys(its) if c in set(mine)]:
        yield "terms have changed places"


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", normalized(text))


def _shared_names(new: _Text, old: _Text) -> Iterator[str]:
    """Yield the words by which a rewording names terms that the original names too."""
    terms = {concept for sentence in old.sentences for concept in sentence.concepts}
    for sentence in new.sentences:
        for words, concepts in sentence.names:
            if any(c.kind in {"endpoint", "regimen", "drug"} and c in terms for c in concepts):
                yield from words


def _has_bound(text: _Text, row: frozenset[str]) -> bool:
    sign = "<" if row is LESS else ">"
    return any(sign in bound_ for sentence in text.sentences for bound_ in sentence.bounds) or any(
        figure.quantity.relation == sign for figure in text.figures
    )


def _turned_comparison(new: _Text, old: _Text) -> Iterator[str]:
    """Yield a comparison whose sides are exchanged: the bound before "worse" is now after it."""
    for one, two in product(new.sentences, old.sentences):
        mine, its = COMPARING.search(one.text.lower()), COMPARING.search(two.text.lower())
        if mine is None or its is None or mine[0] != its[0] or not one.bounds & two.bounds:
            continue
        sides = _sides(one.text, mine.start())
        if len(set(sides)) == 2 and sides == _sides(two.text, its.start())[::-1]:
            yield "the sides of the comparison are exchanged"


def _sides(text: str, place: int) -> tuple[str, ...]:
    """Return the bounding words on either side of a comparison."""
    words = re.compile(
        r"\b(?:greater|less|more|fewer|at least|above|below|over|under)\b(?! prognosis)"
    )
    return tuple(
        ",".join(sorted({w.replace("above", "greater") for w in words.findall(part.lower())}))
        for part in (text[:place], text[place:])
    )


def _denials(new: _Text, old: _Text) -> Iterator[str]:
    """Yield what the rewording denies and the original does not, or the other way round."""
    mine = {label[3:] for label in new.labels if label.startswith("no:")}
    its = {label[3:] for label in old.labels if label.startswith("no:")}
    plain_old = {label for label in old.labels if not label.startswith("no:")}
    plain_new = {label for label in new.labels if not label.startswith("no:")}
    for stem in sorted((mine - its) & plain_old):
        yield f'"{stem}" is denied here and not in the original'
    for stem in sorted((its - mine) & plain_new - plain_old):
        yield f'"{stem}" is denied in the original and not here'
