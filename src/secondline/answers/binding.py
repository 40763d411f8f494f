"""Binds each figure of a sentence to what it counts, to its time, and to the group it is of."""

import re
from collections.abc import Iterable, Iterator

from secondline.answers.counted import Counted
from secondline.answers.lexicon import Concept, Lexicon
from secondline.answers.report_words import (
    BESIDE_FIGURES,
    CLOCK_WITHIN,
    CLOCKS,
    COUNTED_FROM,
    DENIALS,
    DENIED,
    ERRORS,
    GENERAL,
    OF_NO_PEOPLE,
    SEPARATORS,
    STRONG,
)
from secondline.answers.sentences import FIGURE, RESULTS, Figure, Sentence, bound
from secondline.answers.spans import Spans
from secondline.answers.words import normalized, stems
from secondline.statistics.figures_in_text import THEN, Quantity, plain, quantities

TOKEN = re.compile(r"\bq\d+q\b|\d+(?:\.\d+)?|[a-z][a-z0-9]*(?:'[a-z]+)?|[,;:()/]|\.(?=\s|$)")
LEVELS = {"mrd", "blasts", "necrosis", "residual"}
OF_A_LEVEL = {"with", "under", "had", "if", "when"}
LOWEST = 1.0  # percent; no result beside a level is as low
AGAINST = {"versus", "vs", "against"}


def _is_treatment(concepts: Iterable[Concept]) -> bool:
    return any(concept.kind in {"regimen", "drug"} for concept in concepts)


def read(text: str, lexicon: Lexicon) -> Sentence:
    """Read one sentence: its terms, its figures, and what each is a figure of."""
    return _Reader(text, lexicon).sentence()


class _Reader:
    """Reads one sentence; figures stand in its tokens as "q0q", "q1q", ..."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = plain(text)
        self.lexicon = lexicon
        self.quantities = quantities(self.text)
        self.tokens = TOKEN.findall(normalized(self._with_places()))
        self.figure_at = {
            place: self.quantities[int(match[1])]
            for place, token in enumerate(self.tokens)
            if (match := FIGURE.fullmatch(token))
        }
        self.places = self._places()
        self.enclosed = self._enclosed()
        self.counts = Counted(self.tokens, self.figure_at, self.places, self.enclosed, lexicon)
        self.whole = dict(self._whole())
        self.denied = self._denied()
        self.times = dict(self._times())

    def sentence(self) -> Sentence:
        words = [t for t in TOKEN.findall(normalized(self.text)) if t[0].isalnum()]
        concepts = self.lexicon.names(words) | self.lexicon.in_capitals(self.text)
        concepts |= frozenset(c for _, _, found in self.places for c in found)
        results = [place for place, q in self.figure_at.items() if self._is_result(place, q)]
        bounds = [q for place, q in self.figure_at.items() if place not in results]
        return Sentence(
            text=self.text,
            concepts=concepts,
            names=tuple(
                (tuple(self.tokens[start:end]), frozenset(found))
                for start, end, found in self.places
            ),
            words=frozenset(stems([w for w in words if w[0].isalpha()])),
            labels=frozenset(self._labels(0, len(self.tokens), set())),
            figures=tuple(self._figures(results)),
            bounds=frozenset(bound(q) for q in bounds if q.kind != "patients"),
            clocks=frozenset(self._clocks()),
            quantities=self.quantities,
        )

    def _clocks(self) -> Iterator[tuple[str, str]]:
        """Yield the spans that say what they are counted from: "18 months after diagnosis"."""
        for place, quantity in self.figure_at.items():
            if quantity.kind != "span" or place in self.times:
                continue
            after = self.tokens[place + 1 : place + 2 + CLOCK_WITHIN]
            if not after or after[0] not in COUNTED_FROM:
                continue
            for token in after[1:]:
                if token in STRONG:
                    break
                if token in CLOCKS:
                    yield bound(quantity), CLOCKS[token]
                    break

    def _with_places(self) -> str:
        text, position = "", 0
        for number, quantity in enumerate(self.quantities):
            text += f"{self.text[position : quantity.start]} q{number}q "
            position = max(position, quantity.end)
        return text + self.text[position:]

    def _places(self) -> list[tuple[int, int, tuple[Concept, ...]]]:
        """Return where terms stand among the tokens, punctuation left out of their names."""
        kept = [place for place, token in enumerate(self.tokens) if token[0].isalnum()]
        words = [self.tokens[place] for place in kept]
        found = self.lexicon.places(words)
        return [(kept[start], kept[end - 1] + 1, concepts) for start, end, concepts in found]

    def _enclosed(self) -> list[int]:
        """Return for each token the number of the parenthesis it stands in; 0 for none."""
        found, count, inside = [], 0, 0
        for token in self.tokens:
            if token == "(":
                count += 1
                inside = count
            found.append(inside)
            if token == ")":
                inside = 0
        return found

    def _whole(self) -> Iterator[tuple[int, int]]:
        """Yield the figures that have figures enclosed beside them, and where those end.

        "39% (17 of 44; 95% CI 24% to 55%) for patients with": one result, told in several ways.
        """
        for place in self.figure_at:
            end = place + 2
            while end < len(self.tokens) and self.enclosed[end] == self.enclosed[place + 1]:
                end += 1
            inside = self.tokens[place + 2 : end - 1]
            if self.tokens[place + 1 : place + 2] == ["("] and all(
                FIGURE.fullmatch(t) or not t[0].isalpha() or t in BESIDE_FIGURES for t in inside
            ):
                yield place, end - 1

    def _denied(self) -> set[int]:
        """Return the tokens that a denial before them reaches, up to the next separator."""
        found: set[int] = set()
        for place, token in enumerate(self.tokens):
            open_ = self.tokens[max(place - 2, 0) : place] == ["with", "or"]
            if token in DENIALS and not open_:
                for reached in range(place + 1, min(place + 1 + DENIED, len(self.tokens))):
                    if self.tokens[reached] in STRONG | {"but", "versus", "vs"}:
                        break
                    found.add(reached)
        return found

    def _times(self) -> Iterator[tuple[int, float]]:
        """Yield the spans at which something was counted: "5-year survival", "at 5 years"."""
        for place, quantity in self.figure_at.items():
            if quantity.kind != "span" or quantity.relation not in {"=", "~"}:
                continue
            if quantity.low != quantity.high:  # "at 10 to 15 years of age"
                continue
            after = range(place + 1, min(place + 4, len(self.tokens)))
            names_endpoint = any(
                p in self.counts.names
                and not any(t in SEPARATORS for t in self.tokens[place + 1 : p])
                for p in after
            )
            before = self.tokens[max(place - 1, 0) : place]
            follows = self.tokens[place + 1 : place + 2]
            # "at 2 years of 66%", "68% at 5 years from diagnosis", not "relapse at 2 years of age".
            told = place + 2 in self.figure_at or place - 2 in self.figure_at
            clock = not told and set(follows) & {"after", "from", "of", "since"}
            stands_at = before in (["at"], ["by"]) and not clock
            # "5 years after relapse, 80% had died", "20% were alive 5 years after relapse".
            looks_back = bool(clock) and (place == 0 or before in (["alive"], ["died"], ["dead"]))
            if names_endpoint or stands_at or looks_back:
                yield place, quantity.low

    def _is_result(self, place: int, quantity: Quantity) -> bool:
        if quantity.kind == "percent" and (self._is_level(place) or self._is_error(place)):
            return False
        if quantity.kind == "span":
            said = "median" in self.tokens[:place] or self._is_against(place)
            return said and quantity.relation in {"=", "~"} and place not in self.times
        after = self.tokens[place + 1 : place + 4]
        if quantity.kind == "count" and not OF_NO_PEOPLE.isdisjoint(after):
            return False  # "at most one of four risk factors"
        return quantity.kind in RESULTS

    def _is_against(self, place: int) -> bool:
        """Say whether a span is one of two results: "lived longer, 12.5 versus 10.7 months"."""
        near = [self.tokens[p] for p in (place - 1, place + 1) if 0 <= p < len(self.tokens)]
        other = [p for p in (place - 2, place + 2) if p in self.figure_at]
        same = any(self.figure_at[p].kind == "span" for p in other)
        return same and not AGAINST.isdisjoint(near)

    def _is_error(self, place: int) -> bool:
        """Say whether a percentage is the error of the figure before it: "52.4% (SE, 10.1%)"."""
        return not ERRORS.isdisjoint(self.tokens[max(place - 2, 0) : place])

    def _is_level(self, place: int) -> bool:
        """Say whether a percentage is a cut, as of residual disease, blasts or necrosis."""
        quantity = self.figure_at[place]
        near = set(self.tokens[max(place - 6, 0) : place + 4])
        if quantity.high <= LOWEST and not LEVELS.isdisjoint(self.tokens):
            return True
        before = self.tokens[max(place - 3, 0) : place]
        if quantity.relation in {"<", ">"} and not LEVELS.isdisjoint(self.tokens):
            return not OF_A_LEVEL.isdisjoint(before)
        return (
            quantity.relation in {"<", ">", "="}
            and bool(near & LEVELS)
            and (quantity.relation != "=" or quantity.high < 1)
        )

    def _figures(self, results: list[int]) -> Iterator[Figure]:
        divided = Spans(
            tokens=self.tokens,
            figure_at=self.figure_at,
            named=[(start, end) for start, end, found in self.places if _is_treatment(found)],
            whole=self.whole,
            has_labels=lambda start, end: any(self._labels(start, end, set())),
        )
        spans = divided.of(results)
        for place in results:
            counted = self.counts.name_of(place) - self.denied
            own = frozenset(self._labels(*spans[place], counted))
            others = divided.beside(place, results)
            taken = {t for other in others for t in range(*spans[other])}
            rest = [p for p in range(len(self.tokens)) if p not in taken]
            around = {label for p in rest for label in self._labels(p, p + 1, counted)}
            yield Figure(
                quantity=self.figure_at[place],
                endpoints=self.counts.of(place),
                months=self._months(place),
                beside=self.counts.is_beside(place),
                own=own,
                terms=frozenset(
                    concept
                    for start, end, concepts in self.places
                    if spans[place][0] <= start and end <= spans[place][1]
                    for concept in concepts
                ),
                around=frozenset(around) - own,
                changed=THEN in self.text,
            )

    def _labels(self, start: int, end: int, without: set[int]) -> Iterator[str]:
        for place in range(start, end):
            if place in without:
                continue
            token = self.tokens[place]
            denied = "no:" if place in self.denied else ""
            if quantity := self.figure_at.get(place):
                if (
                    quantity.kind in {"span", "size", "patients", "dose"}
                    and place not in self.times
                ):
                    yield bound(quantity)
                if quantity.kind in {"patients", "count"}:  # "50 sarcoma patients"
                    inside = self.text[quantity.start : quantity.end]
                    words = [w for w in TOKEN.findall(normalized(inside)) if w[0].isalpha()]
                    yield from (stem for stem in stems(words) if stem not in GENERAL)
            elif token[0].isdigit():
                yield f"#{token}"
            elif token[0].isalpha() and token not in SEPARATORS:
                very = "very " if self.tokens[place - 1 : place] == ["very"] else ""
                for stem in stems([token]):
                    if stem not in GENERAL:
                        yield denied + very + stem

    def _months(self, place: int) -> float | None:
        """Return the time at which a figure was counted: "57% at 1 year", else the nearest."""
        told = self.whole.get(place, place)
        at = self.tokens[told + 1 : told + 2] in (["at"], ["by"])
        if at and told + 2 in self.times:
            return self.times[told + 2]
        before = [p for p in self.times if p < place]
        if at and before and (years := self._years_again(told + 2, max(before))):
            return years
        if before:
            return self.times[max(before)]
        after = [
            p for p in self.times if p > place and not STRONG & set(self.tokens[place + 1 : p])
        ]
        return self.times[min(after)] if after else None

    def _years_again(self, place: int, before: int) -> float | None:
        """Return the months of a bare number after a time in years: "X at 5 years, Y at 10"."""
        number = self.tokens[place : place + 1]
        time = self.figure_at[before]
        ends = self.tokens[place + 1 : place + 2]
        bare = number and number[0].isdigit() and (not ends or not ends[0][0].isalnum())
        if bare and "year" in self.text[time.start : time.end]:
            return 12.0 * int(number[0])
        return None
