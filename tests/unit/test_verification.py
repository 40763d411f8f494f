"""Every sentence composed from the bundled library is supported; its mutations are not."""

import re
from itertools import pairwise

import pytest

from secondline.answers.verification import supported
from secondline.answers.wording import (
    clinician_texts,
    family_texts,
    figure_texts,
    natural_frequency,
)
from secondline.domain.evidence import Citation, Endpoint, Finding, Statement

OS = Endpoint(id="overall survival", kind="proportion", lay="were alive")
ENDPOINTS = {"overall survival": OS, "response": Endpoint(id="response", kind="proportion")}


def statement(*findings, **more):
    return Statement(
        id="x",
        topic="outcome",
        says="Some lived.",
        population="p",
        setting="relapse",
        citation=Citation(source="s"),
        findings=findings,
        **more,
    )


VIT = Finding(
    group="VIT",
    endpoint="response",
    estimate="44%",
    events=24,
    n=55,
    timepoint="after two cycles",
)
VI = Finding(
    group="VI", endpoint="response", estimate="31%", events=18, n=58, timepoint="after two cycles"
)
BOTH = Finding(group="VIT against VI", endpoint="response", p_value=".09")
TRIAL = statement(VIT, VI, BOTH, study="VIT-0910")
SENTENCE = (
    "Response, after two cycles: VIT 44% (24 of 55); VI 31% (18 of 58); VIT against VI: P = .09."
)


def test_findings_of_one_endpoint_and_time_make_one_sentence():
    assert [worded.text for worded in clinician_texts(TRIAL)] == [
        "Some lived.",
        SENTENCE,
        "Studied: p.",
    ]
    assert [worded.text for worded in figure_texts(TRIAL.findings, TRIAL.study)] == [
        "VIT-0910, response" + SENTENCE.removeprefix("Response")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("44%", "45%"),
        ("44%", "31%"),
        ("24 of 55", "24 of 58"),
        ("24 of 55", "18 of 55"),
        ("VIT 44%", "VI 44%"),
        ("VIT 44% (24 of 55); VI 31% (18 of 58)", "VI 44% (24 of 55); VIT 31% (18 of 58)"),
        ("after two cycles", "after four cycles"),
        ("Response", "Overall survival"),
        ("P = .09", "P = .009"),
        ("P = .09", "P < .09"),
        (".09.", ".09; VIT 57%."),
        ("44%", "44"),
        ("VI 31% (18 of 58); ", "VIT 44% (24 of 55); "),
        ("Response,", "No response,"),
        ("Response, after two cycles", "VIT-0910, response, after three cycles"),
        ("Response, after two cycles", "ARST0921, response, after two cycles"),
    ],
)
def test_a_changed_sentence_is_not_supported(old, new):
    assert supported(SENTENCE, [TRIAL], ENDPOINTS)
    changed = SENTENCE.replace(old, new, 1)
    assert changed != SENTENCE
    assert not supported(changed, [TRIAL], ENDPOINTS)


def test_a_sentence_needs_the_statement_it_cites():
    assert not supported(SENTENCE, [statement(VIT)], ENDPOINTS)
    assert not supported("Everybody lived.", [TRIAL], ENDPOINTS)
    assert supported("Some lived.", [TRIAL], ENDPOINTS)


def test_a_natural_frequency_is_rounded_from_its_finding_alone():
    finding = Finding(
        endpoint="overall survival",
        estimate="28.3%",
        timepoint="5 years",
        plain_group="children whose cancer came back",
    )
    text = "About 28 of 100 children whose cancer came back were alive 5 years later."
    assert natural_frequency(finding, OS) == text
    assert supported(text, [statement(finding)], ENDPOINTS)
    assert not supported(text.replace("28", "29"), [statement(finding)], ENDPOINTS)
    assert not supported(text.replace("5 years", "3 years"), [statement(finding)], ENDPOINTS)


@pytest.mark.parametrize(
    ("estimate", "n", "text"),
    [
        ("37%", 474, "About 37 of 100 children lived 5 years later. About 63 had died."),
        (
            "84%",
            12,
            "About 84 of 100 children lived 5 years later. About 16 had died. Only 12 were",
        ),
        ("0%", 40, "None of the children lived 5 years later."),
        ("100%", 40, "All of the children lived 5 years later."),
        ("0.3%", 400, "Almost none of the children lived 5 years later."),
        ("99.8%", 400, "Almost all of the children lived 5 years later."),
    ],
)
def test_a_natural_frequency_is_told_from_both_sides_and_a_small_group_as_one(estimate, n, text):
    endpoint = Endpoint(id="overall survival", kind="proportion", lay="lived", lay_rest="had died")
    finding = Finding(
        endpoint="overall survival",
        estimate=estimate,
        n=n,
        timepoint="5 years",
        plain_group="children",
    )
    told = natural_frequency(finding, endpoint)
    assert told == (f"{text} counted, so this is rough." if n == 12 else text)


def test_all_bundled_sentences_are_supported_and_no_changed_figure_is(library):
    sentences = mutations = 0
    for each in library.statements.values():
        texts = [*clinician_texts(each), *figure_texts(each.findings, each.study)]
        for worded in (*texts, *family_texts(each, library.endpoints)):
            sentences += 1
            assert supported(worded.text, [each], library.endpoints), worded.text
            if not worded.findings:
                continue
            for figure in re.finditer(r"\d+", worded.text):
                changed = str(int(figure[0]) + 1)
                text = worded.text[: figure.start()] + changed + worded.text[figure.end() :]
                mutations += 1
                assert not supported(text, [each], library.endpoints), text
    assert sentences > 400
    assert mutations > 1000


def test_no_bundled_sentence_is_supported_by_another_statement(library):
    statements = [s for s in library.statements.values() if s.findings]
    for one, two in pairwise(statements):
        for worded in figure_texts(one.findings, one.study):
            if one.study != two.study:
                assert not supported(worded.text, [two], library.endpoints)
