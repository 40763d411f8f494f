"""PDQ in its three shapes: levels of evidence of both schemes, anchors to PMIDs, tables."""

import pytest

from secondline.literature.evidence_levels import levels_in
from secondline.literature.records import Cited, Rejected

XML = """<?xml version="1.0" encoding="utf-8"?>
<Summary id="CDR0000000001"><SummaryMetaData><SummaryType>Treatment</SummaryType>
<SummaryAudience>Health professionals</SummaryAudience><SummaryLanguage>English</SummaryLanguage>
<SummaryURL xref="http://example.org/summary">A</SummaryURL></SummaryMetaData>
<SummaryTitle>A summary (PDQ)</SummaryTitle>
<SummarySection id="_1"><Title>General</Title><Para>Rare.<Reference refidx="1"/></Para>
<ReferenceSection><Citation idx="1" PMID="11">First.</Citation></ReferenceSection></SummarySection>
<SummarySection id="_2"><Title>Treatment</Title><SummarySection><Title>Relapse</Title>
<Para>It worked.<Reference refidx="1"/><Reference refidx="2"/>[<LOERef href="x">Level of evidence:
3iiiDiv</LOERef>]</Para>
<ItemizedList><ListItem>One drug.</ListItem><ListItem>Another.</ListItem></ItemizedList>
<Table><Title>Table 1. Types</Title><TGroup Cols="3"><ColSpec ColName="a" ColNum="1"/>
<ColSpec ColName="b" ColNum="2"/><ColSpec ColName="c" ColNum="3"/><THead><Row><entry>Type</entry>
<entry NameSt="b" NameEnd="c">Gene</entry></Row></THead><TBody><Row><entry MoreRows="1">MEN</entry>
<entry>x</entry><entry>y</entry></Row><Row><entry>z</entry><entry>w</entry></Row></TBody></TGroup>
</Table></SummarySection>
<ReferenceSection><Citation idx="1" PMID="21">Second.</Citation><Citation idx="2">Third.</Citation>
</ReferenceSection></SummarySection>
<DateLastModified>2011-10-12</DateLastModified></Summary>"""

MARKDOWN = """---
audienceLevel: patient
language: en
title: A Summary (PDQ®) - NCI
url: https://www.example.org/types/a/hp/a-treatment-pdq
---

# A Summary (PDQ®) - NCI

# A Summary (PDQ®)–Health Professional Version

## General Information

Rare *indeed*.[[1](#cit/section_1.1),[2](#cit/section_1.2)] See [Table 1](/types/a#_1).
The line goes on.[[1](#cit/section_1.1)-[3](#cit/section_1.3)][[Level of evidence C1](/Common/PopUps/popDefinition.aspx?id=8&version=Health)]

- **First:** a point
  that goes on.
1. A broken list.

Table 1. Stages

| Stage | Description |
| --- | --- |
|  |  |
| --- | --- |
| **L1** | Localized.[[2](#cit/section_1.2)] |
| M | a \\| b |

###### References

1. One A: Title. J 1: 1, 2001. [[PUBMED Abstract]](http://www.ncbi.nlm.nih.gov/entrez/query.fcgi?cmd=Retrieve&db=PubMed&list_uids=101&dopt=Abstract "http://x/?list_uids=101")
2. Two B: Title. [Available online](http://example.org/a_(b) "http://example.org").
3. Three C: A title
that goes on. [[PUBMED Abstract]](http://www.ncbi.nlm.nih.gov/entrez/query.fcgi?list_uids=103)

## Latest Updates to This Summary (04/28/2025)

Bethesda. Accessed <MM/DD/YYYY>. [PMID: 26389190]
"""


def test_native_xml_is_read_with_levels_and_the_pmids_they_stand_beside(only):
    summary = only(XML)
    assert (summary.id, summary.kind, summary.audience) == (
        "pdq:CDR0000000001", "evidence summary", "professional",
    )  # fmt: skip
    assert (summary.date.year, summary.date.month, summary.date.day) == (2011, 10, 12)
    assert [(each.heading, each.text) for each in summary.body] == [
        (("General",), "Rare.[1]"),
        (
            ("Treatment", "Relapse"),
            "It worked.[1][2][Level of evidence: 3iiiDiv]\nOne drug.\nAnother.",
        ),
    ]
    (level,) = summary.levels
    assert (level.printed, level.scheme, level.anchors, level.pmids) == (
        "3iiiDiv", "pdq-legacy", ("1", "2"), ("21",),
    )  # fmt: skip


def test_a_table_of_native_xml_is_a_grid(only):
    (table,) = only(XML).tables
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Type", "Gene", "Gene"],
        ["MEN", "x", "y"],
        ["MEN", "z", "w"],
    ]
    assert table.heading == ("Treatment", "Relapse")


def test_markdown_is_read_with_levels_anchors_and_its_true_audience(only):
    summary = only(MARKDOWN, "summary.md")
    assert (summary.id, summary.pmid) == ("pdq:types/a/hp/a-treatment-pdq", "26389190")
    assert summary.audience == "professional"
    assert summary.oddities == (
        "its front matter says it is for patients, its title for health professionals",
    )
    assert (summary.date.year, summary.date.month, summary.date.day) == (2025, 4, 28)
    assert summary.body[0].text == (
        "Rare indeed.[1,2] See Table 1. The line goes on.[1-3][Level of evidence C1]\n"
        "First: a point that goes on.\nA broken list."
    )
    (level,) = summary.levels
    assert (level.printed, level.scheme, level.anchors, level.pmids) == (
        "C1", "pdq-2023", ("1", "2", "3"), ("101", "103"),
    )  # fmt: skip


def test_a_table_of_markdown_is_a_grid_without_its_rules(only):
    (table,) = only(MARKDOWN, "summary.md").tables
    assert (table.label, table.caption) == ("Table 1", "Stages")
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Stage", "Description"],
        ["L1", "Localized.[2]"],
        ["M", "a | b"],
    ]
    assert [cell.header for cell in table.rows[0]] == [True, True]


def test_references_of_markdown_keep_number_text_and_pmid(only):
    assert [(each.anchor, each.text, each.pmid) for each in only(MARKDOWN, "s.md").references] == [
        ("1", "One A: Title. J 1: 1, 2001. [PUBMED Abstract]", "101"),
        ("2", "Two B: Title. Available online.", None),
        ("3", "Three C: A title that goes on. [PUBMED Abstract]", "103"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes.[4][Level of evidence B4]", [("B4", "pdq-2023", ("4",))]),
        ("Yes.[4,6-8][Level of evidence: 1iiDiv]", [("1iiDiv", "pdq-legacy", ("4", "6", "7", "8"))]),
        ("Yes.[1]-[3]; [9][Level of evidence C1]", [("C1", "pdq-2023", ("1", "2", "3", "9"))]),
        ("Yes.[2] [Levels of evidence: 2A, 3iiA]", [("2A", "pdq-legacy", ("2",)), ("3iiA", "pdq-legacy", ("2",))]),
        ("Malformed.[2][Level of evidence 1A]", [("1A", "pdq-legacy", ("2",))]),
        ("Alone. [Level of evidence A1]", [("A1", "pdq-2023", ())]),
        ("[9-2][Level of evidence A1]", [("A1", "pdq-2023", ())]),
        ("The level of evidence is low.", []),
        ("For more, see [Levels of Evidence].", []),
    ],
)  # fmt: skip
def test_levels_are_found_as_they_are_printed(text, expected):
    references = [Cited(anchor=str(n), pmid=str(100 + n)) for n in range(1, 10)]
    found = list(levels_in(text, ("A",), references))
    assert [(each.printed, each.scheme, each.anchors) for each in found] == expected
    assert all(len(each.pmids) == len(each.anchors) for each in found)


def test_questions_of_medquad_are_sections(only):
    document = only(
        '<Document id="1_6" source="CancerGov" url="https://example.org/patient/x"><Focus>A tumor'
        '</Focus><QAPairs><QAPair pid="1"><Question qid="1">What is it?</Question><Answer>A\n  lump.'
        '</Answer></QAPair><QAPair pid="2"><Question qid="2">And then?</Question><Answer/></QAPair>'
        "</QAPairs></Document>"
    )
    assert (document.id, document.title, document.audience) == ("medquad:1_6", "A tumor", "patient")
    assert [(each.heading, each.text) for each in document.body] == [(("What is it?",), "A lump.")]
    assert document.oddities == ("1 questions have no answer",)


def test_a_summary_without_a_number_or_without_text_is_refused(only):
    assert only("<Summary><SummaryTitle>x</SummaryTitle></Summary>").reason == "it has no id"
    assert only("# Nothing (PDQ)\n", "n.md") == Rejected(
        record="n", reason="it has no text under a heading"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2025", (2025, None, None, None)),
        ("01/2025", (2025, 1, None, None)),
        ("4/28/2025", (2025, 4, 28, None)),
        ("01/15", (None, None, None, "01/15")),
        ("4/28/25", (None, None, None, "4/28/25")),
        ("28/4/2025", (2025, None, None, "28/4/2025")),
        ("1/2/3/2025", (None, None, None, "1/2/3/2025")),
        ("9" * 5000, (None, None, None, "9" * 5000)),
        ("/", (None, None, None, "/")),
    ],
)
def test_of_the_date_of_markdown_is_taken_what_can_be_read(only, words, expected):
    content = f"# A (PDQ)\n\n## Latest Update to This Summary ({words})\n\nChanged.\n"
    date = only(content, "s.md").date
    assert (date.year, date.month, date.day, date.printed) == expected


def test_markdown_that_fails_is_rejected_with_its_place(records):
    long = "9" * 5000  # more digits than a number may have
    content = f"# A (PDQ)\n\n## B\n\nWords.[{long}][Level of evidence A1]\n"
    (rejected,), broken = records(content, "s.md")
    assert (rejected.record, broken) == ("s", None)
    assert "the reader does not know this shape of record" in rejected.reason


def test_markdown_of_another_encoding_is_refused(records):
    found, broken = records(MARKDOWN.encode() + b"R\xfcckfall", "s.md")
    assert found == []
    assert f"it is not UTF-8 from byte {len(MARKDOWN.encode()) + 1} on" in broken
