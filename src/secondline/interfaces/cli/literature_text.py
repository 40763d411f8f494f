"""What was added, counts and documents of the literature as text for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from secondline import desk
from secondline.interfaces.cli.text import counted, item, paragraph

LISTED = 20  # references and relations; the rest is counted, and is in the JSON
WORDS = {
    "superseded": "older than what is held",
    "rejected": "that could not be read",
}
KINDS = {
    "evidence summary": "evidence summaries"
}  # plurals that are more than an s; others have one
NOTHING_ADDED = "Nothing was added yet; add files with: secondline literature add FILE"
UNREVIEWED = "Unreviewed literature: no editor of secondline has looked at it."


def added(result: desk.Added) -> str:
    """Write what became of one file."""
    return "\n".join(_added(result))


def _added(result: desk.Added) -> Iterator[str]:
    if result.state == "refused":
        yield from paragraph(f"{result.file}: refused, nothing was read: {result.reason}")
        return
    if result.already:
        yield from paragraph(f"{result.file}: nothing changed, this content was added before.")
    else:
        counts = ", ".join(_outcome(what, n) for what, n in result.counts.items())
        where = f", from byte {result.resumed} on" if result.resumed else ""
        yield from paragraph(f"{result.file} ({result.format}{where}): {counts or 'no record'}.")
    if result.reason:
        yield from item(f"broken {result.reason}; what came before is kept")
    for each in result.refused:
        yield from item(f"byte {each.position}, {each.record}: {each.reason}; left out")
    if (rejected := result.counts.get("rejected", 0)) > len(result.refused):
        yield f"  and {rejected - len(result.refused)} more records that could not be read"
    for oddity, n in result.oddities.items():
        yield from item(f"{oddity} ({n} records)" if n > 1 else oddity)


def _outcome(what: str, number: int) -> str:
    if what == "not held":
        one, many = "deletion of a record that is", "deletions of records that are"
        return counted(number, f"{one} not held", f"{many} not held")
    return f"{number:,} {WORDS.get(what, what)}"


def counts(held: desk.Counts) -> str:
    """Write what is held."""
    lines = paragraph(
        f"{counted(held.records, 'record')}, {held.retracted:,} of them retracted;"
        f" {held.deleted:,} deleted, {counted(held.versions, 'version')},"
        f" {counted(held.links, 'link')}, {held.rejected:,} that could not be read."
    )
    kinds = (counted(n, kind, KINDS.get(kind, "")) for kind, n in held.by_kind.items())
    lines += paragraph(f"records: {', '.join(kinds) or 'none'}")
    files = (f"{n:,} {state}" for state, n in held.files.items())
    lines += paragraph(f"files: {', '.join(files) or 'none'}")
    if not held.files:
        lines += paragraph(NOTHING_ADDED)
    return "\n".join(lines)


def document(found: Mapping[str, Any]) -> str:
    """Write a document: what it is, its abstract, its relations and its history."""
    return "\n".join(_document(found))


def _document(found: Mapping[str, Any]) -> Iterator[str]:
    told = found["document"]
    if found["retracted"]:
        yield "RETRACTED"
    if found["deleted"]:
        yield "DELETED by its source; this is its last version"
    yield from paragraph(told.get("title") or told.get("vernacular_title") or "(no title)")
    yield from paragraph(
        ". ".join(filter(None, (_authors(told), told.get("journal"), _date(told.get("date")))))
    )
    numbers = ("id", "pmid", "pmcid", "doi", "status", "url")
    yield from paragraph(
        "; ".join(f"{name} {told[name]}" for name in numbers if told.get(name))
        + f" ({told['kind']})"
    )
    yield ""
    for section in told.get("abstract", ()):
        yield from paragraph(": ".join((*section.get("heading", ()), section["text"])))
    parts = (("section", "body"), ("table", "tables"), ("reference", "references"))
    sizes = [counted(len(told.get(key, ())), one) for one, key in parts]
    yield from paragraph(f"{', '.join((*sizes, counted(found['passages'], 'passage')))}.")
    yield from _listed("RELATIONS", [_related(each) for each in found["related"]])
    yield from _listed("LEVELS OF EVIDENCE", [_level(each) for each in told.get("levels", ())])
    yield from _listed("ODDITIES", list(told.get("oddities", ())))
    yield from _listed("HISTORY", [_version(each) for each in found["history"]])
    yield ""
    yield from paragraph(UNREVIEWED)


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield title
    for line in lines[:LISTED]:
        yield from item(line)
    if len(lines) > LISTED:
        yield f"  and {len(lines) - LISTED} more (--json lists all)"


def _authors(told: Mapping[str, Any]) -> str:
    names = [
        each.get("collective")
        or " ".join(filter(None, (each.get("last_name"), each.get("initials"))))
        for each in told.get("authors", ())
    ]
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _date(date: Mapping[str, Any] | None) -> str:
    if not date:
        return ""
    parts = (date.get("year"), date.get("month"), date.get("day"))
    return str(date.get("printed") or "-".join(f"{part:02}" for part in parts if part))


def _related(each: Mapping[str, Any]) -> str:
    number = f"PMID {each['pmid']}" if each["pmid"] else each["doi"] or each["pmcid"] or ""
    other = each["id"] or number
    printed = "" if each["printed"] in other else each["printed"]
    held = "" if each["id"] else " (not held)"
    return f"{each['relation']} {' '.join(filter(None, (other, printed)))}{held}"


def _level(each: Mapping[str, Any]) -> str:
    pmids = f", PMID {', '.join(each['pmids'])}" if each.get("pmids") else ""
    return f"{each['printed']} ({each['scheme']}){pmids}: {' > '.join(each.get('heading', ()))}"


def _version(each: Mapping[str, Any]) -> str:
    return f"{each['version']}: {each['action']}, {each['name']}, byte {each['position']}"
