"""What a search of the literature found, as text for a terminal."""

from collections.abc import Iterator

from secondline import desk
from secondline.interfaces.cli.literature_text import NOTHING_ADDED, UNREVIEWED
from secondline.interfaces.cli.text import counted, item, paragraph

QUOTED = 400  # characters of a passage; the JSON has it whole


def built(result: desk.Built) -> str:
    """Write what was built."""
    words = ", ".join(
        (
            counted(result.documents, "document"),
            counted(result.passages, "passage"),
            counted(result.vectors, "vector"),
        )
    )
    lines = paragraph(f"The index is built: {words}.")
    if not result.documents:
        lines += paragraph(f"It finds nothing. {NOTHING_ADDED}")
    if result.without_vectors:
        lines += paragraph(f"Without the dense leg: {result.without_vectors}.")
    return "\n".join(lines)


def verified(result: desk.Verified) -> str:
    """Write whether the files of an index are what was written, and how to repair them."""
    files, size = counted(result.files, "file"), counted(result.bytes, "byte")
    held = f"{files}, {size}, of {result.built}"
    if not result.damages:
        return "\n".join(paragraph(f"The index is intact: {held}."))
    lines = paragraph(f"The index in {result.folder} is damaged ({held}):")
    lines += [line for each in result.damages for line in item(each)]
    return "\n".join([*lines, *paragraph("Build it anew: secondline literature index build")])


def sharded(result: desk.Sharded) -> str:
    """Write what Spark made of files, and what of them could not be read."""
    words = f"{counted(result.documents, 'document')} ({result.retracted} retracted),"
    words += f" {counted(result.passages, 'passage')}, {counted(result.vectors, 'vector')};"
    words += f" {counted(result.files, 'file')}, {counted(result.shards, 'shard')}."
    lines = paragraph(f"The index is built: {words}")
    if result.rejected:
        lines += paragraph(f"Could not be read: {result.rejected}, among them:")
        lines += [line for each in result.refused for line in item(each)]
    return "\n".join(lines)


def found(result: desk.Retrieved) -> str:
    """Write what was found: documents with their passages, and which legs answered."""
    return "\n".join(_found(result))


def _found(result: desk.Retrieved) -> Iterator[str]:
    yield from paragraph(UNREVIEWED)
    for number, hit in enumerate(result.hits, 1):
        yield ""
        yield from _hit(number, hit)
    if not result.hits:
        yield ""
        answered = any(leg.answered for leg in result.legs)
        yield "Nothing found." if answered else "Nothing could be searched."
    yield ""
    for leg in result.legs:
        state = counted(leg.documents, "document") if leg.answered else "DID NOT ANSWER"
        reason = f"; {leg.reason}" if leg.reason else ""
        passages = counted(leg.passages, "passage")
        yield from paragraph(f"{leg.name}: {state}, {passages}{reason}")
    if result.not_held:
        names = ", ".join(result.not_held)
        yield from paragraph(f"Found and not held here: {names}; {result.not_held_because}.")
    if result.turned:
        names = ", ".join(result.turned)
        yield from paragraph(f"Left out, for their retraction is newer than the index: {names}.")
    if result.stale:
        yield from paragraph(f"The index is stale: {result.stale}.")


def _hit(number: int, hit: desk.FoundDocument) -> Iterator[str]:
    marked = "RETRACTED. " if hit.retracted else ""
    yield from paragraph(f"{number}. {marked}{hit.title or '(no title)'}")
    told = (hit.document, hit.kind, hit.journal, str(hit.year or ""))
    ranks = ", ".join(f"{leg} {rank}" for leg, rank in hit.ranks.items())
    yield from item(f"{'; '.join(filter(None, told))} ({ranks})", mark="")
    if hit.passage is None:
        yield from item("the passage is no longer in the document", mark="")
        return
    text = " ".join(hit.passage.text.removeprefix(hit.title).split())
    cut = text if len(text) <= QUOTED else text[:QUOTED].rsplit(" ", 1)[0] + " ..."
    where = f"{' > '.join(hit.passage.heading)}: " if hit.passage.heading else ""
    yield from item(f"{where}“{cut}”", mark="")
