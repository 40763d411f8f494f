from importlib.resources import files

import pytest

from secondline.criteria.cells import cells
from secondline.criteria.evaluate import evaluate
from secondline.criteria.explain import explain
from secondline.criteria.gaps import deciding_facts, deciding_sets, would_change
from secondline.criteria.parse import (
    CriterionError,
    _parser,
    build_parser,
    fingerprint,
    parse_criterion,
    resolve,
)
from secondline.criteria.search import satisfying_patient, settled_anyway
from secondline.criteria.tree import AllOf, Compared, Holds, Negated, facts_in, walk
from secondline.criteria.vocabulary import misfits
from secondline.criteria.words import asked, reasons, recorded
from secondline.domain.facts import CodeSet, Interval, Patient, Reason, Unknown
from secondline.domain.truth import MET, NOT_MET, UNKNOWN


def test_a_criterion_is_a_tree_with_stable_node_ids():
    tree = parse_criterion("not metastatic_at_diagnosis and tnm_stage <= 2")
    assert tree == AllOf(
        (Negated(Holds("metastatic_at_diagnosis")), Compared("tnm_stage", "<=", 2))
    )
    assert [node_id for node_id, _ in walk(tree)] == ["0", "0.0", "0.0.0", "0.1"]
    assert facts_in(tree) == ("metastatic_at_diagnosis", "tnm_stage")


def test_the_parser_tables_are_those_of_the_grammar():
    folder = files("secondline.criteria")
    built_from = folder.joinpath("grammar.tables").read_bytes().partition(b"\n")[0]
    grammar = folder.joinpath("grammar.lark").read_bytes()
    assert built_from == fingerprint(grammar), "run: make grammar"
    text = "not a and b or at least 2 of (n <= 3, c in {'x'}, s contains 'y', known d, rule 'r')"
    assert build_parser(grammar).parse(text) == _parser().parse(text)


def test_not_binds_tighter_than_and_and_and_tighter_than_or():
    assert parse_criterion("not a and b or c") == parse_criterion("((not a) and b) or c")
    assert parse_criterion("all(a, b)") == parse_criterion("a and b")
    assert parse_criterion("any(a, b)") == parse_criterion("a or b")


def test_a_fact_may_begin_with_a_keyword():
    assert parse_criterion("order_known and not notable") == AllOf(
        (Holds("order_known"), Negated(Holds("notable")))
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "and",
        "tnm_stage <",
        "tnm_stage < 'two",
        "histology in {}",
        "(a",
        "at least of (a)",
        "a b",
        "1 < tnm_stage",
        "a; drop",
        "tnm_stage == 1",
    ],
)
def test_what_is_not_a_criterion_is_refused_with_its_place(text):
    with pytest.raises(CriterionError, match="it cannot be read from here"):
        parse_criterion(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tnm_stag = 1", "tnm_stag is not a fact; did you mean tnm_stage?"),
        ("tnm_stage", "tnm_stage is a number and cannot stand alone; compare it"),
        ("tnm_stage = 'one'", "tnm_stage is a number; 'one' does not fit it"),
        ("histology < 'alveolar'", "histology is a code and has no order; < does not fit it"),
        ("histology = 'alveola'", "'alveola' is not a code of histology; did you mean alveolar?"),
        ("histology contains 'alveolar'", "histology is a code, not a set"),
        ("prior_therapies = 'x'", "prior_therapies is a set; ask it with contains or known, not ="),
        ("relapse_sites contains 'bone'", "'bone' is not a code of relapse_sites"),
    ],
)
def test_a_criterion_that_does_not_fit_the_vocabulary_is_named(library, text, message):
    assert any(found.startswith(message) for found in misfits(parse_criterion(text), library.facts))


def test_references_are_resolved_and_circles_refused():
    texts = {"a": "rule 'b' and x", "b": "y", "c": "rule 'b'", "d": "rule 'none'", "e": "rule 'e'"}
    resolved, wrong = resolve({id_: parse_criterion(text) for id_, text in texts.items()})
    assert resolved["a"] == parse_criterion("y and x")
    assert resolved["c"] is resolved["b"]
    assert wrong == {
        "d": "rule 'none' does not exist",
        "e": "rules refer in a circle: e → e",
    }


def test_facts_that_decide_alone_are_found_without_trying(library):
    tree = parse_criterion("metastatic_at_diagnosis and (prior_radiotherapy or relapse_resectable)")
    patient = Patient({})
    facts = deciding_facts(tree, patient, library.facts)
    sets = deciding_sets(tree, patient, library.facts)
    assert set(facts) == {name for names in sets for name in names} == {"metastatic_at_diagnosis"}


def test_only_the_leaves_that_decide_are_reasons():
    tree = parse_criterion("metastatic_at_diagnosis or prior_radiotherapy")
    found = explain(tree, Patient({"metastatic_at_diagnosis": True, "prior_radiotherapy": False}))
    assert found.truth is MET
    assert list(found.because) == [Holds("metastatic_at_diagnosis")]
    assert found.missing == ()


def test_what_is_missing_leaves_out_what_could_not_matter():
    tree = parse_criterion("(a and b) or (c and d)")
    found = explain(tree, Patient({"a": False, "c": True}))
    assert found.truth is UNKNOWN
    assert found.missing == ("d",)


def test_which_value_of_a_missing_fact_would_decide(library):
    tree = parse_criterion("diagnosis_to_relapse_months < 18 and not metastatic_at_diagnosis")
    changes = would_change(tree, Patient({}), "diagnosis_to_relapse_months", library.facts)
    assert changes == (("at least 18 months", NOT_MET),)


@pytest.mark.parametrize(
    ("criterion", "given", "fact", "changes"),
    [
        ("age_years < 18", {}, "age_years",
         [("below 18 years", MET), ("at least 18 years", NOT_MET)]),
        ("age_years > 6 and age_years <= 12", {}, "age_years",
         [("at most 6 years", NOT_MET), ("above 6 years and at most 12 years", MET),
          ("above 12 years", NOT_MET)]),
        ("tnm_stage = 2", {}, "tnm_stage",
         [("below 2", NOT_MET), ("exactly 2", MET), ("above 2", NOT_MET)]),
        ("age_years < 18", {"age_years": Interval(17.0, 19.0)}, "age_years",
         [("below 18 years", MET), ("at least 18 years", NOT_MET)]),
        ("histology in {'alveolar', 'botryoid'}", {}, "histology",
         [("botryoid or alveolar", MET), ("embryonal or spindle cell or other", NOT_MET)]),
        ("second_remission", {}, "second_remission", [("yes", MET), ("no", NOT_MET)]),
        ("not prior_therapies contains 'irinotecan'", {}, "prior_therapies",
         [("includes irinotecan", NOT_MET), ("includes none of irinotecan", MET)]),
        ("second_remission and age_years < 18", {"second_remission": True}, "age_years",
         [("below 18 years", MET), ("at least 18 years", NOT_MET)]),
        ("second_remission and age_years < 18", {}, "age_years",
         [("at least 18 years", NOT_MET)]),
    ],
)  # fmt: skip
def test_the_values_that_decide_are_told_in_words(library, criterion, given, fact, changes):
    tree, patient = parse_criterion(criterion), Patient(given)
    assert list(would_change(tree, patient, fact, library.facts)) == changes


def test_the_smallest_sets_of_facts_that_decide(library):
    tree = parse_criterion("metastatic_at_diagnosis and prior_radiotherapy")
    sets = deciding_sets(tree, Patient({}), library.facts)
    assert sets == (("metastatic_at_diagnosis",), ("prior_radiotherapy",))
    both = parse_criterion(
        "at least 2 of (metastatic_at_diagnosis, prior_radiotherapy, relapse_resectable)"
    )
    assert len(deciding_sets(both, Patient({}), library.facts)[0]) == 2


def test_some_answers_are_settled_however_the_gaps_turn_out(library):
    tree = parse_criterion("diagnosis_to_relapse_months < 18 or diagnosis_to_relapse_months >= 18")
    assert evaluate(tree, Patient({})) is UNKNOWN
    assert settled_anyway(tree, Patient({}), library.facts) is MET
    never = parse_criterion("relapse_resectable and not relapse_resectable")
    assert settled_anyway(never, Patient({}), library.facts) is NOT_MET


def test_the_cells_of_a_number_hold_both_sides_of_every_threshold(library):
    tree = parse_criterion("diagnosis_to_relapse_months < 18 or diagnosis_to_relapse_months > 36")
    values = cells(library.facts["diagnosis_to_relapse_months"], [tree])
    assert {18.0, 36.0} <= set(values)
    assert any(v < 18 for v in values)
    assert any(18 < v < 36 for v in values)
    assert any(v > 36 for v in values)
    narrow = cells(library.facts["diagnosis_to_relapse_months"], [tree], Interval(19, 20))
    assert all(19 <= v <= 20 for v in narrow)


def test_a_search_finds_a_patient_or_proves_that_there_is_none(library):
    possible = parse_criterion("tnm_stage in {2, 3} and not tnm_stage = 2")
    patient = satisfying_patient(possible, library.facts)
    assert patient is not None
    assert evaluate(possible, patient) is MET
    assert (
        satisfying_patient(parse_criterion("tnm_stage < 2 and tnm_stage > 3"), library.facts)
        is None
    )
    unrecorded = satisfying_patient(parse_criterion("not known tnm_stage"), library.facts)
    assert unrecorded is not None


def test_leaves_and_values_in_words(library):
    leaf = parse_criterion("diagnosis_to_relapse_months < 18")
    assert asked(leaf, library.facts) == "time from diagnosis to relapse below 18 months"
    fact = library.facts["diagnosis_to_relapse_months"]
    assert recorded(Interval(17, 19), fact) == "17 to 19 months"
    assert recorded(Unknown(Reason.ASKED_NONE_FOUND), fact) == "asked, none found"
    therapies = library.facts["prior_therapies"]
    assert recorded(CodeSet(frozenset({"irinotecan"}), complete=False), therapies) == (
        "at least irinotecan"
    )


@pytest.mark.parametrize(
    ("text", "patient", "told"),
    [
        ("relapse_sites contains 'cns'", {"relapse_sites": CodeSet(frozenset({"marrow", "cns"}))},
         "CNS among sites of relapse"),
        ("genetics contains 'etv6-runx1'", {},
         "genetic findings: not recorded (asked: includes ETV6-RUNX1)"),
        ("immunophenotype in {'b-cell', 't-cell'}", {"immunophenotype": "b-cell"},
         "immunophenotype: B-cell"),
        ("tumor_type in {'mpnst', 'pecoma'}", {"tumor_type": "clear-cell"},
         "tumor type: clear cell (asked: MPNST or PEComa)"),
        ("prior_therapies contains '131i-mibg'", {"prior_therapies": CodeSet(frozenset())},
         "131I-MIBG not among treatments received"),
    ],
)  # fmt: skip
def test_reasons_write_codes_as_the_field_does(library, text, patient, told):
    leaf, facts = parse_criterion(text), Patient(patient)
    assert reasons({leaf: evaluate(leaf, facts)}, facts, library.facts) == (told,)


def test_codes_and_dates_are_written_for_readers_and_not_taken_apart(library):
    facts = library.facts
    relapsed = parse_criterion("relapse_sites contains 'cns' or relapse_sites contains 'testis'")
    assert would_change(relapsed, Patient({}), "relapse_sites", facts) == (
        ("includes CNS", MET),
        ("includes testis", MET),
        ("includes none of CNS, testis", NOT_MET),
    )
    assert recorded(5e-05, facts["mrd_end_of_reinduction_fraction"]) == "0.00005"
    assert recorded("2024-05-17", facts["date_of_relapse"]) == "2024-05-17"
    given = CodeSet(frozenset({"car-t", "autologous-transplant", "nab-sirolimus"}))
    names = [library.drugs["car-t"].name, library.drugs["nab-sirolimus"].name]
    told = f"autologous transplant, {', '.join(names)}"
    assert recorded(given, facts["prior_therapies"]) == told


@pytest.mark.parametrize(
    ("text", "patient", "said"),
    [
        (
            "diagnosis_to_relapse_months >= 18 and diagnosis_to_relapse_months < 36",
            {"diagnosis_to_relapse_months": 10.0},
            "time from diagnosis to relapse: 10 months (asked: at least 18 months)",
        ),
        (
            "diagnosis_to_relapse_months >= 18 and diagnosis_to_relapse_months < 36",
            {},
            "time from diagnosis to relapse: not recorded"
            " (asked: at least 18 months; below 36 months)",
        ),
        (
            "histology in {'embryonal', 'botryoid'} or histology in {'botryoid', 'spindle-cell'}"
            " or histology = 'embryonal'",
            {},
            "histology: not recorded (asked: embryonal or botryoid or spindle cell)",
        ),
    ],
)
def test_reasons_join_values_by_or_and_bounds_by_neither_word(library, text, patient, said):
    facts = Patient({"disease": "rhabdomyosarcoma", **patient})
    tree = parse_criterion(text)
    leaves = {leaf: evaluate(leaf, facts) for _, leaf in walk(tree) if hasattr(leaf, "fact")}
    (told,) = reasons(leaves, facts, library.facts)
    assert told == said
