"""How fast is the review log? Appending, opening, verifying and proving at 100,000 entries.

    python benchmarks/review_log.py [--entries 100000] [--store URL]

Without a store, an SQLite file in a temporary folder. The log is that of a busy desk: people
propose, submit, review and approve statements in turn.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TypeVar

import secondline
from secondline.editorial.log import Log
from secondline.editorial.store import Store
from secondline.editorial.tampering import verify_rows
from secondline.library.digest import plain, words_digest
from secondline.library.hash_tree import HashTree
from secondline.library.review_log import Checkpoint, Entry, entry_line

AT = "2026-01-01T00:00:00Z"
PEOPLE = {"Ada": "approver", "Ben": "author", "Rob": "reviewer"}
Result = TypeVar("Result")
SINGLE = 200  # entries appended one by one, each durable before the next


def entries(count: int) -> Iterator[Entry]:
    """Yield so many entries of people at work."""
    for name, role in PEOPLE.items():
        yield Entry(at=AT, who="Ada", action="enroll", name=name, role=role)
    words = [plain(s) for s in secondline.open().library.statements.values()]
    left = count - len(PEOPLE)
    for turn in range(left // 4 + 1):
        content = {**words[turn % len(words)], "id": f"benchmark-{turn}", "note": f"Turn {turn}."}
        digest = words_digest(content)
        of = {"at": AT, "statement": content["id"], "digest": digest}
        file = "statements/benchmark.yaml"
        four = (
            Entry(**of, who="Ben", action="propose", content=content, file=file),
            Entry(**of, who="Ben", action="submit"),
            Entry(**of, who="Rob", action="review", comment="Compared with the paper."),
            Entry(**of, who="Ada", action="approve", sources={}),
        )
        yield from four[: left - 4 * turn]


def timed(name: str, work: Callable[[], Result], count: int) -> Result:
    """Print how long work takes: by the clock, of the processor, and that for each entry."""
    start, busy = time.perf_counter(), time.process_time()
    result = work()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    each = 1e6 * busy / count
    print(f"{name:<46} {seconds:7.2f} s   cpu {busy:7.2f} s   {each:6.1f} us an entry", flush=True)
    return result


def one_by_one(log: Log, more: list[Entry]) -> None:
    """Append entries, each in a transaction of its own."""
    times = []
    for entry in more:
        start = time.perf_counter()
        log.append(lambda _, entry=entry: [entry])
        times.append(1000 * (time.perf_counter() - start))
    name = f"append one by one, durable, {len(more)} entries"
    print(f"{name:<46} median {median(times):8.2f} ms   largest {max(times):8.2f} ms", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--store")
    options = parser.parse_args()
    machine = platform.processor() or platform.machine()
    print(f"{machine}, {os.cpu_count()} cores, {options.entries:,} entries")
    made = list(entries(options.entries + SINGLE))
    lines = [entry_line(entry) for entry in made]
    count = options.entries
    print(f"{sum(map(len, lines[:count])) / 1e6:.1f} MB of lines")
    timed(
        "hash tree of all lines", lambda: HashTree(line.encode() for line in lines[:count]), count
    )
    with tempfile.TemporaryDirectory() as folder:
        where = options.store or str(Path(folder) / "log.db")
        log = Log(Store(where))
        timed("import into the store, rules checked", lambda: log.extend(lines[:count]), count)
        again = Log(Store(where))

        def open_again() -> None:
            with again.reading():
                pass

        timed("open the log: read all, check all", open_again, count)
        one_by_one(again, made[count:])
        head = again.head()
        checkpoint = Checkpoint(size=count, root=again.head(count).root, time=AT)
        found = timed(
            "verify: lines, rules, roots, checkpoint",
            lambda: verify_rows(again.store.rows(), checkpoint, entry=count // 2),
            head.size,
        )
        print(
            f"it holds: {found.holds}; hashes in the proofs: {len(found.consistency)} of"
            f" consistency, {len(found.inclusion)} of inclusion"
        )
        log.store.close()
        again.store.close()


if __name__ == "__main__":
    main()
