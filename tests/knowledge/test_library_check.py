"""The one gate over knowledge/: what it lets through and what it refuses, message by message."""

import pytest

from secondline import desk
from secondline.answers.wording import figures

STATEMENTS = "statements/rhabdomyosarcoma/paper.yaml"


def test_the_bundled_knowledge_has_no_problem():
    assert [str(problem) for problem in desk.check()] == []


def test_a_folder_in_order_has_no_problem(folder):
    assert folder.problems() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (STATEMENTS, "endpoint: overall survival", "endpoint: overal survival",
         "rms-one, finding 1, endpoint: 'overal survival' does not exist; did you mean overall survival?"),
        (STATEMENTS, "n: 474", "n: no", "rms-one, finding 1, n: 'no' is not a count"),
        (STATEMENTS, "events: 176", "events: 276",
         "rms-one, finding 1, estimate: 276 of 474 is 58.2%, printed 37%;"),
        (STATEMENTS, "events: 176", "events: 476",
         "rms-one, finding 1, events: 476 of 474 is not a count of patients"),
        (STATEMENTS, 'interval: "30-45"', 'interval: "40-45"',
         "rms-one, finding 1, interval: 40-45 does not contain the estimate 37%"),
        (STATEMENTS, ", interval_kind: CI", "",
         "rms-one, finding 1, interval_kind: say CI, SE, IQR, range or not stated"),
        (STATEMENTS, "interval_kind: CI", "interval_kind: XY",
         "rms-one, finding 1, interval_kind: 'XY' is none of 'CI', 'SE', 'IQR', 'range' or 'not stated'"),
        (STATEMENTS, "topic: outcome", "topic: outcomes", "rms-one, topic: 'outcomes' does not exist"),
        (STATEMENTS, "setting: relapse", "settings: relapse",
         "rms-one, settings: it is not a key of this record; remove it or correct its name"),
        (STATEMENTS, "source: paper", "source: papr",
         "rms-one, citation, source: 'papr' does not exist; did you mean paper?"),
        (STATEMENTS, "were alive.", "were alive in 37% of cases.",
         "rms-one, says: '37%' is an outcome figure; move it into a finding"),
        (STATEMENTS, "  setting: relapse\n", "  setting: relapse\n  conflicts_with: [rms-none]\n",
         "rms-one, conflicts_with: 'rms-none' does not exist; did you mean rms-one?"),
        (STATEMENTS, "  citation:", "  level: {printed: 1A}\n  citation:",
         "rms-one, level, printed: '1A' is not a level of pdq-2023"),
        (STATEMENTS, "  population: children\n", "", "rms-one, population: it is missing; write it"),
        (STATEMENTS, "  population: children\n  setting: relapse\n",
         "  setting: relapse\n  population: children\n", "rms-one: keys stand out of order; write id"),
        (STATEMENTS, "children\n", "children  \n", "line 5: it ends in blanks; remove them"),
        ("sources/s.yaml", "read: abstract", "read: abstrakt",
         "paper, read: 'abstrakt' is none of"),
        ("pathways/p.md", "tnm_stage <= 2", "tnm_stag <= 2",
         "low, when: tnm_stag is not a fact; did you mean tnm_stage?"),
        ("pathways/p.md", "tnm_stage <= 2", "tnm_stage <=", "low, when: it cannot be read from here"),
        ("pathways/p.md", "tnm_stage <= 2", "tnm_stage < 2 and tnm_stage > 3",
         "low: no patient can meet it; correct its criterion or remove it"),
        ("pathways/p.md", "tnm_stage > 2", "tnm_stage >= 2",
         "low: it and high both hold for: tnm_stage = 2"),
        ("pathways/p.md", "The lower stages.\n\n", "", "low: no passage stands above the rule"),
        ("pathways/p.md", "stratum: low", "strata: low", "line 17: a rule begins with one of"),
        ("pathways/p.md", "scheme: s\nlabel: low", "scheme: t\nlabel: low", "low, scheme: 't' does not exist"),
        ("pathways/p.md", "statements: [rms-one]", "statements: [rms-onee]",
         "low, statements: 'rms-onee' does not exist; did you mean rms-one?"),
        ("terms/factors.yaml", "about: {tumor_type: mpnst}", "about: {tumor_type: mpnts}",
         "mpnst, about: 'tumor_type' is not a fact with a code 'mpnts'; name one of facts.yaml"),
        ("cases/c.yaml", "tnm_stage: 2", "tnm_stage: 3", "stage-two: low is not-met; the case expects met"),
        ("cases/c.yaml", "tnm_stage: 2", "tnm_stage: two", "stage-two: tnm_stage: \"two\" is not a number"),
        ("cases/c.yaml", "met: [low]", "met: [lower]", "stage-two, expect: 'lower' does not exist"),
    ],
)  # fmt: skip
def test_a_problem_is_named_with_its_place_and_repair(folder, file, old, new, message):
    folder.replace(file, old, new)
    problems = folder.problems()
    assert any(problem.startswith(f"knowledge/{file}: {message}") for problem in problems), problems


def test_all_problems_of_a_file_are_named_at_once(folder):
    folder.replace(STATEMENTS, "n: 474", "n: no")
    folder.replace(STATEMENTS, "interval_kind: CI", "interval_kind: XY")
    folder.replace(STATEMENTS, "setting: relapse", "setting: relaps")
    with pytest.raises(desk.LibraryError) as refused:
        desk.open(folder.root)
    assert str(refused.value) == (
        "knowledge/statements/rhabdomyosarcoma/paper.yaml: 3 problems\n"
        "  rms-one, finding 1, interval_kind: 'XY' is none of 'CI', 'SE', 'IQR', 'range' or 'not stated'\n"
        "  rms-one, finding 1, n: 'no' is not a count\n"
        "  rms-one, setting: 'relaps' is none of"
        " 'relapse', 'refractory', 'progression' or 'newly diagnosed'\n"
        "Repair them and run: secondline library check"
    )


def test_a_known_defect_of_a_source_is_expected_when_the_caution_names_it(folder):
    folder.replace(STATEMENTS, "events: 176", "events: 172")
    assert any("172 of 474 is 36.3%" in problem for problem in folder.problems())
    folder.replace(
        STATEMENTS,
        "locator: abstract}\n",
        "locator: abstract}\n  caution: The count gives 36.3%, printed 37%.\n",
    )
    assert folder.problems() == []


def test_an_interval_that_contradicts_its_p_value_is_named(folder):
    folder.replace(
        STATEMENTS,
        '{group: all, endpoint: overall survival, estimate: "37%", interval: "30-45", interval_kind: CI, events: 176, n: 474, timepoint: 5 years}',
        '{group: A relative to B, endpoint: overall survival, effect: HR, estimate: "0.55", interval: "0.35-0.84", interval_kind: CI, p_value: ".6"}',
    )
    assert any("the interval implies P = 0.0" in problem for problem in folder.problems())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("statements/x.yaml", "- id: rms-one\n", "rms-one, topic: it is missing"),
        ("statement/x.yaml", "- id: rms-one\n", "it would not be read"),
        ("statements/x.yml", "- id: rms-one\n", "it would not be read"),
        ("terms/foo.yaml", "- id: foo\n", "it would not be read"),
        ("cases/x.yaml", "- {id: rms-one, facts: {}, says: S, expect: {}}\n", "rms-one: the id is taken"),
        ("reviews.jsonl", "[" * 100_000 + "\n", "line 1 is not an entry: it is not JSON"),
        ("pathways/x.md", "---\nid: [x]\ndisease: d\ntitle: t\n---\n", "line 1: the front matter holds"),
        ("statements/x.yaml", "a: [1", "not YAML"),
        ("statements/x.yaml", "a: &x 1\nb: *x\n", "line 1: anchor &x"),
        ("statements/x.yaml", "just words\n", "expected a list of records"),
        ("pathways/x.md", "# no front matter\n", "line 1: it has no front matter"),
        ("reviews.jsonl", "not json\n", "line 1 is not an entry"),
        ("reviews.jsonl", "no end", "the log was cut in the middle of a line"),
        ("reviews.jsonl",
         '{"previous": "", "at": "2026", "who": "a", "action": "bless", "statement": "rms-one", "digest": "x"}\n',
         "of the earlier format, a chain of lines"),
        ("reviews.jsonl", '{"action":"bless","at":"2026-01-01T00:00:00Z","who":"a"}\n', "'bless' is not an action"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_and_the_others_are_still_read(folder, name, content, message):
    folder.write(name, content)
    assert any(message in problem for problem in folder.problems()), folder.problems()


def test_a_statement_of_a_retracted_source_has_to_be_withdrawn(folder):
    folder.replace(
        "sources/s.yaml", "  read: abstract\n", "  read: abstract\n  retracted: notice\n"
    )
    (problem,) = folder.problems()
    assert problem.endswith("citation: paper is retracted (notice); withdraw the statement")
    folder.write(STATEMENTS, (folder.root / STATEMENTS).read_text() + "  withdrawn: retracted\n")
    assert folder.problems() == []


def test_an_id_has_lower_case_words(folder):
    folder.replace(STATEMENTS, "- id: rms-one", "- id: RMS_One")
    folder.replace("pathways/p.md", "rms-one", "RMS_One")
    assert any("RMS_One, id: an id has lower-case words" in p for p in folder.problems())


def test_an_id_may_stand_only_once(folder):
    text = (folder.root / STATEMENTS).read_text("utf-8")
    folder.write("statements/second.yaml", text)
    assert any(
        "rms-one: the id is taken by knowledge/statements/rhabdomyosarcoma/paper.yaml" in problem
        for problem in folder.problems()
    )


def test_a_missing_folder_or_file_is_named(folder, tmp_path):
    (folder.root / "terms" / "endpoints.yaml").unlink()
    assert any("terms/endpoints.yaml: the file is missing" in p for p in folder.problems())
    assert "there is no such folder of knowledge" in str(next(iter(desk.check(tmp_path / "none"))))


def test_a_ratio_of_a_good_outcome_says_whom_it_favors(library):
    """A relative risk above 1 of "overall survival" would read as better survival."""
    for statement in library.statements.values():
        for finding in statement.findings:
            if finding.effect in {None, "difference"} or "survival" not in finding.endpoint:
                continue
            if library.endpoints[finding.endpoint].kind != "effect-only":
                named = f"(favors {finding.favours})" in figures(finding)
                open_ = finding.favours is None and str(finding.reference_group) in finding.group
                assert named or open_, statement.id


SECOND = """---
id: pathway-spread
disease: rhabdomyosarcoma
title: Spread
---
# Spread

The lower stages after irinotecan.

```rule
option: more
label: More
role: alternative
when: rule 'low' and prior_irinotecan
statements: [rms-one]
```
"""


def test_the_pathways_of_one_disease_are_assessed_together_the_general_one_first(folder):
    folder.write("pathways/q.md", SECOND)
    assert folder.problems() == []
    opened = desk.open(folder.root)
    assert [p.id for p in opened.library.pathways_of("rhabdomyosarcoma")] == [
        "pathway", "pathway-spread",
    ]  # fmt: skip
    facts = {"disease": "rhabdomyosarcoma", "tnm_stage": 2, "prior_irinotecan": True}
    (option,) = opened.assess(facts).options
    assert (option.id, option.verdict) == ("more", "eligible")


def test_a_scheme_stands_in_one_place(folder):
    scheme = "\n```scheme\nscheme: s\nlabel: Another\n```\n"
    folder.write("pathways/q.md", SECOND + scheme)
    assert any(
        "pathway: scheme s stands in two places; give each its own name" in problem
        for problem in folder.problems()
    )
