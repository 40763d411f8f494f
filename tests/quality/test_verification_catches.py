"""Every rendering of every statement, made wrong in every way: verification has to catch it."""

from collections import Counter
from itertools import pairwise

import pytest

from mutations import mutations
from secondline import desk
from secondline.answers.verification import supported
from secondline.answers.wording import clinician_texts, family_texts

LIBRARY = desk.open().library
DRUGS = sorted((drug.name for drug in LIBRARY.drugs.values()), key=len, reverse=True)
CAUGHT, ALARMS = 0.995, 0.01


def renderings():
    for statement in LIBRARY.statements.values():
        texts = clinician_texts(statement), family_texts(statement, LIBRARY.endpoints)
        yield from ((statement, worded.text) for of_reader in texts for worded in of_reader)


def wrong_versions(statement, text):
    groups = [finding.group for finding in statement.findings]
    named = [drug for drug in DRUGS if drug.lower() in text.lower()]
    foreign = next(drug for drug in DRUGS if drug.lower() not in text.lower())
    return mutations(text, groups, named, foreign)


@pytest.fixture(scope="module")
def outcome():
    """Count by kind of mutation what was caught and what was not."""
    counts: Counter[tuple[str, bool]] = Counter()
    for statement, text in renderings():
        for kind, wrong in wrong_versions(statement, text):
            counts[kind, not supported(wrong, (statement,), LIBRARY.endpoints)] += 1
    return counts


def test_nearly_every_mutation_is_caught(outcome):
    caught = sum(count for (_, is_caught), count in outcome.items() if is_caught)
    assert caught / sum(outcome.values()) >= CAUGHT, outcome


def test_every_kind_of_mutation_was_tried(outcome):
    kinds = {kind for kind, _ in outcome}
    assert kinds == {
        "value", "role", "denominator", "P decimal", "time", "drug", "foreign drug", "arm",
        "comparator", "unit", "endpoint", "population", "negation",
    }  # fmt: skip


def test_what_is_true_raises_no_alarm():
    told = [supported(text, (s,), LIBRARY.endpoints) for s, text in renderings()]
    assert told.count(False) <= ALARMS * len(told)


def test_a_sentence_is_not_supported_by_another_citation():
    """The words of one statement, cited to the next one from another source, are refused."""
    missed = tried = 0
    for its in LIBRARY.of_disease.values():
        for statement, other in pairwise(its):
            if statement.citation.source == other.citation.source:
                continue
            for worded in clinician_texts(statement):
                if any(worded.text == again.text for again in clinician_texts(other)):
                    continue  # both say the same, such as whom they studied
                tried += 1
                missed += supported(worded.text, (other,), LIBRARY.endpoints)
    assert tried and missed <= (1 - CAUGHT) * tried
