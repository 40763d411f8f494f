"""Random patients with gaps and boundary values, as given facts and as rows of a table."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from secondline.assessment.columns import COMPLETE, FROM, TO
from secondline.criteria.cells import cells
from secondline.criteria.tree import Contains, walk
from secondline.domain.facts import FactDefinition
from secondline.library.library import Library

REASONS = ("not-recorded", "asked-none-found", "pending", "conflicting", "masked")
GAPS = (0.0, 0.15, 0.15, 0.4, 0.8)  # how much of a patient is not recorded
DATES = (
    "2018",
    "2019-02",
    "2019-02-28",
    "2020-01-31",
    "2020-02-29",
    "2020-03",
    "2021-12-31",
    "2023",
)


class RandomPatients:
    """Patients of one disease whose numbers lie on, beside and between every threshold."""

    def __init__(self, library: Library, disease: str, seed: int) -> None:
        self.random = random.Random(f"{disease} {seed}")
        self.disease = disease
        criteria = [library.decisions[rule.id] for rule in library.rules_of(disease)]
        criteria += [library.criteria[c.id] for c in library.contradictions.values() if c.never]
        self.facts = [
            fact
            for fact in library.facts.values()
            if fact.name != "disease" and (not fact.diseases or disease in fact.diseases)
        ]
        self.values = {
            fact.name: cells(fact, criteria)
            for fact in self.facts
            if fact.kind in {"number", "bool", "code"}
        }
        self.codes: dict[str, list[str]] = {}
        for criterion in criteria:
            for _, leaf in walk(criterion):
                if isinstance(leaf, Contains):
                    self.codes.setdefault(leaf.fact, []).append(leaf.code)
        for fact in self.facts:
            if fact.derived_from:
                self.codes.setdefault(fact.derived_from[0], []).extend(fact.derived_from[1])
        self.codes["prior_therapies"] += ["vincristine", "Adriamycin", "VIT", "somethingnew"]

    def draw(self, count: int) -> Iterator[dict[str, Any]]:
        """Yield given facts, in the shape of a patient file."""
        for _ in range(count):
            gap = self.random.choice(GAPS)
            patient: dict[str, Any] = {"disease": self.disease}
            for fact in self.facts:
                if self.random.random() < (0.9 if fact.kind == "date" else gap):
                    if self.random.random() < 0.1:
                        patient[fact.name] = {"unknown": self.random.choice(REASONS)}
                    continue
                patient[fact.name] = self._value(fact)
            yield patient

    def _value(self, fact: FactDefinition) -> Any:
        if fact.kind == "date":
            return self.random.choice(DATES)
        if fact.kind == "set":
            codes = list(dict.fromkeys(self.codes.get(fact.name, fact.codes)))
            given = self.random.sample(codes, self.random.randint(0, min(4, len(codes))))
            return {"at_least": given} if self.random.random() < 0.15 else given
        values = self.values[fact.name]
        value = self.random.choice(values)
        if fact.kind == "number" and self.random.random() < 0.15:
            ends = sorted((value, self.random.choice(values)))
            return {"from": ends[0], "to": ends[1]}
        return value


def row(patient: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Write given facts as one row: an interval in two columns, an open list with its flag."""
    cells: dict[str, Any] = {"patient": str(number)}
    for name, value in patient.items():
        match value:
            case {"unknown": _}:
                pass
            case {"from": low, "to": high}:
                cells[name + FROM], cells[name + TO] = low, high
            case {"at_least": codes}:
                cells[name], cells[name + COMPLETE] = codes, False
            case list():
                cells[name], cells[name + COMPLETE] = value, True
            case _:
                cells[name] = value
    return cells
