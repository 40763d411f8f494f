"""The explained answer is the evaluated answer, for random criteria and patients with gaps."""

from hypothesis import given
from hypothesis import strategies as st

from secondline.criteria.evaluate import evaluate
from secondline.criteria.explain import explain
from secondline.criteria.gaps import Gaps, completions, deciding_facts, deciding_sets, gap_of
from secondline.criteria.search import OpenParts, satisfying_patient, settled_anyway
from secondline.criteria.tree import (
    AllOf,
    AnyOf,
    AtLeast,
    Compared,
    Contains,
    Holds,
    Known,
    Member,
    Negated,
    Undecided,
    facts_in,
)
from secondline.domain.facts import CodeSet, FactDefinition, Interval, Patient, Unknown
from secondline.domain.truth import MET, NOT_MET, UNKNOWN

VOCABULARY = {
    fact.name: fact
    for fact in (
        FactDefinition("b1", "bool", "b1"),
        FactDefinition("b2", "bool", "b2"),
        FactDefinition("n", "number", "n", low=0, high=10),
        FactDefinition("c", "code", "c", codes=("x", "y", "z")),
        FactDefinition("s", "set", "s"),
    )
}
numbers = st.integers(0, 10).map(float)
leaves = st.one_of(
    st.sampled_from(["b1", "b2"]).map(Holds),
    st.builds(Compared, st.just("n"), st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), numbers),
    st.builds(Compared, st.just("c"), st.sampled_from(["=", "!="]), st.sampled_from("xyz")),
    st.just(Member("c", ("x", "y"))),
    st.builds(Contains, st.just("s"), st.sampled_from("pq")),
)
asking_leaves = st.one_of(leaves, st.sampled_from(["b1", "n"]).map(Known))
all_leaves = st.one_of(asking_leaves, st.just(Undecided()))


def trees(bottom):
    return st.recursive(
        bottom,
        lambda inner: st.one_of(
            inner.map(Negated),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(AllOf),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(AnyOf),
            st.builds(
                AtLeast, st.integers(1, 3), st.lists(inner, min_size=2, max_size=3).map(tuple)
            ),
        ),
        max_leaves=6,
    )


intervals = st.tuples(numbers, numbers).map(lambda ends: Interval(min(ends), max(ends)))
sets = st.builds(CodeSet, st.frozensets(st.sampled_from("pq")), st.booleans())
patients = st.fixed_dictionaries(
    {},
    optional={
        "b1": st.booleans(),
        "b2": st.one_of(st.booleans(), st.just(Unknown())),
        "n": st.one_of(numbers, intervals),
        "c": st.sampled_from("xyz"),
        "s": sets,
    },
).map(Patient)


@given(trees(all_leaves), patients)
def test_an_explanation_has_the_truth_of_the_reference(tree, patient):
    explanation = explain(tree, patient)
    assert explanation.truth is evaluate(tree, patient)
    assert bool(explanation.missing) <= (explanation.truth is UNKNOWN)


@given(trees(leaves), patients)
def test_a_decided_answer_stays_whatever_the_gaps_turn_out_to_be(tree, patient):
    truth = evaluate(tree, patient)
    names = tuple(facts_in(tree))
    for _, completed in completions(tree, patient, names, VOCABULARY):
        assert completed is not UNKNOWN
        assert truth in (UNKNOWN, completed)


@given(trees(leaves), patients)
def test_settled_anyway_never_contradicts_the_reference(tree, patient):
    settled = settled_anyway(tree, patient, VOCABULARY)
    assert evaluate(tree, patient) in (UNKNOWN, settled)


@given(trees(st.one_of(leaves, st.just(Undecided()))), patients)
def test_what_is_settled_turns_out_so_in_every_case_also_beside_gaps_of_the_sources(tree, patient):
    settled = settled_anyway(tree, patient, VOCABULARY)
    if settled is not UNKNOWN:
        names = tuple(facts_in(tree))
        assert all(t is settled for _, t in completions(tree, patient, names, VOCABULARY))


@given(trees(leaves), patients)
def test_the_deciding_facts_are_those_that_trying_finds(tree, patient):
    if evaluate(tree, patient) is UNKNOWN:
        sets = deciding_sets(tree, patient, VOCABULARY)
        tried = {name for names in sets for name in names}
        assert set(deciding_facts(tree, patient, VOCABULARY)) == tried


KEPT = Gaps(VOCABULARY)


@given(trees(all_leaves), patients)
def test_what_is_kept_of_other_patients_is_what_is_found_for_this_one(tree, patient):
    if evaluate(tree, patient) is UNKNOWN:
        rest = OpenParts(patient).of(tree)
        assert KEPT.of(rest, patient) == gap_of(rest, patient, VOCABULARY)


@given(trees(asking_leaves))
def test_the_search_finds_a_patient_exactly_when_one_exists(tree):
    found = satisfying_patient(tree, VOCABULARY)
    if found is not None:
        assert evaluate(tree, found) is MET
    else:
        names = tuple(facts_in(tree))
        assert all(t is NOT_MET for _, t in completions(tree, Patient({}), names, VOCABULARY))
