"""Stored texts of sources: what was read of them, kept to check figures against."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from secondline.library.documents import KnowledgeError, Problem, read_text


def stored_texts(folder: Path) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """Read every stored text of a folder: JSON Lines with `id`, `title` and `text`, and Markdown.

    A Markdown file in a folder is known by the name of its folder and its own: the file
    `pdq-2025/neuroblastoma-relapse.md` is `pdq-2025-neuroblastoma-relapse`. Of two records with one
    id the first is kept and the second reported.

    Returns:
        The texts by source id, and what could not be read; a bad line loses that line alone.

    Raises:
        KnowledgeError: there is no such folder, or it holds no stored text.
    """
    if not folder.is_dir():
        raise KnowledgeError(f"{folder} is not a folder of stored texts")
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix not in {".jsonl", ".md"}:
            continue
        try:
            content = read_text(path)
        except KnowledgeError as error:
            problems.append(Problem(name, f"line {error.line}" if error.line else "", str(error)))
            continue
        if path.suffix == ".md":
            texts[f"{path.parent.name}-{path.stem}" if path.parent != folder else path.stem] = (
                content
            )
            continue
        for number, line in enumerate(content.removesuffix("\n").split("\n"), start=1):
            record = _record(line)
            if record is None:
                expected = 'expected a JSON object with "id" and "text"'
                problems.append(Problem(name, f"line {number}", expected))
            elif record[0] in texts:
                problems.append(Problem(name, f"line {number}", f"{record[0]} is stored twice"))
            else:
                texts.update([record])
    if not texts:
        raise KnowledgeError(f"{folder} holds no stored text (.jsonl or .md)")
    return texts, tuple(problems)


def _record(line: str) -> tuple[str, str] | None:
    try:
        data = json.loads(line)
        return str(data["id"]), "\n".join(_parts(data))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _parts(data: Mapping[str, object]) -> Iterator[str]:
    if not isinstance(data["text"], str):
        raise TypeError
    if isinstance(data.get("title"), str):
        yield str(data["title"])
    yield data["text"]
