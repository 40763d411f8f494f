"""Has anybody touched the log? All of it is read and computed again, against a checkpoint."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from secondline.editorial.log import require_publication
from secondline.editorial.problems import EditorialError, NotAllowed
from secondline.editorial.store import Row
from secondline.editorial.workflow import State
from secondline.library.documents import Problem, read_text
from secondline.library.hash_tree import HashTree, proves_consistency, proves_inclusion
from secondline.library.library import Library
from secondline.library.review_log import (
    CHECKPOINT_FILE,
    LARGEST_LOG,
    LOG_FILE,
    Checkpoint,
    ReviewLogError,
    log_lines,
    read_checkpoint,
    read_entry,
)

TOLD = 20  # problems of one log; one change makes many


@dataclass(frozen=True, slots=True, kw_only=True)
class LogVerification:
    """What was found of a log. Hashes are 64 hexadecimal digits.

    Attributes:
        size, root: of the log as it stands.
        problems: everything that does not agree; empty when all does.
        checkpoint: what the log was compared with; without one, only the log's agreement with
            itself is known, and a log that was rewritten as a whole, or cut, agrees with itself.
        consistency: the proof (RFC 6962, 2.1.2) that the log begins with that of the checkpoint.
        entry, leaf, inclusion: a wished entry, its leaf hash and the proof (2.1.1) that it is in.
    """

    size: int
    root: str
    problems: tuple[str, ...]
    checkpoint: Checkpoint | None = None
    consistency: tuple[str, ...] = ()
    entry: int | None = None
    leaf: str = ""
    inclusion: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Say whether everything agrees."""
        return not self.problems


def verify_rows(
    rows: Iterable[Row], checkpoint: Checkpoint | None = None, entry: int | None = None
) -> LogVerification:
    """Verify a log: every line, every rule, every root, and the checkpoint.

    Args:
        rows: the entries as they stand in a store; an empty root is not compared.
        checkpoint: a checkpoint that was kept elsewhere.
        entry: the number of an entry whose inclusion is to be proven.

    Raises:
        EditorialError: there is no entry of that number.
    """
    tree = HashTree()
    problems = list(_row_problems(rows, tree))
    consistency: tuple[bytes, ...] = ()
    if checkpoint:
        if message := _checkpoint_problem(checkpoint, tree):
            problems.insert(0, message)
        else:
            consistency = tree.consistency_proof(checkpoint.size)
            before = bytes.fromhex(checkpoint.root)
            if not proves_consistency(checkpoint.size, len(tree), before, tree.root(), consistency):
                problems.insert(0, "the proof of consistency with the checkpoint does not hold")
    leaf, inclusion = _inclusion(tree, entry) if entry is not None else (b"", ())
    if len(problems) > TOLD:
        problems[TOLD:] = [f"and {len(problems) - TOLD} more"]
    return LogVerification(
        size=len(tree),
        root=tree.root().hex(),
        problems=tuple(problems),
        checkpoint=checkpoint,
        consistency=tuple(each.hex() for each in consistency),
        entry=entry,
        leaf=leaf.hex(),
        inclusion=tuple(each.hex() for each in inclusion),
    )


def verify_lines(
    lines: Iterable[str], checkpoint: Checkpoint | None = None, entry: int | None = None
) -> LogVerification:
    """Verify an exported log, see `verify_rows`."""
    rows = (Row(number, line, "") for number, line in enumerate(lines, start=1))
    return verify_rows(rows, checkpoint, entry)


def verify_log(
    text: str, checkpoint: Checkpoint | None = None, *, entry: int | None = None
) -> LogVerification:
    """Verify the text of an exported log, see `verify_rows`.

    Raises:
        ReviewLogError: it is cut in the middle of a line.
        EditorialError: it has no entry of that number.
    """
    return verify_lines(log_lines(text), checkpoint, entry)


def log_problems(library: Library) -> Iterator[Problem]:
    """Yield what the rules of review say against the log that an edition holds."""
    if library.log.size:
        checkpoint = read_checkpoint(read_text(library.root / CHECKPOINT_FILE))
        text = read_text(library.root / LOG_FILE, LARGEST_LOG)
        for message in verify_log(text, checkpoint).problems:
            yield Problem(f"knowledge/{LOG_FILE}", "", message)


def _row_problems(rows: Iterable[Row], tree: HashTree) -> Iterator[str]:
    """Yield what is wrong with rows, and grow the tree by them as they stand."""
    state = State()
    followed = True  # after an entry that cannot stand, the rules say nothing of the next
    expected = 1
    for row in rows:
        if row.number != expected:
            yield f"entry {row.number} follows entry {expected - 1}: entries are missing between"
        expected = row.number + 1
        try:
            entry = read_entry(row.line)
            if followed and entry.action == "publish":
                require_publication(entry, tree)
            if followed:
                state.take(row.number, entry)
        except (ReviewLogError, NotAllowed) as error:
            yield f"entry {row.number} cannot stand in a log: {error}"
            followed = False
        tree.append(row.line.encode("utf-8", "surrogatepass"))
        if row.root and row.root != tree.root().hex():
            yield f"entry {row.number} was stored with another root than the entries until it have"


def _checkpoint_problem(checkpoint: Checkpoint, tree: HashTree) -> str | None:
    if checkpoint.size > len(tree):
        return (
            f"the checkpoint of {checkpoint.time} was taken of {checkpoint.size} entries, the log"
            f" has {len(tree)}: its end was cut off"
        )
    root = tree.root(checkpoint.size).hex()
    if root != checkpoint.root:
        return (
            f"the first {checkpoint.size} entries have the root {root}, on {checkpoint.time} they"
            f" had {checkpoint.root}: entries were edited, removed, inserted or moved"
        )
    return None


def _inclusion(tree: HashTree, entry: int) -> tuple[bytes, tuple[bytes, ...]]:
    if not 1 <= entry <= len(tree):
        raise EditorialError(f"there is no entry {entry}; the log has {len(tree)}")
    leaf, proof = tree.leaf(entry - 1), tree.inclusion_proof(entry - 1)
    if not proves_inclusion(leaf, entry - 1, len(tree), proof, tree.root()):
        raise EditorialError(f"the proof of the inclusion of entry {entry} does not hold")
    return leaf, proof
