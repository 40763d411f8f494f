"""What a statement says, and what a claim does, in the shape in which they are compared."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations

from secondline.answers.denials import Denials, denials
from secondline.answers.judgements import Compared, Judged, comparisons, judgements, side, words_of
from secondline.answers.lexicon import Lexicon
from secondline.answers.ranking import Feature, Ranking
from secondline.answers.sentences import Sentence
from secondline.answers.strength import SIGNIFICANT_P
from secondline.answers.words import stems
from secondline.domain.evidence import Finding, Statement
from secondline.library.library import Library
from secondline.statistics.consistency import p_value, printed, proportion
from secondline.statistics.figures_in_text import Quantity, plain, quantities

RESPONSE = re.compile(r"\b(?:response|remission)\b")
BOUND = r"(?:later|earlier|more|less|fewer|longer|shorter|older|younger|larger|smaller|greater)"
BOUND_BEFORE = re.compile(rf"\b(?:{BOUND} than|before|after|above|below)\s*$")
BOUND_AFTER = re.compile(rf"^\s*or (?:{BOUND}|above|below)\b")
NOT = re.compile(r"\bnot (?=[a-z])")
RELATIVE = re.compile(r"\s+(?:relative to|against)\s+")


@dataclass(frozen=True)
class Told:
    """One sentence, looked at when it is needed and then kept with it."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words and punctuation, normalized."""
        return tuple(words_of(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(stems(list(self.words)))

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """What it judges."""
        return judgements(self.text)

    @cached_property
    def denials(self) -> Denials:
        """What it affirms, denies and says to be absent."""
        return denials(self.text)

    @cached_property
    def beside_figures(self) -> tuple[str, ...]:
        """Its words without those of its bounds: "less than 18 months" is one figure."""
        text = self.text
        for quantity in reversed(quantities(text)):
            before = BOUND_BEFORE.sub("", text[: quantity.start])
            text = f"{before} {BOUND_AFTER.sub('', text[quantity.end :])}"
        return tuple(words_of(text))

    @property
    def is_insignificant(self) -> bool:
        """Whether it denies that something is significant."""
        return any(j.axis == "significance" and j.sense == "no" for j in self.judged)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim without figures, as it is held against statements.

    Attributes:
        compared: which of two did better, as it says.
    """

    sentence: Sentence
    told: Told
    compared: tuple[Compared, ...]


def claimed(sentence: Sentence, lexicon: Lexicon) -> Claimed:
    """Return a claim as it is held against statements."""
    return Claimed(sentence, Told(sentence.text), comparisons(sentence.text, lexicon))


@dataclass(frozen=True, slots=True)
class Said:
    """What a statement says, as a claim is held against it.

    Attributes:
        texts: its sentences.
        whom: the patients it is of.
        words: every word by which it is known, of its population and findings too, normalized.
        terms: (kind, id) of every term that it names, and ("word", stem) of its words.
        treated: the treatments that it is a study of, with their drugs; empty where of none.
        compared: which of two did better, by its sentences or by its findings.
        higher: which of two had the higher rate of what is a gain, by chance or not.
        quantities: every figure of it.
    """

    texts: tuple[Told, ...]
    whom: Told
    words: frozenset[str]
    terms: frozenset[Feature]
    treated: frozenset[Feature]
    compared: tuple[Compared, ...]
    higher: tuple[Compared, ...]
    quantities: tuple[Quantity, ...]


def with_claim(said: Said, claim: str, lexicon: Lexicon) -> Said:
    """Return what a statement says together with a popular claim that it traces."""
    text = plain(claim)
    return replace(
        said,
        texts=(Told(text), *said.texts),
        words=said.words | frozenset(words_of(text)),
        compared=(*comparisons(text, lexicon), *said.compared),
    )


def said_by(statement: Statement, library: Library, ranking: Ranking, lexicon: Lexicon) -> Said:
    """Return what a statement says: its words, and what its findings add to them."""
    import sentencex  # noqa: PLC0415  # answering does without it

    told = " . ".join(
        part
        for finding in statement.findings
        for part in (finding.group, finding.endpoint, finding.timepoint, finding.clock)
        if part
    )
    texts = tuple(plain(part.strip()) for part in sentencex.segment("en", statement.says))
    population = NOT.sub("non", statement.population or "")  # "not metastatic" is nonmetastatic
    everything = plain(" . ".join((*texts, population, told)))
    return Said(
        texts=tuple(map(Told, texts)),
        whom=Told(population),
        words=frozenset(words_of(everything)),
        terms=ranking.features_of(statement.id),
        treated=frozenset(
            feature
            for id_ in (statement.intervention, statement.comparator)
            if id_
            for feature in (
                ("regimen", id_),
                *(("drug", drug) for drug in library.regimens[id_].drugs),
            )
        ),
        compared=tuple(
            chain(
                *(comparisons(text, lexicon) for text in texts),
                (c for f in statement.findings for c in _better_off(f, library, lexicon)),
            )
        ),
        higher=tuple(_higher(statement, library, lexicon)),
        quantities=quantities(everything),
    )


def _higher(statement: Statement, library: Library, lexicon: Lexicon) -> Iterator[Compared]:
    """Yield which of two groups had the higher rate, where both are told of the same."""
    told: dict[tuple[str, str | None], list[tuple[float, str]]] = defaultdict(list)
    for finding in statement.findings:
        estimate = printed(finding.estimate or "") if finding.effect is None else None
        rate = proportion(estimate) if estimate else None
        if rate and finding.group != "all" and _is_gain(finding, library):
            told[finding.endpoint, finding.timepoint].append((rate[0], finding.group))
    for groups in told.values():
        for (one, first), (other, second) in combinations(groups, 2):
            if one != other:
                better, worse = (first, second) if one > other else (second, first)
                yield Compared(side(better, lexicon), side(worse, lexicon))


def _is_gain(finding: Finding, library: Library) -> bool:
    column = library.endpoints[finding.endpoint].column
    return column == "survival" or RESPONSE.search(finding.endpoint) is not None


def _better_off(finding: Finding, library: Library, lexicon: Lexicon) -> Iterator[Compared]:
    """Yield who did better by a finding: survived or responded, with chance an unlikely reason."""
    value = p_value(finding.p_value or "")
    favored, reference = finding.favours, finding.reference_group
    if not (favored and reference and value and _is_gain(finding, library)):
        return
    if value[1] < SIGNIFICANT_P and value[0] != ">":
        other = RELATIVE.split(finding.group)[0] if favored == reference else reference
        yield Compared(side(favored, lexicon), side(other, lexicon))
