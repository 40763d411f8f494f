"""The three-valued tables against the tests that HL7 publishes for CQL's logical operators.

Source: HL7 CQL tests (cqframework/cql-tests), CqlLogicalOperatorsTest.xml; read where they are.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from secondline.domain.truth import MET, NOT_MET, UNKNOWN, conjunction, disjunction, negation

TESTS = Path(__file__).parents[3] / "shared/datasets/cql_tests/CqlLogicalOperatorsTest.xml"
TRUTHS = {"true": MET, "false": NOT_MET, "null": UNKNOWN}
BINARY = {"and": conjunction, "or": disjunction}
VALUE = "(true|false|null)"


def published():
    """Yield the expression and the expected truth of every test of and, or and not."""
    for test in ElementTree.parse(TESTS).getroot().iter():
        parts = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in test}
        words = re.sub(r"[()]", "", parts.get("expression", "")).lower()
        if re.fullmatch(f"not {VALUE}|{VALUE} (and|or) {VALUE}", words):
            yield words, TRUTHS[parts["output"].lower()]


@pytest.mark.skipif(not TESTS.exists(), reason="the published tests are not beside the project")
def test_the_tables_are_those_of_cql():
    found = list(published())
    assert len(found) >= 20
    for words, expected in found:
        match words.split():
            case ["not", value]:
                assert negation(TRUTHS[value]) is expected, words
            case [one, operator, other]:
                assert BINARY[operator]([TRUTHS[one], TRUTHS[other]]) is expected, words
