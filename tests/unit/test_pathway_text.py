"""A pathway as it is read: every rule where it stands, every passage in its words."""

import pytest

from secondline.desk import NoSuchRecord, pathway_text


def test_every_rule_of_every_pathway_stands_in_its_place(library):
    for pathway in library.pathways.values():
        parts = pathway_text(pathway.id, library)
        assert [part.rule for part in parts if part.rule] == [rule.id for rule in pathway.rules]


def test_a_rule_stands_below_its_passage(library):
    parts = pathway_text("rhabdomyosarcoma-relapse", library)
    place = next(i for i, part in enumerate(parts) if part.rule == "biopsy-of-suspected-relapse")
    passage = library.rules["biopsy-of-suspected-relapse"].passage
    assert passage and parts[place - 1].text.endswith(passage)


def test_no_front_matter_and_no_scheme_is_told(library):
    for pathway in library.pathways:
        told = "\n".join(part.text for part in pathway_text(pathway, library))
        assert "```" not in told
        assert not told.startswith("---")


def test_an_unknown_pathway_is_said(library):
    with pytest.raises(NoSuchRecord, match="no pathway has the id 'none'"):
        pathway_text("none", library)
