"""A pathway as it is read: its passages in order, and where each rule stands."""

from dataclasses import dataclass

from markdown_it import MarkdownIt

from secondline.library.catalog import NoSuchRecord
from secondline.library.documents import read_text, read_yaml
from secondline.library.library import Library

RULES = ("criterion", "stratum", "option", "outlook", "caution")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pathway.

    Attributes:
        text: Markdown between two rules; empty for a rule.
        rule: the id of the rule that stands here; None for text.
    """

    text: str
    rule: str | None = None


def pathway_text(pathway: str, library: Library) -> tuple[Part, ...]:
    """Return a pathway in the order of its file, without its front matter and its schemes.

    Raises:
        NoSuchRecord: no pathway has the id.
        KnowledgeError: the file cannot be read any more.
    """
    if pathway not in library.pathways:
        raise NoSuchRecord(f"no pathway has the id {pathway!r}")
    text = read_text(library.root / library.files[pathway])
    body = text[4:].split("\n---\n", 1)[1]
    lines = body.splitlines()
    found: list[Part] = []
    begin = 0
    for token in MarkdownIt().disable("inline").parse(body):
        if token.type != "fence" or token.map is None:
            continue
        found.append(Part("\n".join(lines[begin : token.map[0]]).strip()))
        begin = token.map[1]
        if token.info.strip() == "rule" and (id_ := _rule_of(token.content)) in library.rules:
            found.append(Part("", id_))
    found.append(Part("\n".join(lines[begin:]).strip()))
    return tuple(part for part in found if part.text or part.rule)


def _rule_of(content: str) -> str:
    """Return the id of the rule in a fenced block: its first line names its sort and its id."""
    data = read_yaml(content)
    return next((data[sort] for sort in RULES if sort in data), "")
