"""What sentences judge and compare, with denials taken into account."""

import pytest

from secondline.answers.denials import denials
from secondline.answers.judgements import comparisons, judgements


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Survival was better.", {("gain", "yes")}),
        ("Survival was no better.", {("gain", "no")}),
        ("There was no difference in survival.", {("gain", "equal")}),
        ("The groups differed.", set()),
        ("Survival was longer.", {("gain", "yes")}),
        ("Survival longer than 5 years was seen.", set()),
        ("It gave longer survival.", {("gain", "yes")}),
        ("It gave a higher relapse rate.", {("gain", "bad")}),
        ("It did no harm.", {("gain", "not bad")}),
        ("It is standard.", {("rule", "yes")}),
        ("It is not standard.", {("rule", "no")}),
        ("They found no trial and no evidence that supports it as standard.", {("rule", "no")}),
        ("This is a standard-risk group.", set()),
        ("Patients with no metastases had a better outcome.", {("gain", "yes")}),
        ("Absence of metastases was favorable.", {("gain", "yes")}),
        ("No patient survived.", {("share", "none")}),
        ("All patients had ALL.", {("share", "all")}),
        ("ALL came back.", set()),
        ("At most two cycles were given.", set()),
        ("The difference was not significant.", {("significance", "no")}),
        ("It failed to improve survival.", {("gain", "no")}),
        ("The benefit needs further study.", {("gain", "yes")}),
        ("Only a few were cured.", {("share", "few"), ("cure", "yes")}),
        ("Relapse at any time was seen.", set()),
        ("Toxicities of VIT, compared with those of VI, were listed by the authors.", set()),
        ("It is with or without value, and effective.", {("gain", "yes")}),
    ],
)
def test_a_sentence_judges_with_its_denials(text, told):
    assert {(each.axis, each.sense) for each in judgements(text)} == told


def test_what_is_not_significant_is_said_with_reserve():
    (gain,) = (j for j in judgements("It was better, not significantly.") if j.axis == "gain")
    assert gain.reserved


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("VIT was better than VI.", "Survival was better with VIT than with VI.", 1),
        ("VIT was better than VI.", "VI was worse than VIT.", 1),
        ("VIT was better than VI.", "VI was better than VIT.", -1),
        ("VIT was better than VI.", "VIT was better than nothing.", 0),
        ("VIT gave longer survival than VI.", "VI was inferior to VIT.", 1),
    ],
)
def test_comparisons_know_their_sides(desk, one, other, agrees):
    lexicon = desk._answerer.lexicon
    (mine,), (its,) = comparisons(one, lexicon), comparisons(other, lexicon)
    assert mine.agrees(its) == agrees


def test_who_responds_better_to_a_treatment_is_not_compared_with_it(desk):
    text = "Alveolar tumors responded better to vinorelbine than embryonal tumors."
    (found,) = comparisons(text, desk._answerer.lexicon)
    assert "alveolar" in found.better and "embryon" in found.worse


def test_what_one_half_denies_is_not_denied_of_the_other():
    text = "It reports that remissions did not differ and that survival was better."
    senses = {j.sense: j.words for j in judgements(text) if j.axis == "gain"}
    assert "survival" in senses["yes"] and "survival" not in senses["equal"]


def test_a_denied_comparison_does_not_hold(desk):
    (compared,) = comparisons("VIT was no better than VI.", desk._answerer.lexicon)
    assert not compared.holds


def test_what_is_denied_is_told_from_what_is_absent():
    told = denials("Children without metastases did not respond.")
    assert "metastas" in told.absent
    assert "respond" in told.denied
    assert "children" not in told.affirmed | told.denied  # a word that tells nothing
