"""The form of a statement: made from its types, filled, read back, problems at their field."""

import pytest

from secondline import desk as desks
from secondline.interfaces.web.form import Form
from secondline.interfaces.web.statement_fields import (
    PREFIX,
    Typed,
    kinds,
    sections,
    typed_from,
    typed_in,
)
from secondline.interfaces.web.statement_labels import GROUPS, LABELS, SECTIONS
from secondline.library.digest import plain
from secondline.library.schema import records


def sent(typed):
    """Return the form as a browser sends what is typed in it."""
    values = {f"{PREFIX}{name}": (text,) for name, text in typed.values.items()}
    counts = {f"count.{name}": (str(count),) for name, count in typed.counts.items()}
    return Form({**values, **counts})


def test_every_field_of_a_statement_has_its_place_and_its_label():
    placed = {name for _, names in SECTIONS for name in names}
    assert placed == set(kinds(desks.Statement))
    for name, kind in kinds(desks.Statement).items():
        if kind.record is None:
            assert name in LABELS
            continue
        assert name in GROUPS
        assert {f"{name}.{each}" for each in kinds(kind.record)} <= set(LABELS)


def test_every_statement_comes_back_from_the_form_as_it_was(library):
    """Nothing is lost between the library, the form, and what is proposed."""
    assert len(library.statements) > 1000
    for id_, statement in library.statements.items():
        data = typed_in(sent(typed_from(plain(statement)))).data
        assert records(desks.Statement, [data]) == (statement,), id_


def test_empty_fields_are_absent_and_empty_groups_are_left_out():
    typed = Typed({"says": "", "level.scheme": "pdq-2023", "findings.2.n": "5"}, {"findings": 3})
    assert typed.data == {"findings": [{"n": "5"}], "citation": {}}


def test_a_pasted_line_break_is_a_blank():
    form = Form({"f.says": ("One\n  two\n\nthree ",)})
    assert typed_in(form).values == {"says": "One two three"}


@pytest.mark.parametrize(
    "name", ["withdrawn", "nonsense", "findings.n", "findings.0.n", "findings.1", "findings.1.n.x",
             "findings.999.n", "citation", "says.x", "", "findings.1.__class__"],
)  # fmt: skip
def test_a_field_that_a_statement_does_not_have_is_not_taken(name):
    assert typed_in(Form({f"f.{name}": ("x",)})).values == {}


@pytest.mark.parametrize(("given", "count"), [("3", 3), ("", 0), ("x", 0), ("-1", 0), ("999", 60), ("9" * 9, 0)])  # fmt: skip
def test_groups_are_counted_within_limits(given, count):
    assert typed_in(Form({"count.findings": (given,)})).counts["findings"] == count


def test_a_group_taken_away_moves_the_others_up():
    typed = Typed({f"findings.{n}.n": str(n) for n in (1, 2, 3)}, {"findings": 3})
    without = typed.without_group("findings", 2)
    assert without.values == {"findings.1.n": "1", "findings.2.n": "3"}
    assert without.counts["findings"] == 2
    assert typed.with_group("findings").counts["findings"] == 4


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("says", "says"),
        ("citation, source", "citation.source"),
        ("finding 1, n", "findings.2.n"),
        ("finding 1, overall survival, P of all", "findings.2"),
        ("findings", "findings"),
        ("finding 9, n", "findings"),
        ("overall survival, P of all", ""),
        ("", ""),
    ],
)
def test_a_complaint_finds_its_field_also_behind_an_empty_group(where, name):
    typed = Typed({"findings.2.n": "no"}, {"findings": 2})
    assert typed.place(where) == name


def test_a_problem_stands_at_its_field():
    typed = Typed({"findings.1.n": "no"}, {"findings": 1})
    shown = dict(sections(typed, [("finding 1, n", "'no' is not a count")]))
    (finding, total) = shown["Findings"]
    assert {f.key: f.problem for f in finding.first if f.problem} == {
        "findings.n": "'no' is not a count"
    }
    assert total.key == "groups_total"


def test_a_choice_that_does_not_exist_is_kept_in_the_form():
    shown = dict(sections(Typed({"setting": "relapsed"}), []))["What it is about"]
    setting = next(f for f in shown if f.key == "setting")
    assert ("relapsed", "relapsed") in setting.choices


@pytest.mark.parametrize(
    "data",
    [
        {"nonsense": "x"}, {"findings": "x"}, {"findings": ["x"]}, {"says": ["x"]},
        {"citation": "x"}, {"conflicts_with": "x"}, {"conflicts_with": ["a,b"]},
        {"findings": [{"x": "y"}]}, {"findings": [{}] * 61},
    ],
)  # fmt: skip
def test_what_the_form_cannot_hold_is_said_and_not_dropped(data):
    with pytest.raises(ValueError, match="the form"):
        typed_from(data)
