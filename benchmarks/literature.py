"""How fast is literature read and kept? `make bench-literature` prints records a second and memory.

Each measurement is a process of its own, so that its peak memory is its own, and each is done in
turn with the others, several times: the medians are printed. The file is synthetic PubMed XML in
the shape of a baseline file, 200 MB unpacked, made with a fixed seed; no text of it means anything.
Files of PubMed can be given instead. With pubmed_parser installed (pip install pubmed-parser) it
parses the same file twice: as it does unless told otherwise (of a date the year alone, of a heading
no qualifiers, authors and references as one string each), and told to give what is read here (whole
dates, qualifiers and which are major, lists of authors and references). Both ratios are printed.
"""

import argparse
import gzip
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

MEGABYTES = 200
WORDS = (
    "patients", "children", "relapse", "tumor", "survival", "response", "months", "median",
    "cohort", "treatment", "disease", "remission", "toxicity", "dose", "study", "risk", "group",
    "outcome", "event", "free", "overall", "phase", "trial", "marrow", "transplant", "receptor",
)  # fmt: skip


def record(number: int, chance: random.Random) -> str:
    """Return one synthetic citation of about the size of a real one."""

    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count))

    parts = "".join(
        f'<AbstractText Label="{label}" NlmCategory="{label}">{words(50)}, n = {number % 900}'
        f" (10<sup>{number % 9}</sup> cells; P &lt; .05).</AbstractText>"
        for label in ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
    )
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>{words(1)}</LastName><ForeName>{words(1)} A</ForeName>'
        f"<Initials>A</Initials><AffiliationInfo><Affiliation>{words(14)}</Affiliation>"
        "</AffiliationInfo></Author>"
        for _ in range(6)
    )
    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="D{each:06}" MajorTopicYN="N">{words(2)}'
        f'</DescriptorName><QualifierName UI="Q000000" MajorTopicYN="Y">{words(1)}'
        "</QualifierName></MeshHeading>"
        for each in range(12)
    )
    cited = "".join(
        f'<Reference><Citation>{words(12)}</Citation><ArticleIdList><ArticleId IdType="pubmed">'
        f"{chance.randrange(1, 40_000_000)}</ArticleId></ArticleIdList></Reference>"
        for _ in range(15)
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}'
        '</PMID><Article PubModel="Print"><Journal><ISSN IssnType="Print">0000-0000</ISSN>'
        '<JournalIssue CitedMedium="Print"><Volume>12</Volume><Issue>3</Issue><PubDate><Year>2020'
        f"</Year><Month>Mar</Month></PubDate></JournalIssue><Title>{words(4)}</Title></Journal>"
        f"<ArticleTitle>{words(14)}.</ArticleTitle><Pagination><MedlinePgn>1-9</MedlinePgn>"
        f'</Pagination><Abstract>{parts}</Abstract><AuthorList CompleteYN="Y">{authors}'
        "</AuthorList><Language>eng</Language><PublicationTypeList>"
        '<PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>'
        f"</Article><MeshHeadingList>{mesh}</MeshHeadingList></MedlineCitation><PubmedData>"
        f'<ArticleIdList><ArticleId IdType="pubmed">{number}</ArticleId><ArticleId IdType="doi">'
        f"10.1000/{number}</ArticleId></ArticleIdList><ReferenceList>{cited}</ReferenceList>"
        "</PubmedData></PubmedArticle>\n"
    )


def make(path: Path, megabytes: int) -> int:
    """Write a synthetic PubMed file, packed; return how many citations it holds."""
    chance = random.Random(20)
    number = 10_000_000
    written = 0
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        written += file.write(
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC'
            ' "-//NLM//DTD PubMedArticle, 1st January 2025//EN"'
            ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
        )
        while written < megabytes << 20:
            number += 1
            written += file.write(record(number, chance))
        file.write("</PubmedArticleSet>\n")
    return number - 10_000_000


def read(path: Path) -> int:
    """Read every document of a file; return how many."""
    from secondline.literature.files import opened  # noqa: PLC0415  # each process its own
    from secondline.literature.reading import steps  # noqa: PLC0415

    with opened(path) as source:
        return sum(len(step.records) for step in steps(source, path))


def add(path: Path) -> int:
    """Keep every document of a file in a new database; return how many."""
    from secondline.literature.literature import Literature  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/literature.sqlite"
        (added,) = Literature(address).add([path])
        size = sum(each.stat().st_size for each in Path(folder).iterdir())
        print(f"  database {size / (1 << 20):.0f} MiB", file=sys.stderr)
        return sum(added.counts.values())


def peer(path: Path, **told: bool) -> int:
    """Parse every citation of a file by pubmed_parser; return how many."""
    import pubmed_parser  # noqa: PLC0415

    return sum(1 for _ in pubmed_parser.parse_medline_xml(str(path), **told))


def peer_of_the_same(path: Path) -> int:
    """Parse every citation by pubmed_parser, told to give what is read here; return how many."""
    return peer(
        path,
        year_info_only=False,
        parse_downto_mesh_subterms=True,
        author_list=True,
        reference_list=True,
    )


PEERS = {
    "pubmed_parser": "as it does unless told otherwise",
    "the same by it": "told to give what is read here",
}
WORK: dict[str, Callable[[Path], int]] = {
    "read": read,
    "add": add,
    **dict(zip(PEERS, (peer, peer_of_the_same), strict=True)),
}


class Taken(NamedTuple):
    """What one piece of work took: records, seconds of processor, MiB of memory at most."""

    records: int
    seconds: float
    peak: float
    note: str


def measure(name: str, path: Path) -> Taken | str:
    """Do one piece of work in a process of its own; return what it took, or why it failed."""
    arguments = [sys.executable, __file__, "--work", name, str(path)]
    done = subprocess.run(arguments, check=False, capture_output=True, text=True)
    if done.returncode:
        return done.stderr.splitlines()[-1]
    count, seconds, peak = done.stdout.split()
    return Taken(int(count), float(seconds), float(peak), done.stderr.rstrip())


def compare(path: Path, rounds: int) -> None:
    """Do every piece of work in turn, in rounds, and print the medians."""
    print(f"{path.name}, {rounds} rounds")
    medians: dict[str, float] = {}
    taken = [{name: measure(name, path) for name in WORK} for _ in range(rounds)]
    for name in WORK:
        each = [found for turn in taken if isinstance(found := turn[name], Taken)]
        if len(each) < rounds:
            print(f"  {name:<14} not measured: {taken[0][name]}")
            continue
        medians[name] = median(one.seconds for one in each)
        print(
            f"  {name:<14} {each[0].records} records, {medians[name]:6.2f} s of processor,"
            f" {each[0].records / medians[name]:6.0f} a second,"
            f" peak {median(one.peak for one in each):4.0f} MiB{each[0].note}"
        )
    for name, told in PEERS.items():
        if name in medians:
            times = medians[name] / medians["read"]
            print(f"  read is {times:.2f} times as fast as pubmed_parser {told}")


def work(name: str, path: Path) -> None:
    """Do one piece of work; print records, seconds of CPU and peak memory in MiB."""
    start = time.process_time()
    count = WORK[name](path)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(count, seconds, peak)


def main() -> None:
    """Measure the files given, or a synthetic one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", choices=WORK, help="do only this, in this process")
    told = parser.parse_args()
    if told.work:
        work(told.work, told.files[0])
        return
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        synthetic = Path(folder) / "synthetic.xml.gz"
        if not told.files:
            make(synthetic, told.megabytes)
        for path in told.files or [synthetic]:
            compare(path, told.rounds)


if __name__ == "__main__":
    main()
