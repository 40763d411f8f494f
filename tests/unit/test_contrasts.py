"""Two figures of one sentence on the two sides of a cut."""

import re

import pytest

from secondline.answers.contrasts import sides_claimed, sides_of

HEADINGS = {
    "acute-lymphoblastic-leukemia": "Relapsed acute lymphoblastic leukemia",
    "neuroblastoma": "Relapsed neuroblastoma",
    "rhabdomyosarcoma": "Relapsed rhabdomyosarcoma",
    "soft-tissue-sarcoma": "Relapsed soft-tissue sarcoma",
}


@pytest.mark.parametrize(
    ("one", "other", "sides"),
    [
        ("relapse <36 months from diagnosis", "later relapse", ("low", "high")),
        ("MRD 0.1% or more", "MRD below 0.1%", ("high", "low")),
        ("with radiotherapy", "without radiotherapy", ("with", "without")),
        ("chemotherapy", "control", ("with", "without")),
        ("marrow", "central nervous system", None),
        ("early relapse", "very early relapse", None),
    ],
)
def test_groups_stand_on_two_sides_of_a_cut(one, other, sides):
    assert sides_of(one, other) == sides


@pytest.mark.parametrize(
    ("one", "other", "sides"),
    [
        (" when MRD fell below 0.1% and ", " when it did not.", ("low", "high")),
        (" if the relapse came after 36 months and ", " if it came earlier.", ("high", "low")),
        (" when it lasted under 24 months and ", " when longer.", ("low", "high")),
        (" with radiotherapy and ", " without it.", ("with", "without")),
        ("survival differed between treatment and control (", " vs. ", None),
        (" of those with no less than 3 years and ", " of those with more", None),
    ],
)
def test_clauses_tell_the_side_of_their_figure(one, other, sides):
    assert sides_claimed(one, other) == sides


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("On AALL0433, 3-year event-free survival was 84.9% when MRD was below 0.1% after block 1 and 53.7% when it was not.", "supported"),
        ("On AALL0433, 3-year event-free survival was 53.7% when MRD was below 0.1% after block 1 and 84.9% when it was not.", "contradicted"),
        ("On AALL01P2 a second remission was reached by 68% of early and 96% of late marrow relapses of ALL.", "supported"),
        ("On AALL01P2 a second remission was reached by 96% of early and 68% of late marrow relapses of ALL.", "contradicted"),
        # Counted from something else, the cut is another.
        ("Four-year survival of rhabdomyosarcoma that relapses more than 12 months after diagnosis is 41%; within 6 months of diagnosis it is 12%.", "population-differs"),
    ],
)  # fmt: skip
def test_the_second_side_needs_no_name_of_its_own(desk, claim, expected):
    assert desk.audit(claim).claims[0].verdict == expected


def on_two_sides(library):
    """Yield the percentages of two groups of a statement that stand on two sides of a cut."""
    for statement in library.statements.values():
        disease = library.disease_of(statement.id)
        shown = [
            f
            for f in statement.findings
            if f.effect is None and re.fullmatch(r"[\d.]+%", f.estimate or "") and f.timepoint
        ]
        for one, other in ((a, b) for a in shown for b in shown if a is not b):
            same = (one.endpoint, one.timepoint) == (other.endpoint, other.timepoint)
            same &= disease is not None and one.estimate != other.estimate
            if same and sides_of(one.group, other.group) == ("low", "high"):
                yield one, other, HEADINGS[disease], statement


def test_sides_of_the_library_are_held_and_exchanged_ones_are_not(desk, library):
    held = passed = tried = 0
    for one, other, heading, statement in on_two_sides(library):
        named = statement.study or ""
        for first, second in ((one, other), (other, one)):
            told = (
                f"{heading}\n\nIn {named}, {one.endpoint} at {one.timepoint} was {first.estimate}"
                f" for {one.group} and {second.estimate} for {other.group}."
            )
            verdicts = {claim.verdict for claim in desk.audit(told).claims}
            tried += first is one
            held += first is one and verdicts == {"supported"}
            passed += first is other and verdicts == {"supported"}
    assert tried >= 20
    assert held >= 0.8 * tried
    assert passed <= 0.05 * tried


def test_who_died_is_not_who_lived(desk, library):
    """The survival of a whole series, told as the share of those who died."""
    tried = 0
    for statement in library.statements.values():
        disease = library.disease_of(statement.id)
        for finding in statement.findings if disease else ():
            whole = finding.group == "all" and finding.endpoint == "overall survival"
            if not whole or not re.fullmatch(r"[\d.]+%", finding.estimate or ""):
                continue
            if not finding.timepoint or float(finding.estimate[:-1]) == 50:
                continue
            told = f"{finding.estimate} of the patients had died at {finding.timepoint}."
            audit = desk.audit(f"{HEADINGS[disease]}, {statement.study or ''}\n\n{told}")
            tried += 1
            held = {id_ for c in audit.claims if c.verdict == "supported" for id_ in c.statements}
            assert statement.id not in held, told
    assert tried >= 20
