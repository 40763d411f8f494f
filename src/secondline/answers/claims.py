"""A foreign text or page to claims: sentences that say something which evidence could bear out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from secondline.answers.binding import read
from secondline.answers.lexicon import Lexicon
from secondline.answers.refusing import RELAPSE
from secondline.answers.report_words import UNTREATED
from secondline.answers.sentences import Sentence
from secondline.answers.words import tokens

MOST_CLAIMS = 2_000  # more is no page but a book; what is left out is said
MOST_SENTENCES = 6_000
LONGEST_CLAIM = 1_500  # characters; longer runs without a full stop are no sentence
BULLET = re.compile(r"^\s*(?:[•·*‣–-]|\d{1,2}[.)]|\(?[a-z]\))\s+")
# Numbers of notes: in brackets, or bare at the end of a sentence: "patients.5 This", "option 5, 4."
NOTES = re.compile(
    r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]|\s*\[Level of evidence[^\]]*\]"
    r"|(?<=[a-z%)][.;])\s*\d{1,2}(?:\s*,\s*\d{1,2})*(?=\s+[A-Z]|$)",
    re.IGNORECASE,
)
BARE_NOTES = re.compile(r"(\b\w+[%)]?)\s+\d{1,2}(?:,\s*\d{1,2})*(?=\.\s+[A-Z]|[.;]?$)")
NUMBERED = {"age", "arm", "at", "course", "cycle", "day", "grade", "group", "is", "level", "of"}
NUMBERED |= {"phase", "regimen", "stage", "than", "to", "type", "under", "was", "week", "year"}
REFERENCES = re.compile(
    r"^(?:references?|bibliography|literature cited|citations)\b.{0,20}$", re.IGNORECASE
)
# An entry of a list of references: authors with initials, a journal with its volume, an identifier.
ENTRY = re.compile(
    r"\bet al\.?,? |\bdoi:|\bPMID\b|\b(?:19|20)\d\d;\s*\d|(?:\b[A-Z][a-z]+ [A-Z]{1,2}, ){2,}"
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
RUNNING_TEXT = 15  # words of a paragraph that ends a list of references
LEANING = re.compile(
    r"^(?:these|this|those|such|they|their|it|its|among|the|in (?:this|these|that))\b",
    re.IGNORECASE,
)
SUBJECT = ("disease", "regimen", "drug", "factor", "study")
HEADING_WORDS = 14  # a line of so many words without a full stop may be a heading


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a text with what its page says around it.

    Attributes:
        text: as the page prints it, without numbers of notes.
        sentence: as read, with the heading that it stands under where it is part of a list.
        before: the sentence before it, where it leans on that one: "The 4-year EFS was 78%."
        disease: what it is about; the disease of the page where it names none; None without.
        relapse: True or False where it says relapse or first treatment; None where neither.
    """

    text: str
    sentence: Sentence
    before: Sentence | None
    disease: str | None
    relapse: bool | None


def claims_of(text: str, lexicon: Lexicon) -> tuple[Claim, ...]:
    """Return the claims of a text in its order, at most `MOST_CLAIMS`.

    A sentence is a claim when it names something of the field and says something of it: headings,
    questions and the furniture of a page are none. A text of one sentence is one claim.
    """
    lines = list(islice(_sentences(text), MOST_SENTENCES))
    page = _disease_of_page((line for _, line in lines), lexicon)
    found: list[Claim] = []
    before: Sentence | None = None
    for heading, line in lines:
        claim = _claim(line, heading, page, before, lexicon)
        before = None if claim is None or heading else claim.sentence
        if claim is not None and (len(lines) == 1 or _says_something(claim)):
            found.append(claim)
            if len(found) == MOST_CLAIMS:
                break
    return tuple(found)


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence with the heading of the list it stands in, "" for running text."""
    import sentencex  # noqa: PLC0415  # answering does without it

    heading, listing = "", False
    for block in _blocks(text):
        bullet = BULLET.match(block)
        line = _without_notes(block[bullet.end() :] if bullet else block)
        if REFERENCES.match(line):
            listing = True
        listing = listing and (len(line.split()) < RUNNING_TEXT or YEAR.search(line) is not None)
        if listing or ENTRY.search(line):
            continue
        item = bullet is not None or (heading.endswith(":") and _is_heading(line))
        if not item or line.endswith(":"):
            heading = line if line.endswith(":") or _is_heading(line) else ""
            item = False
        if not line or len(line) > 20 * LONGEST_CLAIM:
            continue
        for part in sentencex.segment("en", line):
            sentence = part.strip()
            if len(sentence.split()) > 1 and len(sentence) <= LONGEST_CLAIM:
                yield (heading if item else ""), sentence


def _without_notes(line: str) -> str:
    """Leave out the numbers of notes, and keep those of stages, grades and days."""

    def bare(match: re.Match[str]) -> str:
        return match[0] if match[1].lower() in NUMBERED or match[1].isdigit() else match[1]

    return BARE_NOTES.sub(bare, NOTES.sub("", line)).strip()


def _blocks(text: str) -> Iterator[str]:
    """Yield paragraphs and list items, lines that a page has broken joined again."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        starts = not line.strip() or BULLET.match(line) or (block and _ends(block[-1], line))
        if starts and block:
            yield " ".join(block)
            block = []
        if line.strip():
            block.append(" ".join(line.split()))  # a run of spaces costs its square to search


def _ends(line: str, following: str) -> bool:
    """Say whether a line ends its paragraph: it is closed, or the next one opens a new one."""
    closed = line.rstrip().endswith((".", ":", "?", "!"))
    return closed or (_is_heading(line) and following.strip()[:1].isupper())


def _is_heading(line: str) -> bool:
    return len(line.split()) <= HEADING_WORDS and not line.rstrip().endswith((".", "?", "!"))


def _claim(
    line: str, heading: str, page: str | None, before: Sentence | None, lexicon: Lexicon
) -> Claim | None:
    if line.endswith("?"):
        return None
    whole = f"{heading.rstrip(':')}: {line}" if heading else line
    sentence = read(whole, lexicon)
    named = sorted(sentence.ids("disease"))
    untreated = UNTREATED.search(sentence.text) is not None
    relapsed = RELAPSE.search(sentence.text.lower()) is not None or "salvage" in whole.lower()
    return Claim(
        text=line,
        sentence=sentence,
        before=before if LEANING.match(line) and not heading else None,
        disease=named[0] if len(named) == 1 else None if named else page,
        relapse=None if untreated == relapsed else relapsed,
    )


def _says_something(claim: Claim) -> bool:
    """Say whether a sentence of a page is a claim: about the field, and more than a heading."""
    sentence = claim.sentence
    about = any(sentence.ids(kind) for kind in SUBJECT)
    figure = bool(sentence.figures)
    counts = bool(sentence.ids("endpoint"))
    if figure and (about or counts):
        return True
    if claim.text.rstrip().endswith(":"):
        return False
    closed = claim.text.rstrip().endswith((".", "!")) or len(claim.text.split()) > HEADING_WORDS
    subject = any(sentence.ids(kind) for kind in SUBJECT if kind != "disease")
    return closed and (subject or (about and counts))


def _disease_of_page(lines: Iterable[str], lexicon: Lexicon) -> str | None:
    """Return the disease that a page is about: the one it names by far the most."""
    counts = Counter(
        concept.id
        for line in lines
        for concept in lexicon.names(tokens(line)) | lexicon.in_capitals(line)
        if concept.kind == "disease"
    )
    (first, most), (_, second) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return first if most >= 2 * second and most else None
