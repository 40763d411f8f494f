"""Commands that search the literature, and build what they search."""

import gc
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import search_text
from secondline.interfaces.cli.terminal import (
    INPUT_CANNOT_BE_READ,
    OK,
    PARTLY_READ,
    Json,
    Knowledge,
    print_line,
    progress,
)

Several = Annotated[tuple[str, ...], Parameter(negative="", show_default=False)]

index_app = App(name="index", help="The index that a search looks into.")


@index_app.command
def build(
    *,
    vectors: bool | None = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Build the index of all literature that was added, and put it in the place of the old one.

    Searches go on with the old index until the new one is whole. A build that was stopped goes on
    with the vectors it has made. Nothing but this command builds an index; where SECONDLINE_SEARCH
    names a server, it is built there.

    Parameters
    ----------
    vectors:
        For the dense leg, which finds what is said in other words; they take about a tenth of a
        second for each passage that is new. Left open, they are made where the extra `search` is
        installed.
    """
    gc.enable()  # this runs long
    retrieval = desk.open(knowledge).retrieval()
    with progress() as show:
        tell = (lambda what, done: show(f"{what} {done:,} passages", 0.0)) if show else None
        built = retrieval.build(vectors=vectors, progress=tell)
    print_line(contract.json_text(built) if as_json else search_text.built(built))
    return OK


@index_app.command
def verify(*, as_json: Json = False, knowledge: Knowledge = None) -> int:
    """Read all files of the index, and hold them against what was written.

    A search looks at their sizes, and reads those of up to 64 MiB. What it does not read, such as
    a byte that a disk has altered in a large index, is found here (exit code 3).
    """
    result = desk.open(knowledge).retrieval().verify()
    print_line(contract.json_text(result) if as_json else search_text.verified(result))
    return INPUT_CANNOT_BE_READ if result.damages else OK


@index_app.command
def shard(  # noqa: PLR0913  # an option is a parameter
    files: list[Path],
    /,
    *,
    into: Path,
    shards: int = 16,
    vectors: bool = True,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Make an index of files by Apache Spark, in shards that are joined, for very much literature.

    Needs the extra `spark` and Java 17. Files are read as by `literature add`, and kept as Parquet
    in the folder, not in the database. What cannot be read is reported (exit code 5). Searches go
    on with the old index until the new one is whole. To search it, let SECONDLINE_SEARCH name the
    folder: file:///FOLDER.

    Parameters
    ----------
    files:
        Files of documents, in the order in which they were published.
    into:
        The folder; every machine of a cluster must reach it, and the files, under the same name.
    shards:
        How many; each is made by one core.
    vectors:
        For the dense leg; they take about a tenth of a second for each passage that is new.
    """
    gc.enable()  # this runs long
    opened = desk.open(knowledge)
    made = opened.shard_literature(files, into, shards=shards, vectors=vectors)
    print_line(contract.json_text(made) if as_json else search_text.sharded(made))
    return PARTLY_READ if made.rejected else OK


def search(  # noqa: PLR0913  # an option is a parameter
    query: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    kind: Several = (),
    year: str | None = None,
    disease: Several = (),
    phase: Several = (),
    retracted: bool | None = None,
    limit: int = 10,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Search the literature that was added. No editor has reviewed what is found.

    Passages are found by their words (lexical) and by what they mean (dense), and both rankings
    are fused. The answer names each way of searching, and why one did not answer. The index must
    have been built: secondline literature index build. SECONDLINE_SEARCH may name a server that
    searches (postgresql://... or https://... of OpenSearch), or a folder that `index shard` filled
    (file:///...).

    Parameters
    ----------
    query:
        Words; no character of them is an operator.
    kind:
        Only citation, book, "full text", "evidence summary", "registry record" or text; may be
        repeated.
    year:
        Only of these years: 2019, 2010-2019, 2010- or -2019.
    disease:
        Only documents that name this disease in title, abstract, keywords, conditions or subject
        headings; may be repeated.
    phase:
        Only trials of this phase: "early 1", 1, 2, 3 or 4; may be repeated.
    retracted:
        Only retracted documents, or none of them; without either they are marked.
    limit:
        How many documents at most, from 1 to 100.
    """
    opened = desk.open(knowledge)
    filters = desk.filters_from(
        kinds=kind, years=year, diseases=disease, phases=phase, retracted=retracted,
        known_diseases=opened.library.diseases,
    )  # fmt: skip
    found = opened.retrieval().search(query, filters=filters, limit=limit)
    print_line(contract.json_text(found) if as_json else search_text.found(found))
    return OK
