"""How good are the answers? `make quality` prints recall, refusals, verification, audit and speed.

The evaluation sets are looked for in ../shared, or in the folder that SECONDLINE_SHARED names; what
needs them is left out, and said so, where they are not there.
"""

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import yaml

import secondline
from secondline.answers.binding import read
from secondline.answers.faithful import problems_of
from secondline.answers.verification import supported
from secondline.answers.wording import clinician_texts, family_texts

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("SECONDLINE_SHARED", ROOT.parent / "shared"))
TEN_PAGES = 5_000  # words
EVERY = 12  # of the statements, for the slower check of rewordings

sys.path.insert(0, str(ROOT / "tests"))
from mutations import mutations  # noqa: E402  # the tests' own ways of going wrong


def main() -> None:
    """Print the whole report."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    desk = secondline.open()
    print(f"Edition {desk.library.edition}")
    scores()
    verification(desk)
    rewordings(desk)
    outside_sample(desk)
    speed(desk)
    audit_speed(desk)


def scores() -> None:
    """Print the table of the evaluation sets that are there."""
    script = SHARED / "eval" / "score.py"
    if not script.exists():
        print(f"\nEvaluation sets: left out, {script} is not there")
        return
    batch = f"{sys.executable} -m secondline batch"
    print(f"\nEvaluation sets: {script.name} --batch 'secondline batch'")
    command = [sys.executable, str(script), "--batch", batch]
    result = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, check=False)
    print(result.stdout or result.stderr)


def wrong_versions(desk: secondline.Desk, every: int = 1) -> Iterator[tuple[object, str, str, str]]:
    """Yield (statement, rendering, kind, wrong version) for the statements of the library."""
    library = desk.library
    drugs = sorted((drug.name for drug in library.drugs.values()), key=len, reverse=True)
    for statement in list(library.statements.values())[::every]:
        texts = (*clinician_texts(statement), *family_texts(statement, library.endpoints))
        for text in (worded.text for worded in texts):
            named = [drug for drug in drugs if drug.lower() in text.lower()]
            foreign = next(drug for drug in drugs if drug.lower() not in text.lower())
            groups = [finding.group for finding in statement.findings]
            yield statement, text, "none", text
            for kind, wrong in mutations(text, groups, named, foreign):
                yield statement, text, kind, wrong


def told(name: str, counts: Counter[tuple[str, bool]]) -> None:
    """Print how many wrong versions of each kind were caught, and the false alarms."""
    print(f"\n{name}")
    kinds = sorted({kind for kind, _ in counts} - {"none"})
    for kind in kinds:
        caught, all_ = counts[kind, True], counts[kind, True] + counts[kind, False]
        print(f"  {kind:<14} {caught:>6} of {all_:>6} caught, {caught / all_:.4f}")
    caught = sum(counts[kind, True] for kind in kinds)
    total = caught + sum(counts[kind, False] for kind in kinds)
    true = counts["none", True] + counts["none", False]
    print(f"  {'all':<14} {caught:>6} of {total:>6} caught, {caught / total:.4f};", end=" ")
    print(f"{counts['none', True]} false alarms in {true} true sentences")


def verification(desk: secondline.Desk) -> None:
    """Print what the check of every shown sentence catches."""
    counts: Counter[tuple[str, bool]] = Counter()
    for statement, _, kind, wrong in wrong_versions(desk):
        counts[kind, not supported(wrong, (statement,), desk.library.endpoints)] += 1
    told("Verification of composed sentences, every rendering of every statement", counts)


def rewordings(desk: secondline.Desk) -> None:
    """Print what the check of a model's rewordings catches, on every twelfth statement."""
    lexicon = desk._answerer.lexicon
    counts: Counter[tuple[str, bool]] = Counter()
    for _, text, kind, wrong in wrong_versions(desk, EVERY):
        counts[kind, bool(problems_of(wrong, [text], lexicon, strict=True))] += 1
    told(f"Check of rewordings, every {EVERY}th statement", counts)


def outside_sample(desk: secondline.Desk) -> None:
    """Print how an outside sample of true and corrupted sentences is judged."""
    path = SHARED / "eval" / "corruptions" / "numfid_challenge.json"
    if not path.exists():
        print("\nOutside sample of corruptions: left out, it is not there")
        return
    lexicon = desk._answerer.lexicon
    records = json.loads(path.read_text("utf-8"))
    found = [
        (bool(r["label"]), not problems_of(r["sentence"], [r["source"]], lexicon)) for r in records
    ]
    corrupted = [accepted for is_true, accepted in found if not is_true]
    true = [accepted for is_true, accepted in found if is_true]
    print(
        f"\nOutside sample: {corrupted.count(False)} of {len(corrupted)} corrupted ones caught,"
        f" {true.count(True)} of {len(true)} true ones accepted"
    )


def speed(desk: secondline.Desk) -> None:
    """Print the time of warm answers to every visible question, for both readers."""
    path = SHARED / "eval" / "questions.visible.yaml"
    if not path.exists():
        print("\nSpeed of answers: left out, the questions are not there")
        return
    records = yaml.safe_load(path.read_text("utf-8"))["records"]
    asked = [(r["question"], r.get("patient_facts"), reader)
             for r in records for reader in ("clinician", "family")]  # fmt: skip
    times = []
    for warm in (False, True):
        for question, facts, reader in asked:
            start = time.perf_counter()
            desk.ask(question, reader=reader, facts=facts)
            if warm:
                times.append(1000 * (time.perf_counter() - start))
    p99 = quantiles(times, n=100)[-1]
    print(f"\nWarm ask, {len(times)} answers: median {median(times):.1f} ms, p99 {p99:.1f} ms")


def audit_speed(desk: secondline.Desk) -> None:
    """Print the time of an audit of ten pages made of the library's own sentences."""
    sentences = (s.says for s in desk.library.statements.values())
    text, words = "", 0
    while words < TEN_PAGES:
        sentence = next(sentences)
        text, words = f"{text}\n\n{sentence}", words + len(re.findall(r"\w+", sentence))
    desk.audit("Relapsed neuroblastoma responds to topotecan in 32%.")
    read("warm", desk._answerer.lexicon)
    start = time.perf_counter()
    claims = desk.audit(text).claims
    seconds = time.perf_counter() - start
    print(f"Audit of ten pages, {words} words, {len(claims)} claims: {seconds:.2f} s")


if __name__ == "__main__":
    main()
