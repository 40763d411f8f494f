"""A foreign text or page to claims: sentences that say something which evidence could bear out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from secondline.answers.audited import PassedOver, Why
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
# Who relapsed after it is told of in the end: "90% were event-free, and all who relapsed ...".
WHO_RELAPSED = re.compile(r"(?:[,;]|\band\b) (?:\w+ ){0,3}(?:who|that) (?:later )?relapsed\b.*")
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


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was read.

    Attributes:
        claims: in the order of the text, at most `MOST_CLAIMS`.
        passed_over: all else that was read, each with the number of claims before it.
        whole: False where a text is longer than `MOST_SENTENCES` or has more than `MOST_CLAIMS`.
    """

    claims: tuple[Claim, ...]
    passed_over: tuple[PassedOver, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence, the heading of its list ("" for running text), and why it is not read."""

    text: str
    heading: str = ""
    passed_over: Why | None = None


def read_claims(text: str, lexicon: Lexicon) -> Reading:
    """Read a text to its claims, and to the sentences that are none.

    A sentence is a claim when it names something of the field and says something of it: headings,
    questions and the furniture of a page are none. A text of one sentence is one claim.
    """
    lines, whole = _lines(text)
    to_read = [line.text for line in lines if line.passed_over is None]
    page = _disease_of_page(to_read, lexicon)
    found: list[Claim] = []
    others: list[PassedOver] = []
    before: Sentence | None = None
    for line in lines:
        if line.passed_over:
            others.append(PassedOver(line.text, line.passed_over, len(found)))
            continue
        if len(found) == MOST_CLAIMS:
            whole = False
            break
        claim = _claim(line.text, line.heading, page, before, lexicon)
        before = None if claim is None or line.heading else claim.sentence
        if claim is not None and (len(to_read) == 1 or _says_something(claim)):
            found.append(claim)
        else:
            others.append(PassedOver(line.text, "no claim", len(found)))
    return Reading(tuple(found), tuple(others), whole)


def _lines(text: str) -> tuple[list[_Line], bool]:
    """Return the lines of a text up to `MOST_SENTENCES` to be read, and whether these are all."""
    lines: list[_Line] = []
    count = 0
    for line in _sentences(text):
        count += line.passed_over is None
        if count > MOST_SENTENCES:
            return lines, False
        lines.append(line)
    return lines, True


def _sentences(text: str) -> Iterator[_Line]:
    """Yield each sentence of a text, and what is none to be read, in its order."""
    import sentencex  # noqa: PLC0415  # answering does without it

    heading, listing = "", False
    for block in _blocks(text):
        bullet = BULLET.match(block)
        line = _without_notes(block[bullet.end() :] if bullet else block)
        if REFERENCES.match(line):
            listing = True
        listing = listing and (len(line.split()) < RUNNING_TEXT or YEAR.search(line) is not None)
        if listing or ENTRY.search(line):
            yield _Line(line, passed_over="reference")
            continue
        item = bullet is not None or (heading.endswith(":") and _is_heading(line))
        if not item or line.endswith(":"):
            heading = line if line.endswith(":") or _is_heading(line) else ""
            item = False
        if not line:
            continue
        if len(line) > 20 * LONGEST_CLAIM:
            yield _Line(line, passed_over="too long")
            continue
        for part in sentencex.segment("en", line):
            sentence = part.strip()
            if len(sentence) > LONGEST_CLAIM:
                yield _Line(sentence, passed_over="too long")
            elif len(sentence.split()) > 1:
                yield _Line(sentence, heading if item else "")
            elif sentence:
                yield _Line(sentence, passed_over="no claim")


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
    of_whom = WHO_RELAPSED.sub("", sentence.text.lower())
    relapsed = RELAPSE.search(of_whom) is not None or "salvage" in of_whom
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
