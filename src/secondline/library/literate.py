"""Pathway files: Markdown in which a passage stands above each rule that it became."""

from dataclasses import dataclass

from markdown_it import MarkdownIt

from secondline.library.documents import KnowledgeError, Plain, read_yaml


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a pathway file: its kind, its data, its line and the passage above it."""

    kind: str
    data: Plain
    line: int
    passage: str


def read_pathway(text: str) -> tuple[dict[str, str], list[Block]]:
    """Split a pathway file into its front matter and its fenced blocks, in order.

    Raises:
        KnowledgeError: there is no front matter, or a block is not YAML.
    """
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        raise KnowledgeError("it has no front matter; begin with --- id, disease, title ---", 1)
    head, body = text[4:].split("\n---\n", 1)
    offset = head.count("\n") + 3
    blocks: list[Block] = []
    passage = ""
    blocks_alone = MarkdownIt().disable("inline")  # a passage is taken as it is written
    for token in blocks_alone.parse(body):
        if token.type == "inline":
            passage = token.content
        elif token.type == "fence":
            line = offset + (token.map[0] if token.map else 0) + 1
            try:
                data = read_yaml(token.content)
            except KnowledgeError as error:
                raise KnowledgeError(str(error), line + error.line) from None
            blocks.append(Block(token.info.strip(), data, line, passage))
            passage = ""
    return read_yaml(head), blocks
