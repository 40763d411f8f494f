"""Text to tokens: one spelling, one kind of hyphen, stems; the same for questions and knowledge."""

import re
import unicodedata
from functools import cache

import Stemmer

# British to American, word part by word part; the knowledge is written in the latter.
SPELLINGS = (
    ("tumour", "tumor"),
    ("haem", "hem"),
    ("paediatr", "pediatr"),
    ("favour", "favor"),
    ("aemi", "emi"),
    ("oedema", "edema"),
    ("diarrhoea", "diarrhea"),
    ("localis", "localiz"),
    ("randomis", "randomiz"),
    ("hospitalis", "hospitaliz"),
    ("centre", "center"),
    ("programme", "program"),
    ("labell", "label"),
)
AMERICAN = dict(SPELLINGS)
BRITISH = re.compile("|".join(AMERICAN))
PLAIN = str.maketrans({"’": "'", **dict.fromkeys("‐‑‒–—―−", "-")})
BLANKS = str.maketrans("-/_", "   ")
TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z][a-z0-9]*(?:'[a-z]+)?")
CODE = re.compile(r"(?<=[a-z]{2})(?=\d{2})")  # ARST0921, ARST 0921 and ARST-0921 are one name
JOINED = re.compile(r"\b(non|re|multi|anti|pre) +(?=[a-z])")
# Words that say nothing about which statement a question is looking for.
STOP_WORD_LIST = """
a about after again all also am an and any are as at back be been before being best but by came
can case child children come comes coming could did do does doing done each either else ever
experience experienced explain first for from get gets give given gives giving go had happen
happened happens has have having he help her him his history how however i if in into is it its
just kid kids know known let like look made make many may me more most much my need new no not
now of off old on once one only or other our out over patient patients pediatric person people
please possible really say said see seen she should show so some son daughter something still
such take taken tell than thank thanks that the their them then there these they thing things
think this those to told too two under until up us use used using very want was way we well
were what whats when where whether which while who whom whose why will with without would year
years yes yet you young your adult adults boy girl doctor
"""
STOP_WORDS = frozenset(STOP_WORD_LIST.split())
# Names of regimens and trials that are ordinary words too; they count in capitals only.
ORDINARY_WORD_LIST = "all beacon bit create forum hits ice it match navigate optimum scout"
ORDINARY_WORDS = frozenset(ORDINARY_WORD_LIST.split())


def normalized(text: str) -> str:
    """Return the text in lower case, American spelling, plain quotes and joined prefixes."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text).translate(PLAIN)
        text = "".join(c for c in apart if not unicodedata.combining(c))  # Münster is munster
    text = text.casefold().replace("'s ", " ").removesuffix("'s").translate(BLANKS)
    text = CODE.sub(" ", text)
    text = BRITISH.sub(lambda match: AMERICAN[match[0]], text)
    return JOINED.sub(r"\1", text)


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, normalized, in order."""
    return TOKEN.findall(normalized(text))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def stems(words: list[str]) -> list[str]:
    """Return the Snowball stems of words, those of stop words left out."""
    return [str(s) for s in _stemmer().stemWords([w for w in words if w not in STOP_WORDS])]
