"""Binds each figure of a sentence to what it counts, to its time, and to the group it is of."""

import re
from collections.abc import Iterator
from itertools import product

from secondline.answers.lexicon import Concept, Lexicon
from secondline.answers.report_words import (
    CLOCK_WITHIN,
    CLOCKS,
    COUNTED_FROM,
    DENIALS,
    DENIED,
    EARLIER,
    GENERAL,
    LEADING,
    NEAR,
    SEPARATORS,
    STRONG,
    VERBS,
)
from secondline.answers.sentences import RESULTS, SHARES, Figure, Sentence, bound
from secondline.answers.words import STOP_WORDS, normalized, stems
from secondline.statistics.figures_in_text import THEN, Quantity, plain, quantities

TOKEN = re.compile(r"\bq\d+q\b|\d+(?:\.\d+)?|[a-z][a-z0-9]*(?:'[a-z]+)?|[,;:()/]|\.(?=\s|$)")
FIGURE = re.compile(r"q(\d+)q")


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
        self.endpoint_at = {
            start: (end, frozenset(c.id for c in concepts if c.kind == "endpoint"))
            for start, end, concepts in self.places
            if any(c.kind == "endpoint" for c in concepts)
            and not (self.tokens[end - 1] == "remission" and self.tokens[start - 1] in EARLIER)
        }
        self.enclosed = self._enclosed()
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
            after = range(place + 1, min(place + 4, len(self.tokens)))
            names_endpoint = any(
                p in self.endpoint_at
                and not any(t in SEPARATORS for t in self.tokens[place + 1 : p])
                for p in after
            )
            before = self.tokens[max(place - 1, 0) : place]
            follows = self.tokens[place + 1 : place + 2]
            stands_at = before == ["at"] and not set(follows) & {"after", "from", "of", "since"}
            if names_endpoint or stands_at:
                yield place, quantity.low

    def _is_result(self, place: int, quantity: Quantity) -> bool:
        if quantity.kind == "percent" and self._is_level(place):
            return False
        if quantity.kind == "span":
            said = "median" in self.tokens[:place] and quantity.relation in {"=", "~"}
            return said and place not in self.times
        return quantity.kind in RESULTS

    def _is_level(self, place: int) -> bool:
        """Say whether a percentage is a cut, as of residual disease, blasts or necrosis."""
        quantity = self.figure_at[place]
        near = set(self.tokens[max(place - 6, 0) : place + 4])
        return (
            quantity.relation in {"<", ">", "="}
            and bool(near & {"mrd", "blasts", "necrosis", "residual"})
            and (quantity.relation != "=" or quantity.high < 1)
        )

    def _figures(self, results: list[int]) -> Iterator[Figure]:
        listed = self._listed(results)
        beside = {p: [o for o in results if self._is_beside(o, p)] for p in results}
        spans = {p: listed.get(p) or self._own(p, beside[p]) for p in results}
        spans |= self._in_order(results, beside, spans)
        for place in results:
            counted = self._counted(place)
            own = frozenset(self._labels(*spans[place], counted))
            taken = {t for other in beside[place] for t in range(*spans[other])}
            rest = [p for p in range(len(self.tokens)) if p not in taken]
            around = {label for p in rest for label in self._labels(p, p + 1, counted)}
            yield Figure(
                quantity=self.figure_at[place],
                endpoints=self._endpoints(place),
                months=self._months(place),
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

    def _in_order(
        self,
        results: list[int],
        beside: dict[int, list[int]],
        spans: dict[int, tuple[int, int]],
    ) -> dict[int, tuple[int, int]]:
        """Match figures with treatments in their order: "A did better than B, with 69% to 54%".

        Only where as many treatments stand before the figures, and none beside one of them.
        """
        if not results or not beside[results[0]]:
            return {}
        run = sorted([results[0], *beside[results[0]]])
        named = [
            (start, end)
            for start, end, concepts in self.places
            if any(c.kind in {"regimen", "drug"} for c in concepts)
        ]
        before = [span for span in named if span[1] <= run[0]]
        taken = any(
            first <= start and end <= last
            for first, last in (spans[place] for place in run)
            for start, end in named
        )
        if taken or len(before) != len(run):
            return {}
        return dict(zip(run, before, strict=True))

    def _listed(self, results: list[int]) -> dict[int, tuple[int, int]]:
        """Return what belongs to each figure of a list that has a list of as many groups beside it.

        "80%, 20% and 13% for standard, high and very high risk"; before the figures only where the
        sentence says "respectively".
        """
        found: dict[int, tuple[int, int]] = {}
        run: list[int] = []
        for place in [*results, len(self.tokens) + 2]:
            gap = self.tokens[run[-1] + 1 : place] if run else []
            if run and (len(gap) > 2 or any(t not in SEPARATORS for t in gap)):
                found.update(self._matched(run))
                run = []
            run.append(place)
        return found

    def _matched(self, run: list[int]) -> dict[int, tuple[int, int]]:
        """Match a run of figures with the parts of the list after it, or before it."""
        if len(run) < 2:
            return {}
        after = self._parts(run[-1] + 1, len(self.tokens))
        if len(after) == len(run):
            return dict(zip(run, after, strict=True))
        if "respectively" in self.tokens:
            begin = self.tokens.index("either") + 1 if "either" in self.tokens else 0
            end = run[0]
            if begin:
                strong = (p for p in range(begin, end) if self.tokens[p] in STRONG)
                end = next(strong, end)
            before = self._parts(begin, end)
            return dict(zip(reversed(run), reversed(before), strict=False))
        return {}

    def _parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """Divide tokens at their separators, up to the end of the clause."""
        parts, begin = [], start
        for place in range(start, end + 1):
            token = self.tokens[place] if place < end else ";"
            if token in SEPARATORS or token in {"(", ")"}:
                if any(t[0].isalnum() for t in self.tokens[begin:place]):
                    parts.append((begin, place))
                begin = place + 1
                if token in {";", "."} and start > 0:
                    break
        return parts

    def _is_beside(self, other: int, place: int) -> bool:
        """Say whether two figures are results of one sort, such as two percentages."""
        mine, its = self.figure_at[place], self.figure_at[other]
        same = mine.kind == its.kind or {mine.kind, its.kind} <= SHARES
        joined = {mine.kind, its.kind} == SHARES and abs(other - place) <= 3
        return other != place and same and not joined

    def _own(self, place: int, others: list[int]) -> tuple[int, int]:
        """Return the span of tokens that tells a figure from the others of its sort."""
        if not others:
            return 0, len(self.tokens)
        before = max((p for p in others if p < place), default=-1)
        after = min((p for p in others if p > place), default=len(self.tokens))
        follows = next((t for t in self.tokens[place + 1 : after] if t not in {")", "("}), "")
        start = before + 1
        if before >= 0 and (ended := self._after_part(before, place)) > start:
            start = ended
        if follows in LEADING or self._are_followed([place, *others]):
            own_start = max(
                (p + 1 for p in range(start, place) if self.tokens[p] in SEPARATORS), default=start
            )
            end = self._after_part(place, after)
            if before >= 0:
                return start, end
            # What stands before the first of several figures belongs to all of them, unless each
            # has something before it.
            each = any(self._labels(end, after, set())) and after < len(self.tokens)
            return (own_start if each else place), end
        if before < 0:
            start = max((p + 1 for p in range(place) if self.tokens[p] in STRONG), default=0)
        return start, self._after_part(place, after) if after == len(self.tokens) else place + 1

    def _are_followed(self, places: list[int]) -> bool:
        """Say whether figures stand before what they belong to: "(24 Gy cranial/15 Gy spinal)"."""
        after = [self.tokens[p + 1 : p + 2] for p in places]
        before = self.tokens[max(min(places) - 1, 0) : min(places)]
        return before in (["("], [":"], [","]) and all(t and t[0][0].isalnum() for t in after)

    def _after_part(self, place: int, limit: int) -> int:
        """Return where the words after a figure end that belong to it."""
        words = 0
        for position in range(place + 1, limit):
            token = self.tokens[position]
            if token in {"(", ")"}:
                continue
            if token in SEPARATORS | VERBS or words == NEAR:
                return position
            words += token not in STOP_WORDS
        return limit

    def _counted(self, place: int) -> set[int]:
        """Return the tokens that name what a figure counts, and so tell it from no other."""
        names = self._open_names(place)
        if not names:
            return set()
        before = [start for start in names if start < place]
        start = max(before) if before else min(names)
        return set(range(start, names[start][0])) - self.denied

    def _open_names(self, place: int) -> dict[int, tuple[int, frozenset[str]]]:
        """Return where endpoints are named that a figure may count, not in other parentheses."""
        return {
            start: found
            for start, found in self.endpoint_at.items()
            if self.enclosed[start] in {0, self.enclosed[place]}
        } or self.endpoint_at

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
            elif token[0].isdigit():
                yield f"#{token}"
            elif token[0].isalpha() and token not in SEPARATORS:
                very = "very " if self.tokens[place - 1 : place] == ["very"] else ""
                for stem in stems([token]):
                    if stem not in GENERAL:
                        yield denied + very + stem

    def _endpoints(self, place: int) -> frozenset[str]:
        """Return what a figure counts, also where two names share their last word."""
        named = self._nearest_endpoints(place)
        near = [[p] for p in (place + 1, place - 1, place - 2)]
        near.append([place + 1, place + 2])  # "64% event-free and 80% overall survival"
        heads = {self.tokens[end - 1] for end, _ in self.endpoint_at.values()}
        for places, head in product(near, sorted(heads)):
            words = [self.tokens[p] for p in places if 0 <= p < len(self.tokens)]
            if not words or SEPARATORS & set(words) or words[0] in heads or not words[0].isalpha():
                continue
            shared = self.lexicon.names([*words, head])
            ids = frozenset(c.id for c in shared if c.kind == "endpoint")
            if ids and not self._stands_alone(head, ids):
                return ids
        return named

    def _stands_alone(self, head: str, ids: frozenset[str]) -> bool:
        """Say whether an endpoint is named by the last word of its name alone."""
        return ids == frozenset(c.id for c in self.lexicon.names([head]) if c.kind == "endpoint")

    def _nearest_endpoints(self, place: int) -> frozenset[str]:
        """Return the nearest name of an endpoint before a figure, else the nearest after it."""
        named = self._open_names(place)
        before = [(start, ids) for start, (end, ids) in named.items() if end <= place]
        after = [(start, ids) for start, (_, ids) in named.items() if start > place]
        near = [ids for start, ids in after if self._is_joined(place, start)]
        if near and not (before and self._is_joined(max(before)[0], place)):
            return near[0]
        if before:
            return max(before)[1]
        return min(after)[1] if after else frozenset()

    def _is_joined(self, first: int, second: int) -> bool:
        """Say whether nothing but a few words stands between two places."""
        between = self.tokens[first + 1 : second]
        return len(between) <= 6 and not any(t in STRONG or FIGURE.fullmatch(t) for t in between)

    def _months(self, place: int) -> float | None:
        """Return the time of the nearest span at which something was counted, before or after."""
        before = [p for p in self.times if p < place]
        if before:
            return self.times[max(before)]
        after = [
            p for p in self.times if p > place and not STRONG & set(self.tokens[place + 1 : p])
        ]
        return self.times[min(after)] if after else None
