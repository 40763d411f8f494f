import pytest

from secondline.library.documents import KnowledgeError, read_text, read_yaml
from secondline.library.literate import read_pathway


def test_every_scalar_stays_the_string_that_was_written():
    text = "a: no\nb: 1.10\nc: 12:30:00\nd: ~\ne: 0o17\nf: 2024-05-01\ng: [yes, 010]\nh: ''\n"
    assert read_yaml(text) == {
        "a": "no",
        "b": "1.10",
        "c": "12:30:00",
        "d": "~",
        "e": "0o17",
        "f": "2024-05-01",
        "g": ["yes", "010"],
        "h": "",
    }


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "key 'a' stands twice"),
        ("- {x: 1, x: 2}\n", 1, "key 'x' stands twice"),
        ("a: &x [1]\nb: *x\n", 1, "anchor &x: write the value out"),
        ("a: *x\n", 1, "alias *x: write the value out"),
        ("a: !!python/object/apply:os.system ['true']\n", 1, "tag tag:yaml.org"),
        ("? [1, 2]\n: 3\n", 1, "a key must be a plain word"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins"),
        ("a: [1, 2\nb: 3\n", 2, "not YAML"),
        ("a:\n\tb: 1\n", 2, "not YAML"),
        ("a: 'unfinished\n", 2, "not YAML"),
        ("[" * 30 + "]" * 30, 1, "nested deeper than 20 levels"),
        ("a\0b", 0, "it is binary; expected YAML text"),
    ],
)
def test_what_knowledge_files_do_not_use_is_refused_with_its_line(text, line, message):
    with pytest.raises(KnowledgeError) as refused:
        read_yaml(text)
    assert str(refused.value).startswith(message)
    assert refused.value.line == line


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(KnowledgeError, match="anchor &a0"):
        read_yaml("\n".join(lines))


def test_an_empty_document_is_nothing():
    assert read_yaml("") is None
    assert read_yaml("# only a comment\n") is None


def test_files_that_are_no_text_are_refused(tmp_path):
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"a: \0\1")
    with pytest.raises(KnowledgeError, match="it is binary; expected UTF-8 text"):
        read_text(binary)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: 1\nb: Müller\n".encode("latin-1"))
    with pytest.raises(KnowledgeError, match="is not UTF-8; save it as UTF-8") as refused:
        read_text(latin)
    assert refused.value.line == 2
    with pytest.raises(KnowledgeError, match="it cannot be read: No such file"):
        read_text(tmp_path / "absent.yaml")
    large = tmp_path / "large.yaml"
    large.write_bytes(b"a" * 2_000_001)
    with pytest.raises(KnowledgeError, match="it has 2,000,001 bytes"):
        read_text(large)


PATHWAY = """---
id: p
disease: d
title: T
---
# T

The passage that became the rule.

```rule
option: o
when: x
```
"""


def test_the_passage_above_a_rule_belongs_to_it():
    head, blocks = read_pathway(PATHWAY)
    assert head == {"id": "p", "disease": "d", "title": "T"}
    (block,) = blocks
    assert (block.kind, block.line, block.passage) == (
        "rule",
        10,
        "The passage that became the rule.",
    )
    assert block.data == {"option": "o", "when": "x"}


def test_a_broken_rule_is_named_by_its_line_in_the_file():
    with pytest.raises(KnowledgeError) as refused:
        read_pathway(PATHWAY.replace("when: x", "option: again"))
    assert refused.value.line == 12
    with pytest.raises(KnowledgeError, match="no front matter"):
        read_pathway("# T\n")
