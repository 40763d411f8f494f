"""A registry table to facts in columns: a patient is read there as `patient` reads one, in SQL.

Each step is a SELECT over the step before: cells by the kind of their fact, treatments by their
names, derived and implied facts, durations from dates, contradictions masked. A test holds the
result against `read_record`, cell by cell.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from secondline.assessment.patient import DURATIONS, names_of_treatments
from secondline.assessment.values import LARGEST, YES_NO
from secondline.criteria.sql import highest, identifier, including, lowest, program, text
from secondline.criteria.tree import Contains, Criterion, facts_in, walk
from secondline.criteria.vocabulary import suggestion
from secondline.domain.facts import FactDefinition, Reason
from secondline.library.library import Library

ColumnType = Literal["text", "number", "bool", "date", "list"]
Columns = Mapping[str, str]  # the name of a column, quoted, and its SQL

UNRECORDED = ("", "unknown", "na", "n/a", "?", *(reason.value for reason in Reason))
NONE_GIVEN = ("[]", "none")  # the cell of a list that was asked for and is empty
NUMBER = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
DATE = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
SEPARATORS = (";", "|", ",")  # of a list in one cell; the first is the one to use
FROM, TO, COMPLETE = "_from", "_to", "_complete"
NULL: Mapping[str, str] = {
    "bool": "CAST(NULL AS BOOLEAN)",
    "number": "CAST(NULL AS DOUBLE)",
    "code": "CAST(NULL AS VARCHAR)",
    "set": "CAST(NULL AS BOOLEAN)",
    "date": "CAST(NULL AS DATE)",
}


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """One column of a table as it is read.

    Attributes:
        name: the heading in the table.
        expected: what its cells may be.
        unread: SQL, true for a cell that holds something that cannot be read.
        shown: SQL of the cell as text.
    """

    name: str
    expected: str
    unread: str
    shown: str


@dataclass(frozen=True, slots=True)
class Registry:
    """How a table is read.

    Attributes:
        columns: the columns that hold facts.
        absent: facts that no column holds or lets derive; they are unknown for everybody.
        ignored: columns that are no fact, each with "; did you mean x?" or nothing.
        ranged: number facts that stand in two columns, `lowest` and `highest`.
        names: the columns that the last step gives.
        steps: the SELECTs, each over the one before.
    """

    columns: tuple[ReadColumn, ...]
    absent: tuple[str, ...]
    ignored: Mapping[str, str]
    ranged: frozenset[str]
    names: tuple[str, ...]
    steps: tuple[str, ...]

    def over(self, table: str) -> str:
        """Write the query of all facts, with the column `patient` as it is in the table."""
        query = table
        for step in self.steps:
            source = f"({query}) AS step" if query.startswith("SELECT") else query
            query = step.format(source)
        return query


def read_table(
    types: Mapping[str, ColumnType], library: Library, *, patient: str | None = None
) -> Registry:
    """Plan how a table is read.

    Args:
        types: the headings of the table and what their columns hold.
        library: its vocabulary, treatments and contradictions.
        patient: the column that names the patients; None when the table has none.
    """
    return _Reader(types, library, patient).registry()


class _Reader:
    """Writes the steps of one table. Columns of facts have the names that `program` expects."""

    def __init__(
        self, types: Mapping[str, ColumnType], library: Library, patient: str | None
    ) -> None:
        self.types = types
        self.library = library
        self.facts = library.facts
        self.patient = identifier(patient) if patient else "CAST(NULL AS VARCHAR)"
        self.read: list[ReadColumn] = []
        self.used: set[str] = set()
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
        self.codes = self._asked_codes()

    def registry(self) -> Registry:
        self._cells()
        self._derived()
        self._implied()
        self._durations()
        self._masked()
        derivable = {
            fact.name
            for fact in self.facts.values()
            if fact.derived_from and fact.derived_from[0] in self.used
        }
        recorded = self.used | derivable | set(self.dated)
        named = {
            name for fact in self.used for name in (fact, fact + FROM, fact + TO, fact + COMPLETE)
        }
        return Registry(
            columns=tuple(self.read),
            absent=tuple(name for name in self.facts if name not in recorded),
            ignored={
                name: suggestion(name, self.facts)
                for name in self.types
                if name not in named and identifier(name) != self.patient
            },
            ranged=self.ranged,
            names=tuple(self.columns),
            steps=tuple(self.steps),
        )

    def _asked_codes(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for every set, the codes that a rule or a derived fact asks for."""
        asked: dict[str, dict[str, None]] = {}
        for criterion in (*self.library.decisions.values(), *self._contradicting().values()):
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
        rules = self.library.contradictions.values()
        return {rule.id: self.library.criteria[rule.id] for rule in rules if rule.never}

    def _step(self, columns: Columns) -> None:
        """Add a step: all columns as they are, but for those given."""
        self.columns = {**{name: name for name in self.columns}, **columns}
        listed = ", ".join(f"{sql} AS {name}" for name, sql in self.columns.items())
        self.steps.append(f"SELECT {listed.replace('{', '{{').replace('}', '}}')} FROM {{}}")

    # Cells

    def _cells(self) -> None:
        """Read every column: first its cells by kind, then what follows from lists."""
        columns: dict[str, str] = {"patient": self.patient}
        lists: dict[str, str] = {}
        for fact in self.facts.values():
            match fact.kind:
                case "number":
                    columns.update(self._numbers(fact))
                case "set":
                    columns.update(self._list(fact))
                    lists.update(self._codes_of(fact))
                case "date":
                    columns.update(self._days(fact))
                case _:
                    columns[identifier(fact.name)] = self._scalar(fact, fact.name)
        self._step(columns)
        self._step(lists)

    def _scalar(self, fact: FactDefinition, column: str) -> str:
        """Read a bool, number or code; NULL where the cell is empty or does not fit."""
        if column not in self.types:
            return NULL[fact.kind]
        cell = identifier(column)
        word = f"TRIM({cell})"
        match fact.kind, self.types[column]:
            case "bool", "bool":
                sql = cell
            case "bool", "text":
                yes, no = (
                    _texts(w for w, v in YES_NO.items() if v is truth) for truth in (True, False)
                )
                sql = (
                    f"CASE WHEN LOWER({word}) IN ({yes}) THEN TRUE"
                    f" WHEN LOWER({word}) IN ({no}) THEN FALSE END"
                )
            case "number", "number":
                sql = _within(f"CAST({cell} AS DOUBLE)", fact)
            case "number", "text":
                number = f"TRY_CAST({word} AS DOUBLE)"
                sql = f"CASE WHEN {_matches(word, NUMBER)} THEN {_within(number, fact)} END"
            case "code", "text":
                sql = f"CASE WHEN {word} IN ({_texts(fact.codes)}) THEN {word} END"
            case _:
                sql = NULL[fact.kind]
        self._reading(fact, column, f"{sql} IS NULL")
        return sql

    def _reading(self, fact: FactDefinition, column: str, unread: str) -> None:
        """Keep a column and the cells that cannot be read: those that hold something."""
        self.used.add(fact.name)
        cell = identifier(column)
        recorded = f"{cell} IS NOT NULL"
        if self.types[column] == "text":
            recorded += f" AND LOWER(TRIM({cell})) NOT IN ({_texts(UNRECORDED)})"
        shown = f"CAST({cell} AS VARCHAR)"
        self.read.append(ReadColumn(column, expected(fact), f"({recorded} AND ({unread}))", shown))

    def _numbers(self, fact: FactDefinition) -> Columns:
        """Read a number, or the two ends between which it lies."""
        name = fact.name
        number = self._scalar(fact, name)
        if name not in self.ranged:
            return {identifier(name): number}
        low, high = (self._scalar(fact, name + end) for end in (FROM, TO))
        ordered = f"{low} <= {high}"
        return {
            lowest(name): f"COALESCE({number}, CASE WHEN {ordered} THEN {low} END)",
            highest(name): f"COALESCE({number}, CASE WHEN {ordered} THEN {high} END)",
        }

    def _list(self, fact: FactDefinition) -> Columns:
        """Read a list of codes into an array, and whether it may hold more than it says."""
        name, items, is_open = fact.name, _items(fact.name), _is_open(fact.name)
        if name not in self.types:
            return {items: "CAST(NULL AS VARCHAR[])", is_open: "FALSE"}
        cell = identifier(name)
        if self.types[name] == "text":
            word = f"LOWER(TRIM({cell}))"
            split = word
            for separator in SEPARATORS[1:]:
                split = f"REPLACE({split}, {text(separator)}, {text(SEPARATORS[0])})"
            listed = (
                f"CASE WHEN {word} IN ({_texts(UNRECORDED)}) THEN NULL"
                f" WHEN {word} IN ({_texts(NONE_GIVEN)}) THEN CAST([] AS VARCHAR[])"
                f" ELSE STRING_SPLIT({split}, {text(SEPARATORS[0])}) END"
            )
        elif self.types[name] == "list":
            listed = cell
        else:
            listed = "CAST(NULL AS VARCHAR[])"
        keys = f"LIST_TRANSFORM({listed}, LAMBDA x: REPLACE(LOWER(TRIM(x)), ' ', '-'))"
        known = fact.codes or tuple(names_of_treatments(self.library))
        strange = f"ARRAY_LENGTH(LIST_FILTER({keys}, LAMBDA x: x NOT IN ({_texts(known)}))) > 0"
        unread = f"{listed} IS NULL OR {strange}"
        self._reading(fact, name, unread)
        more = f"COALESCE({strange}, FALSE)"
        if self.types.get(name + COMPLETE) is not None:
            complete = FactDefinition(name, "bool", f"{fact.label}, complete")
            more = f"({more} OR NOT COALESCE({self._scalar(complete, name + COMPLETE)}, FALSE))"
        if fact.codes:
            return {
                items: f"CASE WHEN NOT COALESCE({strange}, FALSE) THEN {keys} END",
                is_open: more,
            }
        return {items: keys, is_open: more}

    def _codes_of(self, fact: FactDefinition) -> Columns:
        """Say for each code that is asked whether a list holds it; NULL while the list is open."""
        names = {code: [code] for code in self.codes.get(fact.name, ())}
        if not fact.codes:
            for name, codes in names_of_treatments(self.library).items():
                for code in codes:
                    names.get(code, []).append(name)
        items, is_open = _items(fact.name), _is_open(fact.name)
        columns = {identifier(fact.name): f"CASE WHEN {items} IS NOT NULL THEN TRUE END"}
        for code, spellings in names.items():
            held = " OR ".join(
                f"LIST_CONTAINS({items}, {text(name)})" for name in dict.fromkeys(spellings)
            )
            columns[including(fact.name, code)] = (
                f"CASE WHEN {items} IS NULL THEN NULL WHEN {held} THEN TRUE"
                f" WHEN {is_open} THEN NULL ELSE FALSE END"
            )
        return columns

    def _days(self, fact: FactDefinition) -> Columns:
        """Read a full or partial date into the first and the last day that it may mean."""
        first, last = _first(fact.name), _last(fact.name)
        if fact.name not in self.types:
            return {first: NULL["date"], last: NULL["date"]}
        word = f"TRIM(CAST({identifier(fact.name)} AS VARCHAR))"
        if self.types[fact.name] == "date":
            word = f"SUBSTR({word}, 1, 10)"
        whole, fits = f"TRY_CAST({word} AS DATE)", _matches(word, DATE)
        month = f"TRY_CAST(CONCAT({word}, '-01') AS DATE)"
        year, december = (
            f"TRY_CAST(CONCAT({word}, '{day}') AS DATE)" for day in ("-01-01", "-12-31")
        )
        start = f"CASE LENGTH({word}) WHEN 4 THEN {year} WHEN 7 THEN {month} ELSE {whole} END"
        end = (
            f"CASE LENGTH({word}) WHEN 4 THEN {december} WHEN 7 THEN LAST_DAY({month})"
            f" ELSE {whole} END"
        )
        begins = f"CASE WHEN {fits} THEN {start} END"
        self._reading(fact, fact.name, f"{begins} IS NULL")
        return {first: begins, last: f"CASE WHEN {fits} THEN {end} END"}

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
            computed[fewest] = _months(_last(start), _first(end))
            computed[most] = _months(_first(start), _last(end))
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
        criteria = self._contradicting()
        compiled = program(criteria.values(), ranged=self.ranged)
        for rule in self.library.contradictions.values():
            if rule.order:
                shorter, longer = rule.order
                condition = f"({self._low(shorter)} > {self._high(longer)})"
                named: Iterable[str] = rule.order
            else:
                criterion = self.library.criteria[rule.id]
                condition = compiled.column_of[criterion]
                named = rule.masks or (f for f in facts_in(criterion) if f != "disease")
            for name in named:
                self.masks.setdefault(name, []).append(condition)
        self.steps.append(compiled.over("{}"))
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


def expected(fact: FactDefinition) -> str:
    """Say what a cell of a fact may be."""
    match fact.kind:
        case "bool":
            return "yes or no"
        case "number":
            unit = f" {fact.unit}" if fact.unit else ""
            return f"a number from {fact.low:g} to {fact.high:g}{unit}"
        case "code":
            return " | ".join(fact.codes)
        case "set":
            codes = " | ".join(fact.codes) or "names of treatments"
            return f"a list separated by {SEPARATORS[0]} of {codes}; [] for none"
        case _:
            return "a date: 2024, 2024-05 or 2024-05-17"


def _items(fact: str) -> str:
    return identifier(f"{fact} items")


def _is_open(fact: str) -> str:
    return identifier(f"{fact} open")


def _first(fact: str) -> str:
    return identifier(f"{fact} first day")


def _last(fact: str) -> str:
    return identifier(f"{fact} last day")


def _differs(fact: str) -> str:
    return identifier(f"{fact} differs")


def _texts(words: Iterable[str]) -> str:
    return ", ".join(map(text, words))


def _matches(word: str, pattern: str) -> str:
    return f"REGEXP_MATCHES({word}, {text(pattern)})"


def _within(number: str, fact: FactDefinition) -> str:
    """Keep a number that a patient can have."""
    low = -LARGEST if fact.low is None else fact.low
    high = LARGEST if fact.high is None else fact.high
    return f"CASE WHEN {number} >= {low!r} AND {number} <= {high!r} THEN {number} END"


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
