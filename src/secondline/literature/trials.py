"""Records of ClinicalTrials.gov (API version 2) to documents, their results as tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from secondline.literature.dates import printed_date
from secondline.literature.grids import Grid, filled
from secondline.literature.identifiers import pmid
from secondline.literature.json_objects import Fields
from secondline.literature.records import (
    Author,
    Cell,
    Cited,
    Document,
    Link,
    RecordError,
    Section,
    Table,
)

NUMBER = re.compile(r"NCT\d{8}")
# A study begins with one of its sections, which stand nowhere else.
BEGINS = re.compile(
    rb"\{\s{0,64}\"(?:(?:protocol|results|annotation|document|derived)Section|hasResults)\""
)


def read(record: dict[str, Any]) -> Document:
    """Return the document of a study.

    Raises:
        RecordError: it has no NCT number, or a value of another kind.
    """
    study = Fields(record)
    protocol = study.part("protocolSection")
    identity = protocol.part("identificationModule")
    number = identity.text("nctId")
    if not NUMBER.fullmatch(number):
        raise RecordError(
            f"its NCT number is {number[:20]!r}" if number else "it has no NCT number"
        )
    status = protocol.part("statusModule")
    design = protocol.part("designModule")
    results = study.part("resultsSection")
    tables = tuple(_tables(results))
    description = protocol.part("descriptionModule")
    summary = description.lines("briefSummary")
    references = protocol.part("referencesModule").parts("references")
    return Document(
        id=f"nct:{number}",
        kind="registry record",
        registration=tuple(dict.fromkeys((number, *_other_numbers(identity)))),
        status=status.text("overallStatus") or None,
        title=identity.text("officialTitle") or identity.text("briefTitle"),
        abstract=(Section(heading=("Brief summary",), text=summary),) if summary else (),
        authors=tuple(_authors(protocol)),
        journal="ClinicalTrials.gov",
        date=printed_date(status.part("startDateStruct").text("date")),
        publication_types=tuple(filter(None, (design.text("studyType"),))),
        keywords=protocol.part("conditionsModule").texts("keywords"),
        conditions=protocol.part("conditionsModule").texts("conditions"),
        interventions=tuple(
            each.text("name")
            for each in protocol.part("armsInterventionsModule").parts("interventions")
        ),
        phases=design.texts("phases"),
        links=tuple(
            Link(relation="associated with", pmid=each.text("pmid"), printed=each.text("citation"))
            for each in references
            if each.text("type") in {"RESULT", "DERIVED"} and pmid(each.text("pmid"))
        ),
        references=tuple(
            Cited(
                text=each.text("citation"),
                pmid=pmid(each.text("pmid")),
            )
            for each in references
        ),
        body=tuple(_sections(protocol, identity, status, description)),
        tables=tables,
        url=f"https://clinicaltrials.gov/study/{number}",
        oddities=tuple(_oddities(study, results)),
    )


def _other_numbers(identity: Fields) -> Iterator[str]:
    numbers = (
        identity.part("orgStudyIdInfo").text("id"),
        *(each.text("id") for each in identity.parts("secondaryIdInfos")),
        *identity.texts("nctIdAliases"),
    )
    return filter(None, numbers)


def _authors(protocol: Fields) -> Iterator[Author]:
    sponsors = protocol.part("sponsorCollaboratorsModule")
    for each in (sponsors.part("leadSponsor"), *sponsors.parts("collaborators")):
        if name := each.text("name"):
            yield Author(collective=name)


def _sections(
    protocol: Fields, identity: Fields, status: Fields, description: Fields
) -> Iterator[Section]:
    design = protocol.part("designModule")
    arms = protocol.part("armsInterventionsModule")
    outcomes = protocol.part("outcomesModule")
    eligibility = protocol.part("eligibilityModule")
    titled = (
        ("Brief title", identity.text("briefTitle") if identity.text("officialTitle") else ""),
        ("Why stopped", status.text("whyStopped")),
        ("Detailed description", description.lines("detailedDescription")),
        ("Enrollment", " ".join(_enrollment(design.part("enrollmentInfo")))),
        ("Arms", _listed(arms.parts("armGroups"), "label", "type", "description")),
        ("Interventions", _listed(arms.parts("interventions"), "type", "name", "description")),
        ("Primary outcomes", _outcomes(outcomes, "primaryOutcomes")),
        ("Secondary outcomes", _outcomes(outcomes, "secondaryOutcomes")),
        ("Other outcomes", _outcomes(outcomes, "otherOutcomes")),
        ("Eligibility", eligibility.lines("eligibilityCriteria")),
        ("Ages", " to ".join(_filled(eligibility, "minimumAge", "maximumAge"))),
    )
    for title, text in titled:
        if text:
            yield Section(heading=(title,), text=text)


def _filled(fields: Fields, *keys: str) -> tuple[str, ...]:
    return tuple(filter(None, map(fields.text, keys)))


def _enrollment(info: Fields) -> tuple[str, ...]:
    return _filled(info, "count", "type")


def _listed(parts: Sequence[Fields], *keys: str) -> str:
    return "\n".join(": ".join(_filled(each, *keys)) for each in parts)


def _outcomes(module: Fields, key: str) -> str:
    return _listed(module.parts(key), "measure", "description", "timeFrame")


def _oddities(study: Fields, results: Fields) -> Iterator[str]:
    units = [
        each.text("unitOfMeasure").lower()
        for each in results.part("outcomeMeasuresModule").parts("outcomeMeasures")
    ]
    percent = any("percent" in unit or "%" in unit for unit in units)
    if percent and any("proportion" in unit for unit in units):
        yield "outcomes are given as percentages and as proportions; read the unit of each table"
    if not study.part("protocolSection").part("statusModule").text("overallStatus"):
        yield "it has no status"


def _tables(results: Fields) -> Iterator[Table]:
    yield from _flow(results.part("participantFlowModule"))
    baseline = results.part("baselineCharacteristicsModule")
    for measure in baseline.parts("measures"):
        yield _measure("Baseline", measure, baseline.parts("groups"), baseline.parts("denoms"))
    for outcome in results.part("outcomeMeasuresModule").parts("outcomeMeasures"):
        label = f"{outcome.text('type').capitalize()} outcome".strip()
        yield _measure(label, outcome, outcome.parts("groups"), outcome.parts("denoms"))
    yield from _adverse_events(results.part("adverseEventsModule"))


def _measure(
    label: str, measure: Fields, groups: Sequence[Fields], denominators: Sequence[Fields]
) -> Table:
    """Write a measure: a column for each group, its denominators above its values."""
    names = [group.text("id") for group in groups]
    rows = [_header(groups)]
    for each in (*denominators, *measure.parts("denoms")) if label == "Baseline" else denominators:
        counts = {count.text("groupId"): count.text("value") for count in each.parts("counts")}
        rows.append(_row(f"{each.text('units')} analyzed", (counts.get(n, "") for n in names)))
    for each in measure.parts("classes"):
        for category in each.parts("categories"):
            values = {one.text("groupId"): _value(one) for one in category.parts("measurements")}
            title = ": ".join(filter(None, (each.text("title"), category.text("title"))))
            rows.append(_row(title, (values.get(name, "") for name in names)))
    details = _filled(measure, "unitOfMeasure", "paramType", "dispersionType", "timeFrame")
    return Table(
        label=label,
        caption="; ".join(filter(None, (measure.text("title"), *details))),
        heading=("Results",),
        rows=filled(rows),
        notes=" ".join(
            (*_filled(measure, "description", "populationDescription"), *_analyses(measure))
        ),
        unreadable=None if len(rows) > 1 else "table not readable: no values are posted",
    )


def _value(measurement: Fields) -> str:
    """Write a value with its spread or limits, all as printed."""
    value = measurement.text("value")
    if spread := measurement.text("spread"):
        value += f" (± {spread})"
    low, high = measurement.text("lowerLimit"), measurement.text("upperLimit")
    if low or high:
        value += f" ({low or 'not given'} to {high or 'not given'})"
    if comment := measurement.text("comment"):
        value += f" [{comment}]"
    return value


def _analyses(measure: Fields) -> Iterator[str]:
    for each in measure.parts("analyses"):
        limits = " to ".join(_filled(each, "ciLowerLimit", "ciUpperLimit"))
        told = (
            ("", each.text("groupDescription")),
            ("", each.text("statisticalMethod")),
            ("P", each.text("pValue")),
            (each.text("paramType"), each.text("paramValue")),
            (f"{each.text('ciPctValue')} per cent interval", limits),
            ("", each.text("statisticalComment")),
        )
        yield "; ".join(f"{name} {value}".strip() for name, value in told if value)


def _header(groups: Iterable[Fields]) -> tuple[Cell, ...]:
    return (
        Cell(text="", header=True),
        *(Cell(text=group.text("title") or group.text("id"), header=True) for group in groups),
    )


def _row(title: str, values: Iterable[str]) -> tuple[Cell, ...]:
    return (Cell(text=title, header=True), *(Cell(text=value) for value in values))


def _flow(module: Fields) -> Iterator[Table]:
    groups = module.parts("groups")
    names = [group.text("id") for group in groups]
    for period in module.parts("periods"):
        rows = [_header(groups)]
        for key, inside in (("milestones", "achievements"), ("dropWithdraws", "reasons")):
            for each in period.parts(key):
                counts = {
                    one.text("groupId"): one.text("numSubjects") or one.text("comment")
                    for one in each.parts(inside)
                }
                rows.append(_row(each.text("type"), (counts.get(name, "") for name in names)))
        yield Table(
            label="Participant flow",
            caption=period.text("title"),
            heading=("Results",),
            rows=filled(rows),
        )


def _adverse_events(module: Fields) -> Iterator[Table]:
    groups = module.parts("eventGroups")
    for key, label in (("seriousEvents", "Serious"), ("otherEvents", "Other")):
        events = module.parts(key)
        if events:
            yield Table(
                label=f"{label} adverse events",
                caption="; ".join(_filled(module, "timeFrame", "description")),
                heading=("Results",),
                rows=_event_grid(groups, events),
            )


def _event_grid(groups: Sequence[Fields], events: Sequence[Fields]) -> Grid:
    """Write events as affected of those at risk, a column for each group."""
    names = [group.text("id") for group in groups]
    rows = [_header(groups)]
    for event in events:
        counts = {
            each.text("groupId"): f"{each.text('numAffected')}/{each.text('numAtRisk')}"
            for each in event.parts("stats")
        }
        title = ", ".join(_filled(event, "term", "organSystem"))
        rows.append(_row(title, (counts.get(name, "") for name in names)))
    return filled(rows)
