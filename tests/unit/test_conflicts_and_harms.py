"""A summary is not told without its paper's own figures; a treatment not without its harms."""

import pytest


def told(answer):
    return {id_ for section in answer.sections for s in section.sentences for id_ in s.statements}


@pytest.mark.parametrize(
    "question",
    [
        "What is the evidence for transplant in early isolated CNS relapse of ALL?",
        "Does bevacizumab help in relapsed neuroblastoma?",
        "What did VIT-0910 find in relapsed rhabdomyosarcoma?",
        "What does PDQ say about relapse of leukemia in the marrow?",
    ],
)
def test_what_yields_is_told_with_what_leads(desk, library, question):
    answer = desk.ask(question)
    shown = told(answer)
    conflicts = [s for s in answer.sections if "uncertain" in s.heading]
    yielding = {
        id_
        for section in conflicts
        for sentence in section.sentences
        for id_ in sentence.statements
        if library.yields(library.statements[id_])
    }
    for id_ in yielding:
        own = [
            other
            for other in library.statements[id_].conflicts_with
            if not library.restates(library.statements[other])
        ]
        assert shown & set(own), id_


def test_an_option_is_told_with_its_harms(desk, library):
    answer = desk.ask(
        "What are the options?",
        facts={
            "disease": "acute-lymphoblastic-leukemia",
            "immunophenotype": "b-cell",
            "disease_status": "later-relapse",
            "prior_allogeneic_transplant": True,
        },
    )
    topics = {library.statements[id_].topic for id_ in told(answer)}
    assert "toxicity" in topics


def test_each_aspect_asked_for_is_told_of(desk, library):
    answer = desk.ask(
        "For relapsed neuroblastoma: outlook, transplant, and side effects of topotecan?"
    )
    topics = [library.statements[id_].topic for id_ in told(answer)]
    for its in ({"outcome"}, {"transplant"}, {"toxicity"}):
        assert sum(topic in its for topic in topics) >= 2, its
