"""The reference list of one answer: sources in the order in which they are cited."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from secondline.domain.evidence import Source


@dataclass(frozen=True, slots=True)
class Reference:
    """One numbered reference of an answer, and how deep its source was read."""

    number: int
    id: str
    kind: str
    title: str
    authors: str
    journal: str
    year: int | None
    pmid: str | None
    doi: str | None
    registration: str | None
    read: str


@dataclass(slots=True)
class ReferenceList:
    """Numbers sources as they are first cited, from 1."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)

    def cite(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """Return the numbers of sources, new ones added at the end of the list."""
        for source in sources:
            self._numbers.setdefault(source.id, len(self._numbers) + 1)
            self._sources[source.id] = source
        return tuple(sorted({self._numbers[source.id] for source in sources}))

    def references(self) -> tuple[Reference, ...]:
        """Return the list, in order of number."""
        return tuple(
            Reference(
                number=number,
                id=id_,
                kind=source.kind,
                title=source.title,
                authors=source.authors,
                journal=source.journal,
                year=source.year,
                pmid=source.pmid,
                doi=source.doi,
                registration=source.registration,
                read=f"{source.read} (through {source.via})" if source.via else source.read,
            )
            for id_, number in self._numbers.items()
            for source in [self._sources[id_]]
        )
