"""What the bundled evidence must hold, whatever else is added to it."""

import json
import re
from pathlib import Path

import pytest

from secondline.criteria.evaluate import evaluate
from secondline.domain.facts import Patient
from secondline.domain.truth import NOT_MET

SHARED = Path(__file__).parents[3] / "shared" / "evidence"
DISEASES = (
    "rhabdomyosarcoma",
    "soft-tissue-sarcoma",
    "neuroblastoma",
    "acute-lymphoblastic-leukemia",
)


def test_every_topic_is_held_in_depth(library):
    assert library.held == DISEASES
    assert len(library.statements) >= 450
    assert sum(len(s.findings) for s in library.statements.values()) >= 1000
    for disease in DISEASES:
        topics = {s.topic for s in library.of_disease[disease]}
        assert {"prognosis", "regimen", "definition", "gap", "correction", "change"} <= topics


def test_a_popular_claim_is_traced_once_and_stands_alone(library):
    """One claim has one verdict, and a reader of it alone knows the disease or the scheme."""
    named = re.compile(r"sarcoma|ARST0332|neuroblastoma|\bB?-?ALL\b|leukemia|level of evidence")
    claims = [c.claim for s in library.statements.values() for c in s.claims]
    assert len(claims) >= 140
    assert [c for c in claims if claims.count(c) > 1] == []
    assert [c for c in claims if not named.search(c) or not c.endswith(".")] == []


def test_a_statement_describes_its_own_disease(library):
    """Nobody with another disease is told the figures of a statement."""
    for disease in DISEASES:
        for other in set(DISEASES) - {disease}:
            patient = Patient({"disease": other})
            for statement in library.of_disease[disease]:
                criterion = library.criteria.get(statement.id)
                if criterion is not None:
                    assert evaluate(criterion, patient) is NOT_MET, statement.id


def test_what_is_known_through_another_says_so(library):
    for source in library.sources.values():
        if source.read == "secondary" and source.kind not in {
            "evidence summary",
            "web page",
            "guideline",
        }:
            through = {
                s.citation.via for s in library.citing(source.id) if s.citation.source == source.id
            }
            assert source.via or source.note or None not in through, source.id


def test_numbers_in_what_is_said_are_no_outcomes(library):
    """Shares in words are outcomes too; they belong in findings."""
    shares = re.compile(r"\b(?:one|two|three) (?:in|out of) (?:two|three|four|five|ten)\b")
    assert [s.id for s in library.statements.values() if shares.search(s.says)] == []


def test_nothing_is_shouted(library):
    """Emphasis by capitals is for trial names and abbreviations alone."""
    shouted = re.compile(
        r"\b(?:NOT|NO|NEVER|ONLY|ALWAYS|FIRST|RELAPSE|DIAGNOSIS|OLDER|AFTER|BEFORE)\b"
    )
    assert [
        s.id
        for s in library.statements.values()
        if shouted.search(f"{s.says} {s.plain} {s.caution}")
    ] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the source records are not here")
def test_every_source_record_is_a_source(library):
    records = {
        json.loads(line)["id"]
        for file in SHARED.glob("sources-*.jsonl")
        for line in file.read_text("utf-8").splitlines()
    }
    assert len(records) >= 300
    assert sorted(records - set(library.sources)) == []
