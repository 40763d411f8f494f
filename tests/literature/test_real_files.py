"""Real files of every kind go through, each oddity handled or named; skipped where they are not."""

from collections import Counter

import pytest
from small_files import DATASETS, needs_datasets

from secondline.literature.literature import Literature
from secondline.literature.passages import passages, plain_text

pytestmark = needs_datasets
FOLDERS = ("pubmed", "jats", "pdq", "ctgov")


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    literature = Literature(f"sqlite:///{tmp_path_factory.mktemp('real')}/literature.sqlite")
    paths = sorted(path for folder in FOLDERS for path in (DATASETS / folder).iterdir())
    return literature, {
        path.name: one for path, one in zip(paths, literature.add(paths), strict=True)
    }


def test_every_file_is_read_or_named(added):
    _, files = added
    refused = {name: one.reason for name, one in files.items() if one.state != "read"}
    assert refused == {
        "raw_study_changed.xml": (
            "it is the old XML of ClinicalTrials.gov; get the record as JSON (version 2)"
        )
    }
    assert not any(one.refused for one in files.values())


def test_the_sample_of_nlm_is_read_whole(added):
    literature, files = added
    assert files["pubmedsample_2019.xml.gz"].counts["not held"] == 7
    retracted = {held.document.pmid for held in literature.documents() if held.retracted}
    assert {"11543891", "8655018", "8863847"} <= retracted
    most = max(len(held.document.authors) for held in literature.documents())
    assert most == 621


def test_lies_of_names_and_units_are_told(added):
    _, files = added
    assert "the file is named NCT02278341 and holds nct:NCT02552212" in (
        files["NCT02278341.json"].oddities
    )
    assert any(
        "percentages and as proportions" in told for told in files["NCT00567567.json"].oddities
    )


def test_levels_of_both_schemes_stand_beside_their_pmids(added):
    literature, _ = added
    schemes = Counter(
        level.scheme
        for held in literature.documents()
        for level in held.document.levels
        if level.pmids
    )
    assert schemes["pdq-legacy"] > 10
    assert schemes["pdq-2023"] > 50


def test_every_passage_is_its_piece_of_the_plain_text(added):
    literature, _ = added
    for held in literature.documents():
        text = plain_text(held.document)
        cut = list(passages(held.document))
        assert all(text[each.start : each.end] == each.text for each in cut)
        assert len({each.id for each in cut}) == len(cut)


def test_tables_are_grids_or_say_why_not(added):
    literature, _ = added
    tables = [table for held in literature.documents() for table in held.document.tables]
    assert len(tables) > 50
    for table in tables:
        assert bool(table.rows) != bool(table.unreadable)
        assert len({len(row) for row in table.rows}) <= 1


def test_no_markup_is_left_in_the_words(added):
    literature, _ = added
    for held in literature.documents():
        text = plain_text(held.document)
        assert "<sup>" not in text
        assert "](" not in text or held.document.kind == "citation"
        assert "mml:" not in text
