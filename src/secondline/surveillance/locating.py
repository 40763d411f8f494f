"""Where a document prints a finding: the one sentence that has its figures and speaks of it.

A figure alone proves nothing. A sentence must print every figure in its role and name what the
finding counts; in a text longer than an abstract it must also be about the paper, by a citation of
it or by the names of study, treatment and patients. Two equally good places are none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from secondline.domain.evidence import Finding, Statement
from secondline.library.library import Library
from secondline.library.printed_figures import (
    Place,
    Printed,
    Wanted,
    belong,
    events_beside,
    is_printed,
    number_of_patients,
    places,
    wanted,
)
from secondline.literature.analyzer import tokens
from secondline.statistics.figures_in_text import plain, quantities
from secondline.surveillance.paragraphs import (
    Endpoints,
    Pages,
    Paragraph,
    Sentence,
    share,
    words_of,
)

SENTENCES = 3  # that may print the figures of one finding together
ENOUGH = 0.6  # of the words of an endpoint that no list names
HALF = 0.5
MOST = 0.75  # of the words of a group whose P value alone is reported
MEDIAN = "median "
RESULTS = {"percent", "count", "ratio", "interval", "p", "patients"}
NO_RESULT = re.compile(
    r"^.{0,40}?\b(?:was|were)\s+(?:not\s+)?(?:available|evaluable|assessable|eligible|enrolled|excluded)"
)
LABEL = re.compile(
    r"\b(stage|grade|group|arm|stratum|regimen|cohort)s?\s+(\d+|IV|I{1,3})(?=[abcs]?\b)",
    re.IGNORECASE,
)
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True, slots=True)
class Located:
    """Where the figures of one finding stand in one document.

    Attributes:
        start, end: of the sentence or sentences in the plain text; None when there is no place.
        ambiguous: whether several places are equally good.
    """

    document: str
    start: int | None
    end: int | None
    ambiguous: bool


@dataclass(frozen=True)
class _Candidate:
    """A place that prints a finding, with what speaks for it.

    Attributes:
        at: the sentence with the figures.
        score: the more, the better, compared from left to right.
    """

    start: int
    end: int
    at: int
    part: int
    score: tuple[float, ...]


class Locator:
    """Locates the findings of a library in documents."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._endpoints = Endpoints(library)

    def locate(self, statement: Statement, pages: Pages) -> Mapping[int, Located]:
        """Return where the findings of a statement stand, by their position from 1.

        Findings of one statement stand near each other: in a long text the part with most of them
        decides between places, and a place elsewhere is none.
        """
        found = {
            number: list(self._candidates(statement, finding, pages))
            for number, finding in enumerate(statement.findings, start=1)
        }
        if pages.is_long:
            found = _near_each_other(found)
        return {
            number: _chosen(candidates, pages) for number, candidates in found.items() if candidates
        }

    def _candidates(
        self, statement: Statement, finding: Finding, pages: Pages
    ) -> Iterator[_Candidate]:
        figures = wanted(finding)
        if not figures:
            return
        source = self._library.sources[statement.citation.via or statement.citation.source]
        paragraphs = pages.of_section(source) if pages.is_long else pages.paragraphs
        for number, paragraph in enumerate(paragraphs):
            if pages.is_long and not self._is_about(statement, paragraph, pages):
                continue
            if paragraph.is_row and number == 0:
                continue
            yield from self._in_paragraph(_Sought(finding, figures), paragraph, pages)

    def _is_about(self, statement: Statement, paragraph: Paragraph, pages: Pages) -> bool:
        """Say whether a paragraph of a long text tells of the paper that a statement cites."""
        cited = self._library.sources[statement.citation.source]
        document = pages.document
        if cited.pmid and cited.pmid in pages.listed and cited.pmid != document.pmid:
            return cited.pmid in paragraph.cites
        own = document.kind == "full text"
        if own and paragraph.marked:
            return False  # the result of another paper
        names = self._names(statement)
        said = paragraph.stems
        if any(name <= said for name in names):
            return True
        if own:
            return True
        return share(words_of(statement.population), said) >= HALF

    def _names(self, statement: Statement) -> list[frozenset[str]]:
        """Return what study and intervention of a statement are called, each as stems."""
        library = self._library
        called = [statement.study] if statement.study else []
        for id_ in filter(None, (statement.intervention, statement.comparator)):
            term = library.regimens.get(id_) or library.drugs.get(id_)
            called += term.document_names if term else ()
        return [stems for name in called if (stems := words_of(name))]

    def _in_paragraph(
        self, sought: "_Sought", paragraph: Paragraph, pages: Pages
    ) -> Iterator[_Candidate]:
        """Yield the smallest runs of sentences of a paragraph that print a finding."""
        sentences = paragraph.sentences
        taken: list[tuple[int, int]] = []
        for size in range(1, min(SENTENCES, len(sentences)) + 1):
            for first in range(len(sentences) - size + 1):
                if any(first <= a and b <= first + size for a, b in taken):
                    continue
                run = sentences[first : first + size]
                score = self._score(sought, run, paragraph, pages)
                if score is not None:
                    taken.append((first, first + size))
                    at = next(s.start for s in run if sought.is_printed_in(s.printed))
                    yield _Candidate(run[0].start, run[-1].end, at, paragraph.part, score)

    def _score(
        self,
        sought: "_Sought",
        run: tuple[Sentence, ...],
        paragraph: Paragraph,
        pages: Pages,
    ) -> tuple[float, ...] | None:
        """Say what speaks for a run of sentences; None where it does not print the finding."""
        printing = [s.printed for s in run if sought.is_printed_in(s.printed)]
        if not printing or not sought.is_whole_in([s.printed for s in run]):
            return None
        stems = [stem for s in run for stem in s.stems]
        if not self._counts(sought, run) or sought.is_of_others(run):
            return None
        if pages.is_long and self._is_general(sought.finding, stems):
            return None
        times = frozenset(time for s in run for time in s.printed.times)
        timed = sought.months & times
        if sought.months and times and not timed:
            return None
        finding = sought.finding
        n = finding.n is not None and _n_within(finding, [s.printed for s in run])
        if finding.n is not None and not any(
            is_printed(finding.n, each) for each in self._around(paragraph, pages)
        ):
            return None
        printed = next(s for s in run if sought.is_printed_in(s.printed))
        beside = frozenset(printed.stems)
        around = paragraph.stems if pages.is_long else frozenset(stems)
        if sought.is_bare and not n:
            near = around if pages.is_long and not sought.is_p else beside
            if sought.group and share(sought.group, near) < (MOST if sought.is_p else HALF):
                return None
            if pages.is_long and sought.months and not timed:
                return None
        if pages.is_long and sought.group and not sought.group & around:
            return None
        own = share(sought.group, frozenset(stems))
        return (float(paragraph.in_abstract), float(bool(timed)), float(n), round(own, 1))

    def _around(self, paragraph: Paragraph, pages: Pages) -> Iterable[Printed]:
        """Return where the number of patients of a finding may stand."""
        return (s.printed for s in paragraph.sentences) if pages.is_long else pages.patients

    def _counts(self, sought: "_Sought", run: tuple[Sentence, ...]) -> bool:
        """Say whether a run names what the finding counts: with the figure, or just before it.

        A sentence that counts something else does not borrow from the sentence before it.
        """
        for number, sentence in enumerate(run):
            if not sought.is_printed_in(sentence.printed):
                continue
            if all(
                self._tells_of_another(sought, place, sentence.printed)
                for place in sought.places_in(sentence.printed)
            ):
                continue
            if self._names_endpoint(sought.finding, sentence.stems):
                return True
            if number and not self._endpoints.named(sentence.stems):
                return self._names_endpoint(sought.finding, run[number - 1].stems, generic=False)
        return False

    def _tells_of_another(self, sought: "_Sought", place: Place, sentence: Printed) -> bool:
        """Say whether the words between a figure and the one before it name another endpoint."""
        if sought.is_p:
            return False
        start, end = place
        before = [q.end for q in sentence.figures if q.kind in RESULTS and q.end <= start]
        between = tokens(sentence.text[max(before, default=0) : start])
        named = self._endpoints.named([stem for stem in between if stem not in sought.group])
        other = bool(named) and not self._names_endpoint(sought.finding, between, generic=False)
        return other or NO_RESULT.match(sentence.text[end:]) is not None

    def _is_general(self, finding: Finding, stems: list[str]) -> bool:
        """Say whether an endpoint without a name of its own is looked for where another is told."""
        if words_of(finding.endpoint):
            return False
        endpoints = self._library.endpoints
        return any(endpoints[id_].column for id_ in self._endpoints.named(stems))

    def _names_endpoint(self, finding: Finding, stems: list[str], *, generic: bool = True) -> bool:
        """Say whether words name the endpoint of a finding, or the group where none has a name."""
        named = self._endpoints.named(stems)
        median = finding.endpoint.startswith(MEDIAN) and MEDIAN.strip() in stems
        if finding.endpoint in named or (median and finding.endpoint.removeprefix(MEDIAN) in named):
            return True
        telling = words_of(finding.endpoint)
        if telling:
            return share(telling, frozenset(stems)) >= ENOUGH
        group = words_of(finding.group)  # an endpoint such as a share of patients counts the group
        return generic and bool(group) and share(group, frozenset(stems)) >= HALF


class _Sought:
    """A finding that is looked for."""

    def __init__(self, finding: Finding, figures: tuple[Wanted, ...]) -> None:
        self.finding = finding
        self.figures = figures
        self.leading = figures[
            0
        ]  # what the sentence must print: the estimate, or what stands for it
        self.months = frozenset(
            q.low for q in quantities(plain(finding.timepoint or "")) if q.kind == "span"
        )
        self.group = words_of(finding.group)

    @property
    def is_bare(self) -> bool:
        """Whether one figure alone must be recognized."""
        return sum(each.role != "n" for each in self.figures) == 1

    @property
    def is_p(self) -> bool:
        """Whether nothing but a P value is reported; many sentences print the same."""
        return self.leading.role == "p"

    def places_in(self, sentence: Printed) -> tuple[Place, ...]:
        """Return where a sentence prints the leading figure."""
        return places(self.leading, sentence)

    def is_printed_in(self, sentence: Printed) -> bool:
        """Say whether a sentence prints the leading figure."""
        return bool(self.places_in(sentence))

    def is_of_others(self, run: tuple[Sentence, ...]) -> bool:
        """Say whether sentences name another stage, grade or arm, and not that of the group."""
        own = _labels(self.finding.group)
        named = _labels(" ".join(each.text for each in run))
        return any(
            (kind, number) not in named and any(other == kind for other, _ in named)
            for kind, number in own
        )

    def is_whole_in(self, run: list[Printed]) -> bool:
        """Say whether sentences print every figure but n, an interval beside its estimate."""
        for sentence in run:
            estimates = places(self.leading, sentence)
            if estimates and all(
                self._stands(figure, estimates, sentence, run)
                for figure in self.figures[1:]
                if figure.role != "n"
            ):
                return True
        return False

    def _stands(
        self, figure: Wanted, estimates: tuple[Place, ...], sentence: Printed, run: list[Printed]
    ) -> bool:
        if figure.role == "interval":
            return belong(estimates, places(figure, sentence))
        if figure.role == "p":
            return bool(places(figure, sentence))
        if figure.role == "count" and events_beside(figure, estimates, sentence):
            return True
        return any(places(figure, each) for each in run)


def _n_within(finding: Finding, sentences: Iterable[Printed]) -> bool:
    """Say whether the number of patients of a finding stands in sentences, as one of patients."""
    if finding.n is None:
        return False
    n = number_of_patients(finding.n)
    return any(places(n, sentence) for sentence in sentences)


def _near_each_other(found: dict[int, list[_Candidate]]) -> dict[int, list[_Candidate]]:
    """Keep the places in the part of a text that holds most findings of a statement."""
    parts: dict[int, int] = {}
    for candidates in found.values():
        for part in {each.part for each in candidates}:
            parts[part] = parts.get(part, 0) + 1
    most = max(parts.values(), default=0)
    leading = [part for part, count in parts.items() if count == most]
    if most < 2 or len(leading) > 1:
        return found
    return {
        number: [c for c in candidates if c.part == leading[0]]
        for number, candidates in found.items()
    }


def _chosen(candidates: list[_Candidate], pages: Pages) -> Located:
    """Return the best place; none where another sentence is as good."""
    best = max(candidates, key=lambda each: (each.score, each.start - each.end))
    ambiguous = any(each.at != best.at and each.score >= best.score for each in candidates)
    return Located(
        document=pages.document.id,
        start=None if ambiguous else best.start,
        end=None if ambiguous else best.end,
        ambiguous=ambiguous,
    )


def _labels(text: str) -> frozenset[tuple[str, str]]:
    """Return the numbered stages, grades and arms that a text names: stage IV is stage 4."""
    found = ((kind.lower(), number.lower()) for kind, number in LABEL.findall(text))
    return frozenset((kind, ROMAN.get(number, number)) for kind, number in found)
