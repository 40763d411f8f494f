"""What every command shares: exit codes by cause, common options, printing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from secondline import desk

CONTROLS = (*range(32), *range(127, 160))
DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # they reorder what is read
COMMANDING = {n: f"\\u{n:04x}" for n in (*CONTROLS, *DIRECTIONS) if chr(n) not in "\n\t"}

OK = 0
KNOWLEDGE_HAS_PROBLEMS = 1
WRONG_USE = 2
INPUT_CANNOT_BE_READ = 3
NOT_HELD = 4
PARTLY_READ = 5
ANSWER_DIFFERS = 6
REFUSED = 7
INTERRUPTED = 130

Json = Annotated[bool, Parameter(name="--json", negative="", help="Print the contract as JSON.")]
Knowledge = Annotated[
    Path | None, Parameter(help="Use the knowledge under this folder instead of the bundled one.")
]


def read_file(path: Path, *, log: bool = False) -> str:
    """Read a file of text, or standard input for "-".

    Args:
        path: the file.
        log: it is a whole log, which may be long.

    Raises:
        KnowledgeError: it cannot be read.
    """
    if str(path) == "-":
        try:
            return sys.stdin.buffer.read(desk.LARGEST_INPUT + 1).decode("utf-8")
        except UnicodeDecodeError:
            raise desk.KnowledgeError("standard input is not UTF-8 text") from None
    try:
        return desk.read_text(path, desk.review.LARGEST_LOG if log else desk.LARGEST_INPUT)
    except desk.KnowledgeError as error:
        raise desk.KnowledgeError(f"{path}: {error}") from None


def write_file(path: Path, text: str) -> None:
    """Write a file of text; one that exists is replaced.

    Raises:
        KnowledgeError: it cannot be written.
    """
    try:
        path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise desk.KnowledgeError(f"{path} cannot be written: {error.strerror}") from None


def print_line(line: str) -> None:
    """Print text in any terminal encoding; what it cannot show, it shows as an escape.

    So it does with characters that would command a terminal: what is printed may be quoted from
    documents of others. The escapes are those of JSON, which stays what it was.
    """
    encoding = sys.stdout.encoding or "utf-8"
    shown = line.translate(COMMANDING).encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(shown + "\n")
    sys.stdout.flush()


@contextmanager
def progress() -> Iterator[Callable[[str, float], None] | None]:
    """Show a bar on a terminal while something runs; nothing where nobody looks.

    Yields:
        What is called with the name of the work and the share done, or None.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  # only a terminal needs it
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda name, share: bar.update(task, description=name, completed=share)
