"""Which findings a citation opens, and how deep its source was read, beside the sentence."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from secondline import desk

MOST_NAMED = 3  # endpoints or groups in a heading


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of a sentence.

    Attributes:
        number: in the list of references.
        address: of the findings behind it.
        source: a line that tells which source it is, for readers who cannot see where it leads.
    """

    number: int
    address: str
    source: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that tell of the same statements, with their level and how deep they were read."""

    sentences: tuple[desk.Sentence, ...]
    levels: tuple[str, ...]
    read: Mapping[str, int]


def paragraphs(
    sentences: Iterable[desk.Sentence], references: Iterable[desk.Reference]
) -> Iterator[Paragraph]:
    """Yield the sentences that tell of the same statements together."""
    depth = {reference.number: reference.read.partition(" (")[0] for reference in references}
    told: list[desk.Sentence] = []
    about: set[str] = set()
    for sentence in sentences:
        if about and not about & set(sentence.statements):
            yield _paragraph(told, depth)
            told, about = [], set()
        told.append(sentence)
        about |= set(sentence.statements)
    if told:
        yield _paragraph(told, depth)


def _paragraph(sentences: list[desk.Sentence], depth: Mapping[int, str]) -> Paragraph:
    cited = dict.fromkeys(number for s in sentences for number in s.citations)
    levels = dict.fromkeys(s.level for s in sentences if s.level)
    return Paragraph(tuple(sentences), tuple(levels), Counter(depth[n] for n in cited))


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a result rests on: levels of its statements, and how deep its sources were read."""

    levels: tuple[str, ...]
    read: Mapping[str, int]


def grounds(
    statements: Iterable[str],
    citations: Collection[int],
    references: Iterable[desk.Reference],
    library: desk.Library,
) -> Grounds:
    """Return what an option or a figure of an assessment rests on."""
    held = (library.statements[id_] for id_ in statements if id_ in library.statements)
    levels = dict.fromkeys(str(statement.level) for statement in held if statement.level)
    read = (r.read.partition(" (")[0] for r in references if r.number in citations)
    return Grounds(tuple(levels), Counter(read))


def cited(
    statements: Iterable[str], references: Iterable[desk.Reference], library: desk.Library
) -> Iterator[Cited]:
    """Yield the citations of a sentence, each with the statements that rest on its source."""
    behind: dict[str, list[str]] = {}
    for id_ in statements:
        if (statement := library.statements.get(id_)) is not None:
            for source in library.sources_of(statement):
                behind.setdefault(source.id, []).append(id_)
    for reference in references:
        if reference.id in behind:
            year = f" ({reference.year})" if reference.year else ""
            yield Cited(
                reference.number,
                findings_address(behind[reference.id]),
                f"{reference.title}{year}; {reference.kind}; read: {reference.read}",
            )


def findings_address(statements: Iterable[str]) -> str:
    """Return the address of the findings of some statements; ids of the library only."""
    return "/findings?" + urlencode([("statement", id_) for id_ in statements])


def headings(statements: Iterable[desk.Statement]) -> list[tuple[desk.Statement, str]]:
    """Return statements with headings that tell them apart.

    Study and endpoints; where these are the same, also the groups, then the population. What
    still reads the same, one study telling twice of one endpoint, is numbered.
    """
    listed = tuple(statements)
    told = [_heading(statement) for statement in listed]
    for detail in (_groups, lambda statement: statement.population):
        alike: dict[str, set[str]] = {}
        for statement, heading in zip(listed, told, strict=True):
            alike.setdefault(heading, set()).add(detail(statement))
        told = [
            f"{heading}; {detail(statement)}" if len(alike[heading]) > 1 else heading
            for statement, heading in zip(listed, told, strict=True)
        ]
    numbers: Counter[str] = Counter()
    found = []
    for statement, heading in zip(listed, told, strict=True):
        numbers[heading] += 1
        number = f" ({numbers[heading]})" if told.count(heading) > 1 else ""
        found.append((statement, heading + number))
    return found


def _heading(statement: desk.Statement) -> str:
    endpoints = _some(finding.endpoint for finding in statement.findings)
    told = endpoints or statement.topic.replace("-", " ")
    return f"{statement.study or statement.population}: {told}"


def _groups(statement: desk.Statement) -> str:
    groups = _some(finding.group for finding in statement.findings)
    return "all patients" if groups in {"", "all"} else groups


def _some(names: Iterable[str]) -> str:
    once = list(dict.fromkeys(names))
    more = f" and {len(once) - MOST_NAMED} more" if len(once) > MOST_NAMED else ""
    return ", ".join(once[:MOST_NAMED]) + more
