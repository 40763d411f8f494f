"""The house: sizes, names, docstrings, and no clinical figure or drug in the code."""

import ast
import re
from pathlib import Path

import pytest

import secondline

SOURCE = Path(secondline.__file__).parent
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "knowledge" not in path.parts)
LONGEST = 400  # lines
NAMELESS = {"types", "utils", "util", "helpers", "helper", "common", "core", "base", "misc"}
FIGURE = re.compile(r"\d\s*%(?! CI)")  # "95% CI" names a kind of interval, not an outcome
# The tables of a module that hold parts of drug names, by which unknown drugs are recognised.
TABLES_OF_WORD_PARTS = {"SOUNDS", "DRUG_ENDING"}


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_no_longer_than_a_reader_likes(path):
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST, f"{lines} lines; split it and tell the glossary"


def test_every_module_is_named_by_what_it_is_about():
    named = {part.removesuffix(".py") for path in MODULES for part in Path(name_of(path)).parts}
    assert named & NAMELESS == set()


def undocumented(body, above=""):
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue  # private, or magic and named by the language
        if ast.get_docstring(node) is None:
            yield f"{above}{node.name}, line {node.lineno}"
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node.body, f"{above}{node.name}.")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_everything_public_has_a_docstring(path):
    tree = tree_of(path)
    assert ast.get_docstring(tree), "the module has none"
    assert list(undocumented(tree.body)) == []


# No clinical number in Python


def literals(tree: ast.Module):
    """Yield the string literals of a module with their lines; docstrings and tables left out."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            skipped.add(id(node.body[0].value))
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in TABLES_OF_WORD_PARTS
            for target in node.targets
        ):
            skipped.update(id(each) for each in ast.walk(node))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skipped
        ):
            yield node.lineno, node.value


@pytest.fixture(scope="module")
def drug_name(library):
    """A pattern of every name of every drug in knowledge/terms/drugs.yaml."""
    names = {name for drug in library.drugs.values() for name in (drug.id, *drug.names)}
    assert "vincristine" in names
    words, abbreviations = (
        "|".join(re.escape(name) for name in sorted(names) if name.isupper() == upper)
        for upper in (False, True)
    )
    return re.compile(rf"\b(?:(?i:{words})|{abbreviations})\b")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_percentage_and_no_drug_stands_in_the_code(path, drug_name):
    """The number stands beside its source, so a number in Python has none."""
    found = [
        f"line {line}: {text!r}"
        for line, text in literals(tree_of(path))
        if FIGURE.search(text) or drug_name.search(text)
    ]
    assert found == [], "move it to knowledge/"


def test_the_rule_sees_figures_and_drugs_and_passes_docstrings(drug_name):
    tree = ast.parse('"""37% after vincristine."""\nx = f"{1} of 2, 37%"\ny = "Topotecan"\n')
    found = [text for _, text in literals(tree) if FIGURE.search(text) or drug_name.search(text)]
    assert sorted(found) == [" of 2, 37%", "Topotecan"]


# __init__


def is_re_export(node: ast.stmt) -> bool:
    """Say whether a statement of an __init__ only hands names on.

    A module `__getattr__` is a re-export that waits until a name is used (PEP 562).
    """
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__" | "__version__")]):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=[]):
            return all(map(is_re_export, body))
        case ast.FunctionDef(name="__getattr__"):
            return True
        case _:
            return False


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("__init__.py")), ids=name_of)
def test_an_init_holds_re_exports_only(path):
    lines = [node.lineno for node in tree_of(path).body if not is_re_export(node)]
    assert lines == []
