"""The columns of a registry table: how each cell is read by the kind of its fact, as SQL.

What `values` does for one given value is done here for a column: a cell that holds something else
than its fact may be is NULL, and is counted and shown in the report.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from secondline.assessment.values import LARGEST, YES_NO
from secondline.criteria.sql import highest, identifier, including, lowest, text
from secondline.domain.facts import FactDefinition, Reason

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
    "code": "CAST(NULL AS INT)",
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


class CellReader:
    """Writes how the columns of one table are read, and keeps which it read.

    Attributes:
        read: the columns that hold facts.
        used: the facts that they hold.
        lists: for each column of lists, the query of its distinct ones over `{table}`.
    """

    def __init__(
        self,
        types: Mapping[str, ColumnType],
        ranged: frozenset[str],
        treatments: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Begin with nothing read.

        Args:
            types: the headings of the table and what their columns hold.
            ranged: number facts that stand in two columns.
            treatments: every name of a treatment, and the codes that it means.
        """
        self.types = types
        self.ranged = ranged
        self.treatments = treatments
        self.read: list[ReadColumn] = []
        self.lists: dict[str, str] = {}
        self.used: set[str] = set()

    def scalar(self, fact: FactDefinition, column: str) -> str:
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
                    texts(w for w, v in YES_NO.items() if v is truth) for truth in (True, False)
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
                cases = (f"WHEN {text(code)} THEN {n}" for n, code in enumerate(fact.codes))
                sql = f"CASE {word} {' '.join(cases)} END"
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
            recorded += f" AND LOWER(TRIM({cell})) NOT IN ({texts(UNRECORDED)})"
        shown = f"CAST({cell} AS VARCHAR)"
        self.read.append(ReadColumn(column, expected(fact), f"({recorded} AND ({unread}))", shown))

    def numbers(self, fact: FactDefinition) -> Columns:
        """Read a number, or the two ends between which it lies."""
        name = fact.name
        number = self.scalar(fact, name)
        if name not in self.ranged:
            return {identifier(name): number}
        low, high = (self.scalar(fact, name + end) for end in (FROM, TO))
        ordered = f"{low} <= {high}"
        return {
            lowest(name): f"COALESCE({number}, CASE WHEN {ordered} THEN {low} END)",
            highest(name): f"COALESCE({number}, CASE WHEN {ordered} THEN {high} END)",
        }

    def listed(self, fact: FactDefinition, codes: Iterable[str]) -> Columns:
        """Say for each code that is asked whether a list holds it; NULL while the list is open.

        A registry repeats its lists: each distinct one is read once, in a table of its own.
        """
        name, codes = fact.name, tuple(codes)
        recorded, sql = identifier(f"{name} recorded"), NULL["bool"]
        if name not in self.types:
            return {identifier(name): sql, **{including(name, code): sql for code in codes}}
        self.lists[identifier(name)] = self._lists(fact, codes)
        self._reading(fact, name, identifier(f"{name} unread"))
        columns = {identifier(name): recorded}
        for code in codes:
            sql = held(name, code)
            if name + COMPLETE in self.types:
                complete = FactDefinition(name, "bool", f"{fact.label}, complete")
                flag = self.scalar(complete, name + COMPLETE)
                sql = f"CASE WHEN {sql} OR COALESCE({flag}, FALSE) THEN {sql} END"
            columns[including(name, code)] = sql
        return columns

    def _lists(self, fact: FactDefinition, codes: Iterable[str]) -> str:
        """Write the table of the distinct lists of a column: what each holds, and if it is read."""
        cell, key, array = identifier(fact.name), list_key(fact.name), identifier("items")
        listed = self._split(fact.name)
        spelled = f"LIST_TRANSFORM({listed}, LAMBDA x: REPLACE(LOWER(TRIM(x)), ' ', '-'))"
        known = texts(fact.codes or self.treatments)
        strange = f"ARRAY_LENGTH(LIST_FILTER({array}, LAMBDA x: x NOT IN ({known}))) > 0"
        names = {code: [code] for code in codes}
        if not fact.codes:
            for name, meant in self.treatments.items():
                for code in meant:
                    names.get(code, []).append(name)
        read = f"{array} IS NOT NULL" + (" AND NOT strange" if fact.codes else "")
        columns = [
            f"{key}",
            f"CASE WHEN {read} THEN TRUE END AS {identifier(f'{fact.name} recorded')}",
        ]
        columns.append(f"({array} IS NULL OR strange) AS {identifier(f'{fact.name} unread')}")
        for code, spellings in names.items():
            holds = " OR ".join(
                f"LIST_CONTAINS({array}, {text(name)})" for name in dict.fromkeys(spellings)
            )
            columns.append(
                f"CASE WHEN NOT ({read}) THEN NULL WHEN {holds} THEN TRUE"
                f" WHEN strange THEN NULL ELSE FALSE END AS {held(fact.name, code)}"
            )
        distinct = f"SELECT DISTINCT {cell} AS {key} FROM {{table}} WHERE {cell} IS NOT NULL"
        spelled = spelled.replace(cell, key)
        arrays = f"SELECT {key}, {spelled} AS {array} FROM ({distinct}) AS lists"
        judged = f"SELECT *, COALESCE({strange}, FALSE) AS strange FROM ({arrays}) AS arrays"
        return f"SELECT {', '.join(columns)} FROM ({judged}) AS judged"

    def _split(self, name: str) -> str:
        """Split the cell of a list into its items; NULL where nothing is recorded."""
        cell = identifier(name)
        if self.types[name] == "list":
            return cell
        if self.types[name] != "text":
            return "CAST(NULL AS VARCHAR[])"
        word = f"LOWER(TRIM({cell}))"
        split = word
        for separator in SEPARATORS[1:]:
            split = f"REPLACE({split}, {text(separator)}, {text(SEPARATORS[0])})"
        return (
            f"CASE WHEN {word} IN ({texts(UNRECORDED)}) THEN NULL"
            f" WHEN {word} IN ({texts(NONE_GIVEN)}) THEN CAST([] AS VARCHAR[])"
            f" ELSE STRING_SPLIT({split}, {text(SEPARATORS[0])}) END"
        )

    def days(self, fact: FactDefinition) -> Columns:
        """Read a full or partial date into the first and the last day that it may mean."""
        first, last = first_day(fact.name), last_day(fact.name)
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


def list_key(fact: str) -> str:
    """Name the column of a distinct list, as it stands in the table."""
    return identifier(f"{fact} key")


def held(fact: str, code: str) -> str:
    """Name the column that says whether a distinct list holds a code."""
    return identifier(f"{fact} holds {code}")


def first_day(fact: str) -> str:
    """Name the column of the first day that a date may mean."""
    return identifier(f"{fact} first day")


def last_day(fact: str) -> str:
    """Name the column of the last day that a date may mean."""
    return identifier(f"{fact} last day")


def texts(words: Iterable[str]) -> str:
    """Quote words as a list of strings."""
    return ", ".join(map(text, words))


def _matches(word: str, pattern: str) -> str:
    return f"REGEXP_MATCHES({word}, {text(pattern)})"


def _within(number: str, fact: FactDefinition) -> str:
    """Keep a number that a patient can have."""
    low = -LARGEST if fact.low is None else fact.low
    high = LARGEST if fact.high is None else fact.high
    return f"CASE WHEN {number} >= {low!r} AND {number} <= {high!r} THEN {number} END"
