"""The words of marked-up text: formulas on one line, raised and lowered figures kept apart.

"10<sup>3</sup>" is never read as 103: what Unicode can raise or lower is raised or lowered, and the
rest is written with "^" or "_".
"""

import re
from collections.abc import Iterator
from typing import Any

RAISED = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
CAN_BE_RAISED = re.compile(r"[0-9+\-−–=()ni]+")
CAN_BE_LOWERED = re.compile(r"[0-9+\-−=()]+")
SPACE = re.compile(r"\s+")
BETWEEN = re.compile(r"\s*[,;–-]\s*")
BRACKET = re.compile(r"[\[\]()]")
OPEN_BRACKET = re.compile(r"[\[(][^\])]*$")
TEX = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
SUPERSCRIPTS = {"sup", "Superscript"}
NOT_READABLE = "[formula not readable: it is an image]"

# Read as paragraphs, tables and captions of their own, or not words of the text at all.
APART = {"table-wrap", "fig", "supplementary-material", "fn", "object-id", "graphic", "media"}
DIVIDED = {
    "p", "title", "list-item", "def-item", "break", "br", "disp-formula", "Para", "ListItem",
    "surname", "given-names", "suffix", "source", "volume", "issue", "fpage", "year",
}  # fmt: skip


def words(element: Any, apart: frozenset[str] | set[str] = APART) -> str:
    """Return the text of an element on one line, white space joined.

    Args:
        element: an lxml element, or None for none.
        apart: names of elements whose text is left out.
    """
    if element is None:
        return ""
    if len(element) == 0:
        return joined(element.text or "")
    written: list[str] = []
    _write(element, written, apart)
    return joined("".join(written))


def joined(text: str) -> str:
    """Join white space to single blanks."""
    # Nearly every text is joined already: letters and figures alone, or with single blanks. A blank
    # is the only white space that is printable, so that this is seen sooner than a text is divided
    # and joined again.
    if text.isalnum():
        return text
    text = text.strip()
    if text.isprintable() and "  " not in text:
        return text
    return " ".join(text.split())


def name_of(element: Any) -> str:
    """Return the name of an element without its namespace; empty for what is none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(parent: Any, name: str) -> Iterator[Any]:
    """Yield the elements of a name directly below another, whatever their namespace."""
    return (child for child in parent if name_of(child) == name)


def word(parent: Any, name: str) -> str:
    """Return the text of the first element of a name directly below another, or nothing."""
    return words(next(children(parent, name), None))


def _write(element: Any, written: list[str], apart: frozenset[str] | set[str]) -> None:
    if element.text:
        written.append(element.text)
    for child in element:
        _write_one(child, written, apart)
        if child.tail:
            written.append(child.tail)


def _write_one(child: Any, written: list[str], apart: frozenset[str] | set[str]) -> None:
    name = name_of(child)
    if name in apart or not name:
        return
    if name in SUPERSCRIPTS:
        written.append(_raised_words(child, written, apart))
    elif name in {"sub", "Subscript"}:
        written.append(lowered(words(child, apart)))
    elif name == "math":
        written.append(_set_apart(joined(formula(child)), written, child.tail))
    elif _is_reference(child):
        written.append(_reference(_reference_words(child, apart), written))
    elif name == "xref" and child.get("ref-type") in {"fn", "table-fn"} and not len(child):
        written.append(raised(words(child, apart)))
    elif name == "Reference" and child.get("refidx"):
        written.append(f"[{child.get('refidx')}]")
    elif name in {"alternatives", "inline-formula", "disp-formula"}:
        form = _alternatives(child, apart)
        displayed = name == "disp-formula"
        written.append(f" {form} " if displayed else _set_apart(form, written, child.tail))
    elif name == "tex-math":
        written.append(_tex(child))
    else:
        blank = " " if name in DIVIDED else ""
        written.append(blank)
        _write(child, written, apart)
        written.append(blank)


def _alternatives(element: Any, apart: frozenset[str] | set[str]) -> str:
    """Return the most readable of the forms in which one formula is given."""
    forms = {name_of(each): each for each in element.iter() if name_of(each)}
    if "math" in forms:
        return joined(formula(forms["math"]))
    if "tex-math" in forms:
        return _tex(forms["tex-math"])
    written: list[str] = []
    _write(element, written, apart - {"graphic"})
    if plain := joined("".join(written)):
        return plain
    images = forms.keys() & {"graphic", "inline-graphic", "media"}
    return NOT_READABLE if images else ""


def _set_apart(text: str, written: list[str], tail: str | None) -> str:
    """Put blanks around a formula where its figures would join those beside it."""
    before = written[-1][-1:] if written else ""
    blank_before = " " if before.isalnum() and text[:1].isalnum() else ""
    blank_after = " " if text[-1:].isalnum() and (tail or "")[:1].isalnum() else ""
    return f"{blank_before}{text}{blank_after}"


def _tex(element: Any) -> str:
    text = "".join(element.itertext())
    document = TEX.search(text)
    return joined(document[1] if document else text)


def _raised_words(element: Any, written: list[str], apart: frozenset[str] | set[str]) -> str:
    if any(map(_is_reference, element.iter())):
        return _reference(unraised(element), written)
    if _stands_beside_references(element):
        return unraised(element)
    return raised(words(element, apart))


def _stands_beside_references(element: Any) -> bool:
    """Say whether a superscript is but the comma or dash between two references, or a bracket.

    A dash on one side alone may be a charge, as in "Cl⁻".
    """
    text = unraised(element)
    before, after = element.getprevious(), element.getnext()
    beside = (
        _is_reference(before) and not before.tail,
        _is_reference(after) and not element.tail,
    )
    return all(beside) if BETWEEN.fullmatch(text) else bool(BRACKET.fullmatch(text)) and any(beside)


def _is_reference(element: Any) -> bool:
    return element is not None and (name_of(element), element.get("ref-type")) == ("xref", "bibr")


def _reference_words(element: Any, apart: frozenset[str] | set[str]) -> str:
    """Return the words of a reference; all raised, as in "50%¹²", they are written as figures."""
    level = _level_words(element)
    return words(element, apart) if any(map(str.isalnum, level)) else unraised(element)


def _level_words(element: Any) -> str:
    """Return the text of an element that is not in its superscripts."""
    inside = (_level_words(child) + (child.tail or "") for child in element)
    return "" if name_of(element) in SUPERSCRIPTS else (element.text or "") + "".join(inside)


def unraised(element: Any) -> str:
    """Return the text of an element, or None for none, with its superscripts as plain figures."""
    return "" if element is None else joined("".join(element.itertext()))


def _reference(text: str, written: list[str]) -> str:
    """Write a reference in brackets, unless it stands in brackets already."""
    before = "".join(written[-8:])[-60:]
    return text if OPEN_BRACKET.search(before) or text.startswith(("[", "(")) else f"[{text}]"


def raised(text: str) -> str:
    """Write a superscript: "³" for "3", "^a" for "a", "^(a,b)" for "a,b"."""
    if not text:
        return ""
    if CAN_BE_RAISED.fullmatch(text):
        return text.translate(RAISED)
    return f"^{text}" if len(text) == 1 else f"^({text})"


def lowered(text: str) -> str:
    """Write a subscript: "₂" for "2", "max" for "max", "_(0-24h)" for "0-24h"."""
    if not text or text.isalpha():
        return text
    if CAN_BE_LOWERED.fullmatch(text):
        return text.translate(LOWERED)
    return f"_({text})"


def formula(element: Any) -> str:
    """Write a formula of MathML on one line, such as "(a + b)/c²"."""
    name = name_of(element)
    parts = [formula(child) for child in element if name_of(child)]
    write = FORMULAS.get(name)
    if write is not None:
        return write(parts) if parts else ""
    if name in {"annotation", "annotation-xml", "mphantom", "none", "mprescripts", "maligngroup"}:
        return ""
    if name == "semantics":
        return parts[0] if parts else ""
    if name == "mfenced":
        inside = element.get("separators", ",")[:1].join(parts)
        return f"{element.get('open', '(')}{inside}{element.get('close', ')')}"
    if name == "mmultiscripts":
        return _multiscripts(element)
    if name == "mspace":
        return " "
    return joined(element.text or "") if not parts else "".join(parts)


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"[\w.]*", text) else f"({text})"


def _over(parts: list[str]) -> str:
    return "/".join(map(_grouped, parts))


def _scripted(signs: str) -> Any:
    """Return what writes a base with scripts: "^" above, "_" below, in the order of the parts."""

    def write(parts: list[str]) -> str:
        scripts = zip(signs, parts[1:], strict=False)
        return parts[0] + "".join(
            raised(each) if sign == "^" else lowered_formula(each) for sign, each in scripts
        )

    return write


def lowered_formula(text: str) -> str:
    """Write a subscript of a formula, where letters do not join the base."""
    return f"_{text}" if text.isalpha() else lowered(text)


def _multiscripts(element: Any) -> str:
    children = [child for child in element if name_of(child)]
    names = [name_of(child) for child in children]
    cut = names.index("mprescripts") if "mprescripts" in names else len(children)
    before, after = children[cut + 1 :], children[1:cut]
    return "".join((*_pairs(before), formula(children[0]) if children else "", *_pairs(after)))


def _pairs(scripts: list[Any]) -> Iterator[str]:
    for at, each in enumerate(scripts):
        text = formula(each)
        yield raised(text) if at % 2 else lowered_formula(text)


FORMULAS = {
    "mfrac": _over,
    "msqrt": lambda parts: f"√{_grouped(''.join(parts))}",
    "mroot": lambda parts: f"{_grouped(parts[0])}^(1/{parts[-1]})",
    "msup": _scripted("^"),
    "msub": _scripted("_"),
    "msubsup": _scripted("_^"),
    "munder": _scripted("_"),
    "mover": _scripted("^"),
    "munderover": _scripted("_^"),
    "mtr": " ".join,
    "mtable": "; ".join,
}
