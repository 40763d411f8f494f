"""Which findings may share one figure: a library of one finding and its near relatives."""

import json
from dataclasses import replace

import pytest

import secondline
from secondline.figures.comparable import ALONE, TWICE
from secondline.figures.values import value_of
from small_knowledge import Folder

FINDING = {"group": "all", "endpoint": "overall survival", "estimate": "37%", "timepoint": "5 years",
           "clock": "from relapse"}  # fmt: skip
STATEMENT = {"topic": "outcome", "says": "Some were alive.", "population": "children",
             "setting": "relapse", "citation": {"source": "paper", "locator": "abstract"}}  # fmt: skip
SOURCES = """- {id: paper, kind: cohort, title: A paper, year: 2020, read: abstract}
- {id: other, kind: cohort, title: Another paper, year: 2021, read: abstract}
- {id: gone, kind: cohort, title: A retracted paper, year: 2021, read: abstract, retracted: in 2022}
- {id: summary, kind: evidence summary, title: A summary, year: 2023, read: full text}
"""
SHARES = "the figure of rms-first"

# What is changed, of the finding and of the statement; where it then stands.
RELATIVES = {
    "another-study": ({"estimate": "41%"}, {}, SHARES),
    "a-probability": ({"estimate": "0.44"}, {}, SHARES),
    "the-same-time-in-months": ({"timepoint": "60 months"}, {}, SHARES),
    "counts-alone": ({"estimate": None, "events": 3, "n": 9}, {}, SHARES),
    "another-time": ({"timepoint": "3 years"}, {}, ALONE),
    "another-clock": ({"clock": "from diagnosis"}, {}, ALONE),
    "no-clock": ({"clock": None}, {}, ALONE),
    "another-endpoint": ({"endpoint": "event-free survival"}, {}, ALONE),
    "another-setting": ({}, {"setting": "newly diagnosed"}, ALONE),
    "another-sort": ({}, {"applies_when": "immunophenotype = 't-cell'"}, ALONE),
    "no-time": ({"timepoint": None, "clock": None}, {}, "an outcome over time without its time"),
    "a-bound": ({"estimate": ">40%"}, {}, "not one figure is printed, but a bound, a range or words"),
    "a-range": ({"estimate": "40-50%"}, {}, "not one figure is printed, but a bound, a range or words"),
    "patients": ({"estimate": "37 patients"}, {}, "the unit is not one that an axis has"),
    "over-all": ({"estimate": "137%"}, {}, "a proportion lies between 0 and 1"),
    "corrected": ({}, {"topic": "correction", "claims": [{"claim": "All live.", "verdict": "overstated"}]},
                  "the statement repeats the figures of others, or tells of a plan"),
    "withdrawn": ({}, {"withdrawn": "wrong"}, "withdrawn, or from a retracted source"),
    "retracted": ({}, {"citation": {"source": "gone"}}, "withdrawn, or from a retracted source"),
    "composition": ({"endpoint": "share of patients", "timepoint": None, "clock": None}, {},
                    "the endpoint counts something else in each finding"),
    "no-reference": ({"effect": "HR", "estimate": "0.5"}, {},
                     "what a ratio or a difference compares with is not stated"),
    "a-ratio-alone": ({"effect": "HR", "estimate": "0.5", "reference_group": "others"}, {}, ALONE),
    "a-ratio-of-0": ({"effect": "HR", "estimate": "0", "reference_group": "others"}, {},
                     "a ratio stands above 0"),
    "the-same-again": ({"estimate": "37%"}, {"study": "First"}, TWICE),
    "a-summary-of-it": ({}, {"study": "Summary on First", "citation": {"source": "summary"}}, TWICE),
}  # fmt: skip


def statement(name, finding, **more):
    told = {key: value for key, value in {**FINDING, **finding}.items() if value is not None}
    return {"id": f"rms-{name}", "study": f"Study {name}", **STATEMENT, **more, "findings": [told]}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A library of rms-first and one statement for each of its relatives."""
    folder = Folder(tmp_path_factory.mktemp("knowledge"))
    folder.write("sources/s.yaml", SOURCES)
    written = [statement("one", {}), statement("first", {}, study="First")]
    written += [statement(name, finding, **more) for name, (finding, more, _) in RELATIVES.items()]
    folder.write("statements/rhabdomyosarcoma/paper.yaml", json.dumps(written))
    return secondline.open(folder.root)


def only(opened, *names):
    return [opened.library.statements[f"rms-{name}"] for name in names]


@pytest.mark.parametrize("name", RELATIVES)
def test_a_relative_shares_the_figure_or_the_reason_is_told(opened, name):
    expected = RELATIVES[name][2]
    compared = opened.comparable(only(opened, "first", "one", name))
    (group,) = compared.groups
    names = [item.statement.id for item in group.items]
    assert {"rms-first", "rms-one"} <= set(names)
    assert (f"rms-{name}" in names) == (expected == SHARES)
    assert dict(compared.apart) == ({} if expected == SHARES else {expected: 1})


def test_one_finding_alone_makes_no_figure(opened):
    compared = opened.comparable(only(opened, "first"))
    assert compared.groups == ()
    assert dict(compared.apart) == {ALONE: 1}


def test_the_paper_stands_and_its_summary_does_not(opened):
    (group,) = opened.comparable(only(opened, "a-summary-of-it", "first", "one")).groups
    assert [item.statement.id for item in group.items] == ["rms-first", "rms-one"]


def test_only_the_endpoint_that_is_asked_for(opened):
    everything = opened.comparable(opened.library.statements.values())
    survival = opened.comparable(endpoint="event-free survival")
    assert everything.groups and not survival.groups


def test_ratios_of_two_studies_stand_together_only_with_the_same_two_treatments(library, desk):
    for group in desk.comparable().groups:
        if group.effect:
            treatments = {(i.statement.intervention, i.statement.comparator) for i in group.items}
            studies = {i.statement.study for i in group.items}
            assert len(studies) == 1 or (len(treatments) == 1 and None not in treatments.pop())


def test_no_finding_of_the_library_is_lost_or_told_twice(desk, library):
    compared = desk.comparable()
    drawn = [(i.statement.id, i.finding) for group in compared.groups for i in group.items]
    assert len(drawn) == len({(id_, id(finding)) for id_, finding in drawn})
    figures = [
        f
        for s in library.statements.values()
        for f in s.findings
        if f.estimate is not None or f.events is not None
    ]
    assert len(drawn) + sum(compared.apart.values()) == len(figures)
    assert len(drawn) > 900


def test_every_group_has_an_id_of_its_own_and_is_found_by_it(desk):
    groups = desk.comparable().groups
    assert len({group.id for group in groups}) == len(groups)
    assert desk.forest_plot(groups[5].id) == desk.forest_plot(groups[5])


def test_an_id_that_is_not_held_names_the_nearest(desk):
    with pytest.raises(secondline.desk.NoSuchRecord, match="did you mean rhabdomyosarcoma"):
        desk.forest_plot("rhabdomyosarcoma.relapse.respons.percent")


# The figure of one finding


@pytest.mark.parametrize(
    ("finding", "drawn", "interval"),
    [
        ({"estimate": "37%", "interval": "30-45", "interval_kind": "CI"}, (37, 30, 45), "95% CI 30-45"),
        ({"estimate": "0.45", "interval": "0.35-0.54", "interval_kind": "CI"}, (45, 35, 54), "95% CI 0.35-0.54"),
        ({"estimate": "0.45", "interval": "35%-54%", "interval_kind": "CI"}, (45, 35, 54), "95% CI 35%-54%"),
        ({"estimate": "48%", "interval": "± 14%", "interval_kind": "CI"}, (48, 34, 62), "95% CI ± 14%"),
        ({"estimate": "37%", "interval": "30-45", "interval_kind": "CI", "coverage": "83.8%"}, (37, 30, 45), "83.8% CI 30-45"),
        ({"estimate": "37%", "interval": "± 4%", "interval_kind": "SE"}, (37, None, None), "± 4%, a standard error, not drawn"),
        ({"estimate": "37%", "interval": "± 4%", "interval_kind": "not stated"}, (37, None, None), "± 4%, of a kind that is not stated, not drawn"),
        ({"estimate": "37%", "interval": "50-60", "interval_kind": "CI"}, (37, None, None), "95% CI 50-60, which does not contain the estimate, not drawn"),
        ({"estimate": "37%"}, (37, None, None), "no interval printed"),
        ({"estimate": None, "events": 0, "n": 10}, (0, None, None), "no interval printed"),
    ],
)  # fmt: skip
def test_only_a_confidence_interval_is_drawn_and_the_others_are_told(
    library, finding, drawn, interval
):
    held = library.statements["rms-chisholm-cured"].findings[0]
    bare = replace(held, interval=None, interval_kind=None, events=None, n=None)
    value = value_of(replace(bare, **finding), library.endpoints["response"])
    assert (value.estimate, value.low, value.high) == pytest.approx(drawn)
    assert value.interval == interval
