"""Assessments, comparisons and proofs as text for a terminal."""

from collections import Counter
from collections.abc import Iterator

from secondline import desk
from secondline.interfaces.cli.text import cited, item, paragraph, references, standing

MARKS = {"met": "yes", "not-met": "no", "unknown": "open"}


def assessment(result: desk.Assessment, library: desk.Library, *, whole: bool = False) -> str:
    """Write an assessment: strata, options, outlook, cautions, missing facts, references.

    Args:
        result: the assessment.
        library: for the names of diseases and facts.
        whole: with the strata that do not hold, and why each option is not eligible.
    """
    return "\n".join(_assessment(result, library, whole))


def _assessment(result: desk.Assessment, library: desk.Library, whole: bool) -> Iterator[str]:
    yield f"Assessment: {library.diseases[result.disease].name}"
    yield ""
    if result.conflicts:
        yield "CONTRADICTIONS IN THE FACTS"
        for conflict in result.conflicts:
            yield from item(conflict)
        yield ""
    yield "STRATA, BY SCHEME"
    yield from _strata(result, library, whole)
    yield ""
    yield "OPTIONS"
    yield from _options(result, library, whole)
    yield ""
    yield "OUTLOOK IN THE GROUPS STUDIED"
    yield from _outlook(result, whole)
    yield ""
    yield "CAUTIONS"
    for caution in result.cautions:
        yield from item(f"{caution.text} {cited(caution.citations)}")
    yield ""
    if result.missing:
        yield "WHAT IS MISSING, AND WHAT IT WOULD DECIDE"
        for missing in result.missing:
            yield from item(f"{missing.label} ({missing.fact}): {', '.join(missing.would_change)}")
        yield ""
    yield from references(result.references)
    yield from standing(result.review, result.edition, result.disclaimer)


def _mind(caution: str | None) -> str:
    return f" Mind: {caution}" if caution else ""


def _strata(result: desk.Assessment, library: desk.Library, whole: bool) -> Iterator[str]:
    """Write the strata that hold or are open; of a scheme without any, that there is none."""
    for scheme in dict.fromkeys(stratum.scheme for stratum in result.strata):
        strata = [stratum for stratum in result.strata if stratum.scheme == scheme]
        shown = [stratum for stratum in strata if whole or stratum.truth != "not-met"]
        yield from item(scheme if shown else f"{scheme}: none of its {len(strata)}", mark="")
        for stratum in shown:
            line = f"[{stratum.truth}] {stratum.label}{_why(stratum)}{_turns(stratum, library)}"
            yield from item(line, indent=4)


def _options(result: desk.Assessment, library: desk.Library, whole: bool) -> Iterator[str]:
    """Write the options that are possible, then the open ones; the others by their names alone."""
    for verdict in ("eligible", "unknown", "not-eligible"):
        options = [option for option in result.options if option.verdict == verdict]
        if verdict == "not-eligible" and not whole and options:
            names = "; ".join(option.label for option in options)
            yield from item(f"[not-eligible by the facts given] {names}")
            return
        for option in options:
            advised = "advised against" if option.role == "avoid" else verdict
            shown = advised if verdict == "eligible" else verdict
            line = f"[{shown}] {option.label} ({option.role}){_why(option)}"
            line = (
                f"{line} {cited(option.citations)}{_turns(option, library)}{_mind(option.caution)}"
            )
            yield from item(line)


def _outlook(result: desk.Assessment, whole: bool) -> Iterator[str]:
    """Write the figures that describe the patient, and count those that wait for a fact."""
    waiting: Counter[str] = Counter()
    for outlook in result.outlook:
        if outlook.applies == "unknown" and not whole:
            waiting[(outlook.caution or "").partition(".")[0]] += 1
            continue
        interval = f" ({outlook.interval})" if outlook.interval else ""
        when = f", {outlook.timepoint}" if outlook.timepoint else ""
        figure = outlook.estimate or "not shown"
        line = f"{outlook.endpoint}{when}: {figure}{interval}. {outlook.population}"
        yield from item(f"{line} {cited(outlook.citations)}{_mind(outlook.caution)}")
    for reason, count in waiting.most_common():
        yield from item(f"{reason}: {count} figure{'s' if count > 1 else ''}")


def _turns(result: desk.StratumResult | desk.OptionResult, library: desk.Library) -> str:
    """Say which value of a missing fact would decide, or how it ends whatever is missing."""
    if result.settled:
        return f" Whatever is missing: {_plain(result.settled)}."
    told = "; ".join(
        f"{library.facts[turn.fact].label} {turn.value} → {_plain(turn.gives)}"
        for turn in result.would_change
    )
    return f" Would decide: {told}." if told else ""


def _plain(code: str) -> str:
    return code.replace("-", " ")


def _why(result: object) -> str:
    because = "; ".join(getattr(result, "because", ()))
    return f" — {because}" if because else ""


def comparison(result: desk.Comparison) -> str:
    """Write what changed: each result before and after."""
    return "\n".join(_comparison(result))


def _comparison(result: desk.Comparison) -> Iterator[str]:
    given = ", ".join(
        f"{name} = {'not recorded' if value is None else value}"
        for name, value in result.facts.items()
    )
    yield f"What if: {given}"
    titles = {
        "stratum": "STRATA",
        "option": "OPTIONS",
        "outlook": "OUTLOOK IN THE GROUPS STUDIED",
        "caution": "CAUTIONS",
        "missing": "WHAT IS MISSING, AND WHAT IT WOULD DECIDE",
    }
    for kind, title in titles.items():
        changes = [change for change in result.changes if change.kind == kind]
        if changes:
            yield ""
            yield title
        for change in changes:
            before, after = change.before or "not shown", change.after or "not shown"
            yield from item(f"{change.label}: {before} → {after}")
    if not result.changes:
        yield from paragraph("Nothing changes.")
    yield ""
    yield f"Edition {result.edition}"
    yield from paragraph(result.after.disclaimer)


def proof(step: desk.Step, library: desk.Library) -> str:
    """Write a proof tree; above each rule its passage, below it the statements it rests on."""
    standings: Counter[str] = Counter(library.standing(id_) for id_ in set(_statements(step)))
    told = standing(standings, library.edition, desk.DISCLAIMER)
    return "\n".join([*_proof(step, 0, library), "", *told])


def _statements(step: desk.Step) -> Iterator[str]:
    yield from step.statements
    for inner in step.steps:
        yield from _statements(inner)


def _proof(step: desk.Step, indent: int, library: desk.Library) -> Iterator[str]:
    if step.passage:
        yield from item(f"“{step.passage}”", indent=indent, mark="")
    named = f" ({step.rule})" if step.rule and step.rule != step.says else ""
    yield from item(f"[{MARKS[step.truth]}] {step.says}{named}", indent=indent, mark="")
    if step.statements:
        listed = ", ".join(
            f"{id_} ({library.statements[id_].citation.source})" for id_ in step.statements
        )
        yield from item(f"rests on {listed}", indent=indent + 2, mark="")
    for inner in step.steps:
        yield from _proof(inner, indent + 2, library)
