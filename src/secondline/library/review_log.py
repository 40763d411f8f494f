"""The review log: who did what to which exact words, one entry a line, and its checkpoints.

The log only grows. Its lines are the leaves of a hash tree, and a checkpoint keeps the root of that
tree outside of it: a log that was edited, reordered or cut no longer agrees with its checkpoint.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from secondline.library.hash_tree import HashTree

Action = Literal[
    "enroll",
    "propose",
    "submit",
    "comment",
    "review",
    "approve",
    "return",
    "withdraw",
    "recover",
    "mark",
    "settle",
    "publish",
]
# The keys of an entry beside at, who and action: those it needs, and those it may have.
KEYS: Mapping[str, tuple[set[str], set[str]]] = {
    "enroll": ({"name", "role"}, set()),
    "propose": ({"statement", "digest", "content", "file"}, {"base", "comment"}),
    "submit": ({"statement", "digest"}, {"content", "file"}),
    "comment": ({"statement", "digest", "comment"}, set()),
    "review": ({"statement", "digest", "comment"}, set()),
    "approve": ({"statement", "digest", "sources"}, {"comment"}),
    "return": ({"statement", "digest", "reason"}, set()),
    "withdraw": ({"statement", "digest", "base", "reason", "content", "file"}, set()),
    "recover": ({"statement", "digest", "base", "reason", "content", "file"}, set()),
    "mark": ({"statement", "reason", "about"}, set()),
    "settle": ({"statement", "reason"}, set()),
    "publish": ({"edition", "size", "root"}, set()),
}
LOG_FILE = "reviews.jsonl"
CHECKPOINT_FILE = "checkpoint.json"
LARGEST_LOG = 500_000_000  # bytes
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ROOT = re.compile(r"[0-9a-f]{64}")
EDITION = re.compile(r"[0-9a-f]{16}")
LONGEST_LINE = 1_000_000  # characters; an entry is some thousand


class ReviewLogError(ValueError):
    """A review log or a checkpoint that cannot be read, or does not agree with the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the log. Which keys stand beside `at`, `who` and `action` is in `KEYS`.

    Attributes:
        at: when, in UTC, such as 2026-11-22T12:00:00Z.
        who: the name of the person.
        statement, digest: the statement, and the digest of the exact words meant.
        base: the digest of the words that these replace; absent for a new statement.
        content: the whole statement, of an entry that brings new words.
        file: where the statement stands, such as statements/neuroblastoma/paper.yaml.
        reason: why it was returned, withdrawn, recovered, marked or settled.
        comment: what a reviewer or an author said.
        sources: of an approval, the digest of each source as it was then, by id.
        about: of a mark, what it is about, such as the id of a source.
        name, role: of a person who is enrolled.
        edition, size, root: of a publication, its checkpoint.
    """

    at: str
    who: str
    action: Action
    statement: str = ""
    digest: str = ""
    base: str = ""
    content: Mapping[str, Any] | None = None
    file: str = ""
    reason: str = ""
    comment: str = ""
    sources: Mapping[str, str] | None = None
    about: str = ""
    name: str = ""
    role: str = ""
    edition: str = ""
    size: int | None = None
    root: str = ""


def now() -> str:
    """Return the time, in UTC, as entries and checkpoints write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_entry(who: str, action: Action, **keys: Any) -> Entry:
    """Make an entry of now; the keys are those of `Entry`."""
    return Entry(at=now(), who=who, action=action, **keys)


NAMES = tuple(field.name for field in fields(Entry))
RECORDS = {"content", "sources"}


def entry_line(entry: Entry) -> str:
    """Write an entry as the one line that it is in the log: JSON, keys sorted, nothing absent."""
    found = {name: getattr(entry, name) for name in NAMES}
    kept = {name: value for name, value in found.items() if value is not None and value != ""}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read_entry(line: str) -> Entry:
    """Read one line of the log.

    Raises:
        ReviewLogError: it is no entry, or not written as the log writes it.
    """
    if len(line) > LONGEST_LINE:
        raise ReviewLogError(f"it has {len(line):,} characters; at most {LONGEST_LINE:,}")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReviewLogError(f"it is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise ReviewLogError("it is not a JSON object")
    if "previous" in data:
        raise ReviewLogError(
            "it is of the earlier format, a chain of lines; such reviews are entered again by"
            " the people who made them, see docs/explanation/standing.md"
        )
    action = data.get("action")
    if not isinstance(action, str) or action not in KEYS:
        raise ReviewLogError(f"{action!r} is not an action; expected {', '.join(get_args(Action))}")
    _require_keys(action, data)
    entry = Entry(**data)
    if entry_line(entry) != line:
        raise ReviewLogError("it is not written as the log writes it; restore the line")
    return entry


def _require_keys(action: str, data: Mapping[str, Any]) -> None:
    needed, possible = KEYS[action]
    needed = needed | {"at", "who", "action"}
    if missing := sorted(needed - set(data)):
        raise ReviewLogError(f"{action} is without {', '.join(missing)}")
    if foreign := sorted(set(data) - needed - possible):
        raise ReviewLogError(f"{', '.join(foreign)} does not belong to {action}")
    for key, value in data.items():
        kind: type = dict if key in RECORDS else int if key == "size" else str
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ReviewLogError(f"{key} is {str(value)[:40]!r}; expected {kind.__name__}")
    if not TIME.fullmatch(data["at"]):
        raise ReviewLogError(f"at is {data['at']!r}; expected a time such as 2026-11-22T12:00:00Z")


def log_lines(text: str) -> list[str]:
    """Return the lines of a log file; only a line feed ends a line.

    Raises:
        ReviewLogError: the last line has no end: it was cut.
    """
    if text and not text.endswith("\n"):
        raise ReviewLogError("the last line has no end: the log was cut in the middle of a line")
    return text.split("\n")[:-1]


def read_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """Read the entries of a log.

    Raises:
        ReviewLogError: a line is no entry; the message names it.
    """
    for number, line in enumerate(lines, start=1):
        try:
            yield read_entry(line)
        except ReviewLogError as error:
            raise ReviewLogError(f"line {number} is not an entry: {error}") from None


@dataclass(frozen=True, kw_only=True)
class LogHead:
    """How many entries a log has, and the root of its hash tree, 64 hexadecimal digits."""

    size: int
    root: str


EMPTY_LOG = LogHead(size=0, root=hashlib.sha256(b"").hexdigest())


def head_of(lines: Iterable[str]) -> LogHead:
    """Return the head of a log."""
    tree = HashTree(line.encode() for line in lines)
    return LogHead(size=len(tree), root=tree.root().hex())


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The head of a log at one time, kept outside of it, so that a cut or rewritten log shows.

    Attributes:
        size, root: as in `LogHead`.
        time: when it was taken, in UTC.
        edition: the edition published with it; empty when none was.
    """

    size: int
    root: str
    time: str
    edition: str = ""

    def text(self) -> str:
        """Write it as the file that is kept: JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        ReviewLogError: it is not one; the message says what is wrong.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReviewLogError(f"the checkpoint is not JSON: {error}") from None
    names = [field.name for field in fields(Checkpoint)]
    if not isinstance(data, dict) or set(data) != set(names):
        raise ReviewLogError(f"the checkpoint does not hold exactly {', '.join(names)}")
    size = data["size"]
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ReviewLogError(f"size of the checkpoint is {size!r}; expected a count of entries")
    for key, form in (
        ("root", ROOT),
        ("time", TIME),
        ("edition", re.compile(rf"|{EDITION.pattern}")),
    ):
        if not isinstance(data[key], str) or not form.fullmatch(data[key]):
            raise ReviewLogError(f"{key} of the checkpoint is {str(data[key])[:80]!r}")
    return Checkpoint(**data)
