"""What each figure of a sentence counts: by the nearest name of an endpoint, or a shared word."""

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

from secondline.answers.lexicon import Concept, Lexicon
from secondline.answers.report_words import (
    DEATHS,
    DENIALS,
    EARLIER,
    EVENTS,
    EVENTS_WITHIN,
    OF_DEATHS,
    PATIENTS,
    RELAPSE_COUNTED,
    RELATIVE,
    SEPARATORS,
    STRONG,
    TURNS,
    VERBS,
    WHOSE_RELAPSE,
    WITHOUT_EVENTS,
)
from secondline.answers.sentences import FIGURE
from secondline.answers.spans import is_aside
from secondline.statistics.figures_in_text import Quantity

RELAPSES = {"relapse", "recurrence", "relapses"}
OF_THEM = (["of", "them"], ["of", "these"], ["of", "whom"])
WHO = PATIENTS | RELATIVE | {"with", "without"}
# What stands between the names, and between the figures, of a list.
LISTED = SEPARATORS | {"rates", "rate", "the", "of", "was", "were"}
Ids = frozenset[str]


class Counted:
    """The endpoints that one sentence names, and which of them its figures count.

    Args:
        tokens: words, punctuation and figures.
        figure_at: the figures by their places.
        places: where terms are named: start, end and what they may stand for.
        enclosed: for each token the number of its parenthesis, 0 for none.
        lexicon: of the library.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        figure_at: Mapping[int, Quantity],
        places: Sequence[tuple[int, int, tuple[Concept, ...]]],
        enclosed: Sequence[int],
        lexicon: Lexicon,
    ) -> None:
        self.tokens = list(tokens)
        self.figure_at = figure_at
        self.enclosed = enclosed
        self.lexicon = lexicon
        named = {
            start: (end, frozenset(c.id for c in concepts if c.kind == "endpoint"))
            for start, end, concepts in places
            if any(c.kind == "endpoint" for c in concepts) and not self._is_of_whom(start, end)
        }
        self.heads = {self.tokens[end - 1] for end, _ in named.values()}
        first = min(named, default=0)
        self.names: Mapping[int, tuple[int, Ids]] = {
            start: (end, WITHOUT_EVENTS if OF_DEATHS in ids and self._adds_events(end) else ids)
            for start, (end, ids) in named.items()
            if start == first or not self._is_in_a_group(start, first)
        }

    def of(self, place: int) -> Ids:
        """Return what the figure at a place counts; nothing where the sentence does not say it."""
        if is_aside(self.tokens, place):
            return frozenset()
        ids = self._shared(place) or self._listed(place) or self._nearest(place)
        if self.figure_at[place].kind == "span":
            return ids | {m for each in ids if (m := self._median(each))}
        return ids

    def is_beside(self, place: int) -> bool:
        """Say whether what a figure counts is named right beside it, and not only elsewhere."""
        if self._shared(place) or self._listed(place):
            return True
        named = self._open(place)
        return any(
            self._is_joined(min(place, start), max(place, start))
            for start, (_, ids) in named.items()
            if ids == self._nearest(place)
        )

    def name_of(self, place: int) -> set[int]:
        """Return the tokens that name what a figure counts."""
        names = self._open(place)
        if not names:
            return set()
        before = [start for start in names if start < place]
        start = max(before) if before else min(names)
        return set(range(start, names[start][0]))

    def _open(self, place: int) -> Mapping[int, tuple[int, Ids]]:
        """Return the names that a figure may count, not those in other parentheses."""
        return {
            start: found
            for start, found in self.names.items()
            if self.enclosed[start] in {0, self.enclosed[place]}
        } or self.names

    def _median(self, endpoint: str) -> str:
        """Return the median time to what an endpoint is the share of; "" where there is none."""
        known = self.lexicon.names(["median", *endpoint.replace("-", " ").split()])
        return next((c.id for c in known if c.id == f"median {endpoint}"), "")

    def _shared(self, place: int) -> Ids:
        """Return what a figure counts where two names share their last word."""
        near = [[p] for p in (place + 1, place - 1, place - 2)]
        near.append([place + 1, place + 2])  # "64% event-free and 80% overall survival"
        if self.tokens[place + 1 : place + 3] in OF_THEM:  # "4 of them complete"
            near.append([place + 3])
        for places, head in product(near, sorted(self.heads)):
            words = [self.tokens[p] for p in places if 0 <= p < len(self.tokens)]
            if not words or not self._completes(words, places[0]):
                continue
            if ";" in self._between(place, head):
                continue
            whole = (0, len(words) + 1)
            found = self.lexicon.places([*words, head])
            shared = [c for start, end, names in found if (start, end) == whole for c in names]
            ids = frozenset(c.id for c in shared if c.kind == "endpoint")
            if ids and not self._stands_alone(head, ids):
                return ids
        return frozenset()

    def _between(self, place: int, head: str) -> list[str]:
        """Return the tokens between a figure and the nearest name that ends in a word."""
        ends = (end - 1 for end, _ in self.names.values() if self.tokens[end - 1] == head)
        near = min(ends, key=lambda end: abs(end - place), default=place)
        return self.tokens[min(place, near) : max(place, near)]

    def _completes(self, words: list[str], place: int) -> bool:
        """Say whether words may share the last word of another name, as "event-free" does."""
        joined = SEPARATORS.isdisjoint(words) and words[0] not in self.heads
        whom = len(words) == 1 and self._is_of_whom(place, place + 1)
        return joined and words[0].isalpha() and not whom

    def _stands_alone(self, head: str, ids: Ids) -> bool:
        """Say whether an endpoint is named by the last word of its name alone."""
        return ids == frozenset(c.id for c in self.lexicon.names([head]) if c.kind == "endpoint")

    def _listed(self, place: int) -> Ids:
        """Return what a figure of a list counts: "event-free and overall survival, X and Y"."""
        run = self._run(place)
        named = [start for start in sorted(self.names) if start < run[0]][-len(run) :]
        if len(run) < 2 or len(named) < len(run):
            return frozenset()
        steps = [*pairwise(named), (named[-1], run[0])]
        apart = (self.tokens[self.names[one][0] : other] for one, other in steps)
        if not all(self._is_listing(between) for between in apart):
            return frozenset()
        return self.names[named[run.index(place)]][1]

    def _run(self, place: int) -> list[int]:
        """Return the figures of a list with the one at a place: "X and Y"."""
        kind = self.figure_at[place].kind
        same = sorted(p for p, q in self.figure_at.items() if q.kind == kind)
        run = [place]
        at = same.index(place)
        for other in same[at + 1 :]:
            if not self._is_listing(self.tokens[run[-1] + 1 : other]):
                break
            run.append(other)
        for other in reversed(same[:at]):
            if not self._is_listing(self.tokens[other + 1 : run[0]]):
                break
            run.insert(0, other)
        return run

    @staticmethod
    def _is_listing(between: Sequence[str]) -> bool:
        return all(token in LISTED or FIGURE.fullmatch(token) for token in between)

    def _nearest(self, place: int) -> Ids:
        """Return the nearest name of an endpoint before a figure, else the nearest after it."""
        named = self._open(place)
        before = [(start, ids) for start, (end, ids) in named.items() if end <= place]
        after = [(start, ids) for start, (_, ids) in named.items() if start > place]
        near = [(start, ids) for start, ids in after if self._is_joined(place, start)]
        if near and not (before and self._is_joined(max(before)[0], place)):
            return near[0][1]
        if near and self._leads_to(place, near[0][0]):
            return near[0][1]
        if before:
            return max(before)[1]
        if self.figure_at[place].kind == "ratio" and DEATHS.search(" ".join(self.tokens[:place])):
            return frozenset({OF_DEATHS})
        if after and not self._turns(place, min(after)[0]):
            return min(after)[1]
        return frozenset()

    def _leads_to(self, place: int, start: int) -> bool:
        """Say whether what follows is a figure's own: "X progression-free", "Y reached ..."."""
        end = self.names[start][0]
        taken = any(FIGURE.fullmatch(token) for token in self.tokens[end : end + 1])
        return not taken and (start == place + 1 or self.tokens[place + 1] in VERBS)

    def _turns(self, first: int, second: int) -> bool:
        """Say whether the sentence goes on to something else: ", and their survival was"."""
        steps = pairwise(self.tokens[first : second + 1])
        return any(one == ";" or (one == "," and other in TURNS) for one, other in steps)

    def _is_joined(self, first: int, second: int) -> bool:
        """Say whether nothing but a few words stands between two places."""
        between = self.tokens[first + 1 : second]
        apart = STRONG | DENIALS | {"but"}  # "18% and no gain in survival"
        return len(between) <= 6 and not any(t in apart or FIGURE.fullmatch(t) for t in between)

    def _is_of_whom(self, start: int, end: int) -> bool:
        """Say whether a name of an endpoint says of whom a figure is: "those with late relapse"."""
        word, before = self.tokens[end - 1], self.tokens[max(start - 1, 0) : start]
        if word == "remission":
            return not EARLIER.isdisjoint(before)
        after = self.tokens[end : end + 1]
        is_relapse = end - start == 1 and word in RELAPSES
        # "after a first relapse in the central nervous system, 25% were alive"
        is_relapse |= self.tokens[start] in RELAPSES and before == ["first"]
        return (
            is_relapse
            and not WHOSE_RELAPSE.isdisjoint(before)
            and RELAPSE_COUNTED.isdisjoint(after)
        )

    def _is_in_a_group(self, start: int, first: int) -> bool:
        """Say whether a name says of whom a figure is: "survival was 56% with a response".

        Args:
            start: where the name begins.
            first: where the first name of an endpoint begins.
        """
        place = max((p for p in self.figure_at if p < start), default=-1)
        between = self.tokens[place + 1 : start]
        verbs = (after for before, after in pairwise(["", *between]) if before not in RELATIVE)
        return (
            first < place
            and self._is_joined(place, start)
            and VERBS.isdisjoint(verbs)
            and not WHO.isdisjoint(between)
        )

    def _adds_events(self, end: int) -> bool:
        """Say whether more than survival is counted: "alive with no relapse or other event"."""
        after = self.tokens[end : end + EVENTS_WITHIN]
        alive = self.tokens[end - 1] == "alive"
        if alive and after[:1] == ["and"] and after[2:3] == ["free"]:  # "alive and event-free"
            return True
        denied = next(
            (i for i, word in enumerate(after) if word in {"no", "without", "free"}), None
        )
        if denied is None or not {*after[:denied]} <= {"and", "with", "were", "remained", "still"}:
            return False
        return not EVENTS.isdisjoint(after[denied + 1 :])
