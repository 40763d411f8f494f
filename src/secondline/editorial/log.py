"""The log in memory beside its store: the state, the hash tree, and the one way to add entries."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from threading import RLock

from secondline.editorial.problems import LogDamagedError, NotAllowed
from secondline.editorial.store import Row, Store
from secondline.editorial.workflow import State
from secondline.library.hash_tree import HashTree
from secondline.library.review_log import (
    LONGEST_LINE,
    Entry,
    LogHead,
    ReviewLogError,
    entry_line,
    read_entry,
)


class Log:
    """Reads what others have added before it is used; may be shared by threads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = RLock()
        self._forget()

    @contextmanager
    def reading(self) -> Iterator[State]:
        """Give the state of all entries until now, which stays as it is until the block ends.

        Raises:
            LogDamagedError: the stored log does not agree with itself.
            StoreError: the store cannot be read.
        """
        with self._lock:
            self._catch_up(self.store.rows(len(self._tree)))
            yield self._state

    def head(self, size: int | None = None) -> LogHead:
        """Return the head of the log, or of its first entries, as far as they were read."""
        with self._lock:
            size = len(self._tree) if size is None else size
            return LogHead(size=size, root=self._tree.root(size).hex())

    def append(self, entries_of: Callable[[State], Sequence[Entry]]) -> tuple[Entry, ...]:
        """Add entries: all of them, durably, or none.

        Args:
            entries_of: makes the entries from the state of the log. Nobody else can add any
                between this look at the state and the end.

        Raises:
            NotAllowed: the rules refuse an entry.
            StoreError: the store cannot be written.
        """
        with self._lock:
            size = len(self._tree)
            try:
                with self.store.writing() as writing:
                    self._catch_up(writing.rows(size))
                    size = len(self._tree)
                    self._require_end(writing.last())
                    entries = tuple(entries_of(self._state))
                    writing.add([self._take(entry, _line_of(entry)) for entry in entries])
            except BaseException:
                if len(self._tree) != size:
                    self._forget()  # it holds entries that the store may not hold
                raise
            return entries

    def lines(self, size: int | None = None) -> Iterator[str]:
        """Yield the lines as they are stored, the first `size` of them."""
        for row in self.store.rows(until=size):
            yield row.line

    def entries(self, numbers: Iterable[int]) -> Iterator[tuple[int, Entry]]:
        """Yield stored entries by their numbers, in their order."""
        for row in self.store.some(sorted(set(numbers))):
            yield row.number, read_entry(row.line)

    def extend(self, lines: Sequence[str]) -> int:
        """Bring in the lines of an exported log, which must begin with those that are stored.

        Returns:
            How many were added.

        Raises:
            LogDamagedError: a line is no entry, or is refused by the rules, or another than the
                stored one.
        """
        with self._lock:
            self._forget()
            try:
                with self.store.writing() as writing:
                    stored = list(writing.rows(0))
                    for row, line in zip(stored, lines, strict=False):
                        if row.line != line:
                            raise LogDamagedError(
                                f"entry {row.number} of the file is another than that of the store;"
                                " a log is imported into an empty store, or into an earlier state"
                                " of itself"
                            )
                    rows = [self._read(line) for line in lines]
                    writing.add(rows[len(stored) :])
            finally:
                self._forget()
            return max(0, len(lines) - len(stored))

    def _forget(self) -> None:
        self._state = State()
        self._tree = HashTree()

    def _catch_up(self, rows: Generator[Row]) -> None:
        with closing(rows):
            for row in rows:
                taken = self._read(row.line)
                if row != taken:
                    self._forget()
                    raise LogDamagedError(
                        f"entry {row.number} of the stored log is not what was stored; see:"
                        " secondline review verify"
                    )

    def _require_end(self, last: int) -> None:
        size = len(self._tree)
        if last != size:
            self._forget()
            raise LogDamagedError(
                f"the stored log ends with entry {last}, it had {size}: entries were removed; see:"
                " secondline review verify"
            )

    def _read(self, line: str) -> Row:
        number = len(self._tree) + 1
        try:
            return self._take(read_entry(line), line)
        except (ReviewLogError, NotAllowed) as error:
            self._forget()
            raise LogDamagedError(f"entry {number} cannot stand in a log: {error}") from None

    def _take(self, entry: Entry, line: str) -> Row:
        number = len(self._tree) + 1
        if entry.action == "publish":
            require_publication(entry, self._tree)
        self._state.take(number, entry)
        self._tree.append(line.encode())
        return Row(number, line, self._tree.root().hex())


def _line_of(entry: Entry) -> str:
    """Return the line of an entry that is added; one too long could never be read again."""
    line = entry_line(entry)
    if len(line) > LONGEST_LINE:
        raise NotAllowed(f"the entry has {len(line):,} characters; at most {LONGEST_LINE:,}")
    return line


def require_publication(entry: Entry, tree: HashTree) -> None:
    """Require that a publication names the log as it was.

    Raises:
        NotAllowed: the log is shorter, or had another root.
    """
    size = entry.size or 0
    if not 0 < size <= len(tree) or tree.root(size).hex() != entry.root:
        raise NotAllowed(f"the first {size} entries do not have the root {entry.root}")
