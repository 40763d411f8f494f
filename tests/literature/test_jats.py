"""JATS: full texts, their tables as grids, and what they say of other articles."""

import pytest
from small_files import article

from secondline.literature.passages import passages, plain_text


def table(rows, *, label="Table 1", caption="Outcomes", foot=""):
    return (
        f"<table-wrap><label>{label}</label><caption><p>{caption}</p></caption>"
        f"<table>{rows}</table>{foot}</table-wrap>"
    )


def grid(document, number=0):
    return [[cell.text for cell in row] for row in document.tables[number].rows]


def test_an_article_is_read_with_its_numbers_and_sections(only):
    document = only(
        article(
            "<sec><title>Methods</title><p>We looked.</p><sec><title>Patients</title><p>Seventeen."
            "</p></sec></sec><sec><title>Results</title><p>We saw.</p></sec>",
            front="<journal-meta><journal-id journal-id-type='nlm-ta'>J Test</journal-id>"
            "<journal-title-group><journal-title>Journal of tests</journal-title>"
            "</journal-title-group></journal-meta>",
            meta=(
                '<article-id pub-id-type="pmid">5</article-id>'
                '<article-id pub-id-type="doi">10.1000/X</article-id>'
                '<contrib-group><contrib contrib-type="author"><name><surname>One</surname>'
                "<given-names>A B</given-names></name></contrib>"
                '<contrib contrib-type="author"><collab>The Group</collab></contrib>'
                "</contrib-group>"
                '<pub-date pub-type="epub"><day>2</day><month>8</month><year>2011</year></pub-date>'
                '<pub-date pub-type="ppub"><month>9</month><year>2011</year></pub-date>'
                "<volume>3</volume><fpage>10</fpage><lpage>19</lpage>"
                "<abstract><sec><title>Background:</title><p>Why.</p></sec></abstract>"
                '<abstract abstract-type="graphical"><p>A picture.</p></abstract>'
                "<kwd-group><kwd>relapse</kwd></kwd-group>"
            ),
        )
    )
    assert (document.id, document.pmid, document.doi) == ("pmc:PMC77", "5", "10.1000/x")
    assert (document.journal, document.journal_abbreviation) == ("Journal of tests", "J Test")
    assert (document.date.year, document.date.month, document.pages) == (2011, 9, "10-19")
    assert [each.last_name or each.collective for each in document.authors] == ["One", "The Group"]
    assert [(each.heading, each.text) for each in document.abstract] == [(("Background",), "Why.")]
    assert [(each.heading, each.text) for each in document.body] == [
        (("Methods",), "We looked."),
        (("Methods", "Patients"), "Seventeen."),
        (("Results",), "We saw."),
    ]
    assert document.keywords == ("relapse",)


def test_spans_are_written_in_every_place_they_cover(only):
    document = only(
        article(
            table(
                "<thead><tr><th rowspan='2'>Group</th><th colspan='2'>5 years</th></tr>"
                "<tr><th>EFS</th><th>OS</th></tr></thead>"
                "<tbody><tr><td>Early</td><td>12%</td><td>20%</td></tr>"
                "<tr><td>Late</td><td colspan='2'>not reached</td></tr></tbody>"
            )
        )
    )
    assert grid(document) == [
        ["Group", "5 years", "5 years"],
        ["Group", "EFS", "OS"],
        ["Early", "12%", "20%"],
        ["Late", "not reached", "not reached"],
    ]
    rows = document.tables[0].rows
    assert [cell.header for cell in rows[1]] == [True, True, True]
    assert [cell.spanned for cell in rows[0]] == [False, False, True]
    assert [cell.spanned for cell in rows[1]] == [True, False, False]
    assert not rows[2][0].header
    text = list(passages(document))[-1].text
    assert text == (
        "Table 1 Outcomes\nGroup | 5 years\n | EFS | OS\nEarly | 12% | 20%\nLate | not reached"
    )


def test_rows_of_unequal_length_are_filled_up(only):
    document = only(article(table("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>")))
    assert grid(document) == [["a", "b"], ["c", ""]]


def test_a_table_that_is_an_image_says_so(only):
    image = (
        "<table-wrap><label>Table 2</label><caption><p>Relapses</p></caption>"
        '<graphic xlink:href="t2.gif"/></table-wrap>'
    )
    document = only(article(image))
    assert document.tables[0].rows == ()
    assert document.tables[0].unreadable == "table not readable: it is an image"
    assert document.oddities == ("Table 2: table not readable: it is an image",)
    assert "Table 2 Relapses\ntable not readable: it is an image" in plain_text(document)


def test_a_table_given_twice_is_read_from_its_cells(only):
    both = (
        '<table-wrap><label>Table 1</label><alternatives><graphic xlink:href="t"/><table><tr>'
        "<td>x</td></tr></table></alternatives></table-wrap>"
    )
    assert grid(only(article(both))) == [["x"]]


@pytest.mark.parametrize("span", ["9999999999", "0", "-2", "two", ""])
def test_a_senseless_span_neither_fails_nor_fills_memory(only, span):
    document = only(article(table(f"<tr><td rowspan='{span}' colspan='{span}'>a</td></tr>")))
    assert grid(document) == [["a"]]


def test_a_table_larger_than_any_is_named(only):
    rows = "<tr><td colspan='900'>a</td></tr>" * 300
    document = only(article(table(rows)))
    assert (
        document.tables[0].unreadable == "table not readable: it is larger than any printed table"
    )


def test_figures_in_cells_keep_their_footnote_marks_apart(only):
    document = only(
        article(
            table(
                '<tr><td>5<xref ref-type="table-fn">1</xref></td><td>12<sup>a</sup></td>'
                '<td><graphic xlink:href="g"/></td></tr>',
                foot="<table-wrap-foot><fn><label>1</label><p>By day 28.</p></fn>"
                "</table-wrap-foot>",
            )
        )
    )
    assert grid(document) == [["5¹", "12^a", "[image]"]]
    assert document.tables[0].notes == "1 By day 28."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('Survival was 70%<sup><xref ref-type="bibr">12</xref></sup>.', "Survival was 70%[12]."),
        ('as shown [<xref ref-type="bibr">3</xref>,<xref ref-type="bibr">4</xref>]', "as shown [3,4]"),
        ('rate 5<xref ref-type="bibr">6</xref>', "rate 5[6]"),
        ('was 50%<xref ref-type="bibr"><sup>12</sup></xref>.', "was 50%[12]."),
        ('was 50%<xref ref-type="bibr"><sup>12,13</sup></xref>.', "was 50%[12,13]."),
        ('was 50%<xref ref-type="bibr"><italic><sup>12–14</sup></italic></xref>.', "was 50%[12–14]."),
        ('was 50%<xref ref-type="bibr"><sup>12</sup></xref><sup>,</sup><xref ref-type="bibr"><sup>13</sup></xref>.', "was 50%[12],[13]."),
        ('was 50%<xref ref-type="bibr">12</xref><sup>–</sup><xref ref-type="bibr">14</xref>.', "was 50%[12]–[14]."),
        ('was 50%<sup>[</sup><xref ref-type="bibr"><sup>12</sup></xref><sup>]</sup>.', "was 50%[12]."),
        ('was 50%<sup>*</sup><xref ref-type="bibr"><sup>12</sup></xref>.', "was 50%^*[12]."),
        ('in Cl<sup>-</sup><xref ref-type="bibr"><sup>12</sup></xref>.', "in Cl⁻[12]."),
        ('by <xref ref-type="bibr">One<sup>2</sup></xref>.', "by [One²]."),
        ("<disp-formula><graphic xlink:href='f'/></disp-formula>", "[formula not readable: it is an image]"),
        ("<inline-formula><alternatives><graphic xlink:href='f'/><mml:math><mml:mi>k</mml:mi></mml:math></alternatives></inline-formula>", "k"),
        ("a<inline-formula><tex-math>\\begin{document}$x^2$\\end{document}</tex-math></inline-formula>", "a$x^2$"),
        ("<list><list-item><p>one</p></list-item><list-item><p>two</p></list-item></list>", "one two"),
    ],
)  # fmt: skip
def test_text_is_read_as_printed(only, markup, text):
    assert only(article(f"<p>{markup}</p>")).body[0].text == text


def test_a_caption_is_text_and_a_table_in_a_paragraph_is_a_table(only):
    document = only(
        article(
            "<p>Before " + table("<tr><td>1</td></tr>") + " after.</p>"
            "<fig><label>Figure 1</label><caption><p>The curve.</p></caption></fig>"
        )
    )
    assert document.body[0].text == "Before after.\nFigure 1 The curve."
    assert len(document.tables) == 1


RELATED = (
    '<related-article related-article-type="{}" ext-link-type="{}" xlink:href="{}">'
    "<article-title>The other</article-title></related-article>"
)


def test_a_notice_retracts_by_its_relation(only):
    retracted = RELATED.format("retracted-article", "uri", "info:doi/10.1371/JOURNAL.X.1")
    companion = RELATED.format("companion", "pmid", "8")
    document = only(article(kind="retraction", meta=retracted + companion, title="An editorial"))
    assert [(each.relation, each.doi, each.pmid) for each in document.links] == [
        ("retracts", "10.1371/journal.x.1", None),
        ("associated with", None, "8"),
    ]


def test_a_notice_of_a_relation_without_a_name_does_what_it_is(only):
    document = only(article(kind="correction", meta=RELATED.format("", "pmid", "8")))
    assert [(each.relation, each.pmid) for each in document.links] == [("corrects", "8")]


def test_references_keep_their_numbers(only):
    document = only(
        article(
            back="<back><ref-list><ref><label>1.</label><mixed-citation><name><surname>One"
            "</surname><given-names>A</given-names></name>, Title. <source>J</source>"
            "<volume>3</volume>:9. <pub-id pub-id-type='pmid'>44</pub-id></mixed-citation></ref>"
            "<ref><label>[2]</label><element-citation><person-group><name><surname>Two</surname>"
            "<given-names>B</given-names></name></person-group><article-title>T</article-title>"
            "<pub-id pub-id-type='doi'>10.1000/Y</pub-id></element-citation></ref></ref-list>"
            "</back>"
        )
    )
    assert [(each.anchor, each.text, each.pmid, each.doi) for each in document.references] == [
        ("1", "One A, Title. J 3:9.", "44", None),
        ("2", "Two B T", None, "10.1000/y"),
    ]


@pytest.mark.parametrize("label", ["<sup>2</sup>", "<sup>2.</sup>", "[<sup>2</sup>]"])
def test_a_raised_label_of_a_reference_is_its_number(only, label):
    entry = f"<ref><label>{label}</label><mixed-citation>Two.</mixed-citation></ref>"
    document = only(article(back=f"<back><ref-list>{entry}</ref-list></back>"))
    assert [each.anchor for each in document.references] == ["2"]


@pytest.mark.parametrize("day", ["9" * 23, "0", "32"])
def test_a_day_that_no_calendar_has_is_kept_as_printed(only, day):
    date = f"<pub-date><day>{day}</day><month>2</month><year>2001</year></pub-date>"
    found = only(article(meta=date)).date
    assert (found.year, found.month, found.day) == (2001, 2, None)
    assert found.printed == f"2001 2 {day}"


def test_an_article_without_metadata_is_refused(only):
    assert only("<article><body><p>x</p></body></article>").reason == "it has no article-meta"


def test_passages_are_cut_from_the_plain_text_and_keep_their_ids(only):
    long = " ".join(f"Sentence number {n} tells something." for n in range(200))
    before = only(
        article(f"<sec><title>A</title><p>{long}</p></sec><sec><title>B</title><p>Same.</p></sec>")
    )
    text = plain_text(before)
    cut = list(passages(before))
    assert all(text[each.start : each.end] == each.text for each in cut)
    assert all(len(each.text) <= 1500 for each in cut)
    assert all(each.text.endswith(".") for each in cut[1:])
    assert len({each.id for each in cut}) == len(cut) > 4
    after = only(
        article("<sec><title>New</title><p>New.</p></sec><sec><title>B</title><p>Same.</p></sec>")
    )
    assert {each.id for each in passages(after)} & {cut[-1].id} == {cut[-1].id}


def test_the_same_words_twice_are_two_passages(only):
    twice = "<sec><title>A</title><p>Same.</p></sec>" * 2
    ids = [each.id for each in passages(only(article(twice)))]
    assert ids[2] == f"{ids[1]}-2"
