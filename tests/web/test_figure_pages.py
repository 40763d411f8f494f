"""Figures on the pages without JavaScript: drawn in a table, as files, and beside a finding."""

import csv
import html
import io
import json
import re

import pytest
from lxml import html as trees
from visitor import words

from secondline.desk import Sentence

OUTCOME = "rhabdomyosarcoma.relapse.poor-outcome.or.adjusted.chisholm-2011"
SURVIVAL = "rhabdomyosarcoma.relapse.overall-survival.percent.60-months"
SARCOMA = "soft-tissue-sarcoma.relapse.response.percent"
FACTORS = "rms-chisholm-four-weighted-factors"


def drawn(page):
    """Return of every row its words and where its mark and the ends of its line stand."""
    found = []
    for row in trees.fromstring(page.text).xpath('//figure[@class="forest"]//tr[.//rect]'):
        (mark,) = row.xpath('.//rect[@class="mark"]/@x')
        ends = [
            line.get(end)
            for line in row.xpath('.//line[contains(@class, "line")]')
            for end in ("x1", "x2")
        ]
        place = [float(each.removesuffix("%")) for each in (mark, *ends)]
        found.append((" ".join(row.text_content().split()), place))
    return found


@pytest.mark.parametrize("group", [OUTCOME, SURVIVAL, SARCOMA])
def test_marks_stand_where_the_numbers_beside_them_say(visitor, desk, group):
    plot = desk.forest_plot(group)
    rows = drawn(visitor.get(f"/evidence?view=plot&group={group}"))
    assert len(rows) == len(plot.rows)
    for (told, place), row in zip(rows, plot.rows, strict=True):
        assert row.printed in told and row.interval in told and row.counted in told
        ends = [] if row.low is None else [row.low, row.high]
        assert place == pytest.approx(
            [100 * plot.axis.place(x) for x in (row.estimate, *ends)], abs=0.01
        )


def test_the_page_says_what_a_reader_must_know(visitor, desk):
    told = words(visitor.get(f"/evidence?view=plot&group={SURVIVAL}"))
    for note in desk.forest_plot(SURVIVAL).notes:
        assert note in told
    assert "11 findings drawn" in told and "no interval printed" in told
    assert "findings stand in no figure" in told


def test_filters_decide_what_may_be_drawn(visitor, desk):
    page = visitor.get(
        "/evidence?view=plot&disease=neuroblastoma&endpoint=response&setting=relapse"
    )
    found = desk.comparable(
        desk.find(disease="neuroblastoma", setting="relapse"), endpoint="response"
    )
    told = words(page)
    assert f"{len(found.groups[0].items)} findings drawn" in told
    for reason, count in found.apart.items():
        assert f"{count}: {reason}" in told


def test_where_no_two_may_be_compared_the_reason_is_told(visitor):
    page = visitor.get("/evidence?view=plot&disease=rhabdomyosarcoma&topic=correction")
    told = words(page)
    assert page.status_code == 200
    assert "No two findings here may share one figure." in told
    assert "repeats the figures of others" in told
    assert "<table" not in page.text


def test_words_narrow_a_figure_and_never_stand_in_an_address(visitor):
    page = visitor.post("/evidence", view="plot", words="irinotecan", disease="rhabdomyosarcoma")
    assert page.status_code == 200
    assert not re.search(r'(?:href|action|hx-get)="[^"]*irinotecan', page.text)
    assert 'type="hidden" name="words" value="irinotecan"' in page.text


@pytest.mark.parametrize("group", ["none", "<script>", "../..", "é" * 500])
def test_a_group_that_is_none_shows_the_largest(visitor, group):
    page = visitor.get(
        "/evidence", params={"view": "plot", "group": group, "disease": "neuroblastoma"}
    )
    assert page.status_code == 200
    assert "<script>" not in page.text.replace("<script src", "")
    assert len(drawn(page)) > 10


def test_intervals_are_computed_when_asked_and_marked(visitor):
    plain = visitor.get(f"/evidence?view=plot&group={SARCOMA}")
    computed = visitor.get(f"/evidence?view=plot&group={SARCOMA}&computed=yes")
    assert "line computed" not in plain.text and "line computed" in computed.text
    assert "computed by Wilson's method" in words(computed)


# Files


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("svg", "image/svg+xml", b"<svg"),
        ("png", "image/png", b"\x89PNG"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("vega-lite", "application/json", b"{"),
        ("csv", "text/csv; charset=utf-8", b"study,"),
    ],
)
def test_a_figure_is_given_as_a_file(visitor, form, media_type, begins):
    page = visitor.post("/figure", page="/evidence?view=plot", form=form, group=OUTCOME)
    assert page.status_code == 200
    assert page.headers["content-type"] == media_type
    assert (
        "attachment" in page.headers["content-disposition"]
        and OUTCOME in page.headers["content-disposition"]
    )
    assert page.headers["cache-control"] == "no-store"
    assert page.content.startswith(begins)


def test_the_file_holds_what_the_page_shows(visitor, desk):
    fields = {"disease": "neuroblastoma", "words": "naxitamab"}
    shown = visitor.post("/evidence", view="plot", **fields)
    file = visitor.post("/figure", page="/evidence?view=plot", form="csv", **fields)
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [row["printed"] for row in rows] == [
        next(p for p in told.split() if p == row["printed"])
        for (told, _), row in zip(drawn(shown), rows, strict=True)
    ]
    spec = json.loads(
        visitor.post("/figure", page="/evidence?view=plot", form="vega-lite", **fields).text
    )
    assert len(spec["data"]["values"]) == len(rows)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"form": "gif"}, 404),
        ({}, 404),
        ({"form": "svg", "topic": "correction"}, 404),
        ({"form": "svg", "words": "x" * 5000}, 422),
    ],
)
def test_a_file_that_cannot_be_made_is_said(visitor, fields, status):
    page = visitor.post("/figure", page="/evidence?view=plot", **fields)
    assert page.status_code == status
    assert "<h1" in page.text


def test_without_the_typesetting_library_a_picture_says_what_is_missing(visitor, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    page = visitor.post("/figure", page="/evidence?view=plot", form="png", group=OUTCOME)
    assert page.status_code == 501
    assert "pip install 'secondline[sheet]'" in words(page)
    assert (
        visitor.post("/figure", page="/evidence?view=plot", form="svg", group=OUTCOME).status_code
        == 200
    )


def test_a_form_without_its_token_gets_no_file(visitor):
    assert visitor.client.post("/figure", data={"form": "svg"}).status_code == 403


# Beside a finding


def test_a_finding_leads_to_its_place_among_comparable_ones(visitor, desk):
    page = visitor.get(f"/findings?statement={FACTORS}")
    assert "Among 4 comparable findings: Adjusted odds ratio for poor outcome" in words(page)
    (address,) = re.findall(r'<a href="(/evidence\?view=plot[^"]*)"', page.text)
    place = visitor.get(html.unescape(address))
    assert place.text.count('class="group marked"') == 4
    for group in desk.comparable().groups[:3]:
        statement = group.items[0].statement.id
        assert group.id in visitor.get(f"/findings?statement={statement}").text


def test_a_finding_with_nothing_beside_it_says_nothing_of_it(visitor, desk, library):
    beside = {i.statement.id for group in desk.comparable().groups for i in group.items}
    alone = next(s.id for s in library.statements.values() if s.findings and s.id not in beside)
    assert "comparable findings" not in words(visitor.get(f"/findings?statement={alone}"))


# A hundred figures


@pytest.mark.parametrize(
    ("statement", "endpoint", "told"),
    [
        ("all-eliana-3-year-survival", "overall survival", (63, (51, 73))),
        ("all-eliana-3-year-survival", "event-free survival", (44, (31, 57))),
        ("rms-pappo-overall", "overall survival", (17, None)),  # a standard error, no interval
    ],
)
def test_a_share_is_drawn_with_the_range_of_its_own_finding(
    desk, library, statement, endpoint, told
):
    found = [f for f in library.statements[statement].findings if f.endpoint == endpoint]
    group = next(f.plain_group for f in found if f.plain_group)
    share = told[0]
    text = f"About {share} of 100 {group} {library.endpoints[endpoint].lay} 3 years later."
    array = desk.icon_array(Sentence(text, (1,), (statement,), None))
    assert (array.share, array.between) == told
    assert array.rest == 100 - share
    assert sum(filled for _, _, filled in array.places) == share


def test_a_sentence_without_a_share_is_not_drawn(desk):
    assert desk.icon_array(Sentence("Almost all of the children.", (), (), None)) is None
