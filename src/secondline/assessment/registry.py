"""A registry table to facts in columns: a patient is read there as `patient` reads one, in SQL.

Each step is a SELECT over the step before: cells by the kind of their fact, treatments by their
names, derived and implied facts, durations from dates, contradictions masked. A test holds the
result against `read_record`, cell by cell.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from secondline.assessment.columns import (
    COMPLETE,
    FROM,
    TO,
    CellReader,
    Columns,
    ColumnType,
    ReadColumn,
    first_day,
    last_day,
    list_key,
)
from secondline.assessment.patient import DURATIONS, names_of_treatments
from secondline.criteria.search import OpenParts, can_be
from secondline.criteria.sql import highest, identifier, including, lowest, program
from secondline.criteria.tree import Contains, Criterion, facts_in, walk
from secondline.criteria.vocabulary import suggestion
from secondline.domain.facts import FactDefinition, Patient
from secondline.domain.truth import MET, Truth
from secondline.library.library import Library


@dataclass(frozen=True, slots=True)
class Registry:
    """How a table is read.

    Attributes:
        columns: the columns that hold facts.
        absent: facts that no column holds or lets derive; they are unknown for everybody.
        ignored: columns that are no fact, each with "; did you mean x?" or nothing.
        ranged: number facts that stand in two columns, `lowest` and `highest`.
        names: the columns that the last step gives.
        lists: columns of lists, each with the query that reads its distinct ones.
        steps: the SELECTs, each over the one before.
    """

    columns: tuple[ReadColumn, ...]
    absent: tuple[str, ...]
    ignored: Mapping[str, str]
    ranged: frozenset[str]
    names: tuple[str, ...]
    lists: Mapping[str, str]
    steps: tuple[str, ...]

    def read_from(self, table: str) -> str:
        """Write the table with what its lists hold, each distinct list read once."""
        joined = table
        for number, (column, lists) in enumerate(self.lists.items()):
            key = list_key(column.strip('"'))
            read = f"({lists.replace('{table}', table)}) AS l"
            joined = (
                f"(SELECT t.*, l.* FROM (SELECT * FROM {joined}) AS t"
                f" LEFT JOIN {read} ON t.{column} = l.{key})"
                f" AS with_lists_{number}"
            )
        return joined

    def over(self, table: str) -> str:
        """Write the query of all facts, with the column `patient` as it is in the table."""
        query = self.read_from(table)
        for step in self.steps:
            source = f"({query}) AS step" if query.startswith("SELECT") else query
            query = step.replace("{table}", source)
        return query


def read_table(
    types: Mapping[str, ColumnType],
    library: Library,
    *,
    patient: str | None = None,
    disease: str | None = None,
) -> Registry:
    """Plan how a table is read.

    Args:
        types: the headings of the table and what their columns hold.
        library: its vocabulary, treatments and contradictions.
        patient: the column that names the patients; None when the table has none.
        disease: of the patients that are looked at; None for those of all diseases.
    """
    return _Reader(types, library, patient, disease).registry()


class _Reader:
    """Writes the steps of one table. Columns of facts have the names that `program` expects."""

    def __init__(
        self,
        types: Mapping[str, ColumnType],
        library: Library,
        patient: str | None,
        disease: str | None,
    ) -> None:
        self.types = types
        self.library = library
        self.facts = library.facts
        self.disease = disease
        self.patient = identifier(patient) if patient else "CAST(NULL AS VARCHAR)"
        self.steps: list[str] = []
        self.columns: dict[str, str] = {}
        self.masks: dict[str, list[str]] = {}
        self.dated = {
            name: (start, end)
            for name, (start, end) in DURATIONS.items()
            if start in types and end in types
        }
        self.ranged = frozenset(
            fact.name
            for fact in self.facts.values()
            if fact.kind == "number"
            and (fact.name in self.dated or {fact.name + FROM, fact.name + TO} <= set(types))
        )
        self.recorded = self._recorded()
        self.never = self._contradicting()
        self.codes = self._asked_codes()
        self.cells = CellReader(types, self.ranged, names_of_treatments(library))

    def registry(self) -> Registry:
        self._cells()
        self._derived()
        self._implied()
        self._durations()
        self._masked()
        named = {
            name
            for fact in self.cells.used
            for name in (fact, fact + FROM, fact + TO, fact + COMPLETE)
        }
        return Registry(
            columns=tuple(self.cells.read),
            absent=tuple(name for name in self.facts if name not in self.recorded),
            ignored={
                name: suggestion(name, self.facts)
                for name in self.types
                if name not in named and identifier(name) != self.patient
            },
            ranged=self.ranged,
            names=tuple(self.columns),
            lists=dict(self.cells.lists),
            steps=tuple(self.steps),
        )

    def _recorded(self) -> frozenset[str]:
        """Return the facts that a column holds, or that follow from one."""
        held = {
            fact.name
            for fact in self.facts.values()
            if fact.name in self.types or {fact.name + FROM, fact.name + TO} <= set(self.types)
        }
        for fact in self.facts.values():
            if fact.derived_from and fact.derived_from[0] in held:
                held.add(fact.name)
            if fact.name in held:
                held.update(fact.implies)
            if held.intersection(fact.implies):
                held.add(fact.name)
        return frozenset(held | set(self.dated))

    def _asked_codes(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for every set, the codes that a rule or a derived fact asks for."""
        library = self.library
        rules = library.rules_of(self.disease) if self.disease else library.rules.values()
        asked: dict[str, dict[str, None]] = {}
        for criterion in (*(library.decisions[r.id] for r in rules), *self.never.values()):
            for _, leaf in walk(criterion):
                if isinstance(leaf, Contains):
                    asked.setdefault(leaf.fact, {})[leaf.code] = None
        for fact in self.facts.values():
            if fact.derived_from:
                asked.setdefault(fact.derived_from[0], {}).update(
                    dict.fromkeys(fact.derived_from[1])
                )
        return {name: tuple(codes) for name, codes in asked.items()}

    def _contradicting(self) -> Mapping[str, Criterion]:
        """Return the contradictions that patients of the table can have.

        One that asks for a fact that nothing records, or for another disease, cannot arise.
        """
        known = OpenParts(Patient({"disease": self.disease} if self.disease else {}))
        found = {}
        for rule in self.library.contradictions.values():
            if rule.never:
                rest = known.of(self.library.criteria[rule.id])
                if not isinstance(rest, Truth) and can_be(MET, rest, self.recorded):
                    found[rule.id] = rest
        return found

    def _step(self, columns: Columns) -> None:
        """Add a step: all columns as they are, but for those given."""
        self.columns = {**{name: name for name in self.columns}, **columns}
        listed = ", ".join(f"{sql} AS {name}" for name, sql in self.columns.items())
        self.steps.append(f"SELECT {listed} FROM {{table}}")

    # Cells

    def _cells(self) -> None:
        """Read every column, its cells by the kind of its fact."""
        columns: dict[str, str] = {"patient": self.patient}
        for fact in self.facts.values():
            match fact.kind:
                case "number":
                    columns.update(self.cells.numbers(fact))
                case "set":
                    columns.update(self.cells.listed(fact, self.codes.get(fact.name, ())))
                case "date":
                    columns.update(self.cells.days(fact))
                case _:
                    columns[identifier(fact.name)] = self.cells.scalar(fact, fact.name)
        self._step(columns)

    # What follows from the cells

    def _derived(self) -> None:
        """Add facts that follow from lists; where both are given and differ, neither is kept."""
        columns = {}
        for fact in self.facts.values():
            if not fact.derived_from:
                continue
            source, codes = fact.derived_from
            derived = "(" + " OR ".join(including(source, code) for code in codes) + ")"
            stated = identifier(fact.name)
            if fact.name not in self.types:
                columns[stated] = derived
                continue
            columns[stated] = f"COALESCE({stated}, {derived})"
            columns[_differs(fact.name)] = f"COALESCE({stated} <> {derived}, FALSE)"
            self.masks.setdefault(fact.name, []).append(_differs(fact.name))
        self._step(columns)

    def _implied(self) -> None:
        for fact in self.facts.values():
            for implied in fact.implies:
                one, other = identifier(fact.name), identifier(implied)
                self._step({other: f"COALESCE({other}, CASE WHEN {one} THEN TRUE END)"})
                self._step({one: f"COALESCE({one}, CASE WHEN NOT {other} THEN FALSE END)"})

    def _durations(self) -> None:
        """Compute durations from dates where none is given; where both disagree, keep neither."""
        if not self.dated:
            return
        computed, columns = {}, {}
        for name, (start, end) in self.dated.items():
            fewest, most = identifier(f"{name} fewest"), identifier(f"{name} most")
            computed[fewest] = _months(last_day(start), first_day(end))
            computed[most] = _months(first_day(start), last_day(end))
            low, high = lowest(name), highest(name)
            columns[low] = f"COALESCE({low}, {fewest})"
            columns[high] = f"COALESCE({high}, {most})"
            columns[_differs(name)] = (
                f"COALESCE(NOT ({low} < {most} + 1 AND {high} > {fewest} - 1), FALSE)"
            )
            self.masks.setdefault(name, []).append(_differs(name))
        self._step(computed)
        self._step(columns)

    def _masked(self) -> None:
        """Take away the facts that contradict each other."""
        compiled = program(self.never.values(), self.facts, ranged=self.ranged)
        for rule in self.library.contradictions.values():
            if rule.order and set(rule.order) <= self.recorded:
                shorter, longer = rule.order
                condition = f"({self._low(shorter)} > {self._high(longer)})"
                named: Iterable[str] = rule.order
            elif rule.id in self.never:
                condition = compiled.column_of[self.never[rule.id]]
                asked = facts_in(self.library.criteria[rule.id])
                named = rule.masks or (fact for fact in asked if fact != "disease")
            else:
                continue
            for name in named:
                self.masks.setdefault(name, []).append(condition)
        self.steps.append(compiled.over("{table}"))
        columns = {}
        for fact in self.facts.values():
            if conditions := self.masks.get(fact.name):
                for column in self._columns_of(fact):
                    columns[column] = (
                        f"CASE WHEN {' OR '.join(conditions)} THEN NULL ELSE {column} END"
                    )
        kept = {"patient", *(c for fact in self.facts.values() for c in self._columns_of(fact))}
        self.columns = {name: name for name in self.columns if name in kept}
        self._step(columns)

    def _low(self, fact: str) -> str:
        return lowest(fact) if fact in self.ranged else identifier(fact)

    def _high(self, fact: str) -> str:
        return highest(fact) if fact in self.ranged else identifier(fact)

    def _columns_of(self, fact: FactDefinition) -> Iterator[str]:
        """Yield the columns of a fact that criteria read."""
        if fact.name in self.ranged:
            yield lowest(fact.name)
            yield highest(fact.name)
        elif fact.kind != "date":
            yield identifier(fact.name)
            for code in self.codes.get(fact.name, ()):
                yield including(fact.name, code)


def _differs(fact: str) -> str:
    return identifier(f"{fact} differs")


def _months(start: str, end: str) -> str:
    """Count calendar months between two days as `dates.calendar_months` does for one patient.

    The month of the end may lack the day of the start; its own last day then counts for it.
    """
    months = f"((YEAR({end}) - YEAR({start})) * 12 + MONTH({end}) - MONTH({start}))"
    length = f"DAY(LAST_DAY({end}))"
    before = f"DAY(DATE_TRUNC('month', {end}) - INTERVAL 1 DAY)"
    after = f"DAY(LAST_DAY(LAST_DAY({end}) + INTERVAL 1 DAY))"
    day, meets = f"DAY({end})", f"LEAST(DAY({start}), {length})"
    exact = f"{months} + ROUND(({day} - {meets}) / 31.0, 2)"
    short = f"{months} - 1 + ROUND(({day} + {before} - LEAST(DAY({start}), {before})) / 31.0, 2)"
    over = f"{months} + 1 - ROUND(({length} - {day} + LEAST(DAY({start}), {after})) / 31.0, 2)"
    return (
        f"CAST(CASE WHEN {end} >= {start} AND {meets} > {day} THEN {short}"
        f" WHEN {end} < {start} AND {meets} < {day} THEN {over} ELSE {exact} END AS DOUBLE)"
    )
