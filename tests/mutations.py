"""Ways in which a sentence about results goes wrong: one figure, group, time or word changed.

Each yields wrong versions of a true sentence; a verifier has to catch them.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.]*\d)")
SWAPS = {
    "comparator": (
        ("less than", "more than"), ("fewer", "more"), ("below", "above"), ("before", "after"),
        ("at least", "at most"), ("within", "beyond"), ("older", "younger"), ("higher", "lower"),
        ("longer", "shorter"), ("larger", "smaller"), ("early", "late"), ("better", "worse"),
    ),
    "unit": (("months", "years"), ("weeks", "months"), ("Gy", "cGy"), ("years", "months")),
    "endpoint": (
        ("overall survival", "event-free survival"), ("event-free survival", "overall survival"),
        ("response", "overall survival"), ("progression-free survival", "overall survival"),
        ("disease-free survival", "overall survival"), ("relapse", "death"),
        ("failure-free survival", "overall survival"), ("remission", "survival"),
    ),
    "population": (
        ("localized", "metastatic"), ("nonmetastatic", "metastatic"), ("children", "adults"),
        ("relapsed", "newly diagnosed"), ("first relapse", "second relapse"),
        ("high-risk", "low-risk"), ("standard", "high"), ("isolated", "combined"),
        ("embryonal", "alveolar"), ("alveolar", "embryonal"), ("B-cell", "T-cell"),
    ),
    "negation": (
        ("no ", "a "), ("not ", ""), ("without", "with"), ("with ", "without "), (" was ", " was not "),
        (" is ", " is not "), (" were ", " were not "), (" had ", " had no "),
    ),
}  # fmt: skip


def value(text: str) -> Iterator[str]:
    """Change one percentage or count a little."""
    for match in NUMBER.finditer(text):
        number = match[0]
        if not re.match(r"\s*%|\s+of\s", text[match.end() :]):
            continue
        digit = str((int(number[-1]) + 4) % 10)
        yield text[: match.start()] + number[:-1] + digit + text[match.end() :]


def role(text: str) -> Iterator[str]:
    """Exchange the first two different percentages."""
    found = list(dict.fromkeys(re.findall(r"\d+(?:\.\d+)?%", text)))
    if len(found) > 1:
        one, two = found[:2]
        yield text.replace(one, "\0").replace(two, one).replace("\0", two)


def denominator(text: str) -> Iterator[str]:
    """Change the number of patients behind a count, or a bare one."""
    for match in re.finditer(r"(?<= of )\d+|(?<=n = )\d+", text):
        yield text[: match.start()] + str(int(match[0]) + 3) + text[match.end() :]


def p_decimal(text: str) -> Iterator[str]:
    """Move the decimal point of a P value."""
    for match in re.finditer(r"(?<=P = )\.(\d+)|(?<=P = 0)\.(\d+)", text):
        digits = match[1] or match[2]
        moved = digits[1:] if digits.startswith("0") else f"0{digits}"
        yield text[: match.start()] + "." + moved + text[match.end() :]


def time(text: str) -> Iterator[str]:
    """Change a span of time."""
    for match in re.finditer(r"\b(\d+)(?=[ -](?:years?|months?|weeks?)\b)", text):
        yield text[: match.start()] + str(int(match[1]) + 2) + text[match.end() :]


def swapped(kind: str, text: str) -> Iterator[str]:
    """Exchange words of one kind for their opposites, one at a time."""
    for one, two in SWAPS[kind]:
        if re.search(rf"\b{re.escape(one)}", text):
            yield re.sub(rf"\b{re.escape(one)}", two, text, count=1)


def drug(text: str, names: list[str], foreign: str) -> Iterator[str]:
    """Put another drug in the place of one that is named."""
    for name in names:
        if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
            yield re.sub(rf"\b{re.escape(name)}\b", foreign, text, count=1, flags=re.IGNORECASE)


def foreign_drug(text: str, foreign: str) -> Iterator[str]:
    """Add a drug that nobody gave."""
    yield f"With {foreign}, {text[0].lower()}{text[1:]}"


def arm(text: str, groups: list[str]) -> Iterator[str]:
    """Exchange two groups that a sentence names."""
    named = [g for g in dict.fromkeys(groups) if g != "all" and g in text]
    for one, two in pairwise(named):
        if one in two or two in one:
            continue
        yield text.replace(one, "\0").replace(two, one).replace("\0", two)


def mutations(
    text: str, groups: list[str], drugs: list[str], foreign: str
) -> Iterator[tuple[str, str]]:
    """Yield (kind, wrong sentence) for every mutation that applies, none equal to the original."""
    kinds = {
        "value": value(text),
        "role": role(text),
        "denominator": denominator(text),
        "P decimal": p_decimal(text),
        "time": time(text),
        "drug": drug(text, drugs, foreign),
        "foreign drug": foreign_drug(text, foreign),
        "arm": arm(text, groups),
        **{kind: swapped(kind, text) for kind in SWAPS},
    }
    for kind, wrong in kinds.items():
        for sentence in wrong:
            if sentence != text:
                yield kind, sentence
