"""Criteria over rows: DuckDB SQL in which TRUE, FALSE and NULL are met, not met and unknown.

SQL's AND, OR and NOT over NULL are the strong Kleene tables, so most nodes are one operator. Where
SQL would decide an unknown, the node says so: `x AND NULL` is false when x is, and otherwise open.
A node that several rules share is one column, computed once; a layer only reads layers before it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from secondline.criteria.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    AtLeast,
    Compared,
    Contains,
    Criterion,
    Holds,
    Known,
    Literal,
    Member,
    Negated,
    Undecided,
    children_of,
)
from secondline.domain.facts import FactDefinition

OPEN = "CAST(NULL AS BOOLEAN)"
SQL_OPERATORS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def identifier(name: str) -> str:
    """Quote a column name."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Quote a string."""
    return "'" + value.replace("'", "''") + "'"


def lowest(fact: str) -> str:
    """Name the column of the least value that a number known within an interval may have."""
    return identifier(f"{fact} from")


def highest(fact: str) -> str:
    """Name the column of the greatest value that a number known within an interval may have."""
    return identifier(f"{fact} to")


def including(fact: str, code: str) -> str:
    """Name the column that says whether a set holds a code; NULL while the list is open."""
    return identifier(f"{fact} {code}")


@dataclass(frozen=True, slots=True)
class Program:
    """Criteria as columns.

    Attributes:
        layers: columns as (name, SQL), each layer reading only those before it.
        column_of: the column of every criterion and of every node below it.
        open_of: for every fact, the column that says whether it keeps a criterion open.
    """

    layers: tuple[tuple[tuple[str, str], ...], ...]
    column_of: Mapping[Criterion, str]
    open_of: Mapping[str, str]

    def over(self, table: str) -> str:
        """Write the query that adds all columns to those of a table or subquery."""
        query = f"SELECT * FROM {table}"
        for layer in self.layers:
            added = ", ".join(f"{sql} AS {name}" for name, sql in layer)
            query = f"SELECT *, {added} FROM ({query}) AS nodes"
        return query


def program(
    criteria: Iterable[Criterion],
    vocabulary: Mapping[str, FactDefinition],
    *,
    ranged: Collection[str] = (),
    missing: bool = False,
) -> Program:
    """Turn criteria into columns over a table of facts.

    Args:
        criteria: the criteria, references resolved.
        vocabulary: the definitions of their facts.
        ranged: number facts that stand in two columns, `lowest` and `highest`; others in one.
        missing: whether the columns that tell which facts keep a criterion open are wanted.

    The table has a column named like each fact; for a set it has one for each code that is asked
    (`including`), and the set's own column is NULL where it is not recorded. A code stands as its
    position among the codes of its fact: comparing numbers is many times as fast as words.
    """
    roots = tuple(dict.fromkeys(criteria))
    height: dict[Criterion, int] = {}
    for root in roots:
        _measure(root, height)
    column_of = {node: f"n{number}" for number, node in enumerate(height)}
    layers: list[list[tuple[str, str]]] = [[] for _ in range(max(height.values(), default=-1) + 1)]
    for node, level in height.items():
        layers[level].append((column_of[node], _sql(node, column_of, vocabulary, ranged)))
    open_of: dict[str, str] = {}
    if missing:
        opened, open_of = _opened(roots, height, column_of)
        layers += opened
    return Program(tuple(map(tuple, layers)), column_of, open_of)


def _measure(node: Criterion, height: dict[Criterion, int]) -> int:
    if node not in height:
        below = [_measure(child, height) for child in children_of(node)]
        height[node] = 1 + max(below, default=-1)
    return height[node]


def _opened(
    roots: tuple[Criterion, ...],
    height: Mapping[Criterion, int],
    column_of: Mapping[Criterion, str],
) -> tuple[list[list[tuple[str, str]]], dict[str, str]]:
    """Write, from the roots down, the columns that say which nodes keep a root open.

    A node does when it is unknown and a node above it does, or when it is a root itself: the
    facts below such nodes are what `explain` calls missing.
    """
    above: dict[Criterion, list[Criterion]] = {}
    for node in height:
        for child in dict.fromkeys(children_of(node)):
            above.setdefault(child, []).append(node)
    levels: dict[int, list[tuple[str, str]]] = {}
    asking: dict[str, list[str]] = {}
    for node, column in column_of.items():
        conditions = [f"o{column}" for column in map(column_of.__getitem__, above.get(node, ()))]
        reached = "TRUE" if node in roots else _joined(" OR ", conditions)
        levels.setdefault(height[node], []).append(
            (f"o{column}", f"({column} IS NULL AND {reached})")
        )
        if isinstance(node, LEAVES):
            asking.setdefault(node.fact, []).append(f"o{column}")
    layers = [levels[level] for level in sorted(levels, reverse=True)]
    open_of = {fact: _joined(" OR ", columns) for fact, columns in asking.items()}
    return layers, open_of


def _sql(
    node: Criterion,
    column_of: Mapping[Criterion, str],
    vocabulary: Mapping[str, FactDefinition],
    ranged: Collection[str],
) -> str:
    match node:
        case Holds(fact):
            return identifier(fact)
        case Compared(fact, operator, literal):
            return _compared(vocabulary[fact], operator, literal, ranged)
        case Member(fact, literals):
            asked = vocabulary[fact]
            if fact in ranged:
                return _joined(" OR ", [_compared(asked, "=", each, ranged) for each in literals])
            return (
                f"({identifier(fact)} IN ({', '.join(_literal(asked, each) for each in literals)}))"
            )
        case Contains(fact, code):
            return including(fact, code)
        case Known(fact):
            return f"({lowest(fact) if fact in ranged else identifier(fact)} IS NOT NULL)"
        case Undecided():
            return OPEN
        case _:
            return _combined(node, [column_of[child] for child in children_of(node)])


def _combined(node: Criterion, columns: list[str]) -> str:
    match node:
        case Negated():
            return f"(NOT {columns[0]})"
        case AllOf():
            return _joined(" AND ", columns)
        case AnyOf():
            return _joined(" OR ", columns)
        case AtLeast(count, _):
            met = " + ".join(f"CAST({column} IS TRUE AS INT)" for column in columns)
            failed = " + ".join(f"CAST({column} IS FALSE AS INT)" for column in columns)
            return f"(({met}) >= {count} OR (({failed}) <= {len(columns) - count} AND {OPEN}))"
        case _:
            raise TypeError(f"{node!r} was not resolved before it was written as SQL")


def _compared(
    fact: FactDefinition, operator: str, literal: Literal, ranged: Collection[str]
) -> str:
    value = _literal(fact, literal)
    if fact.name not in ranged:
        return f"({identifier(fact.name)} {SQL_OPERATORS[operator]} {value})"
    low, high = lowest(fact.name), highest(fact.name)
    match operator:
        case "<" | "<=":
            return f"({high} {operator} {value} OR ({low} {operator} {value} AND {OPEN}))"
        case ">" | ">=":
            return f"({low} {operator} {value} OR ({high} {operator} {value} AND {OPEN}))"
        case _:
            same = f"({low} = {value} AND {high} = {value})"
            inside = f"({low} <= {value} AND {high} >= {value} AND {OPEN})"
            return f"({same} OR {inside})" if operator == "=" else f"(NOT ({same} OR {inside}))"


def _literal(fact: FactDefinition, literal: Literal) -> str:
    match literal:
        case bool():
            return "TRUE" if literal else "FALSE"
        case str():
            return str(fact.codes.index(literal))
        case _:
            return f"CAST({literal!r} AS DOUBLE)"


def _joined(operator: str, parts: list[str]) -> str:
    return f"({operator.join(parts)})" if parts else "FALSE"
