"""Text to tree, and references to the criteria they name."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Any

import lark
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedInput

from secondline.criteria.tree import (
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
    Reference,
    interned,
    with_references,
)


class CriterionError(ValueError):
    """A criterion that cannot be read: where, what was found and what was expected."""


@v_args(inline=True)
class _Tree(Transformer[Token, Criterion]):
    def holds(self, fact: Token) -> Criterion:
        return Holds(str(fact))

    def compared(self, fact: Token, operator: Token, literal: Literal) -> Criterion:
        return Compared(str(fact), str(operator), literal)

    def member(self, fact: Token, *literals: Literal) -> Criterion:
        return Member(str(fact), literals)

    def contains(self, fact: Token, code: Literal) -> Criterion:
        return Contains(str(fact), str(code))

    def known(self, fact: Token) -> Criterion:
        return Known(str(fact))

    def reference(self, rule: str) -> Criterion:
        return Reference(rule)

    def negated(self, child: Criterion) -> Criterion:
        return Negated(child)

    def all_of(self, *children: Any) -> Criterion:
        return AllOf(_flat(children))

    def any_of(self, *children: Any) -> Criterion:
        return AnyOf(_flat(children))

    def at_least(self, count: float, children: tuple[Criterion, ...]) -> Criterion:
        return AtLeast(int(count), children)

    def arguments(self, *children: Criterion) -> tuple[Criterion, ...]:
        return children

    def STRING(self, token: Token) -> str:  # noqa: N802  # Lark calls terminals by their name
        return str(token)[1:-1]

    def NUMBER(self, token: Token) -> float:  # noqa: N802
        return float(token)

    def YES(self, _: Token) -> bool:  # noqa: N802
        return True

    def NO(self, _: Token) -> bool:  # noqa: N802
        return False


def _flat(children: tuple[Any, ...]) -> tuple[Criterion, ...]:
    """Unwrap the argument list of `all (…)`; the infix forms pass their operands directly."""
    return children[0] if isinstance(children[0], tuple) else children


@cache
def _parser() -> Lark:
    """Return the parser: from its tables, or from the grammar when the tables are of another.

    Building the tables takes longer than reading all criteria with them.
    """
    folder = files("secondline.criteria")
    grammar = folder.joinpath("grammar.lark").read_bytes()
    built_from, _, tables = folder.joinpath("grammar.tables").read_bytes().partition(b"\n")
    if built_from == fingerprint(grammar):
        return Lark.load(BytesIO(tables))
    return build_parser(grammar)


def fingerprint(grammar: bytes) -> bytes:
    """Return what ties tables to their grammar: its digest and the version of lark."""
    return f"{sha256(grammar).hexdigest()} lark {lark.__version__}".encode()


def build_parser(grammar: bytes) -> Lark:
    """Build the parser from its grammar.

    The basic lexer knows every keyword everywhere, so that no fact can be named "and".
    """
    return Lark(grammar.decode(), start="criterion", parser="lalr", lexer="basic")


@cache
def parse_criterion(text: str) -> Criterion:
    """Read one criterion.

    Raises:
        CriterionError: the text is not a criterion; the message shows the place with a caret.
    """
    try:
        return _Tree().transform(_parser().parse(text))
    except UnexpectedInput as error:
        place = error.get_context(text, span=40).rstrip("\n")
        raise CriterionError(f"it cannot be read from here:\n{place}") from None
    except LarkError as error:
        raise CriterionError(str(error)) from None


def resolve(criteria: Mapping[str, Criterion]) -> tuple[dict[str, Criterion], dict[str, str]]:
    """Replace every reference by the criterion it names, however deep.

    Criteria and parts of them that are the same after that are one object.

    Returns:
        the resolved criteria by id, and by id what is wrong with those that cannot be resolved.
    """
    resolved: dict[str, Criterion] = {}
    wrong: dict[str, str] = {}
    pool: dict[Criterion, Criterion] = {}
    for id_ in criteria:
        try:
            _resolve(id_, criteria, (), resolved, pool)
        except CriterionError as error:
            wrong[id_] = str(error)
    return resolved, wrong


def _resolve(
    id_: str,
    criteria: Mapping[str, Criterion],
    above: tuple[str, ...],
    resolved: dict[str, Criterion],
    pool: dict[Criterion, Criterion],
) -> Criterion:
    """Resolve one criterion and, before it, those that it names."""
    if id_ in above:
        raise CriterionError(f"rules refer in a circle: {' → '.join((*above, id_))}")
    if id_ not in criteria:
        raise CriterionError(f"rule '{id_}' does not exist")
    if id_ not in resolved:
        tree = with_references(
            criteria[id_], lambda rule: _resolve(rule, criteria, (*above, id_), resolved, pool)
        )
        resolved[id_] = interned(tree, pool)
    return resolved[id_]
