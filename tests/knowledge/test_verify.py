"""Figures are looked for in the stored texts of their sources."""

import json
from pathlib import Path

import pytest

from secondline import desk

STATEMENTS = "statements/rhabdomyosarcoma/paper.yaml"
TEXT = "One hundred and two were seen. Of 474 children 176 (37%) were alive (30 to 45)."


@pytest.fixture
def texts(tmp_path):
    """Return a folder of stored texts and a way to write one."""
    root = tmp_path / "texts"
    root.mkdir()

    def write(text=TEXT, name="records.jsonl", **more):
        if name.endswith(".md"):
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text, "utf-8")
        else:
            line = json.dumps({"id": "paper", "title": "A paper", "text": text, **more})
            (root / name).write_text(line + "\n", "utf-8")
        return root

    return write


def verified(folder, root):
    return desk.open(folder.root).verify(root)


def test_figures_are_found_near_each_other(folder, texts):
    result = verified(folder, texts())
    assert (result.findings, result.anchored, result.not_found, result.holds) == (1, 1, (), True)


def test_a_figure_that_is_not_there_is_named(folder, texts):
    result = verified(folder, texts(TEXT.replace("176", "179")))
    assert [anchor.missing for anchor in result.not_found] == [("176",)]
    assert not result.holds


def test_figures_far_apart_in_a_long_text_are_no_anchor(folder, texts):
    far = TEXT.replace("were alive", "x " * 2500 + "were alive")
    assert len(verified(folder, texts(far)).not_found) == 1
    assert verified(folder, texts(TEXT + " x" * 2500)).anchored == 1


def test_numbers_may_be_spelled(folder, texts):
    folder.replace(STATEMENTS, "events: 176, n: 474", "events: 9, n: 24")
    folder.replace(STATEMENTS, '"37%", interval: "30-45", interval_kind: CI', '"37%"')
    result = verified(folder, texts("Nine of twenty-four, 37%."))
    assert result.anchored == 1


def test_a_reason_explains_what_is_not_found_and_is_superfluous_otherwise(folder, texts):
    folder.replace(STATEMENTS, "5 years}", "5 years, unanchored: the table is an image}")
    assert verified(folder, texts("Nothing.")).explained == 1
    assert len(verified(folder, texts()).superfluous) == 1


def test_a_claim_known_through_another_source_is_looked_for_there(folder, texts):
    folder.write("sources/t.yaml", "- {id: summary-one, kind: review, title: S, read: abstract}\n")
    folder.replace(STATEMENTS, "locator: abstract}", "locator: abstract, via: summary-one}")
    texts("Nothing of it.")
    assert verified(folder, texts(TEXT, name="summary/one.md")).anchored == 1
    (folder.root.parent / "texts" / "summary" / "one.md").write_text("Nothing.", "utf-8")
    assert [a.source for a in verified(folder, texts()).not_found] == ["summary-one"]


SUMMARY = """## Recurrent disease

{before}Some say otherwise.[1] Of 474 children 176 (37%) were alive (30 to 45).[{number}]

1. Other A: Another paper. PMID 111
2. Author B: The paper. PMID 222

## Another section

1. Nobody C: A third paper. PMID 333
"""


@pytest.mark.parametrize(
    ("number", "before", "found"),
    [
        ("2", "", 1),
        ("1-3", "", 1),
        ("2", "x " * 3000, 1),
        ("1", "It was cited.[2] " + "x " * 3000, 0),
    ],
)
def test_in_a_summary_the_figures_stand_near_a_citation_of_the_paper(
    folder, texts, number, before, found
):
    folder.write("sources/t.yaml", "- {id: summary-one, kind: review, title: S, read: abstract}\n")
    folder.replace("sources/s.yaml", "year: 2020", 'year: 2020\n  pmid: "222"')
    folder.replace(STATEMENTS, "locator: abstract}", "locator: abstract, via: summary-one}")
    text = SUMMARY.format(number=number, before=before)
    assert verified(folder, texts(text, name="summary/one.md")).anchored == found


def test_a_source_without_a_stored_text_is_named(folder, texts):
    texts("Other.", id="another")
    result = verified(folder, texts("Other.", id="another"))
    assert [anchor.source for anchor in result.not_found] == [None]


def test_a_text_that_contradicts_itself_is_named_until_a_caution_knows_it(folder, texts):
    root = texts(TEXT + " Twenty-three of the 27 (48.9%) responded.")
    (defect,) = verified(folder, root).defects
    assert (defect.recomputed, defect.known) == ("85.2%", ())
    text = (folder.root / STATEMENTS).read_text("utf-8")
    folder.write(
        STATEMENTS, text + "  caution: The abstract prints 48.9% where 23 of 27 is 85.2%.\n"
    )
    assert verified(folder, root).defects[0].known == ("rms-one",)


def test_a_bad_line_loses_that_line_alone(folder, texts):
    root = texts()
    with (root / "records.jsonl").open("a", encoding="utf-8") as file:
        file.write('not json\n{"id": "x"}\n{"id": "y", "text": 3}\n')
    (root / "binary.md").write_bytes(b"\0\1")
    result = verified(folder, root)
    assert result.anchored == 1
    assert [str(problem).partition(":")[0] for problem in result.problems] == [
        "it is binary; expected UTF-8 text",
        "line 2",
        "line 3",
        "line 4",
    ]


@pytest.mark.parametrize("name", ["nowhere", ""])
def test_a_folder_without_texts_is_refused(folder, tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(desk.KnowledgeError, match=r"is not a folder|holds no stored text"):
        verified(folder, tmp_path / (name or "empty"))


SHARED = Path(__file__).parents[3] / "shared" / "evidence"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the stored texts of the sources are not here")
def test_every_figure_of_the_library_is_anchored_or_says_why_not():
    result = desk.open().verify(SHARED)
    assert [(a.statement, a.finding, a.missing) for a in result.not_found] == []
    assert result.superfluous == ()
    assert [defect for defect in result.defects if not defect.known] == []
    assert result.problems == ()
