"""How fast surveillance looks at new documents: `make bench-surveillance`.

Documents are invented, as long as abstracts are, and one in a hundred matches. With a file of
documents as argument, that file is looked at instead.
"""

import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import secondline
from secondline.literature.literature import Literature
from secondline.surveillance.upkeep import Upkeep

DOCUMENTS = 20_000
WORDS = 220  # of an abstract
MATCHING = "Relapsed neuroblastoma treated with irinotecan and temozolomide."


def invented(path: Path) -> None:
    """Write documents of random words; every hundredth is about something that is held."""
    chance = random.Random(7)
    vocabulary = [
        "".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(3, 11))) for _ in range(9000)
    ]
    with path.open("w", encoding="utf-8") as file:
        for number in range(DOCUMENTS):
            text = " ".join(chance.choices(vocabulary, k=WORDS))
            about = MATCHING if number % 100 == 0 else ""
            file.write(json.dumps({"id": str(number), "title": about or "T", "text": text}) + "\n")


def main() -> None:
    """Print how many documents a second were looked at, in time of the processor."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "invented.jsonl"
        if len(sys.argv) == 1:
            invented(path)
        literature = Literature(f"sqlite:///{folder}/literature.sqlite")
        (added,) = literature.add([path])
        upkeep = Upkeep(secondline.open().library, literature)
        started = time.process_time()
        found = upkeep.watch()
        seconds = time.process_time() - started
        print(f"{path.name}: {sum(added.counts.values())} records added")
        print(
            f"{found.documents} documents against {found.queries} standing queries: {seconds:.2f}"
            f" CPU-seconds, {found.documents / seconds:,.0f} documents a second,"
            f" {len(found.matches)} matches, {len(found.marks)} marks"
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"at most {peak:.0f} MiB of memory, the library included")


if __name__ == "__main__":
    main()
