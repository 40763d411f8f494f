"""Commands over the literature: add, stats, show."""

import gc
import json
from pathlib import Path

from cyclopts import App

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import literature_text
from secondline.interfaces.cli.terminal import (
    INPUT_CANNOT_BE_READ,
    OK,
    PARTLY_READ,
    Json,
    print_line,
    progress,
)

literature_app = App(
    name="literature",
    help=(
        "Documents of others, added by you: PubMed, JATS, PDQ, ClinicalTrials.gov, JSON Lines."
        " No editor has reviewed them.\n\n"
        "They are kept in the folder that SECONDLINE_HOME names, else in the platform's folder for"
        " data; for a team in the PostgreSQL database that SECONDLINE_DATABASE names."
    ),
)


@literature_app.command
def add(files: list[Path], /, *, as_json: Json = False) -> int:
    """Add files, in the order given; the same content is never added twice.

    A file is known by what it holds: PubMed XML (baseline, update files, E-utilities), JATS XML,
    PDQ (XML or Markdown), MedQuAD XML, ClinicalTrials.gov JSON (version 2) or JSON Lines, plain
    or packed with gzip. A record that cannot be read is reported and left out (exit code 5); a
    broken file keeps what came before the break, and a file that is none is refused (both 3).
    Reading that was stopped goes on where it stopped when the file is added again.

    Parameters
    ----------
    files:
        Files of documents. Give update files of PubMed in the order of their numbers.
    """
    gc.enable()  # this runs long
    opened = desk.literature()
    done = []
    with progress() as show:
        for added in opened.add(files, show):
            done.append(added)
            if not as_json:
                print_line(literature_text.added(added))
    if as_json:
        listed = [contract.plain(added) for added in done]
        print_line(json.dumps(listed, ensure_ascii=False, indent=2))
    if any(added.state != "read" for added in done):
        return INPUT_CANNOT_BE_READ
    return PARTLY_READ if any(added.counts.get("rejected") for added in done) else OK


@literature_app.command
def stats(*, as_json: Json = False) -> int:
    """Count what is held: records by kind, retracted and deleted ones, versions, files."""
    counts = desk.literature().stats()
    print_line(contract.json_text(counts) if as_json else literature_text.counts(counts))
    return OK


@literature_app.command
def show(number: str, /, *, as_json: Json = False) -> int:
    """Show one document: what it is, how it is related to others, and where it came from.

    Parameters
    ----------
    number:
        A PMID, PMC number, NCT number or DOI, or the id that the literature gives.
    """
    found = desk.literature().show(number)
    if as_json:
        print_line(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print_line(literature_text.document(found))
    return OK
