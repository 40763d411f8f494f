"""What surveillance and the verification in the literature tell."""

from dataclasses import dataclass
from typing import Literal

# Reasons of marks, as the editorial room knows them.
Reason = Literal["surveillance match", "retraction", "changed source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Why a statement waits for the editors.

    Attributes:
        about: what it is about; a statement is marked once for each reason and each of these.
        says: the reason in words.
    """

    statement: str
    reason: Reason
    about: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A document that matches a standing query.

    Attributes:
        document: its id.
        about: its PMID or DOI, else its id, as it was first known: the same for the citation and
            the full text.
        statements: that the query is about.
    """

    document: str
    about: str
    kind: str
    title: str
    journal: str
    year: int | None
    disease: str
    setting: str
    intervention: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotice:
    """What happened to a cited source, and the statements that rest on it."""

    source: str
    reason: str
    says: str
    document: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The digest of one look: only what marked a statement that was not marked for it before.

    Attributes:
        queries: how many standing queries.
        after, until: of the literature, the changes that were looked at: those after the first up
            to the second.
        documents: how many documents changed between them.
        queries_changed: the standing queries are not those of the last look; what was looked at
            before was not held against the new ones. None when all is well.
        notices: of cited sources.
        matches: documents that match standing queries.
        marks: what was put into the queue.
        handed_over: how many marks went to the editorial room; None without one.
    """

    edition: str
    queries: int
    after: int
    until: int
    documents: int
    queries_changed: str | None
    notices: tuple[SourceNotice, ...]
    matches: tuple[Match, ...]
    marks: tuple[Mark, ...]
    handed_over: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredFinding:
    """A finding and the sentence of its source that prints its figures.

    Attributes:
        finding: its position in the statement, from 1.
        document, kind: in which it stands.
        start, end: of the sentence in the plain text of the document, in characters.
        sha256: of the sentence in UTF-8.
        sentence: as the document prints it.
    """

    statement: str
    finding: int
    figures: tuple[str, ...]
    document: str
    kind: str
    start: int
    end: int
    sha256: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnanchoredFinding:
    """A finding without an anchor in what is held of its source.

    Attributes:
        missing: the figures that were not found, or not near the others; none where they were and
            no sentence is theirs for certain.
        documents: in which they were looked for.
    """

    statement: str
    finding: int
    missing: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteratureVerification:
    """What of the figures of a library stands in the literature.

    Attributes:
        sources: how many sources statements cite, or are known through.
        held: how many of them have a document.
        findings: how many findings have figures.
        not_held: how many of them have a source of which nothing is held.
        anchored: every finding with the sentence that prints its figures and speaks of it.
        explained: how many of the others say in `unanchored` why theirs cannot be found.
        ambiguous: findings that several sentences print equally well; none of them is kept.
        unplaced: figures that stand in the text, without a sentence that is surely about them.
        beyond: figures that do not stand in an abstract, where more than the abstract was read.
        not_found: figures that should stand in what is held and do not.
        too_long: documents that were not looked at.
    """

    edition: str
    sources: int
    held: int
    findings: int
    not_held: int
    anchored: tuple[AnchoredFinding, ...]
    explained: int
    ambiguous: tuple[UnanchoredFinding, ...]
    unplaced: tuple[UnanchoredFinding, ...]
    beyond: tuple[UnanchoredFinding, ...]
    not_found: tuple[UnanchoredFinding, ...]
    too_long: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Say whether every figure was found where it should stand."""
        return not self.not_found
