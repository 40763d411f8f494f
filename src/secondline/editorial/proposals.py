"""A proposal as a file: one statement, as knowledge files hold it, and its base."""

import re
from typing import Any

from secondline.editorial.words import Words
from secondline.library.documents import KnowledgeError, read_yaml
from secondline.library.writing import statement_text

BASE = re.compile(r"# base: ([0-9a-f]{64})\s*")


def write_words(words: Words) -> str:
    """Write words as a file to be changed; its first line says the digest to propose it on."""
    return f"# base: {words.digest}\n{statement_text(words.content)}"


def read_proposal(text: str) -> tuple[dict[str, Any], str]:
    """Return the statement of a file, and the digest of its base; empty where none is said.

    Raises:
        KnowledgeError: it does not hold exactly one record.
    """
    first = text.partition("\n")[0]
    base = BASE.fullmatch(first)
    data = read_yaml(text)
    records = data if isinstance(data, list) else [data]
    if len(records) != 1 or not isinstance(records[0], dict):
        raise KnowledgeError("a proposal is a file with exactly one statement")
    return records[0], base[1] if base else ""
