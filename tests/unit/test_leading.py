"""What answers a question in short: a rule that speaks of what the question names."""

import re

import pytest

from secondline.domain.pathways import Caution, Option

IN_SHORT = "In short"
# How a passage begins that can be read only after the one before it.
LEANING = re.compile(
    r"(?:it|they|them|the (?:same|other|combination|option|rule)|also|as well|here|so is)\b"
    r"|by \w+ the same\b|in these patients\b|the second\b|another\b",
    re.IGNORECASE,
)


def in_short(desk, question, **asked):
    """Return what a question is answered with in short; nothing where nothing is."""
    section = desk.ask(question, **asked).sections[0]
    return section.sentences[0].text if section.heading == IN_SHORT else ""


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Is VIT an option in relapsed rhabdomyosarcoma?", "Vincristine, irinotecan and temozol"),
        ("Is omburtamab approved for neuroblastoma?", "Omburtamab was refused"),
        ("Can 12 Gy be enough for isolated late CNS relapse of ALL?", "Twelve Gy to the head"),
    ],
)
def test_a_rule_about_what_is_named_answers_in_short(desk, question, begins):
    assert in_short(desk, question).startswith(begins)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (
            "Do children with a rhabdomyosarcoma relapse seen on routine imaging live longer than"
            " those with symptoms?",
            "found by routine imaging",
        ),
        ("How many children survive a relapse of neuroblastoma in the brain?", "CNS"),
        ("Survival of isolated testicular and of combined relapse of ALL, BFM", "ALL-REZ BFM"),
    ],
)
def test_where_no_rule_speaks_of_it_the_evidence_comes_first(desk, question, first):
    assert in_short(desk, question) == ""
    assert any(first in s.text for s in desk.ask(question).sections[0].sentences)


def test_who_asks_for_a_harm_is_told_the_harm_first(desk):
    answer = desk.ask("How often does inotuzumab cause sinusoidal obstruction syndrome?")
    assert answer.sections[0].heading == "Toxicity"


def test_a_class_of_patients_is_told_with_the_scheme_that_makes_it(desk):
    told = in_short(desk, "How does Chisholm 2011 define an early relapse of rhabdomyosarcoma?")
    assert told.startswith("Chisholm")
    assert "18 months from diagnosis" in told


def test_a_class_of_patients_answers_nobody_who_asks_what_to_give(desk):
    question = "Which chemotherapy after CWS standard risk treatment for rhabdomyosarcoma?"
    assert not in_short(desk, question).startswith("Standard risk")


def test_a_warning_is_told_in_its_own_words(desk):
    warnings = {r.text: r for r in desk.library.rules.values() if isinstance(r, Caution)}
    answer = desk.ask("Can local therapy be skipped after relapse of rhabdomyosarcoma?")
    told = answer.sections[0].sentences[0].text
    assert warnings[told].id == "plan-local-control"


def test_the_words_of_every_option_stand_alone(desk):
    options = (r for r in desk.library.rules.values() if isinstance(r, Option))
    assert [r.id for r in options if LEANING.match(r.passage)] == []


def test_of_two_rules_the_one_whose_label_says_no_more_than_the_question_leads(desk):
    told = in_short(desk, "Metastasectomy for lung metastases of synovial sarcoma: yes or no?")
    assert told.startswith("For metastases in the lung only, an operation")


def test_who_asks_for_the_outlook_alone_is_not_told_what_to_do_first(desk):
    answer = desk.ask("What is the prognosis of testicular relapse of ALL while on therapy?")
    assert answer.sections[0].heading.startswith("Expected outcomes")


def test_of_the_figures_behind_an_option_those_asked_for_come_first(desk):
    answer = desk.ask("Mutilating or conservative surgery for local relapse of rhabdomyosarcoma?")
    local = next(s for s in answer.sections if s.heading == "Local control")
    assert "mutilating surgery 40%" in local.sentences[0].text


def test_whom_graded_evidence_without_figures_describes_is_told(desk):
    answer = desk.ask("Metastasectomy for lung metastases of synovial sarcoma: yes or no?")
    told = [s.text for section in answer.sections for s in section.sentences]
    assert any(
        text.startswith("Studied:") and "31 with complete resection" in text for text in told
    )


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("Is vorinostat toxic with MIBG in neuroblastoma?", "Toxicity"),
        ("Should a growing mass after low-risk neuroblastoma be biopsied?", "First steps"),
        ("Does nodal involvement predict the outlook? relapsed RMS", "What decides the outlook"),
    ],
)
def test_the_one_part_that_is_asked_for_is_told_first(desk, question, heading):
    answer = desk.ask(question)
    shown = [s.heading for s in answer.sections if s.heading != IN_SHORT]
    assert shown[0] == heading
