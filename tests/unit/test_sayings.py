"""Claims without figures: what bears them out, and what only speaks of the same."""

import random
import re

import pytest
import sentencex

HEADINGS = {
    "rhabdomyosarcoma": "Relapsed rhabdomyosarcoma",
    "soft-tissue-sarcoma": "Relapsed non-rhabdomyosarcoma soft-tissue sarcoma",
    "neuroblastoma": "Relapsed neuroblastoma",
    "acute-lymphoblastic-leukemia": "Relapsed acute lymphoblastic leukemia",
}
# A word of a true sentence, and what turns it.
TURNED = (
    ("better", "worse"), ("worse", "better"), ("improved", "worsened"), ("favorable", "unfavorable"),
    ("adverse", "favorable"), ("effective", "ineffective"), ("is", "is not"), ("was", "was not"),
    ("were", "were not"), ("not", ""), ("no", ""), ("children", "adults"), ("late", "early"),
    ("early", "late"), ("rare", "common"), ("longer", "shorter"), ("higher", "lower"),
)  # fmt: skip


@pytest.fixture(scope="module")
def verdict(desk):
    def of(text, disease="rhabdomyosarcoma"):
        (claim,) = desk.audit(f"{HEADINGS[disease]}\n\n{text}").claims
        return claim.verdict

    return of


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (
            "High-dose chemotherapy is not standard treatment.",
            "High-dose chemotherapy is standard.",
        ),
        ("VIT is better than VI.", "VI is better than VIT."),
        ("VI is no better than VIT.", "VIT is no better than VI."),
        ("Prior radiotherapy is an adverse factor.", "Prior radiotherapy is a favorable factor."),
    ],
)
def test_the_opposite_of_what_is_borne_out_is_not(verdict, true, false):
    assert verdict(false) != "supported"
    assert verdict(true) in {"supported", "overstated"}


def test_what_is_bad_of_one_group_is_good_of_the_opposite_one(desk):
    """The evidence names relapse before 18 months as unfavorable."""
    claim = "Relapse of rhabdomyosarcoma 18 months or more from diagnosis is favorable."
    turned = claim.replace("favorable", "unfavorable")
    verdicts = [desk.audit(text).claims[0].verdict for text in (claim, turned)]
    assert verdicts[0] == "supported" and verdicts[1] != "supported"


@pytest.mark.parametrize(
    ("claim", "disease"),
    [
        ("All children need a stem cell transplant.", "acute-lymphoblastic-leukemia"),
        ("MRD after reinduction does not matter.", "acute-lymphoblastic-leukemia"),
        ("MYCN amplification is a favorable factor after relapse.", "neuroblastoma"),
        ("Every child should receive MIBG therapy.", "neuroblastoma"),
        ("Bevacizumab cures relapsed neuroblastoma.", "neuroblastoma"),
        ("Pazopanib cures children.", "soft-tissue-sarcoma"),
        ("Re-irradiation is proven to improve survival.", "rhabdomyosarcoma"),
        ("Temozolomide, 200 mg daily, is given.", "rhabdomyosarcoma"),
    ],
)
def test_a_claim_with_more_force_than_the_evidence_is_not_supported(verdict, claim, disease):
    assert verdict(claim, disease) != "supported"


@pytest.mark.parametrize(
    "claim",
    ["It improves survival.", "Transplantation is recommended.", "The response rate is 44%."],
)
def test_a_claim_that_does_not_say_of_which_disease_is_left_open(desk, claim):
    (found,) = desk.audit(claim).claims
    assert found.verdict == "not-found"
    assert "does not say" in found.note


def test_a_figure_is_no_forecast_for_one_child(verdict):
    assert verdict("The response rate with VIT is 44%.") == "supported"
    assert verdict("Your child's response rate with VIT is 44%.") == "overstated"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("VIT had a higher response rate than VI, 44% versus 31%.", "supported"),
        ("VIT had a lower response rate than VI, 44% versus 31%.", "contradicted"),
        ("The response rate of VIT is 44%: it is safe.", "overstated"),
        ("Only 37% (176 of 474) survive, so treatment at relapse is useless.", "overstated"),
        ("The response rate of VIT is 44%, so it should be given.", "overstated"),
    ],
)
def test_what_is_said_beside_figures_is_judged_too(verdict, claim, expected):
    assert verdict(claim) == expected


def test_what_the_nearest_statement_does_not_say_is_named(desk):
    text = f"{HEADINGS['rhabdomyosarcoma']}\n\nTemozolomide is a standard of care."
    (claim,) = desk.audit(text).claims
    assert '"standard"' in claim.note


def test_earlier_radiotherapy_is_of_no_early_relapse(verdict):
    assert verdict("Prior radiotherapy is an adverse factor.") == "supported"


def test_two_denials_in_other_words_are_no_contradiction(verdict):
    """The trials gave no cells until the disease was controlled."""
    text = "Patients with progressive CNS disease were not treated with CAR T cells until it was controlled."
    assert verdict(text, "acute-lymphoblastic-leukemia") == "not-found"


def sentences(library):
    """Yield sentences of the library without figures, in a fixed order, with their disease."""
    statements = [s for s in library.statements.values() if s.topic not in {"correction", "gap"}]
    random.Random(7).shuffle(statements)
    for statement in statements:
        disease = library.disease_of(statement.id)
        for sentence in sentencex.segment("en", statement.says) if disease else ():
            if 6 <= len(sentence.split()) <= 30 and not re.search(r"\d\d", sentence):
                yield sentence.strip(), disease


def test_sentences_of_the_library_are_borne_out_and_turned_ones_are_not(desk, library):
    """It finds nine of ten again; of those with one word turned, few pass, and no more may."""
    borne, told, passed, turned = 0, 0, 0, 0
    for sentence, disease in list(sentences(library))[:500]:
        claims = desk.audit(f"{HEADINGS[disease]}\n\n{sentence}").claims
        told += len(claims) == 1
        borne += [c.verdict for c in claims] == ["supported"]
        for word, other in TURNED:
            wrong = re.sub(rf"\b{word}\b", other, sentence, count=1)
            if wrong == sentence:
                continue
            claims = desk.audit(f"{HEADINGS[disease]}\n\n{wrong}").claims
            turned += len(claims) == 1
            passed += [c.verdict for c in claims] == ["supported"]
    assert told > 200 and turned > 150
    assert borne / told > 0.9
    assert passed / turned < 0.2


def two_arms(library):
    """Yield the percentages of two arms, with their endpoint, time and disease."""
    for statement in library.statements.values():
        disease = library.disease_of(statement.id)
        arms = {}
        for f in statement.findings if disease and statement.comparator else ():
            plain = f.effect is None and re.fullmatch(r"[\d.]+%", f.estimate or "")
            if plain and f.group != "all" and not re.search(r"against|relative|,", f.group):
                arms.setdefault((f.endpoint, f.timepoint), []).append(f)
        for found in arms.values():
            if len(found) == 2 and found[0].estimate != found[1].estimate:
                yield *found, HEADINGS[disease]


@pytest.mark.parametrize(
    "sentence",
    [
        "The rate of {endpoint} was {a} (95% CI, 1% to 99%) for patients who received {one}, compared"
        " with {b} for those who received {other}.",
        "With {one} {endpoint} was {a}, with {other} {b}.",
        "{endpoint} was {a} in the {one} group and {b} in the {other} group.",
        "{endpoint} differed between {one} and {other} ({a} vs. {b}).",
        "{one}: {endpoint} {a}; {other}: {b}.",
    ],
)
def test_figures_of_two_arms_are_held_and_exchanged_ones_are_not(desk, library, sentence):
    held = passed = tried = 0
    for one, other, heading in two_arms(library):
        endpoint = f"{one.endpoint} at {one.timepoint}" if one.timepoint else one.endpoint
        for first, second in ((one, other), (other, one)):
            told = sentence.format(
                endpoint=endpoint,
                one=one.group,
                other=other.group,
                a=first.estimate,
                b=second.estimate,
            )
            verdicts = [claim.verdict for claim in desk.audit(f"{heading}\n\n{told}").claims]
            tried += first is one
            held += first is one and verdicts == ["supported"]
            passed += first is other and verdicts == ["supported"]
    assert tried > 50
    assert held / tried > 0.9
    assert passed <= 2
