"""Figures as they come out: every mark where its number says, hostile text as text, every format."""

import csv
import io
import json
import re
import struct
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import etree
from pypdf import PdfReader

from command import failed, run
from secondline.desk import figures
from secondline.figures.axis import percent_axis, ratio_axis
from secondline.interfaces.drawing.drawing_error import DrawingError
from secondline.interfaces.drawing.formats import FORMATS, table, written
from secondline.interfaces.drawing.layout import PLOT_LEFT, PLOT_RIGHT, WIDTH
from secondline.interfaces.drawing.lines import width_of, wrapped
from secondline.interfaces.drawing.svg import svg
from secondline.interfaces.drawing.vega_lite import vega_lite

SVG = "{http://www.w3.org/2000/svg}"
OUTCOME = "rhabdomyosarcoma.relapse.poor-outcome.or.adjusted.chisholm-2011"
RESPONSE = "neuroblastoma.relapse.response.percent"
SARCOMA = "soft-tissue-sarcoma.relapse.response.percent"
HOSTILE = "</text><script>alert(1)</script>&#0;\"' \x07 \u202egnorw\ud800 中文 {{ 7*7 }}"


def row(study="Study", estimate=50.0, **more):
    told = {"group": "all", "printed": f"{estimate:g}%", "interval": "no interval printed"}
    return figures.Row(study=study, estimate=estimate, **{**told, **more})


def plot(*rows, axis=None, **more):
    return figures.ForestPlot(
        id="a-plot", title="Response", axis=axis or percent_axis(), rows=rows, **more
    )


def tree_of(figure):
    return etree.fromstring(svg(figure).encode(), etree.XMLParser(resolve_entities=False))


def marks(tree):
    """Return of every finding the x of its mark, and the ends of its line or None."""
    found = []
    for finding in tree.iter(f"{SVG}g"):
        (mark,) = finding.iter(f"{SVG}rect")
        middle = float(mark.get("x")) + float(mark.get("width")) / 2
        lines = [p.get("d") for p in finding.iter(f"{SVG}path")]
        ends = re.fullmatch(r"M([\d.]+) [\d.]+H([\d.]+)", lines[0]) if lines else None
        found.append((middle, *(map(float, ends.groups()) if ends else (None, None))))
    return found


def text_of(tree):
    return " ".join(" ".join(element.itertext()) for element in tree.iter(f"{SVG}text"))


def x_of(value, axis):
    return PLOT_LEFT + axis.place(value) * (PLOT_RIGHT - PLOT_LEFT)


# Where the marks stand


@pytest.mark.parametrize("group", [OUTCOME, RESPONSE, SARCOMA])
def test_every_mark_stands_where_the_printed_number_says(desk, library, group):
    """The ticks are read as a reader reads them; the finding comes from the library."""
    drawn = desk.forest_plot(group)
    tree = tree_of(drawn)
    assert len(marks(tree)) == len(drawn.rows)
    for (middle, low, high), each in zip(marks(tree), drawn.rows, strict=True):
        printed = {
            f.estimate or f"{f.events} of {f.n}"
            for f in library.statements[each.statement].findings
        }
        assert each.printed.removeprefix("OR ") in printed
        assert middle == pytest.approx(x_of(each.estimate, drawn.axis), abs=0.02)
        if each.low is None:
            assert (low, high) == (None, None)
        else:
            assert low == pytest.approx(x_of(each.low, drawn.axis), abs=0.02)
            assert high == pytest.approx(x_of(each.high, drawn.axis), abs=0.02)


def test_a_published_odds_ratio_stands_between_its_ticks_on_the_logarithmic_scale(desk):
    """4.19 (2.0 to 8.5): Chisholm 2011, metastatic relapse; ticks at 2 and 5 are drawn too."""
    tree = tree_of(desk.forest_plot(OUTCOME))
    ticks = {
        "".join(t.itertext()): float(t.get("x"))
        for t in tree.iter(f"{SVG}text")
        if t.get("text-anchor") == "middle" and t.get("class") == "small"
    }
    middle, low, _ = marks(tree)[0]
    assert low == pytest.approx(ticks["2"], abs=0.02)
    # log(4.19 / 2) / log(5 / 2) of the way from 2 to 5
    assert (middle - ticks["2"]) / (ticks["5"] - ticks["2"]) == pytest.approx(0.8071, abs=0.001)


def test_another_number_moves_its_mark_and_no_other():
    before = plot(row("A", 40), row("B", 50, low=45, high=60))
    after = plot(row("A", 40), row("B", 51, low=45, high=60))
    (first, second), (same, moved) = marks(tree_of(before)), marks(tree_of(after))
    assert first == same
    assert moved[0] - second[0] == pytest.approx((PLOT_RIGHT - PLOT_LEFT) / 100, abs=0.02)
    assert moved[1:] == second[1:]


@pytest.mark.parametrize(
    "changed",
    ["study", "group", "counted", "printed", "interval", "about", "population", "treatment"],
)
def test_every_word_of_a_row_is_in_the_picture(changed):
    told = text_of(
        tree_of(
            plot(row("A", 40, **({} if changed == "study" else {changed: "Unheard"})), row("B", 50))
        )
    )
    assert ("Unheard" in told) == (changed != "study")
    assert "A" in told


# Extremes


def test_none_and_all_stand_at_the_ends_of_the_axis():
    (none, *_), (all_, *_) = marks(tree_of(plot(row("A", 0), row("B", 100))))
    assert (none, all_) == pytest.approx((PLOT_LEFT, PLOT_RIGHT), abs=0.02)


def test_a_hundredth_and_a_hundredfold_are_drawn():
    axis = ratio_axis([0.01, 100], [], "HR")
    drawn = plot(row("A", 0.01), row("B", 100), axis=axis)
    (low, *_), (high, *_) = marks(tree_of(drawn))
    assert PLOT_LEFT <= low < high <= PLOT_RIGHT


def test_an_interval_beyond_the_axis_ends_in_an_arrow_at_its_end():
    axis = ratio_axis([2.0], [1.2, 400.0], "HR")
    drawn = plot(row("A", 2.0, low=1.2, high=400.0), axis=axis)
    ((_, _, high),) = marks(tree_of(drawn))
    assert high == pytest.approx(PLOT_RIGHT, abs=0.02)
    assert (drawn.place(drawn.rows[0]).beyond_low, drawn.place(drawn.rows[0]).beyond_high) == (
        False,
        True,
    )
    heads = [p.get("d") for p in tree_of(drawn).iter(f"{SVG}path")]
    assert sum("L" in each for each in heads) == 1, "one arrow, at the right"


def test_sixty_rows_of_long_words_do_not_overlap_and_stay_inside():
    rows = [
        row(f"Study {n}", n, group="relapse " * 30, population="W" * 400, interval="i" * 90)
        for n in range(60)
    ]
    tree = tree_of(plot(*rows))
    height = float(tree.get("height"))
    assert float(tree.get("width")) == WIDTH
    tops = [float(rect.get("y")) for rect in tree.iter(f"{SVG}rect") if rect.get("class") == "mark"]
    assert len(tops) == 60
    assert all(after - before > 20 for before, after in pairwise(tops))
    for text in tree.iter(f"{SVG}text"):
        size = {"title": 19, "study": 14, "group": 13.5, "figure": 13.5}.get(text.get("class"), 12)
        wide = width_of("".join(text.itertext()), size)
        x, anchor = float(text.get("x")), text.get("text-anchor", "start")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        assert left >= 0 and left + wide <= WIDTH and float(text.get("y")) <= height


def test_a_long_word_is_broken_and_nothing_of_it_is_lost():
    lines = wrapped("Pneumono" * 20, 12, 100)
    assert "".join(lines) == "Pneumono" * 20
    assert all(width_of(line, 12) <= 100 for line in lines)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"low": 10.0}, "Study, all: an interval has two ends"),
        ({"low": 60.0, "high": 70.0}, "60 to 70 does not contain 50"),
        ({"estimate": float("nan")}, "is not a number to draw"),
        ({"estimate": 120.0}, "120 lies outside the axis from 0 to 100"),
    ],
)
def test_a_row_that_cannot_be_drawn_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        plot(row(**wrong))


def test_a_figure_without_rows_is_refused():
    with pytest.raises(ValueError, match="needs a row"):
        plot()


# Words


def test_hostile_words_stay_words():
    words = dict.fromkeys(("group", "population", "counted", "printed", "interval"), HOSTILE)
    hostile = replace(
        plot(row(HOSTILE, 40, **words), row("B", 50), notes=(HOSTILE,)), title=HOSTILE
    )
    tree = tree_of(hostile)
    names = {etree.QName(element).localname for element in tree.iter()}
    assert names == {"svg", "title", "desc", "style", "rect", "line", "g", "text"}
    assert "<script>alert(1)</script>" in tree.findtext(f"{SVG}title")
    assert "[U+202E]" in text_of(tree) and "\u202e" not in svg(hostile)
    assert "{{ 7*7 }}" in tree.findtext(f"{SVG}title")
    assert json.loads(vega_lite(hostile))["title"]["text"] == HOSTILE
    for form in FORMATS:
        assert written(hostile, form)


def test_a_picture_loads_nothing_and_runs_nothing(desk):
    for group in (OUTCOME, RESPONSE):
        text = svg(desk.forest_plot(group))
        assert re.findall(r'https?://[^"\s<]+', text) == ["http://www.w3.org/2000/svg"]
        assert not re.search(r"<script|href|\bon\w+=|url\(|@import", text)


def test_a_picture_says_in_words_what_it_shows(desk):
    tree = tree_of(desk.forest_plot(OUTCOME))
    assert tree.get("role") == "img" and tree.get("aria-labelledby") == "title desc"
    assert tree.findtext(f"{SVG}title").startswith("Adjusted odds ratio for poor outcome")
    told = tree.findtext(f"{SVG}desc")
    assert "4 findings, 4 with a confidence interval, on a logarithmic axis of OR" in told
    assert "prior radiotherapy, against no prior radiotherapy: OR 3.64, 95% CI 2.1 to 6.4" in told


def test_a_computed_interval_is_dashed_and_said_and_never_there_unasked(desk):
    plain, computed = desk.forest_plot(SARCOMA), desk.forest_plot(SARCOMA, computed=True)
    assert not any(
        each.low is not None for each in plain.rows if each.interval == "no interval printed"
    )
    (seven_of_forty,) = [each for each in computed.rows if each.counted == "7/40"]
    # Wilson 1927 for 7 of 40: 8.7 to 32.0 percent
    assert (seven_of_forty.low, seven_of_forty.high) == pytest.approx((8.75, 31.95), abs=0.05)
    assert "computed by Wilson's method" in seven_of_forty.interval
    dashed = re.findall(r'class="line computed"', svg(computed))
    assert len(dashed) == sum(bool(each.computed) for each in computed.rows) > 0
    assert "computed" not in text_of(tree_of(plain))


def test_an_outcome_over_time_never_gets_a_computed_interval(desk):
    group = "rhabdomyosarcoma.relapse.overall-survival.percent.60-months"
    assert not any(each.computed for each in desk.forest_plot(group, computed=True).rows)


# Colors: a figure stands out from its ground


def test_the_colors_of_a_picture_have_enough_contrast(desk):
    text = svg(desk.forest_plot(OUTCOME, marked=["rms-chisholm-four-weighted-factors"]))
    fills = dict(re.findall(r"\.([\w, .]+) \{[^}]*?fill: (#\w{6})", text))
    ink = re.search(r"text \{[^}]*fill: (#\w{6})", text)[1]
    small = re.search(r"\.small, \.head \{[^}]*fill: (#\w{6})", text)[1]
    line = re.search(r"\.line \{ stroke: (#\w{6})", text)[1]
    for ground in (fills["ground"], fills["band"]):
        assert min(contrast(ink, ground), contrast(small, ground)) >= 4.5
        assert min(contrast(fills["mark"], ground), contrast(line, ground)) >= 3


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    """Return the relative luminance of WCAG 2 of "#rrggbb"."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Every format holds the same numbers


def test_the_table_holds_what_is_drawn(desk):
    drawn = desk.forest_plot(RESPONSE)
    rows = list(csv.DictReader(io.StringIO(table(drawn))))
    assert [float(each["estimate"]) for each in rows] == [each.estimate for each in drawn.rows]
    assert [each["printed"] for each in rows] == [each.printed for each in drawn.rows]
    assert {each["unit"] for each in rows} == {"percent"}


def test_vega_lite_holds_what_is_drawn_and_fetches_nothing(desk):
    drawn = desk.forest_plot(OUTCOME)
    spec = json.loads(vega_lite(drawn))
    assert [each["estimate"] for each in spec["data"]["values"]] == [r.estimate for r in drawn.rows]
    assert [each["low"] for each in spec["data"]["values"]] == [r.low for r in drawn.rows]
    scale = spec["layer"][-1]["encoding"]["x"]["scale"]
    assert (scale["type"], scale["domain"]) == ("log", [drawn.axis.low, drawn.axis.high])
    del spec["$schema"]
    assert "http" not in json.dumps(spec) and '"url"' not in json.dumps(spec)


def test_rows_with_one_name_have_a_place_each_in_vega_lite():
    spec = json.loads(vega_lite(plot(row("A", 1), row("A", 2), row("A", 3))))
    assert [each["label"] for each in spec["data"]["values"]] == ["A", "A (2)", "A (3)"]


def test_a_png_has_half_as_many_pixels_again_as_the_picture_and_is_the_same_every_time(desk):
    drawn = desk.forest_plot(OUTCOME)
    png = written(drawn, "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    tall = float(tree_of(drawn).get("height"))
    assert (width, height) == pytest.approx(
        (WIDTH * 1.5, tall * 1.5), abs=2
    )  # CSS pixels: 96 an inch
    assert png == written(drawn, "png")
    assert png != written(desk.forest_plot(RESPONSE), "png")


def test_a_pdf_is_one_page_whose_words_can_be_found(desk):
    reader = PdfReader(io.BytesIO(written(desk.forest_plot(OUTCOME), "pdf")))
    assert len(reader.pages) == 1
    assert reader.metadata.title.startswith("Adjusted odds ratio for poor outcome")
    assert "Chisholm 2011" in " ".join(reader.pages[0].extract_text().split())


def test_an_unknown_format_names_those_there_are(desk):
    with pytest.raises(DrawingError, match="'gif' is not a format of figures: there are svg, png"):
        written(desk.forest_plot(OUTCOME), "gif")


# A hundred figures


HUNDRED = figures.IconArray(
    share=17, group="children were alive 5 years later", others="had died", between=(9, 28)
)


def test_seventeen_of_a_hundred_are_filled_and_both_frames_are_told():
    tree = tree_of(HUNDRED)
    drawn = [c.get("class") for c in tree.iter(f"{SVG}circle") if float(c.get("r")) > 6]
    assert (drawn.count("some"), drawn.count("rest")) == (17, 83)
    told = text_of(tree)
    for part in (
        "17 of 100",
        "children were alive",
        "83 of 100",
        "had died",
        "between 9 and 28",
        "not about your child",
    ):
        assert part in told


@pytest.mark.parametrize("form", FORMATS)
def test_a_hundred_figures_come_in_every_format(form):
    assert written(HUNDRED, form)


def test_vega_lite_of_a_hundred_fills_the_same_number():
    values = json.loads(vega_lite(HUNDRED))["data"]["values"]
    assert (len(values), sum(each["filled"] for each in values)) == (100, 17)


@pytest.mark.parametrize(("wrong", "message"), [({"share": 0}, "from 1 to 99"), ({"share": 100}, "from 1 to 99"),
                                                ({"between": (20, 28)}, "does not contain 17")])  # fmt: skip
def test_a_share_that_is_none_or_outside_its_range_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        replace(HUNDRED, **wrong)


# The command


def test_the_command_lists_what_may_be_compared_and_why_the_rest_may_not():
    process = run(
        "library", "figure", "--disease", "rhabdomyosarcoma", "--endpoint", "overall survival"
    )
    printed = process.stdout.decode()
    assert process.returncode == 0
    assert "rhabdomyosarcoma.relapse.overall-survival.percent.60-months (" in printed
    assert "In no figure:" in printed


def test_the_command_prints_the_numbers_or_the_spec():
    text = " ".join(run("library", "figure", OUTCOME).stdout.decode().split())
    assert "prior radiotherapy, against no prior radiotherapy: OR 3.64, 95% CI 2.1 to 6.4" in text
    spec = json.loads(run("library", "figure", OUTCOME, "--json").stdout)
    assert spec["axis"]["scale"] == "log" and spec["rows"][0]["estimate"] == 4.19


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF-"),
                                                ("json", b"{"), ("csv", b"study,")])  # fmt: skip
def test_the_command_writes_the_format_that_the_file_names(tmp_path, ending, begins):
    process = run("library", "figure", OUTCOME, "--output", str(tmp_path / f"figure.{ending}"))
    assert process.returncode == 0, process.stderr.decode()
    assert (tmp_path / f"figure.{ending}").read_bytes().startswith(begins)
    assert "4 findings" in process.stdout.decode()


def test_what_the_command_cannot_do_is_said(tmp_path):
    failed(
        run("library", "figure", OUTCOME, "-o", str(tmp_path / "a.gif")),
        2,
        "end it with .svg, .png",
    )
    failed(run("library", "figure", "-o", str(tmp_path / "a.svg")), 2, "say which findings to draw")
    failed(
        run("library", "figure", OUTCOME, "-o", str(tmp_path / "no" / "a.svg")),
        2,
        "cannot be written: No such file",
    )
    failed(run("library", "figure", "rhabdo"), 4, "no comparable findings have the id 'rhabdo'")
    failed(
        run("library", "figure", OUTCOME, "--disease", "neuroblastoma"),
        4,
        "the filters leave fewer than two",
    )


def test_without_the_typesetting_library_png_says_how_to_get_it_and_svg_needs_none(tmp_path):
    code = (
        "import sys; sys.modules['typst'] = None\n"
        "from secondline.interfaces.cli.app import app, run\n"
        "sys.exit(run(lambda: app(sys.argv[1:], exit_on_error=False, print_error=False)))"
    )
    for ending, expected in (("png", 2), ("svg", 0)):
        process = subprocess.run(
            [sys.executable, "-c", code, "library", "figure", OUTCOME, "-o", str(tmp_path / f"a.{ending}")],
            capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        assert process.returncode == expected, process.stderr.decode()
        if expected:
            assert "pip install 'secondline[sheet]', or choose svg" in process.stderr.decode()
