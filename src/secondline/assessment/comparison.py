"""What changes in an assessment when facts change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from secondline.assessment.result import Assessment, MissingFact, OutlookResult


@dataclass(frozen=True, slots=True)
class Change:
    """One result before and after; None where it is not shown at all."""

    kind: str
    id: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two assessments of one patient, by what differs.

    Attributes:
        facts: the facts that were set, with their values as given; None takes a fact away.
        changes: strata, options, outlook, cautions and missing facts that differ, in this order.
    """

    disease: str
    edition: str
    facts: Mapping[str, Any]
    changes: tuple[Change, ...]
    before: Assessment
    after: Assessment


def compare(facts: Mapping[str, Any], before: Assessment, after: Assessment) -> Comparison:
    """Say what the facts changed."""
    changes = (
        *_differing("stratum", _strata(before), _strata(after)),
        *_differing("option", _options(before), _options(after)),
        *_differing("outlook", _outlook(before.outlook), _outlook(after.outlook)),
        *_differing("caution", _cautions(before), _cautions(after)),
        *_differing("missing", _missing(before.missing), _missing(after.missing)),
    )
    return Comparison(after.disease, after.edition, facts, changes, before, after)


Told = Mapping[str, tuple[str, str]]  # id → label and what is told


def _differing(kind: str, before: Told, after: Told) -> Iterator[Change]:
    for id_ in dict.fromkeys((*before, *after)):
        label, _ = after.get(id_) or before[id_]
        old, new = (told[id_][1] if id_ in told else None for told in (before, after))
        if old != new:
            yield Change(kind, id_, label, old, new)


def _strata(assessment: Assessment) -> Told:
    return {s.id: (f"{s.scheme}: {s.label}", s.truth) for s in assessment.strata}


def _options(assessment: Assessment) -> Told:
    return {o.id: (f"{o.label} ({o.role})", o.verdict) for o in assessment.options}


def _outlook(results: Iterable[OutlookResult]) -> Told:
    told = {}
    for result in results:
        when = f", {result.timepoint}" if result.timepoint else ""
        shown = result.estimate or "not shown until decided"
        key = f"{result.id} {result.endpoint}{when}"
        told[key] = (f"{result.endpoint}{when}: {result.population}", shown)
    return told


def _cautions(assessment: Assessment) -> Told:
    return {c.id: (c.id, c.text) for c in assessment.cautions}


def _missing(missing: Iterable[MissingFact]) -> Told:
    return {m.fact: (m.label, f"would decide {', '.join(m.would_change)}") for m in missing}
