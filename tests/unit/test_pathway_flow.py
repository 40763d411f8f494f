"""A pathway as a diagram: what is asked, and what it leads to."""

import pytest

from secondline.desk import NoSuchRecord, Option, Stratum, pathway_flow


def test_every_stratum_and_option_stands_in_it_once(library):
    for pathway in library.pathways.values():
        drawn = [rule for branch in pathway_flow(pathway.id, library) for rule in branch.gives]
        held = [rule for rule in pathway.rules if isinstance(rule, Stratum | Option)]
        assert sorted(rule.id for rule in drawn) == sorted(rule.id for rule in held)


def test_the_options_of_a_branch_ask_the_same_facts_and_the_easiest_come_first(library):
    for pathway in library.pathways:
        branches = [b for b in pathway_flow(pathway, library) if b.sort == "options"]
        asked = [tuple(fact.name for fact in branch.asks) for branch in branches]
        assert len(set(asked)) == len(asked)
        assert [len(names) for names in asked] == sorted(len(names) for names in asked)
        assert not any("disease" in names for names in asked)


def test_the_strata_of_a_scheme_stand_together_with_what_they_ask(library):
    found = pathway_flow("rhabdomyosarcoma-relapse", library)
    (mattke,) = [branch for branch in found if branch.scheme.startswith("Mattke 2009")]
    assert [fact.name for fact in mattke.asks] == [
        "disease_status", "end_of_therapy_to_relapse_months", "metastatic_at_diagnosis",
    ]  # fmt: skip
    assert {rule.scheme for rule in mattke.gives} == {"mattke-cws"}


def test_a_pathway_that_is_not_held_has_none(library):
    with pytest.raises(NoSuchRecord, match="no pathway has the id 'measles'"):
        pathway_flow("measles", library)
