"""What every command shares: exit codes by cause, common options, printing."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

OK = 0
KNOWLEDGE_HAS_PROBLEMS = 1
WRONG_USE = 2
INPUT_CANNOT_BE_READ = 3
NOT_HELD = 4
CELLS_UNREAD = 5
ANSWER_DIFFERS = 6
INTERRUPTED = 130

Json = Annotated[bool, Parameter(name="--json", negative="", help="Print the contract as JSON.")]
Knowledge = Annotated[
    Path | None, Parameter(help="Use the knowledge under this folder instead of the bundled one.")
]


def print_line(line: str) -> None:
    """Print text in any terminal encoding; what it cannot show, it shows as an escape."""
    encoding = sys.stdout.encoding or "utf-8"
    shown = line.encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(shown + "\n")
    sys.stdout.flush()
