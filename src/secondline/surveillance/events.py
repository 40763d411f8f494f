"""One event under one name, whichever number announces it and whichever side tells of it.

A correction may be known by DOI today and by PMID tomorrow. What it was called when it was first
told of stays its name.
"""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import Engine

from secondline.literature.articles import known_as, names
from secondline.literature.records import Document, Relation
from secondline.surveillance.results import Reason

# What happened to the source; the relation is told from its side.
REASONS: Mapping[Relation, Reason] = {
    "retracted by": "retraction",
    "partially retracted by": "retraction",
    "corrected by": "changed source",
    "concern expressed by": "changed source",
    "updated by": "changed source",
    "republished by": "changed source",
}
CHANGES = tuple(relation for relation, reason in REASONS.items() if reason == "changed source")
LONGEST_CITATION = 100  # characters of the citation of a notice that has no number
NUMBERS = 3  # at least, in a citation that names one paper: year, volume and page
UNNAMED = "an unnamed notice"


class Events:
    """What documents and notices are called, the same for the same event.

    Args:
        engine: of the literature, whose documents say which numbers are of one article.
        known: what events were called that were told of before.
    """

    def __init__(self, engine: Engine, known: Iterable[str]) -> None:
        self._engine = engine
        self._known = set(known)

    def of_document(self, document: Document) -> str:
        """Return what a new document is called: the same for the citation and the full text."""
        numbers = names(document.pmid, document.doi, document.pmcid)
        return self._called(known_as((*numbers, document.id), self._engine))

    def of_notice(self, source: str, relation: Relation, notice: Iterable[str]) -> str:
        """Return what it is called that a notice did to a source.

        A source is retracted once, and once in part. All else is told apart by the notice, not by
        the relation: one calls a correction what another calls an update.

        Args:
            notice: its names, the preferred one first.
        """
        if relation == "retracted by":
            return source
        if relation == "partially retracted by":
            return f"{source} in part"
        relations = (relation, *CHANGES)
        told = [f"{source} {each} {name}" for each in relations for name in notice]
        return self._called(told)

    def names_of(self, *given: str, printed: str = "") -> tuple[str, ...]:
        """Return every name of a notice, the preferred one first.

        Args:
            given: its numbers and its id, as far as they are told.
            printed: its citation, where the source prints it.
        """
        numbers = known_as(given, self._engine)
        citation = printed[:LONGEST_CITATION]
        if not numbers:
            return (citation or UNNAMED,)
        is_one_paper = len(re.findall(r"\d+", citation)) >= NUMBERS
        return (*numbers, citation) if is_one_paper else numbers

    def _called(self, told: Iterable[str]) -> str:
        """Return the first name that is known, else the first; it is known from now on."""
        all_told = list(told)
        called = next((name for name in all_told if name in self._known), all_told[0])
        self._known.add(called)
        return called
