"""Findings in words. Figures are copied from findings as they are printed, never made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from secondline.domain.evidence import Endpoint, Finding, Statement
from secondline.statistics.consistency import printed, proportion

EFFECTS = {
    "HR": "hazard ratio",
    "OR": "odds ratio",
    "RR": "relative risk",
    "SHR": "subdistribution hazard ratio",
    "difference": "difference",
}
BETWEEN_FINDINGS = "; "
AFTER_HEAD = ": "
FEW = 20  # children; the share of a smaller group is told with their number
OTHERWISE = "Not as the paper itself prints it. "  # before figures that yield to the paper's own


@dataclass(frozen=True, slots=True)
class Worded:
    """A text and the findings that it words; none for a text of the statement itself."""

    text: str
    findings: tuple[Finding, ...] = ()


def clinician_texts(statement: Statement, *, yields: bool = False) -> Iterator[Worded]:
    """Yield what a statement says, its figures by endpoint and timepoint, and who was studied.

    Who was studied is told of graded evidence without figures too: a comparison has its numbers
    of patients there.

    Args:
        statement: the statement.
        yields: another source leads for these figures, so that each is marked as the other one.
    """
    yield Worded(statement.says)
    yield from figure_texts(statement.findings, yields=yields)
    if statement.findings or (statement.study and statement.level):
        yield Worded(studied(statement))


def studied(statement: Statement) -> str:
    """Say whom the figures describe."""
    return f"Studied: {statement.population}."


def figure_texts(
    findings: Iterable[Finding], study: str | None = None, *, yields: bool = False
) -> Iterator[Worded]:
    """Yield one sentence for each endpoint and timepoint, with the name of the study if given."""
    for group in _by_endpoint(findings):
        items = BETWEEN_FINDINGS.join(map(figures, group))
        beginning = OTHERWISE if yields else ""
        yield Worded(f"{beginning}{named_head(group[0], study)}{AFTER_HEAD}{items}.", group)


def main_findings(statement: Statement, endpoints: Mapping[str, Endpoint]) -> tuple[Finding, ...]:
    """Return the findings that an overview tells: details only where there is nothing else."""
    main = tuple(f for f in statement.findings if not endpoints[f.endpoint].detail)
    return main or statement.findings


def named_head(finding: Finding, study: str | None) -> str:
    """Say in which study, what was measured and when: "Setty 2018, response"."""
    plain = head(finding)
    return f"{study}, {plain[0].lower()}{plain[1:]}" if study else plain


def told(statement: Statement, findings: Iterable[Finding]) -> Iterator[str]:
    """Yield findings in words, each with its study, endpoint and time."""
    for finding in findings:
        yield f"{named_head(finding, statement.study)}{AFTER_HEAD}{figures(finding)}."


def family_texts(statement: Statement, endpoints: Mapping[str, Endpoint]) -> Iterator[Worded]:
    """Yield the plain sentences of a statement, then natural frequencies where it has them."""
    if statement.plain is None:
        return
    yield Worded(statement.plain)
    for finding in statement.findings:
        if text := natural_frequency(finding, endpoints[finding.endpoint]):
            yield Worded(text, (finding,))


def _by_endpoint(findings: Iterable[Finding]) -> Iterator[tuple[Finding, ...]]:
    """Yield the findings of one endpoint and time together, their comparison at the end."""
    groups: list[list[Finding]] = []
    for finding in findings:
        home = next((group for group in groups if shares_head(finding, group[0])), None)
        if home is None:
            groups.append([finding])
        else:
            home.append(finding)
    yield from map(tuple, groups)


def shares_head(finding: Finding, first: Finding) -> bool:
    """Say whether a finding may stand under the head of another.

    A comparison that reports only a P value or a ratio often repeats neither time nor clock.
    """
    if head(finding) == head(first):
        return True
    compares = finding.effect is not None or is_comparison(finding)
    same_time = finding.timepoint in {None, first.timepoint}
    same_clock = finding.clock in {None, first.clock}
    return finding.endpoint == first.endpoint and compares and same_time and same_clock


def is_comparison(finding: Finding) -> bool:
    """Say whether a finding is a P value for a comparison and nothing else."""
    return finding.estimate is None and finding.events is None


def head(finding: Finding) -> str:
    """Say what was measured and when: "Overall survival, 5 years from first recurrence"."""
    when = " ".join(part for part in (finding.timepoint, finding.clock) if part)
    name = finding.endpoint[0].upper() + finding.endpoint[1:]
    return f"{name}, {when}" if when else name


def figures(finding: Finding) -> str:
    """Say for whom and how much: "VIT 44% (24 of 55)"."""
    group = "" if finding.group == "all" else finding.group
    effect = EFFECTS.get(finding.effect or "", "")
    if effect:
        adjusted = "adjusted " if finding.adjusted else ""
        group = f"{group}, {adjusted}{effect}" if group else f"{adjusted}{effect}"
    parts = [part for part in (group, finding.estimate, _detail(finding)) if part]
    text = " ".join(parts)
    if finding.p_value:
        p = _p_value(finding)
        text = f"{text}: {p}" if is_comparison(finding) else f"{text}, {p}"
    return text + (f" (favors {finding.favours})" if effect and finding.favours else "")


def _detail(finding: Finding) -> str:
    details = []
    if finding.estimate is None and finding.events is not None:
        return f"{finding.events} of {finding.n}"
    if finding.events is not None and finding.n is not None:
        details.append(f"{finding.events} of {finding.n}")
    elif finding.n is not None:
        details.append(f"n = {finding.n}")
    if finding.interval and finding.interval.lstrip().startswith(("±", "+/-")):
        details.insert(0, finding.interval)
    elif finding.interval:
        kinds = {"CI": "95% CI ", "SE": "SE ", "IQR": "interquartile range ", "range": "range "}
        kind = kinds.get(finding.interval_kind or "", "")
        if finding.coverage:
            kind = f"{finding.coverage} CI "
        details.append(f"{kind}{finding.interval}")
    return f"({'; '.join(details)})" if details else ""


def _p_value(finding: Finding) -> str:
    sided = f" ({finding.p_sided}-sided)" if finding.p_sided else ""
    relation = "" if (finding.p_value or "")[:1] in "<>=" else "= "
    return f"P {relation}{finding.p_value}{sided}"


def natural_frequency(finding: Finding, endpoint: Endpoint) -> str | None:
    """Say a proportion to a family, as in "About 37 of 100 children were alive 5 years later".

    None when the finding has no words for families or is no proportion. The denominator is
    always 100, so that figures can be compared; a group of few children is named as one. The
    others of the hundred are told where the endpoint has words for them, so that a figure is
    not read from one side only.
    """
    figure = printed(finding.estimate or "")
    share = proportion(figure) if figure and finding.effect is None else None
    if not finding.plain_group or not endpoint.lay or share is None:
        return None
    when = _plain_time(finding.timepoint or "")
    text = f"{_of_hundred(share[0])} {finding.plain_group} {endpoint.lay}{when}."
    others = 100 - round(share[0])
    if endpoint.lay_rest and 0 < others < 100:
        text += f" About {others} {endpoint.lay_rest}."
    if finding.n is not None and finding.n <= FEW:
        text += f" Only {finding.n} were counted, so this is rough."
    return text


def _of_hundred(percent: float) -> str:
    """Say a percentage as a share of a hundred; 0 and 100 without pretending to be exact."""
    rounded = round(percent)
    if rounded in {0, 100}:
        word = "None" if rounded == 0 else "All"
        return f"{word} of the" if percent == rounded else f"Almost {word.lower()} of the"
    return f"About {rounded} of 100"


def _plain_time(timepoint: str) -> str:
    """Say " 5 years later"; a time that is no plain span is left out."""
    number, _, unit = timepoint.partition(" ")
    is_span = unit in {"year", "years", "month", "months", "weeks"} and number.isdigit()
    return f" {timepoint} later" if is_span else ""
