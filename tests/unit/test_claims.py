"""A page to claims: what says something is kept, the furniture of a page is not."""

import pytest

from secondline.answers import claims as claims_module
from secondline.answers.claims import read_claims
from secondline.answers.pages import LARGEST_PAGE, TextError, page_text, text_of_page

PAGE = """<html><head><title>x</title><script>alert("37%")</script></head><body>
<h1>Relapsed rhabdomyosarcoma</h1><p>Share this page</p>
<p>After relapse of localized rhabdomyosarcoma 37% of patients survive.<sup>[1,2]</sup> What next?</p>
<h2>Favorable features (60-80% survival):</h2>
<ul><li>Late relapse</li><li>Localized relapse</li></ul>
<h2>References</h2><p>1. Smith AB, Jones C. A trial in rhabdomyosarcoma. J Clin Oncol. 2011;29:1319.</p>
</body></html>"""


@pytest.fixture(scope="module")
def claims(desk):
    return lambda text: read_claims(text_of_page(text), desk._answerer.lexicon).claims


def test_a_page_gives_its_claims_and_no_furniture(claims):
    assert [claim.text for claim in claims(PAGE)] == [
        "After relapse of localized rhabdomyosarcoma 37% of patients survive.",
        "Favorable features (60-80% survival):",
        "Late relapse",
        "Localized relapse",
    ]


def test_what_is_no_claim_is_passed_over_in_its_place_and_nothing_is_dropped(desk):
    reading = read_claims(text_of_page(PAGE), desk._answerer.lexicon)
    assert reading.whole
    assert [(each.text, each.why, each.after) for each in reading.passed_over] == [
        ("x", "no claim", 0),
        ("Relapsed rhabdomyosarcoma", "no claim", 0),
        ("Share this page", "no claim", 0),
        ("What next?", "no claim", 1),
        ("References", "reference", 4),
        ("Smith AB, Jones C. A trial in rhabdomyosarcoma. J Clin Oncol. 2011;29:1319.",
         "reference", 4),
    ]  # fmt: skip


def test_a_run_of_words_without_a_full_stop_is_not_read_and_said(desk):
    reading = read_claims(f"{'word ' * 400}\n\nIt rains.", desk._answerer.lexicon)
    assert [each.why for each in reading.passed_over] == ["too long"]


def test_a_text_that_is_too_long_says_that_it_was_not_read_to_its_end(desk, monkeypatch):
    text = "In relapsed rhabdomyosarcoma 37% of patients survive. It rains. " * 3
    assert read_claims(text, desk._answerer.lexicon).whole
    for limit in ("MOST_CLAIMS", "MOST_SENTENCES"):
        with monkeypatch.context() as less:
            less.setattr(claims_module, limit, 2)
            reading = read_claims(text, desk._answerer.lexicon)
            assert not reading.whole and len(reading.claims) <= 2


def test_an_item_of_a_list_is_read_with_the_figure_above_it(claims):
    item = claims(PAGE)[2]
    assert [(f.quantity.low, f.quantity.high) for f in item.sentence.figures] == [(60, 80)]
    assert item.disease == "rhabdomyosarcoma"


def test_a_sentence_that_leans_on_the_one_before_is_read_with_it(claims):
    text = (
        "In relapsed neuroblastoma topotecan was given to 59 children. The response rate was 19%."
    )
    first, second = claims(f"{text} More follows about relapsed neuroblastoma.")[:2]
    assert second.before == first.sentence


@pytest.mark.parametrize(
    ("text", "relapse"),
    [
        ("Relapsed neuroblastoma responds to topotecan.", True),
        ("Previously untreated neuroblastoma responds to topotecan.", False),
        ("Neuroblastoma responds to topotecan.", None),
    ],
)
def test_the_setting_is_read_where_it_is_said(claims, text, relapse):
    assert claims(text)[0].relapse is relapse


def test_a_single_sentence_is_a_claim_whatever_it_says(claims):
    assert len(claims("All seven numbers can be looked up.")) == 1


@pytest.mark.parametrize(
    "text", ["", "  \n ", "<html><body></body></html>", "\0\0\0binary", "x" * (LARGEST_PAGE + 1)]
)
def test_what_is_no_text_is_refused(text):
    with pytest.raises(TextError):
        text_of_page(text)


@pytest.mark.parametrize(
    "data",
    [
        "Rezidiv, 37 %, Münster".encode(),
        "\ufeffRezidiv, 37 %, Münster".encode(),
        "Rezidiv, 37 %, Münster".encode("utf-16"),
        '<meta charset="iso-8859-1">Rezidiv, 37 %, Münster'.encode("iso-8859-1"),
    ],
)
def test_bytes_are_read_by_their_encoding(data):
    assert page_text(data, "page").endswith("Rezidiv, 37 %, Münster")


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(TextError, match=r"page.pdf is not text"):
        page_text(b"%PDF-1.7\0\1\2", "page.pdf")


def test_a_very_large_page_is_read_in_bounded_time(claims):
    paragraph = "Relapsed rhabdomyosarcoma is treated with irinotecan in many centers. "
    page = f"<p>{paragraph * 100}</p>" * 600  # four million characters
    assert len(claims(page)) <= 2_000


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Late relapse of neuroblastoma is favorable. 1,2", "Late relapse of neuroblastoma is favorable."),
        ("Late relapse of neuroblastoma is favorable 5, 4.", "Late relapse of neuroblastoma is favorable."),
        ("Neuroblastoma relapse is rare in stage 1.", "Neuroblastoma relapse is rare in stage 1."),
        ("In neuroblastoma, 11 of 12 responded to topotecan.", "In neuroblastoma, 11 of 12 responded to topotecan."),
        ("Neuroblastoma[1][2] relapses late [3, 4].", "Neuroblastoma relapses late."),
    ],
)  # fmt: skip
def test_numbers_of_notes_are_left_out_and_those_of_stages_kept(claims, line, kept):
    assert [claim.text for claim in claims(line)] == [kept]
