"""The audit of findings: each test breaks one figure the way a source may."""

import pytest

HEAD = """- id: rms-one
  topic: outcome
  says: >-
    Some children were alive.
  population: children
  setting: relapse
  findings:
"""
STATEMENTS = "statements/rhabdomyosarcoma/paper.yaml"
RATIO = '{group: A relative to B, endpoint: overall survival, effect: HR, estimate: "%s", interval: "%s", interval_kind: CI, p_value: "%s"}'
MINOR = """- id: response with the minor ones
  kind: proportion
  not_comparable: [response]
"""
RESPONSE = "{group: %s, endpoint: response, events: %s, n: %s}"


def audit(folder, *findings, more="", kind="cohort", topic="outcome"):
    folder.replace("sources/s.yaml", "kind: cohort", f"kind: {kind}")
    lines = "".join(f"    - {finding}\n" for finding in findings)
    head = HEAD.replace("topic: outcome", f"topic: {topic}")
    folder.write(
        STATEMENTS, f"{head}{lines}  citation: {{source: paper, locator: abstract}}\n{more}"
    )
    return [problem.partition("rms-one, ")[2] for problem in folder.problems()]


def test_a_p_value_that_only_a_one_sided_reading_gives_is_named(folder):
    """AALL1331, low risk: HR 0.55 (0.30-0.99) with P = .015 is one-sided."""
    problems = audit(folder, RATIO % ("0.55", "0.30-0.99", ".015"))
    assert problems == []  # both lie on the same side of .05
    problems = audit(folder, RATIO % ("0.76", "0.51-1.02", ".033"))
    assert ["p_sided: the interval implies P = 0.12" in p for p in problems] == [False]
    problems = audit(folder, RATIO % ("0.74", "0.53-1.03", ".038"))
    assert problems[0].startswith("finding 1, p_sided: the interval implies P = 0.076 two-sided")


def test_a_ratio_that_is_not_at_the_center_of_its_interval_is_named(folder):
    problems = audit(folder, RATIO % ("0.43", "0.31-0.79", ".01"))
    assert problems[0].startswith("finding 1, interval: 0.31-0.79 is centered on 0.49")
    assert audit(folder, RATIO % ("0.43", "0.31-0.79", ".01"),
                 more="  caution: The interval is centered on 0.49.\n") == []  # fmt: skip


def test_another_coverage_than_the_usual_is_used(folder):
    finding = '{group: all, endpoint: response, estimate: "50%", interval: "36-64", interval_kind: CI, events: 10, n: 20}'
    assert "has the exact interval 27.2-72.8" in audit(folder, finding)[0]
    narrow = finding.replace("CI, ", 'CI, coverage: "80%", ')
    assert audit(folder, narrow) == []
    wrong = finding.replace("CI, ", "CI, coverage: high, ")
    assert audit(folder, wrong)[0].startswith("finding 1, coverage: 'high' is not a percentage")


def test_a_probability_is_held_against_its_counts(folder):
    finding = '{group: all, endpoint: response, estimate: "0.55", events: 13, n: 29}'
    assert audit(folder, finding)[0].startswith("finding 1, estimate: 13 of 29 is 44.8%")


def test_a_p_value_is_recomputed_from_the_table(folder):
    arms = [RESPONSE % ("A", 27, 44), RESPONSE % ("B", 27, 47)]
    problem = audit(folder, *arms, '{group: A against B, endpoint: response, p_value: ".566"}')
    assert "the counts give P = 0.7" in problem[0]
    arms = [RESPONSE % ("A", 18, 57), RESPONSE % ("B", 11, 59)]
    problem = audit(folder, *arms, '{group: A against B, endpoint: response, p_value: ".081"}')
    assert "only a one-sided test gives the printed .081" in problem[0]
    sided = '{group: A against B, endpoint: response, p_value: ".081", p_sided: one}'
    assert audit(folder, *arms, sided) == []


def test_the_p_of_a_survival_comparison_is_not_recomputed_from_counts(folder):
    arms = [
        f"{{group: {g}, endpoint: overall survival, events: {e}, n: 40}}"
        for g, e in (("A", 4), ("B", 30))
    ]
    assert (
        audit(folder, *arms, '{group: A against B, endpoint: overall survival, p_value: ".4"}')
        == []
    )


def test_denominators_that_do_not_add_up_are_named(folder):
    groups = [RESPONSE % ("A", 1, 57), RESPONSE % ("B", 2, 59)]
    total = "  groups_total: 119\n"
    problems = audit(folder, *groups)
    assert problems == []
    text = (folder.root / STATEMENTS).read_text().replace("  citation", f"{total}  citation")
    folder.write(STATEMENTS, text)
    assert "the groups add up to 116, not to 119" in folder.problems()[0]
    folder.write(STATEMENTS, text + "  caution: Only 116 of the 119 are in the tables.\n")
    assert folder.problems() == []


def test_a_part_is_not_larger_than_the_whole(folder):
    problems = audit(folder, RESPONSE % ("all", 5, 20), RESPONSE % ("boys", 5, 25))
    assert problems == ["response: 'boys' has n = 25, all have n = 20"]


@pytest.fixture
def minor(folder):
    text = (folder.root / "terms/endpoints.yaml").read_text("utf-8")
    folder.write("terms/endpoints.yaml", text + MINOR)


@pytest.mark.usefixtures("minor")
def test_endpoints_that_count_differently_are_not_compared(folder):
    problems = audit(
        folder,
        "{group: A, endpoint: response with the minor ones, events: 1, n: 4}",
        '{group: A against B, endpoint: response, p_value: ".6"}',
    )
    assert problems == [
        "findings: response is compared, response with the minor ones is shown:"
        " they count differently"
    ]


def test_clocks_that_differ_are_not_compared(folder):
    findings = [
        f'{{group: {g}, endpoint: overall survival, estimate: "40%", timepoint: 5 years, clock: from {c}}}'
        for g, c in (("A", "diagnosis"), ("B", "relapse"))
    ]
    assert (
        "counted from diagnosis and from relapse, which may not be compared"
        in audit(folder, *findings)[0]
    )
    assert audit(folder, *findings, more="  caution: Each group has its own clock.\n") == []


def test_a_cut_in_time_says_from_what(folder):
    finding = '{group: "%s", endpoint: overall survival, estimate: "40%%"}'
    assert "say from what" in audit(folder, finding % "relapse within 18 months")[0]
    assert "say from what" in audit(folder, finding % "<18 months")[0]
    assert audit(folder, finding % "<18 months from diagnosis") == []


@pytest.mark.parametrize(
    ("kind", "level", "message"),
    [
        ("randomized trial", "{printed: A2}", "level, printed: A2 does not fit a randomized trial"),
        ("randomized trial", "{printed: A2, derived: B3}", None),
        ("randomized trial", "{derived: A1}", "level, derived: A1 does not fit a randomized trial"),
        ("single-arm or early-phase trial", "{printed: B4}", "level, printed: B4 does not fit a single-arm"),
        ("review", "{printed: B4}", None),
        ("cohort", "{printed: 3iiiDiv, scheme: pdq-legacy}", None),
        ("cohort", "{printed: 1iiDiv, scheme: pdq-legacy}", "level, printed: 1iiDiv does not fit a cohort"),
        ("cohort", "{printed: 2A, scheme: pdq-legacy}", "level, printed: 2A does not fit a cohort"),
        ("cohort", "{printed: 1A, scheme: pdq-legacy, derived: C3}", "level, printed: '1A' is not a level of pdq-legacy"),
    ],
)  # fmt: skip
def test_levels_fit_the_design_and_the_endpoint(folder, kind, level, message):
    finding = "{group: all, endpoint: response, events: 3, n: 9}"
    folder.replace(STATEMENTS, "  citation", f"  level: {level}\n  citation")
    problems = audit(folder, finding, kind=kind)
    text = (folder.root / STATEMENTS).read_text()
    folder.write(STATEMENTS, text + f"  level: {level}\n")
    problems = [p.partition("rms-one, ")[2] for p in folder.problems() if "out of order" not in p]
    assert (problems == []) if message is None else problems[0].startswith(message), problems


def test_a_malformed_code_is_kept_when_the_caution_names_it(folder):
    audit(folder, "{group: all, endpoint: response, events: 3, n: 9}")
    text = (folder.root / STATEMENTS).read_text()
    level = "  level: {printed: 1A, scheme: pdq-legacy, derived: C3}\n"
    folder.write(
        STATEMENTS, text + level + "  caution: \"The page prints '1A', which is no code.\"\n"
    )
    assert folder.problems() == []


@pytest.mark.usefixtures("minor")
def test_figures_of_unlike_endpoints_do_not_conflict(folder):
    audit(folder, "{group: all, endpoint: response, events: 3, n: 9}")
    one = (folder.root / STATEMENTS).read_text() + "  conflicts_with: [rms-two]\n"
    two = one.replace("rms-two", "rms-x").replace("rms-one", "rms-two").replace("rms-x", "rms-one")
    folder.write(STATEMENTS, one + two)
    assert folder.problems() == []
    unlike = two.replace("endpoint: response", "endpoint: response with the minor ones")
    folder.write(STATEMENTS, one + unlike)
    assert all("they may not be compared" in problem for problem in folder.problems())
    assert len(folder.problems()) == 2


@pytest.mark.parametrize(
    ("finding", "message"),
    [
        (RATIO % ("0.74", "0.53-1.03", "< .05"), "finding 1, p_sided: the interval implies P = 0.076 two-sided"),
        (RATIO % ("0.55", "0.35-0.84", "> .05"), "finding 1, p_value: the interval implies P = 0.0"),
        (RATIO % ("0.55", "0.35-0.84", "< .01"), None),
        (RATIO % ("0.55", "0.35-0.84", "NS"), "finding 1, p_value: 'NS' is not a P value"),
        ('{group: all, endpoint: response, estimate: "5%", interval: "0.1%-24.9%", interval_kind: CI, events: 1, n: 20}', None),
        ('{group: all, endpoint: median overall survival, estimate: "8 months", interval: "3-12", interval_kind: CI, events: 10, n: 20}', None),
    ],
)  # fmt: skip
def test_bounds_percent_signs_and_durations_are_read_as_meant(folder, finding, message):
    problems = audit(folder, finding)
    assert (problems == []) if message is None else problems[0].startswith(message), problems


def test_a_figure_is_named_whole(folder):
    finding = '{group: all, endpoint: response, estimate: "7%", events: 1, n: 20}'
    assert audit(folder, finding, more="  caution: Not 45.0% of them.\n") != []
    assert audit(folder, finding, more="  caution: The count gives 5.0%.\n") == []


def test_impossible_counts_beside_a_p_value_are_named_and_do_no_harm(folder):
    arms = [RESPONSE % ("A", 30, 20), RESPONSE % ("B", 5, 20)]
    problems = audit(folder, *arms, '{group: A against B, endpoint: response, p_value: ".01"}')
    assert problems[0].startswith("finding 1, events: 30 of 20 is not a count")


def test_only_the_groups_that_are_compared_make_the_table(folder):
    arms = [RESPONSE % ("A", 18, 57), RESPONSE % ("B", 11, 59), RESPONSE % ("C", 57, 59)]
    sided = '{group: A against B, endpoint: response, p_value: ".13"}'
    assert audit(folder, *arms, sided) == []
    assert (
        audit(folder, *arms, '{group: the three, endpoint: response, p_value: ".13", p_sided: one}')
        == []
    )


def test_only_a_correction_traces_popular_claims(folder):
    finding = '{group: all, endpoint: response, estimate: "5%", events: 1, n: 20}'
    problems = audit(folder, finding, more="  claims:\n    - {claim: c, verdict: not-found}\n")
    assert problems == ["claims: only a correction traces popular claims; its topic is correction"]


def test_a_correction_says_which_claim_it_traced(folder):
    """Without its claim no audit of a page would ever find it."""
    finding = '{group: all, endpoint: response, estimate: "5%", events: 1, n: 20}'
    corrects = audit(folder, finding, topic="correction")
    assert corrects == [
        "claims: a correction says which claim it traced; else its topic is change or gap"
    ]
    traced = "  claims:\n    - {claim: c, verdict: not-found}\n"
    assert audit(folder, finding, topic="correction", more=traced) == []
