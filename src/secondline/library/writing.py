"""Writing a statement as its file holds it, and putting it into its place in the file."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import yaml

from secondline.domain.evidence import Citation, Claimed, Finding, Level, Statement

LETTER = re.compile(r"[A-Za-z]")
WIDTH = 100  # characters of a line of prose
PROSE = {"says", "plain", "population", "caution", "note", "withdrawn"}
PARTS: Mapping[str, type[Any]] = {
    "findings": Finding,
    "citation": Citation,
    "level": Level,
    "claims": Claimed,
}


def statement_text(content: Mapping[str, Any]) -> str:
    """Write a statement, given as plain data, as an item of its file; keys in their order."""
    lines: list[str] = []
    for name in _order(Statement, content):
        lines += _key(name, content[name])
    return (
        "\n".join(f"{'- ' if not number else '  '}{line}" for number, line in enumerate(lines))
        + "\n"
    )


def with_statement(text: str, id_: str, written: str) -> str:
    """Return the text of a file with a statement replaced, or added at its end.

    Every other line of the file stays as it is.
    """
    lines = text.splitlines(keepends=True)
    node = yaml.compose(text, yaml.CSafeLoader) if text.strip() else None
    for record in node.value if node else ():
        names = {key.value: value.value for key, value in record.value}
        if names.get("id") == id_:
            start, end = record.start_mark.line, record.end_mark.line
            while end > start and not lines[end - 1].strip():
                end -= 1
            return "".join([*lines[:start], written, *lines[end:]])
    return f"{text}\n{written}" if text else written


def _order(kind: type[Any], content: Mapping[str, Any]) -> list[str]:
    return [field.name for field in fields(kind) if field.name in content]


def _key(name: str, value: Any) -> list[str]:
    if name in {"findings", "claims"}:
        return [f"{name}:", *(f"  - {_inline(part, PARTS[name])}" for part in value)]
    if isinstance(value, Mapping):
        return [f"{name}: {_inline(value, PARTS[name])}"]
    if name in PROSE and _folds(value):
        wrapped = textwrap.wrap(value, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
        return [f"{name}: >-", *(f"  {line}" for line in wrapped)]
    return [f"{name}: {_scalar(value)}"]


def _folds(value: str) -> bool:
    """Say whether folding a text at its blanks and joining it again gives the same text."""
    return bool(value) and " ".join(value.split()) == value and len(value) > WIDTH - 20


def _inline(value: Mapping[str, Any], kind: type[Any]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(value[key])}" for key in _order(kind, value)) + "}"


def _scalar(value: Any) -> str:
    """Write a value so that it is read back as the same text, also within a list or a record."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    # Inside a list the emitter quotes whatever could be misread there.
    written = yaml.dump(
        [str(value)], Dumper=_Plain, default_flow_style=True, width=float("inf"), allow_unicode=True
    )
    return written.strip().removeprefix("[").removesuffix("]")


class _Plain(yaml.SafeDumper):
    """Writes text with double quotes where it needs any, as the files do."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    plain = yaml.dump([value], Dumper=yaml.SafeDumper, default_flow_style=True, width=float("inf"))
    quoted = plain.startswith(("['", '["')) or not LETTER.search(value)  # figures are quoted
    style = '"' if quoted else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Plain.add_representer(str, _text)
