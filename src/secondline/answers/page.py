"""One disease as a page: every statement by section, with its figures, cautions and sources."""

from collections.abc import Iterable, Iterator

from secondline.answers.wording import figure_texts
from secondline.domain.evidence import Source, SourceKind, Statement
from secondline.library.library import Library

STRONGEST_FIRST: tuple[SourceKind, ...] = ("randomized trial", "meta-analysis")


def reference_page(disease: str, library: Library) -> str:
    """Write the statements of one disease as Markdown, section by section, and their sources.

    Raises:
        KeyError: there is no such disease.
    """
    return "\n".join(_page(disease, library)).rstrip() + "\n"


def _page(disease: str, library: Library) -> Iterator[str]:
    replaced = {id_ for s in library.statements.values() for id_ in s.supersedes}
    statements = [
        s for s in library.of_disease[disease] if s.withdrawn is None and s.id not in replaced
    ]
    findings = sum(len(s.findings) for s in statements)
    name = library.diseases[disease].name
    yield f"# Evidence: relapsed and refractory {name}"
    yield ""
    yield (
        f"The {len(statements)} statements and {findings} findings that answers are made of;"
        " those that others supersede are left out. A percentage without an interval has none in"
        " its source. Statements are *submitted* unless it says otherwise: no clinician has"
        " reviewed these words yet."
    )
    by_heading = {
        aspect.heading: [s for s in statements if s.topic in aspect.topics]
        for aspect in library.aspects.values()
    }
    yield ""
    for heading, its in by_heading.items():
        if its:
            yield f"- [{heading}](#{_anchor(heading)}): {len(its)}"
    yield "- [Sources](#sources)"
    for heading, its in by_heading.items():
        if its:
            yield ""
            yield f"## {heading}"
        for statement in sorted(its, key=lambda s: _place(s, library)):
            yield ""
            yield from _statement(statement, library)
    yield ""
    yield "## Sources"
    yield ""
    cited = {source.id: source for s in statements for source in library.sources_of(s)}
    for source in sorted(cited.values(), key=lambda s: s.id):
        yield f"- `{source.id}`: {described(source)}"


def _anchor(heading: str) -> str:
    """Return the anchor that Markdown readers give a heading."""
    return "".join(c for c in heading.lower().replace(" ", "-") if c.isalnum() or c == "-")


def _place(statement: Statement, library: Library) -> tuple[bool, bool, str, str]:
    """Order what is shown: relapse first, randomized first, then study by study."""
    kind = library.sources[statement.citation.source].kind
    return (
        statement.setting == "newly diagnosed",
        kind not in STRONGEST_FIRST,
        statement.study or "",
        statement.id,
    )


def _statement(statement: Statement, library: Library) -> Iterator[str]:
    yield f"**{statement.study or statement.population}** {statement.says}"
    yield ""
    for worded in figure_texts(statement.findings, yields=library.yields(statement)):
        yield f"- {worded.text}"
    yield f"- Population: {statement.population} ({statement.setting})."
    if statement.caution:
        yield f"- Mind: {statement.caution}"
    for label, ids in (
        ("Differs from", statement.conflicts_with),
        ("Supersedes", statement.supersedes),
    ):
        if ids:
            yield f"- {label}: {_ids(ids)}."
    level = f" Level {statement.level}." if statement.level else ""
    sources = " through ".join(f"`{s.id}`" for s in library.sources_of(statement))
    read = library.sources[statement.citation.source].read
    standing = library.standing(statement.id)
    shown = "" if standing == "submitted" else f" Standing: {standing}."
    yield f"- `{statement.id}`: {sources} (read: {read}).{level}{shown}"


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(f"`{id_}`" for id_ in ids)


def described(source: Source) -> str:
    """Describe a source in one line: authors, title, journal, identifiers, kind, depth read."""
    ids = [
        f"{name}{value}"
        for name, value in (
            ("PMID ", source.pmid),
            ("doi:", source.doi),
            ("", source.registration),
        )
        if value
    ]
    year = str(source.year) if source.year and str(source.year) not in source.journal else ""
    parts = (source.authors, source.title, source.journal, year, "; ".join(ids))
    text = ". ".join(part.rstrip(".") for part in parts if part)
    retracted = f" Retracted: {source.retracted}." if source.retracted else ""
    return f"{text}. {source.kind.capitalize()}, read: {source.read}.{retracted}"
