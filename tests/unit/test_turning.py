"""What a claim affirms and the evidence excludes, and the other way round."""

import pytest

from secondline.answers.denials import denials

HEADINGS = {
    "rms": "Relapsed rhabdomyosarcoma",
    "sts": "Relapsed non-rhabdomyosarcoma soft-tissue sarcoma",
    "nbl": "Relapsed neuroblastoma",
    "all": "Relapsed acute lymphoblastic leukemia",
}


@pytest.fixture(scope="module")
def verdict(desk):
    def of(disease, text):
        (claim,) = desk.audit(f"{HEADINGS[disease]}\n\n{text}").claims
        return claim.verdict

    return of


@pytest.mark.parametrize(
    ("disease", "true", "false"),
    [
        (
            "nbl",
            "Naxitamab with GM-CSF is approved for high-risk neuroblastoma in bone or bone marrow.",
            "Naxitamab with GM-CSF is approved for soft-tissue relapse of neuroblastoma.",
        ),
        ("rms", "TECC contains no anthracycline.", "TECC contains an anthracycline."),
        (
            "rms",
            "For patients first treated with anthracyclines, the CWS recommended TECC at relapse.",
            "For patients first treated without anthracyclines, the CWS recommended TECC at relapse.",
        ),
        (
            "all",
            "In the FORUM substudy of children under 4 years, conditioning was without total-body"
            " irradiation.",
            "In the FORUM substudy of children under 4 years, all were conditioned with total-body"
            " irradiation.",
        ),
        (
            "all",
            "PDQ lists no blinatumomab, CAR T-cell or inotuzumab option for T-cell disease.",
            "PDQ lists blinatumomab for relapsed T-ALL.",
        ),
        (
            "nbl",
            "In P9462 survival was better without MYCN amplification.",
            "In P9462 survival was better with MYCN amplification in older patients.",
        ),
        (
            "rms",
            "No patient of the French RMS 2005 cohort survived a relapse without locoregional treatment.",
            "Patients of the French RMS 2005 cohort survived relapse without locoregional treatment.",
        ),
        (
            "rms",
            "The response rate was higher with VIT than with VI.",
            "The response rate was higher with VI than with VIT.",
        ),
    ],
)
def test_what_is_excluded_is_not_borne_out(verdict, disease, true, false):
    assert verdict(disease, true) == "supported"
    assert verdict(disease, false) != "supported"


@pytest.mark.parametrize(
    ("disease", "claim"),
    [
        ("nbl", "Omburtamab is approved for neuroblastoma of the brain."),
        ("nbl", "Naxitamab with GM-CSF is approved for soft-tissue relapse of neuroblastoma."),
        (
            "nbl",
            "Neuroblastoma that comes back 6 to 18 months after diagnosis has a better outlook than"
            " that which comes back 36 months or more after diagnosis.",
        ),
        ("sts", "A second remission of relapsed synovial sarcoma is hardly ever reached."),
        (
            "sts",
            "In PALETTE patients with metastatic soft-tissue sarcoma lived significantly longer on"
            " pazopanib than on placebo (12.5 versus 10.7 months).",
        ),
    ],
)
def test_what_the_evidence_reverses_is_contradicted(verdict, disease, claim):
    assert verdict(disease, claim) == "contradicted"


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("The regimen contains no anthracycline.", {"anthracyclin"}),
        ("Treated without surgery, radiotherapy or drugs.", {"surgeri", "radiotherapi", "drug"}),
        ("Given with or without surgery.", set()),
        ("Children without radiation and with a remission of 18 months or more.", {"radiat"}),
        ("Bone disease is included; lung disease is outside the indication.", {"lung", "diseas"}),
        ("Anthracycline-naive patients.", {"anthracyclin"}),
        ("Blinatumomab instead of a third block.", {"block", "third"}),
    ],
)
def test_what_is_left_out_is_read(text, left_out):
    assert denials(text).absent == left_out


def test_a_denial_before_a_word_is_bound_to_it():
    """The second of them turns nothing: "not" stands before "survival" alone."""
    marked = dict(denials("Radiation was given, but did not improve survival.").marked)
    assert not marked["radiat"]
    assert marked["improv"] and not marked["surviv"]
