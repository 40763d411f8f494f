"""The words of a sentence that tell each of its figures from the others: of whom it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from secondline.answers.report_words import (
    LEADING,
    NEAR,
    PATIENTS,
    RELATIVE,
    SEPARATORS,
    SERIES,
    STRONG,
    SUBORDINATE,
    VERBS,
)
from secondline.answers.sentences import SHARES
from secondline.answers.words import STOP_WORDS
from secondline.statistics.figures_in_text import Quantity

PAIR = 3  # tokens from one figure to the other of a pair: "69% vs. 45%"
DIVIDING = {"versus", "vs", "than", "compared", "against"}
IN_ORDER = "respectively"
Span = tuple[int, int]  # from a token to before another


@dataclass(frozen=True, slots=True)
class Spans:
    """Divides the tokens of one sentence among its figures.

    Attributes:
        tokens: words, punctuation and figures.
        figure_at: the figures by their places.
        named: where treatments are named.
        whole: figures with others enclosed beside them, and where those end.
        has_labels: says whether something in a span tells groups apart.
    """

    tokens: Sequence[str]
    figure_at: Mapping[int, Quantity]
    named: Sequence[Span]
    whole: Mapping[int, int]
    has_labels: Callable[[int, int], bool]

    def of(self, results: list[int]) -> dict[int, Span]:
        """Return the span of each figure, by its place.

        Args:
            results: the places of figures that are results, in order.
        """
        listed = self._listed(results)
        beside = {place: self.beside(place, results) for place in results}
        hosts = {
            inside: place
            for place, end in self.whole.items()
            for inside in results
            if place < inside < end
        }
        spans = {
            p: listed.get(p) or self._own(hosts.get(p, p), self._apart(beside[p], hosts, p))
            for p in results
        }
        return spans | self._in_order(results, beside, spans)

    def beside(self, place: int, results: list[int]) -> list[int]:
        """Return the other figures that are results of the same sort."""
        return [other for other in results if self._is_beside(other, place)]

    @staticmethod
    def _apart(others: list[int], hosts: dict[int, int], place: int) -> list[int]:
        """Return the other results that are not told of the same: each once, by its first."""
        found = dict.fromkeys(hosts.get(other, other) for other in others)
        return [other for other in found if other not in {place, hosts.get(place)}]

    def _in_order(
        self,
        results: list[int],
        beside: dict[int, list[int]],
        spans: dict[int, Span],
    ) -> dict[int, Span]:
        """Match figures with treatments in their order: "A did better than B, with 69% to 54%".

        Only where as many treatments stand before the figures, and none beside one of them; two
        figures also with the two sides of a comparison.
        """
        if not results or not beside[results[0]]:
            return {}
        run = sorted([results[0], *beside[results[0]]])
        before = [span for span in self.named if span[1] <= run[0]]
        after = len(before) < len(self.named)
        beside_one = any(
            0 < sum(first <= start and end <= last for start, end in before) < len(before)
            for first, last in (spans[place] for place in run)
        )
        if after or beside_one or len(before) != len(run):
            is_pair = len(run) == 2 and run[1] - self.whole.get(run[0], run[0]) <= PAIR
            told = is_pair and self.has_labels(*spans[run[1]])
            before = self._sides(run[0]) if is_pair and not told else []
        if len(before) != len(run):
            return {}
        return dict(zip(run, before, strict=True))

    def _sides(self, end: int) -> list[Span]:
        """Return the two groups that a clause compares before its figures: "A than B, 5% vs 9%"."""
        strong = (p + 1 for p in range(end) if self.tokens[p] in {";", "."})
        start = max(strong, default=0)
        divides = [p for p in range(start, end) if self.tokens[p] in DIVIDING]
        if not divides and "between" in self.tokens[start:end]:
            start = self.tokens.index("between", start) + 1
            divides = [p for p in range(start, end) if self.tokens[p] == "and"]
        if len(divides) != 1:
            return []
        return [(start, divides[0]), (divides[0] + 1, end)]

    def _listed(self, results: list[int]) -> dict[int, Span]:
        """Return what belongs to each figure of a list that has a list of as many groups beside it.

        "80%, 20% and 13% for standard, high and very high risk"; before the figures only where the
        sentence says "respectively".
        """
        found: dict[int, Span] = {}
        run: list[int] = []
        for place in [*results, len(self.tokens) + 2]:
            gap = self.tokens[run[-1] + 1 : place] if run else []
            if run and (len(gap) > 2 or any(t not in SEPARATORS for t in gap)):
                found.update(self._matched(run))
                run = []
            run.append(place)
        return found

    def _matched(self, run: list[int]) -> dict[int, Span]:
        """Match a run of figures with the parts of the list after it, or before it."""
        if len(run) < 2:
            return {}
        after = self._parts(run[-1] + 1, len(self.tokens))
        if len(after) == len(run):
            return dict(zip(run, after, strict=True))
        if IN_ORDER in self.tokens:
            begin = self.tokens.index("either") + 1 if "either" in self.tokens else 0
            end = run[0]
            if begin:
                strong = (p for p in range(begin, end) if self.tokens[p] in STRONG)
                end = next(strong, end)
            before = self._parts(begin, end)
            return dict(zip(reversed(run), reversed(before), strict=False))
        return {}

    def _parts(self, start: int, end: int) -> list[Span]:
        """Divide tokens at their separators, up to the end of the clause."""
        parts, begin = [], start
        for place in range(start, end + 1):
            token = self.tokens[place] if place < end else ";"
            if token in SEPARATORS or token in {"(", ")"}:
                if any(t[0].isalnum() and t != IN_ORDER for t in self.tokens[begin:place]):
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

    def _own(self, place: int, others: list[int]) -> Span:
        """Return the span of tokens that tells a figure from the others of its sort."""
        if not others:
            return 0, len(self.tokens)
        before = max((p for p in others if p < place), default=-1)
        after = min((p for p in others if p > place), default=len(self.tokens))
        told = self.whole.get(place, place)
        passed = {")", "("} | PATIENTS  # "3 of 4 patients with"
        follows = next((t for t in self.tokens[told + 1 : after] if t not in passed), "")
        start = before + 1
        if before >= 0 and (ended := self._after_part(before, place)) > start:
            start = ended
        if follows in LEADING or self._counts(place) or self._are_followed([place, *others]):
            own_start = max(
                (p + 1 for p in range(start, place) if self.tokens[p] in SEPARATORS), default=start
            )
            end = self._after_part(place, after)
            if before >= 0:
                return own_start, end
            # What stands before the first of several figures belongs to all of them, unless each
            # has something before it.
            each = self.has_labels(end, after) and after < len(self.tokens)
            return (own_start if each else place), end
        if before < 0:
            # "VIT: 44%; VI: 31%", but a heading before one figure belongs to all.
            cuts = STRONG - {":"} if ":" in self.tokens[place:after] else STRONG
            start = max((p + 1 for p in range(place) if self.tokens[p] in cuts), default=0)
        return start, self._after_part(place, after) if after == len(self.tokens) else told + 1

    def _counts(self, place: int) -> bool:
        """Say whether those who are counted follow: "3 of 4 tumors"."""
        after = next(iter(self.tokens[place + 1 : place + 2]), "")
        named = after.isalpha() and after not in SEPARATORS | VERBS | LEADING
        return self.figure_at[place].kind == "count" and named

    def _are_followed(self, places: list[int]) -> bool:
        """Say whether figures stand before what they belong to: "(24 Gy cranial/15 Gy spinal)"."""
        after = [self.tokens[p + 1 : p + 2] for p in places]
        before = self.tokens[max(min(places) - 1, 0) : min(places)]
        return before in (["("], [":"], [","]) and all(t and t[0][0].isalnum() for t in after)

    def _after_part(self, place: int, limit: int) -> int:
        """Return where the words after a figure end that belong to it."""
        words, whose = 0, False
        for position in range(self.whole.get(place, place) + 1, limit):
            token = self.tokens[position]
            if token in {"(", ")"}:
                continue
            if token in SEPARATORS or (token in VERBS and not whose) or words == NEAR:
                return position
            # "for those who received A", "in those whose disease was growing", "when it came"
            whose = token in RELATIVE | SUBORDINATE or (whose and token not in VERBS)
            words += token not in STOP_WORDS | PATIENTS
        return limit


def is_aside(tokens: Sequence[str], place: int) -> bool:
    """Say whether a figure only says how many of all a group is: "..., X of the series, ..."."""
    before, after = tokens[max(place - 1, 0) : place], list(tokens[place + 1 : place + 6])
    end = next((i for i, token in enumerate(after) if token in {",", ")"}), 0)
    whom = set(after[1:end])
    return before in ([","], ["("]) and after[:1] == ["of"] and bool(whom & (PATIENTS | SERIES))
