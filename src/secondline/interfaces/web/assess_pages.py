"""Assess: the facts of one patient as a form, and what the evidence says for such a patient."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from starlette.responses import Response

from secondline import desk
from secondline.interfaces.web.fact_fields import facts_from, fields_of, problems_by_fact
from secondline.interfaces.web.form import FormError
from secondline.interfaces.web.pages import Visit

FIRST = 12  # facts that are asked first: those that decide most rules
ASKED_IN_PLACE = 6  # missing facts that are offered beside the results
GROUPS = (  # of options, with the words of their heading and those of the list of parts
    ("eligible", "Possible by the facts given", "possible"),
    ("avoid", "Advised against", "advised against"),
    ("unknown", "Open until a fact is known", "open"),
    ("not-eligible", "Not possible by the facts given", "not possible"),
)
SORTS = (
    ("stratum", "strata"),
    ("option", "options"),
    ("published figure", "published figures"),
    ("caution", "cautions"),
)


def choose_disease(visit: Visit) -> Response:
    """Ask for the disease: it decides which facts matter."""
    return visit.page("assess_start.html", problem="")


def assess(visit: Visit) -> Response:
    """Assess a patient as far as the facts go; a fact answered in place says what it changed."""
    disease = _disease(visit)
    definitions = _by_weight(visit.desk, disease)
    facts = patient_of(visit)
    answers = facts_from(visit.form, definitions, "answer")
    together = {n: v for n, v in {**facts, **answers}.items() if v is not None}
    problems: Mapping[str, str] = {}
    changed = result = None
    try:
        result = visit.desk.assess(together)
        if answers:
            changed = visit.desk.what_if(facts, answers)
    except desk.PatientError as error:
        problems = problems_by_fact(error)
    fields = fields_of(definitions, together, problems)
    return visit.page(
        "assess.html", 422 if problems else 200,
        disease=disease, first=fields[:FIRST], rest=fields[FIRST:], problems=problems,
        answered=[f for f in fields if f.name in answers], changed=changed,
        **_results(visit.desk, result),
        patient=[f for f in fields_of([visit.desk.library.facts["disease"], *definitions], together)
                 if f.given],
    )  # fmt: skip


def what_if(visit: Visit) -> Response:
    """Show a patient side by side with the same patient under other facts."""
    disease = _disease(visit)
    definitions = _by_weight(visit.desk, disease)
    facts = patient_of(visit)
    supposed = facts_from(visit.form, definitions, "answer")
    comparison, problems = None, {}
    try:
        if supposed:
            comparison = visit.desk.what_if(facts, supposed)
    except desk.PatientError as error:
        problems = problems_by_fact(error)
    recorded = fields_of(definitions, facts)
    return visit.page(
        "what_if.html", 422 if problems else 200,
        disease=disease, comparison=comparison, problems=problems,
        pairs=list(zip(recorded, fields_of(definitions, supposed, problems), strict=True)),
        taken_away={name for name, value in supposed.items() if value is None},
        patient=[f for f in fields_of([visit.desk.library.facts["disease"], *definitions], facts)
                 if f.given],
    )  # fmt: skip


def patient_of(visit: Visit) -> dict[str, Any]:
    """Return the facts of the patient that the form gives, unchecked. Raises: FormError."""
    disease = _disease(visit)
    given = facts_from(visit.form, _by_weight(visit.desk, disease), "fact")
    return {
        "disease": disease,
        **{name: value for name, value in given.items() if value is not None},
    }


def _disease(visit: Visit) -> str:
    disease = visit.form["fact.disease"]
    if disease not in visit.desk.library.assessed:
        raise FormError(
            422, "Which disease?", "Choose one of the diseases that patients are assessed for."
        )
    return disease


@lru_cache(maxsize=16)
def _by_weight(opened: desk.Desk, disease: str) -> tuple[desk.FactDefinition, ...]:
    """Return the facts that a disease asks, those first that keep most rules open."""
    asked = {fact.name: fact for fact in opened.asked(disease) if fact.name != "disease"}
    missing = opened.assess({"disease": disease}).missing
    ranked = dict.fromkeys(each.fact for each in missing if each.fact in asked)
    return tuple(asked[name] for name in {**ranked, **dict.fromkeys(asked)})


def _results(opened: desk.Desk, result: desk.Assessment | None) -> dict[str, Any]:
    """Sort the results as they are read: strata by scheme, options by what can be said of them."""
    if result is None:
        return {"result": None}
    facts = opened.library.facts
    schemes = dict.fromkeys(stratum.scheme for stratum in result.strata)
    missing = [(m, _decided(opened.library, m.would_change)) for m in result.missing]
    may = [c for c in result.cautions if c.text.startswith(desk.MAY_APPLY)]
    return {
        "result": result,
        "parts_": _parts(result),
        "hold": [c for c in result.cautions if c not in may],
        "may": may,
        "schemes": {s: [x for x in result.strata if x.scheme == s] for s in schemes},
        "options": [(group, title, _options(result, group)) for group, title, _ in GROUPS],
        "shown": [o for o in result.outlook if o.estimate is not None],
        "waiting": [o for o in result.outlook if o.estimate is None],
        "missing": missing,
        "in_place": [
            (field, decided)
            for each, decided in missing[:ASKED_IN_PLACE]
            for field in fields_of([facts[each.fact]], {})
        ],
    }


def _parts(result: desk.Assessment) -> dict[str, list[tuple[str, str]]]:
    """Return the parts of the results by name, each as targets of links with what these say.

    How many there are of each tells where to look first; a part that is empty is left away.
    """
    held = sum(stratum.truth == "met" for stratum in result.strata)
    figures = sum(outlook.estimate is not None for outlook in result.outlook)
    may = sum(caution.text.startswith(desk.MAY_APPLY) for caution in result.cautions)
    options = [(f"options-{g}", len(_options(result, g)), f" {says}") for g, _, says in GROUPS]
    counted = {
        "Missing facts": [("missing", len(result.missing), "")],
        "Strata": [("strata", len(result.strata), f", {held} hold")],
        "Options": options,
        "Outlook": [("outlook", len(result.outlook), f" figures, {figures} shown")],
        "Cautions": [("cautions", len(result.cautions) - may, " hold"),
                     ("cautions-open", may, " may apply")],
        "References": [("references", len(result.references), "")],
    }  # fmt: skip
    listed = {
        name: [(target, f"{count}{says}") for target, count, says in links if count]
        for name, links in counted.items()
    }
    return {name: links for name, links in listed.items() if links}


def _options(result: desk.Assessment, group: str) -> list[desk.OptionResult]:
    """Return the options of a group; one to avoid that holds is advised against."""
    if group == "avoid":
        return [o for o in result.options if o.role == "avoid" and o.verdict == "eligible"]
    return [
        o for o in result.options
        if o.verdict == group and not (group == "eligible" and o.role == "avoid")
    ]  # fmt: skip


def _decided(library: desk.Library, rules: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Return what a fact would decide, by sort of rule (one, several), each by its label."""
    found: dict[tuple[str, str], list[str]] = {sort: [] for sort in SORTS}
    strata, options, figures, cautions = found.values()
    for id_ in rules:
        match library.rules.get(id_):
            case desk.Stratum(label=label, scheme=scheme):
                strata.append(f"{scheme}: {label}")
            case desk.Option(label=label):
                options.append(label)
            case desk.Outlook(statement=statement):
                figures.append(library.statements[statement].population)
            case desk.Caution(text=text):
                cautions.append(text)
            case _:
                continue
    return {sort: list(dict.fromkeys(labels)) for sort, labels in found.items() if labels}
