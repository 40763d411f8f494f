"""The documentation is run, not only read: its blocks, its links, and what it must name."""

import dataclasses
import inspect
import io
import re
import shlex
from contextlib import redirect_stdout
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import command
import secondline
from secondline import desk
from secondline.answers import answer
from secondline.assessment import assessment
from secondline.domain import evidence, facts, pathways, references, terms
from secondline.interfaces.cli.app import app
from secondline.library.library import bundled_knowledge

ROOT = Path(__file__).parent.parent.parent
RUNNING = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
WRITTEN_BY_HAND = [page for page in RUNNING if "reference" not in page.parts]
EVERY_PAGE = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
EXIT = re.compile(r"\s+# exit (\d+)$")
BRITISH = re.compile(
    r"\b(tumours?|paediatric\w*|oncological|leukaemia\w*|haemat\w+|randomised|favour(?:able|ed|ing)?"
    r"|centres?|programmes?|behaviours?|colours?|licence|judgement|analys(?:e|ed))\b",
    re.IGNORECASE,
)
PLACES = re.compile(r"(?<![\w.])/(?:work|home|root|tmp|Users|opt|var)/|pypi|pythonhosted|localhost")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path):
    """Yield the info string and the text of every fenced block, also of those in lists."""
    for token in MarkdownIt().parse(page.read_text("utf-8")):
        if token.type == "fence":
            yield token.info.strip(), token.content, token.map[0] + 1


# Blocks


@pytest.mark.parametrize("page", RUNNING, ids=name_of)
def test_every_block_of_a_page_runs(page, own_home, monkeypatch):
    """Blocks of one page share a home, a folder in it and, in Python, their names."""
    tmp_path = own_home / "folder"
    tmp_path.mkdir()
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__docs__"}
    for info, text, line in blocks(page):
        kind, _, about = info.partition(" ")
        if about.startswith("file="):
            (tmp_path / about.removeprefix("file=")).write_text(text, "utf-8")
        elif about.startswith("from="):
            stands_in(about.removeprefix("from="), text, f"{name_of(page)}:{line}")
        elif kind == "python":
            code = compile("\n" * line + text, str(page), "exec")
            with redirect_stdout(io.StringIO()):
                exec(code, names)
        elif kind == "console":
            console(text, tmp_path, f"{name_of(page)}:{line}")


def stands_in(file: str, text: str, where: str) -> None:
    """Require that a quoted piece of knowledge stands in its file as quoted."""
    assert text.strip() in (bundled_knowledge() / file).read_text("utf-8"), (
        f"{where}: knowledge/{file} has changed; quote it again"
    )


def console(text: str, folder: Path, where: str) -> None:
    """Run the commands of a block; every line below a command must be in what it printed."""
    printed: str | None = None
    for line in text.splitlines():
        if line.startswith("$ "):
            printed = run(line[2:], folder, where) if line.startswith("$ secondline") else None
        elif printed is not None and line.strip() not in {"", "..."}:
            assert " ".join(line.split()) in printed, f"{where}: {line!r} is not printed"


def run(line: str, folder: Path, where: str) -> str:
    """Run one command line; return what it printed as one line, since terminals wrap elsewhere."""
    expected = EXIT.search(line)
    words, streams = redirections(EXIT.sub("", line))
    stdin = (folder / streams["<"]).read_bytes() if "<" in streams else b""
    process = command.run(*words[1:], stdin=stdin, cwd=folder, timeout=120)
    code = int(expected[1]) if expected else 0
    assert process.returncode == code, f"{where}: {line}\n{process.stderr.decode()}"
    if ">" in streams:
        (folder / streams[">"]).write_bytes(process.stdout)
    return " ".join((process.stdout + process.stderr).decode().split())


def redirections(line: str) -> tuple[list[str], dict[str, str]]:
    """Split a command line into its words and the files behind < and >."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    words, streams, pending = [], {}, ""
    for word in lexer:
        if word in {"<", ">"}:
            pending = word
        elif pending:
            streams[pending], pending = word, ""
        else:
            words.append(word)
    return words, streams


def test_make_targets_in_the_docs_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in EVERY_PAGE:
        named = set(re.findall(r"(?:`|\$ )make ([a-z]+)", page.read_text("utf-8")))
        assert named <= targets, f"{name_of(page)} names {sorted(named - targets)}"


# Links


@cache
def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page, as repositories make them."""
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    titles = (
        inline.content for opening, inline in pairwise(tokens) if opening.type == "heading_open"
    )
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@cache
def links(page: Path) -> set[str]:
    return {
        str(child.attrs["href"])
        for token in MarkdownIt().parse(page.read_text("utf-8"))
        for child in token.children or ()
        if child.type == "link_open"
    }


@pytest.mark.parametrize("page", EVERY_PAGE, ids=name_of)
def test_internal_links_lead_somewhere(page):
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)} links to {link}"
        if anchor:
            assert anchor in anchors(target), f"{name_of(page)} links to {link}"


def test_every_page_can_be_reached_from_another():
    reached = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in EVERY_PAGE
        for link in links(page)
        if not re.match(r"[a-z]+:", link)
    }
    for page in (ROOT / "docs").rglob("*.md"):
        assert page in reached or page.name == "index.md", f"nothing links to {name_of(page)}"


# What the docs must name


def commands(tree=app, above=("secondline",)):
    for name in tree:
        if not name.startswith("-"):
            command = tree[name]
            below = list(commands(command, (*above, name)))
            yield from below or [" ".join((*above, name))]


def test_every_command_is_told_of_outside_the_reference():
    told = "\n".join(page.read_text("utf-8") for page in WRITTEN_BY_HAND)
    found = list(commands())
    assert "secondline ask" in found
    assert "secondline library check" in found
    assert [command for command in found if command not in told] == []


def test_every_public_function_of_the_desk_is_told_of():
    functions = {name for name in desk.__all__ if inspect.isfunction(getattr(desk, name))}
    functions |= {n for n, f in inspect.getmembers(desk.Desk, inspect.isfunction) if n[0] != "_"}
    assert {"open", "check", "ask", "assess"} <= functions
    told = "\n".join(page.read_text("utf-8") for page in WRITTEN_BY_HAND)
    assert [name for name in sorted(functions) if not re.search(rf"\b{name}\(", told)] == []


def test_every_key_and_module_is_in_the_glossary():
    """One idea, one word: a YAML key, a JSON key and a module have an entry each."""
    keys = {
        field.name
        for module in (evidence, facts, pathways, references, terms, answer, assessment)
        for kind in vars(module).values()
        if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
        for field in dataclasses.fields(kind)
        if not field.name.startswith("_")
    }
    source = Path(secondline.__file__).parent
    modules = {path.stem for path in source.rglob("*.py")}
    modules |= {path.parent.name for path in source.rglob("*/__init__.py")}
    modules -= {"__init__", "__main__", "secondline"}
    glossary = set(re.findall(r"`([^`]+)`", (ROOT / "GLOSSARY.md").read_text("utf-8")))
    assert sorted((keys | modules) - glossary) == []


def test_every_code_of_the_domain_is_in_the_glossary():
    """The closed lists: roles, read depths, kinds, settings, standings, reasons for an unknown."""
    glossary = (ROOT / "GLOSSARY.md").read_text("utf-8")
    lists = (evidence.ReadDepth, evidence.SourceKind, evidence.Setting, evidence.Standing)
    codes = {code for each in (*lists, pathways.Role, facts.FactKind) for code in each.__args__}
    codes |= {reason.value for reason in facts.Reason}
    assert sorted(code for code in codes if code not in glossary) == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_headed_by_what_was_decided_and_is_short(page):
    text = page.read_text("utf-8")
    assert text.startswith("# ")
    title = re.sub(r"[^a-z0-9]+", "-", text.splitlines()[0].lower()).strip("-")
    assert title == re.sub(r"[^a-z0-9]+", "-", page.stem)
    assert len(text.split()) <= 350, "half a page"


@pytest.mark.parametrize("page", EVERY_PAGE, ids=name_of)
def test_pages_are_spelled_american_and_name_no_machine(page):
    text = page.read_text("utf-8")
    prose = text.partition("\n## Sources\n")[0]  # titles stay as they were printed
    prose = re.sub(r"```.*?```|`[^`]*`", "", prose, flags=re.DOTALL)
    assert BRITISH.findall(prose) == []
    assert PLACES.findall(text) == []
