"""Which words of a question describe its patient; not a group, nor what is asked or supposed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from secondline.answers.quantities import QUANTITY, Quantity, quantity, written
from secondline.answers.words import AMERICAN, BRITISH, JOINED, PLAIN

TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:'[A-Za-z]+)?|\d+[A-Za-z]\w*|\d+|[,;:.?!()\n]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SENTENCE_END = frozenset(".?!;:\n")
FULL_STOP = frozenset(".\n")
CLAUSE_END = SENTENCE_END | frozenset(",()")
# What is written in several ways, each brought into one: "n't", "MRD+", "s/p", dashes, "and/or".
FORMS = [
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (r"(?<=\d)\s*-?\s*y\s*[/.]?\s*o\b\.?", " years old"),
        (r"n't\b", " not"),
        (r"\bcannot\b", "can not"),
        (r"\bs/p\b", "status post"),
        (r"(?<=\w)\+(?=[\s,.;:?)]|$)", " positive"),
        (r"\s[-–—]\s", " , "),
        (r"(?<=[a-z])/(?=[a-z])", " or "),
        (r"&|(?<=\s)\+(?=\s)", "and"),
        (r"(?<=[a-z])-(?=[a-z0-9])|(?<=\d)-(?=[a-z])", " "),
        (r"\bminimal residual disease\b|\bmeasurable residual disease\b", "MRD"),
        (r"\bbone marrow\b", "marrow"),
        (r"\bgraft[ -](?:versus|vs\.?)[ -]host(?: disease)?\b", "GVHD"),
    )
]
# Words that mean the same wherever a patient is described.
SAME = {
    "recurrence": "relapse", "recurrences": "relapse", "relapses": "relapse",
    "recurred": "relapsed", "recurring": "relapsed", "recurrent": "relapsed",
    "relapsing": "relapsed", "dx": "diagnosis", "chemo": "chemotherapy", "treatment": "therapy",
    "regrowth": "relapse", "regrown": "relapsed", "nb": "neuroblastoma",
    "bm": "marrow", "mets": "metastases", "metastasis": "metastases", "rms": "rhabdomyosarcoma",
}  # fmt: skip
ARTICLES = _set("a an the his her hers my our their this that these your its")

NOUNS = _set(
    """patient child boy girl son daughter kid baby toddler teenager teen adolescent infant man
    woman male female pt grandson granddaughter niece nephew"""
)
PRONOUNS = _set("he she him her his hers")
# What every description holds: a person, an age, or a list; most questions are sorted out by it.
MAY_DESCRIBE = re.compile(
    rf"(?i)\b(?:{'|'.join((*NOUNS, *PRONOUNS))}|aged?|old|\d+\s*-?\s*y/?o)\b|,.*,|\n|[.;:].*\S",
    re.DOTALL,
)
POINTING = _set("a an my our this the one your 1")
GROUPS = _set(
    """patients children kids boys girls infants teenagers teens adolescents adults survivors
    cases those people toddlers babies olds sons daughters brother sister mother father
    sibling parent parents cousin twin aunt uncle"""
)
MATCHING = _set("donor matched match identical")
OPENING = _set("and but so then ok okay yes well")
ANYBODY = _set("any every each no per")
ASKING = _set(
    """what which who whom whose when where why how is are do does did can could should would will
    may might must shall compare tell explain discuss list summarize describe please give show
    define"""
)
AUXILIARIES = _set("has have had was were")
SUPPOSING = _set("if whether suppose supposing assuming unless imagine")
INTRODUCING = _set("with who whose which that having aged after in now relapsed had")
COMPARING = _set("than versus vs compared unlike")
# Before a phrase, these make it a topic, a plan or a possibility, not a fact.
NOT_A_FACT = _set(
    """effect effects impact role influence value evidence benefit benefits meaning significance
    prevent prevents preventing prevention avoid avoids avoiding risk risks chance chances
    probability likelihood possible possibly suspected suspicion suspect suspects probable probably
    perhaps maybe may might could would should must will shall planned plan plans planning
    consider considered considering considers instead awaiting pending future need needs want
    wants rule ruled fear question prognosis outcome outcomes survival treat treating"""
)
NEGATING = _set("no not never without neither nor denies lacks lacking non absent free")
RESTARTING = _set("but however although though who which with now then")
BETWEEN = _set(
    """any evidence of history known sign signs have has had been was is prior previous
    previously or nor detectable"""
)
# After a phrase, these take it back or make it the subject of a general sentence.
TAKEN_BACK = _set(
    """negative naive absent unknown pending unclear unlikely suspected possible status testing
    test tests excluded is are means matters predicts improves worsens affects or not versus
    vs planned will would should could can risk if"""
)
A_LIST = 2  # commas between findings that make a case without a figure
CHOOSING = _set("or versus vs")
RELAPSE = re.compile(r"relapse\w*|refractory|returned|back")
OTHER_EVENT = re.compile(
    r"transplant\w*|h?sct|hct|bmt|surgery|resect\w*|irradiat\w*|radiotherapy|radiation|remission|died"
    r"|death|dead|biops\w*|surviv\w*|mrd|metastases|infus\w*|cells|toxicity|neutropenia|reinduction"
    r"|progress\w*|efs|os|pfs|ffs|dfs|born|start\w*|began|visit|scan"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a quantity or a mark, and the place of it in the text that was read."""

    word: str
    start: int
    end: int
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question in tokens.

    Attributes:
        text: as read, its numbers in digits and its spellings in one form.
        tokens: its words, quantities and marks.
        describing: for each token, where the clause that describes the patient began; -1 for a
            token that describes nobody.
    """

    text: str
    tokens: tuple[Token, ...]
    describing: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        """Return the words of the text from one token to another."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]


def read(question: str, corrections: dict[str, str], *, supposing: bool = False) -> Question:
    """Read a question into tokens and find which of them describe a patient.

    Args:
        question: in the reader's words.
        corrections: misspelled words and what they are read as.
        supposing: what is supposed counts as said: "and if she had irinotecan?".
    """
    text = formed(question)
    found = tuple(tokens_of(text, corrections))
    return Question(text, found, tuple(_describing(found, supposing=supposing)))


def formed(text: str) -> str:
    """Return a text with its numbers, units, dashes and negations each in one form."""
    text = text.translate(PLAIN)
    for pattern, form in FORMS:
        text = pattern.sub(form, text)
    text = JOINED_ANYWHERE.sub(r"\1", text)
    return written(text)


JOINED_ANYWHERE = re.compile(JOINED.pattern, re.IGNORECASE)


def tokens_of(text: str, corrections: dict[str, str] | None = None) -> Iterator[Token]:
    """Yield the tokens of a formed text, each word in its one spelling."""
    place = 0
    for match in QUANTITY.finditer(text):
        yield from _plain_tokens(text, place, match.start(), corrections or {})
        word = match["low"] if match["unit"] is None and not match["high"] else ""
        if match["relation"] and word:  # "over 2": a bare number is no limit
            place = match.start("low")
            yield from _plain_tokens(text, match.start(), place, corrections or {})
        yield Token(
            word, match.start("low") if word else match.start(), match.end(), quantity(match)
        )
        place = match.end()
    yield from _plain_tokens(text, place, len(text), corrections or {})


def _plain_tokens(text: str, start: int, end: int, corrections: dict[str, str]) -> Iterator[Token]:
    for match in TOKEN.finditer(text, start, end):
        word = match[0].casefold().removesuffix("'s")
        word = corrections.get(word, word)
        word = BRITISH.sub(lambda found: AMERICAN[found[0]], word)
        yield Token(SAME.get(word, word), match.start(), match.end())


def _describing(tokens: tuple[Token, ...], *, supposing: bool) -> Iterator[int]:
    """Yield for each token where the description of the patient began that it belongs to."""
    described = supposing or _is_described(tokens)
    known = supposing  # a patient was introduced in an earlier clause
    for sentence in _parts(tokens, 0, len(tokens), SENTENCE_END):
        asks = _asks(tokens, sentence[0])
        inside = described and not asks
        for clause in _parts(tokens, *sentence, CLAUSE_END):
            inside, known, places = _of_clause(tokens, clause, inside, known, supposing=supposing)
            yield from places


def _parts(
    tokens: tuple[Token, ...], start: int, end: int, marks: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Yield the stretches between marks, each with the mark that ends it."""
    begin = start
    for place in range(start, end):
        if tokens[place].word in marks:
            yield begin, place + 1
            begin = place + 1
    if begin < end:
        yield begin, end


def _asks(tokens: tuple[Token, ...], place: int) -> bool:
    """Say whether a clause asks; "what if" supposes."""
    words = [token.word for token in tokens[place : place + 4]]
    while words and words[0] in OPENING:
        words.pop(0)
    return bool(words) and words[0] in ASKING and words[:2] != ["what", "if"]


def _is_described(tokens: tuple[Token, ...]) -> bool:
    """Say whether a text describes one patient: a person, an age or a list of findings."""
    for place, token in enumerate(tokens):
        if token.word in PRONOUNS or _is_person(tokens, place):
            return True
    return _is_vignette(tokens) or _is_presented(tokens)


def _is_vignette(tokens: tuple[Token, ...]) -> bool:
    """Say whether a text begins with a list of findings and figures, as a case is presented."""
    first = next(_parts(tokens, 0, len(tokens), SENTENCE_END), (0, 0))
    clauses = list(_parts(tokens, *first, CLAUSE_END))
    told = []
    for begin, end in clauses:
        if _asks(tokens, begin):
            break
        told += [(begin, end)]
    if len(told) < 2 or (told[0][0] == 0 and _asks(tokens, 0)):
        return False
    words = tokens[: told[-1][1]]
    figures = any(t.quantity and t.quantity.kind in {"time", "percent"} for t in words)
    return figures and len(told) > 2 and not any(t.word in GROUPS for t in words)


def _is_presented(tokens: tuple[Token, ...]) -> bool:
    """Say whether a text tells a course, with its times or sizes or as a list, and then asks.

    "Isolated CNS relapse 26 months from diagnosis. Transplant?" is of one patient. What ends in a
    colon has to tell two things: "time to relapse was 20 months: what does that mean?" asks.
    """
    told = 0
    for begin, end in _parts(tokens, 0, len(tokens), SENTENCE_END):
        if _asks(tokens, begin) or tokens[end - 1].word == "?":
            break
        told = end
    groups = (n for n in range(told) if tokens[n].word in GROUPS | ANYBODY)
    if told in {0, len(tokens)} or any(not _is_donor(tokens, place) for place in groups):
        return False
    figures = [t for t in tokens[:told] if t.quantity and t.quantity.kind in {"time", "size"}]
    commas = sum(token.word == "," for token in tokens[:told])
    whole = tokens[told - 1].word in FULL_STOP or commas > 0 or len(figures) > 1
    return (bool(figures) or commas >= A_LIST) and whole


def _is_person(tokens: tuple[Token, ...], place: int) -> bool:
    """Say whether a token is a patient: "my son", "patient with", "8 years old"."""
    token = tokens[place]
    before = [t.word for t in tokens[max(0, place - 4) : place]]
    if not (GROUPS | ANYBODY).isdisjoint(before):
        return False
    after = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if token.quantity and after == "old":
        return True
    if token.word in {"age", "aged"}:
        return place + 1 < len(tokens) and tokens[place + 1].quantity is not None
    if token.word not in NOUNS:
        return False
    starts = not before or before[-1] in CLAUSE_END
    return bool(
        POINTING.intersection(before) or starts or before[-1] in {"old", "for", "in"}
        or after in {"with", "who"}
    )  # fmt: skip


def _of_clause(
    tokens: tuple[Token, ...],
    clause: tuple[int, int],
    inside: bool,
    known: bool,
    *,
    supposing: bool,
) -> tuple[bool, bool, list[int]]:
    """Follow a clause: whether it ends in the description, and where each token's began."""
    start, end = clause
    asks = _asks(tokens, start) or (
        tokens[start].word in AUXILIARIES and tokens[end - 1].word == "?"
    )
    persons = [place for place in range(start, end) if _is_person(tokens, place)]
    supposes = any(t.word in SUPPOSING for t in tokens[start:end]) and not supposing
    if asks or (persons and not known):
        inside = False
    places: list[int] = []
    began = start
    for place in range(start, end):
        word = tokens[place].word
        if (word in GROUPS or word in COMPARING) and not _is_donor(tokens, place):
            inside = False
        elif place in persons or (word in PRONOUNS and not asks):
            following = next((t.word for t in tokens[place + 1 : end] if t.word not in NOUNS), "")
            inside = not asks or following in INTRODUCING
            known = True
            began = place if place in persons or word in {"he", "she"} else began
        elif asks and word in {"with", "who", "whose"} and any(p < place for p in persons):
            inside = not any(t.word in GROUPS for t in tokens[start:place])
            began = place
        of_age = {place, place - 1}.intersection(persons) and _is_age(tokens, place)
        places.append(began if (inside or of_age) and not supposes else -1)
    if _is_only_asked(tokens, clause):
        places = [-1] * len(places)
    return (inside or (asks and bool(persons))), known, places


def _is_age(tokens: tuple[Token, ...], place: int) -> bool:
    """Say whether a token is part of "my 8-year-old", which is a person's also in a question."""
    first = place if tokens[place].quantity else place - 1
    before = {token.word for token in tokens[max(0, first - 1) : first]}
    is_part = tokens[place].quantity is not None or tokens[place].word == "old"
    return is_part and not POINTING.isdisjoint(before)


def _is_donor(tokens: tuple[Token, ...], place: int) -> bool:
    """Say whether a brother or sister is told of as the donor of the patient."""
    near = {token.word for token in tokens[max(0, place - 3) : place + 4]}
    return tokens[place].word in {"brother", "sister", "sibling"} and not near.isdisjoint(MATCHING)


def _is_only_asked(tokens: tuple[Token, ...], clause: tuple[int, int]) -> bool:
    """Say whether a short clause is a question by its mark alone: ", MYCN amplified?"."""
    start, end = clause
    return tokens[end - 1].word == "?" and start > 0 and end - start <= 5


def negates(tokens: tuple[Token, ...], start: int) -> int | None:
    """Return the place of the word that negates what starts at a place; None without one."""
    for place in range(start - 1, -1, -1):
        word = tokens[place].word
        if word in RESTARTING or word in CLAUSE_END:
            return None
        if word in NEGATING:
            return place
    return None


def is_possible_only(tokens: tuple[Token, ...], began: int, start: int) -> bool:
    """Say whether what starts at a place is planned, feared, weighed or the topic itself."""
    for place in range(start - 1, began - 1, -1):
        word = tokens[place].word
        if word in CLAUSE_END or word in {"with", "who", "whose"}:
            break
        if word in NOT_A_FACT:
            return True
    return tokens[start - 1].word in CHOOSING and negates(tokens, start) is None


def is_taken_back(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Say whether a phrase is denied or only spoken about by the next word."""
    following = tokens[end].word if end < len(tokens) else ""
    if following in {"or", "nor"}:
        return negates(tokens, start) is None
    return following in TAKEN_BACK


def is_of_relapse(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Say whether a phrase is about the relapse: in its words, or as the event nearest to it.

    Nearest is what stands before it in its clause, then after it, then further away.
    """
    first = start
    while first > 0 and tokens[first - 1].word not in CLAUSE_END:
        first -= 1
    last = end
    while last < len(tokens) and tokens[last].word not in CLAUSE_END:
        last += 1
    if any(RELAPSE.fullmatch(token.word) for token in tokens[start:end]):
        return True
    spans = (range(start - 1, first - 1, -1), range(end, last), range(first - 1, -1, -1))
    for place in (place for span in (*spans, range(last, len(tokens))) for place in span):
        if RELAPSE.fullmatch(tokens[place].word):
            return True
        if OTHER_EVENT.fullmatch(tokens[place].word):  # "now metastases" are those of the relapse
            return tokens[place].word == "metastases" and _is_now(tokens, place)
    return False


def _is_now(tokens: tuple[Token, ...], place: int) -> bool:
    """Say whether a sentence speaks of now before a place."""
    before = takewhile(lambda token: token.word not in SENTENCE_END, reversed(tokens[:place]))
    return any(token.word == "now" for token in before)
