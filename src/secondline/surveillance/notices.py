"""What documents say of the sources of a library: retractions, corrections, concern, deletion."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from secondline.literature.holdings import Held
from secondline.literature.records import INVERSE, Link, Relation
from secondline.surveillance.results import Reason
from secondline.surveillance.source_numbers import SourceNumbers

# What happened to the source; the relation is told from its side.
REASONS: Mapping[Relation, Reason] = {
    "retracted by": "retraction",
    "partially retracted by": "retraction",
    "corrected by": "changed source",
    "concern expressed by": "changed source",
    "updated by": "changed source",
    "republished by": "changed source",
}
LONGEST_CITATION = 100  # characters of the citation of a notice that has no number


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that happened to a source.

    Attributes:
        about: the same for the same event, whoever tells of it; the source alone for a retraction,
            which happens once.
        says: what happened, in words.
        document: the id of the document that says so.
    """

    source: str
    reason: Reason
    about: str
    says: str
    document: str


def notices(held: Held, numbers: SourceNumbers) -> Iterator[Notice]:
    """Yield what a document says of sources: of itself, where it is one, and of others."""
    document = held.document
    own = numbers.of(document)
    if held.deleted:
        for source in own:
            yield _notice(source, "changed source", f"{source} deleted", "deleted", held)
        return
    if held.retracted:
        for source in own:
            yield _notice(source, "retraction", source, "retracted", held)
    for link in document.links:
        if link.relation in REASONS:
            for source in own:
                yield _told(source, link.relation, link.pmid, link.doi, link, held)
        elif INVERSE.get(link.relation) in REASONS:
            for source in numbers.known_by(pmid=link.pmid, doi=link.doi):
                if source not in own:
                    relation = INVERSE[link.relation]
                    yield _told(source, relation, document.pmid, document.doi, link, held)


def _told(  # noqa: PLR0913, PLR0917  # both sides of a relation
    source: str,
    relation: Relation,
    pmid: str | None,
    doi: str | None,
    link: Link,
    held: Held,
) -> Notice:
    """Tell of a relation from the side of the source; PMID and DOI are those of the notice."""
    other = (pmid and f"pmid:{pmid}") or (doi and f"doi:{doi}") or held.document.id
    if not (pmid or doi) and link.relation == relation:  # stated by the source, without a number
        other = link.printed[:LONGEST_CITATION] or "an unnamed notice"
    if relation == "retracted by":
        about = source
    elif relation == "partially retracted by":
        about = f"{source} in part"
    else:
        about = f"{source} {relation} {other}"
    return _notice(source, REASONS[relation], about, f"{relation} {other}", held)


def _notice(source: str, reason: Reason, about: str, says: str, held: Held) -> Notice:
    return Notice(
        source=source,
        reason=reason,
        about=about,
        says=f"{source} is {says}, by {held.document.id} ({held.document.kind})",
        document=held.document.id,
    )
