"""A file to its documents: recognized by what it holds, read as a stream by the reader for it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from secondline.literature import jats, pdq, pdq_markdown, pubmed, trials, user_texts
from secondline.literature.files import Format, Source, recognized
from secondline.literature.json_objects import lines, objects
from secondline.literature.records import Step
from secondline.literature.splitting import records

FileReader = Callable[[Source, Path, int], Iterator[Step]]

READERS: dict[Format, FileReader] = {
    "pubmed": lambda file, _, start: records(
        file.window, pubmed.TAGS, pubmed.read, start, pubmed.MARKED
    ),
    "jats": lambda file, _, start: records(file.window, jats.TAGS, jats.read, start),
    "pdq": lambda file, _, start: records(file.window, pdq.PDQ_TAGS, pdq.read_summary, start),
    "medquad": lambda file, _, start: records(
        file.window, pdq.MEDQUAD_TAGS, pdq.read_questions, start
    ),
    "pdq-markdown": lambda file, path, start: pdq_markdown.documents(file.window, path.stem, start),
    "trials": lambda file, _, start: objects(file.window, trials.read, trials.BEGINS, start),
    "json-lines": lambda file, _, start: lines(file.window, user_texts.read, start),
}


def steps(source: Source, path: Path, start: int = 0) -> Iterator[Step]:
    """Read a file, from its beginning or from where reading it stopped.

    Args:
        source: the file, opened and not yet read.
        path: its name.
        start: the `end` of the last step that was kept; 0 from the beginning.

    Raises:
        FileError: it is no file of documents, or cannot be read further; steps before stay good.
    """
    return READERS[recognized(source.window.head())](source, path, start)
