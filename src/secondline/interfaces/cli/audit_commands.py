"""The command that audits a foreign text, and its result as text."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import text
from secondline.interfaces.cli.patient_commands import PatientFile
from secondline.interfaces.cli.terminal import OK, Json, Knowledge, print_line


def audit(
    page: PatientFile,
    /,
    *,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Audit a text or an HTML page claim by claim, each verdict with its reason and evidence.

    Parameters
    ----------
    page:
        A file with text or HTML; "-" reads it from standard input.
    """
    audited = desk.open(knowledge).audit(desk.page_text(_bytes_of(page), str(page)))
    print_line(contract.json_text(audited) if as_json else "\n".join(_audit(audited)))
    return OK


def _bytes_of(page: Path) -> bytes:
    if str(page) == "-":
        return sys.stdin.buffer.read(desk.LARGEST_PAGE + 1)
    try:
        with page.open("rb") as file:
            return file.read(desk.LARGEST_PAGE + 1)
    except OSError as error:
        raise desk.TextError(f"{page} cannot be read: {error.strerror}") from None


def _audit(audited: desk.Audit) -> Iterator[str]:
    counts = Counter(claim.verdict for claim in audited.claims)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    claims = "1 claim" if len(audited.claims) == 1 else f"{len(audited.claims)} claims"
    yield f"{claims}: {told}." if told else "No claim about relapsed childhood cancer was found."
    if unjudged := audited.left_unjudged():
        yield from text.paragraph(unjudged)
    yield ""
    for part in audited.in_order():
        if isinstance(part, tuple):
            yield f"({len(part)} not judged)"
        else:
            yield from text.paragraph(f"{part.verdict.upper()}: {part.text}")
            yield from text.item(f"{part.note} {text.cited(part.citations)}")
        yield ""
    yield from text.references(audited.references)
    yield from text.standing(audited.review, audited.edition, audited.disclaimer)
