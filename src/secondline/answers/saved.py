"""An answer that was saved as JSON, read back and held against its digest."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from secondline.answers.answer import Answer
from secondline.answers.digest import digest_of
from secondline.answers.rewording import shown_digest
from secondline.library.documents import KnowledgeError, read_text

BESIDE = "literature"  # what stands beside an answer is no part of it
KEYS = frozenset(field.name for field in fields(Answer)) - {BESIDE}
MADE = "digest"  # made from the rest, so it is no argument of an answer
MOST_SENTENCES = 1_000  # the longest answers have a fifth of that; comparing takes their square
HOW_TO_SAVE = 'save one with: secondline ask "QUESTION" --json > FILE'


class SavedAnswerError(ValueError):
    """A file that is no answer of this version's contract."""


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as it was saved.

    Attributes:
        name: of the file.
        answer: what the file holds now.
        digest: the digest that the file states.
        defect: what shows that the file is not as it was printed; empty when nothing does.
    """

    name: str
    answer: Answer
    digest: str
    defect: str


def read_saved_file(path: Path | str) -> str:
    """Return the text of a saved answer; "-" is not read here.

    Raises:
        SavedAnswerError: the file is missing, too large, binary or not UTF-8.
    """
    try:
        return read_text(Path(path))
    except KnowledgeError as error:
        raise SavedAnswerError(f"{path}: {error}") from None


def read_saved(text: str, name: str) -> SavedAnswer:
    """Read an answer as `secondline ask --json` prints it.

    Args:
        text: the content of the file.
        name: of the file, for the messages.

    Raises:
        SavedAnswerError: the text is not JSON, not an answer, or of another version's contract.
    """
    # Asking does without what reads records; it need not wait for its import.
    from secondline.library.schema import SchemaError, records  # noqa: PLC0415

    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SavedAnswerError(f"{name}: not JSON ({error}); {HOW_TO_SAVE}") from None
    if not isinstance(content, dict) or not {"question", "sections"} <= content.keys():
        raise SavedAnswerError(f"{name}: not an answer; {HOW_TO_SAVE}")
    content.pop(BESIDE, None)
    _require_this_contract(content, name)
    try:
        (answer,) = records(Answer, [{k: v for k, v in content.items() if k != MADE}])
    except SchemaError as error:
        _, where, found = error.complaints[0]
        raise SavedAnswerError(f"{name}: not an answer: {where}: {found}") from None
    if sum(len(section.sentences) for section in answer.sections) > MOST_SENTENCES:
        raise SavedAnswerError(f"{name}: not an answer: more than {MOST_SENTENCES:,} sentences")
    return SavedAnswer(name, answer, str(content[MADE]), _defect(answer, content))


def _defect(answer: Answer, content: dict[str, Any]) -> str:
    """Say which digest shows that a file was changed; "" when none does."""
    if answer.digest != content[MADE]:
        return f"it states the digest {content[MADE]}, its content has {answer.digest}"
    shown = {field.name: getattr(answer, field.name) for field in fields(answer)}
    if digest_of(content) != digest_of(shown):
        return "some of its values have another type than they were printed with"
    worded = answer.worded_by
    if worded and shown_digest(answer.sections, worded) != worded.digest:
        return "the texts that a language model worded do not have their digest"
    return ""


def _require_this_contract(content: dict[str, Any], name: str) -> None:
    lacking = ", ".join(sorted(KEYS - content.keys()))
    foreign = ", ".join(sorted(content.keys() - KEYS))
    found = [f"it has no {lacking}"] * bool(lacking)
    found += [f"this version does not know its {foreign}"] * bool(foreign)
    if found:
        raise SavedAnswerError(
            f"{name}: printed by another version of secondline: {'; '.join(found)}."
            " Use the version that printed it."
        )
