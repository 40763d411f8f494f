"""What is known of a patient: the record, and what the question says beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from secondline.answers.facts_said import TREATMENTS, Reading, SaidFact
from secondline.answers.lexicon import Concept
from secondline.answers.understanding import Understanding
from secondline.assessment.patient import Record, read_record
from secondline.assessment.values import value_of
from secondline.domain.facts import CodeSet, Interval, Unknown, Value
from secondline.library.library import Library


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of one patient, joined.

    Attributes:
        facts: as a patient file holds them, the recorded ones first.
        record: the same, checked, with what follows from them.
        said: what the question says and the record does not contradict.
        remarks: what the question says and the record contradicts; the record counts.
    """

    facts: Mapping[str, Any]
    record: Record
    said: tuple[SaidFact, ...]
    remarks: tuple[str, ...]


def joined(
    recorded: Mapping[str, Any], record: Record, reading: Reading, library: Library
) -> Known:
    """Join what a question says to what is recorded. A recorded fact wins over a said one.

    Args:
        recorded: the facts of the record, by the names of the vocabulary.
        record: the same, checked.
        reading: what the question says.
        library: with the vocabulary.
    """
    facts, said, remarks = dict(recorded), [], []
    for fact in reading.facts:
        stated = value_of(library.facts[fact.name], fact.value)
        known = record.patient[fact.name]
        if not _agree(known, stated):
            remarks.append(_remark(fact, library))
            continue
        if isinstance(known, Unknown):
            tried = {**facts, fact.name: fact.value}
        elif _is_open(known) and _is_open(stated):
            codes = sorted(known.codes | stated.codes)  # type: ignore[union-attr]
            tried = {**facts, fact.name: {"at_least": codes}}
        else:
            continue  # the record says it already, or more exactly
        found = read_record(tried, library)
        new = {c.id for c in found.conflicts} - {c.id for c in record.conflicts}
        if new and set(recorded) - {"disease"}:
            remarks.append(_remark(fact, library))
            continue
        facts, record = tried, found
        said.append(fact)
    return Known(facts, record, tuple(said), tuple(remarks))


def _remark(fact: SaidFact, library: Library) -> str:
    label = library.facts[fact.name].label
    return f'The record of the patient says otherwise than "{fact.words}" ({label}); it counts.'


def _is_open(value: Value) -> bool:
    return isinstance(value, CodeSet) and not value.complete


def _agree(recorded: Value, stated: Value) -> bool:
    """Say whether two values of one fact may both be true."""
    match recorded, stated:
        case (Unknown(), _) | (_, Unknown()):
            return True
        case CodeSet(), CodeSet():
            return (stated.codes <= recorded.codes or not recorded.complete) and (
                recorded.codes <= stated.codes or not stated.complete
            )
        case ((float() | Interval()), (float() | Interval())):
            (low, high), (least, most) = _ends(recorded), _ends(stated)
            return low <= most and least <= high
        case _:
            return recorded == stated


def _ends(value: float | Interval) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def beyond_the_past(
    understanding: Understanding, said: tuple[SaidFact, ...], library: Library
) -> Understanding:
    """Return what a question asks about beside the drugs that its patient is said to have had.

    "Options for a child who had A, B and C": that nothing is held on A, B and C together is no
    reason to answer nothing.
    """
    told = (fact.value for fact in said if fact.name == TREATMENTS)
    received = {
        code for value in told for code in (value["at_least"] if isinstance(value, dict) else value)
    }

    def is_past(concept: Concept) -> bool:
        if concept.kind == "drug":
            return concept.id in received
        drugs = library.regimens[concept.id].drugs if concept.kind == "regimen" else ()
        return bool(drugs) and received.issuperset(drugs)

    left = frozenset(each for each in understanding.concepts if not is_past(each))
    return replace(understanding, concepts=left) if understanding.aspects else understanding
