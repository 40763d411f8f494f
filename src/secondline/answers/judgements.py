"""What a sentence judges: gains, rules, influence, safety, shares of patients; each with its sense.

Language, not knowledge. The sense is what is left when denials are taken into account: "no benefit"
is no gain, and it is not harm.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

from secondline.answers.lexicon import Lexicon
from secondline.answers.report_words import (
    BREAKS,
    COMPARATIVES,
    DENIALS,
    EXTREMES,
    GAINS,
    LEADS,
    LOSSES,
    LOWERED,
    MEANINGS,
    NO_JUDGEMENT,
    OTHER_VERBS,
    OTHER_WORDS,
    PREPOSITIONS,
    RAISED,
    RELATIVE,
    RESERVES,
    VERBS,
)
from secondline.answers.sentences import bound
from secondline.answers.words import normalized, stems, tokens
from secondline.statistics.figures_in_text import quantities

OF_AMOUNTS = {"more", "less", "fewer", "greater", "reduced", "increased"}  # "more often"
OF_A_SUBJECT = (
    18  # words in which the verb of a subject follows: "no patient of the cohort survived"
)
REACH = 10  # words that a denial reaches within its clause, for what is judged
OF_NOUNS = {"no", "without", "absence", "lack", "lacked"}
PROOF = {"evidence", "proof", "data", "indication"}  # "no evidence that" denies what follows
NOUN_ENDS = VERBS | OTHER_VERBS | {"as"}
COUNTED_WITHIN = 5  # words after "higher" in which it may say what is higher
LEUKEMIA = re.compile(r"\bALL\b")
# Of which cells a leukemia is; not "CAR T cells".
LINEAGE = re.compile(
    r"\b([bt]) (?=leukemia|cell (?:acute|leukemia|precursor|lymphoblastic|disease))"
)
AND_THAT = ["and", "that"]  # begins another clause
IN_OTHER_WORDS = re.compile(rf"\b(?:{'|'.join(OTHER_WORDS)})\b")
FAILED = re.compile(r"\bfail(?:s|ed|ing|ure)? to\b")
TOO_LITTLE = re.compile(r"\btoo (?:little|low|few)\b")
GAINED_NOTHING = re.compile(r"\b(?:gain|benefit|add)(?:s|ed)? nothing\b")
WORD = re.compile(r"\d+(?:\.\d+)?|[a-z][a-z0-9]*(?:'[a-z]+)?|[,;:()]|\.(?=\s|$)")
DIFFERING = frozenset(["difference", "differences", "differ", "differed", "differs", "different"])
# "no" denies, "bad" is the opposite: no benefit is no harm.
DENIED = {
    "yes": "no",
    "no": "yes",
    "bad": "not bad",
    "equal": "no",
    "all": "few",  # "not all": with some it was otherwise
    "most": "few",
    "few": "most",
    "none": "most",
    "only": "only",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement of a sentence.

    Attributes:
        axis: what is judged: gain, rule, influence, safety, cure, approval, proof, significance,
            leading (the most frequent), share (of how many it holds), enough or only.
        sense: yes, no, bad, not bad or equal; of a share all, most, few or none.
        word: by which it is said, normalized.
        clause: stems of the clause that it stands in.
        words: the words of that clause, normalized, in their order.
        reserved: it is said with reserve: it may, it appears to, the difference is not significant.
    """

    axis: str
    sense: str
    word: str
    clause: frozenset[str]
    words: tuple[str, ...]
    reserved: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """Which of two did better, as a sentence says it: what each side names.

    Attributes:
        holds: False where the sentence denies it: "no better than".
    """

    better: frozenset[str]
    worse: frozenset[str]
    holds: bool = True

    def agrees(self, other: "Compared") -> int:
        """Return 1 where another comparison has the same sides, -1 where they are exchanged.

        0 where it compares something else: what both sides name tells them not apart.
        """
        mine, its = self.better - self.worse, self.worse - self.better
        same = bool(mine & (other.better - other.worse)), bool(its & (other.worse - other.better))
        turned = bool(mine & (other.worse - other.better)), bool(its & (other.better - other.worse))
        if all(same) and not any(turned):
            return 1
        return -1 if all(turned) and not any(same) else 0


def words_of(text: str) -> list[str]:
    """Return words and punctuation, normalized; the abbreviation of the leukemia is not "all"."""
    plain = normalized(LEUKEMIA.sub("leukemia", text).replace("n't ", " not "))
    plain = IN_OTHER_WORDS.sub(lambda match: OTHER_WORDS[match[0]], plain)
    plain = LINEAGE.sub(r"\1lineage \1 ", plain)
    plain = GAINED_NOTHING.sub("not gain", TOO_LITTLE.sub("inadequate", FAILED.sub("not", plain)))
    return WORD.findall(plain)


def judgements(text: str) -> tuple[Judged, ...]:
    """Return what a sentence judges, in its order."""
    return tuple(_judgements(words_of(text)))


def _judgements(words: list[str]) -> Iterator[Judged]:
    denied = reached(words)
    meanings = [_meaning(words, place, denied[place]) for place in range(len(words))]
    insignificant = {
        _bounds(words, place)
        for place, meaning in enumerate(meanings)
        if meaning is not None and meaning[0] == "significance" and denied[place]
    }
    for place, meaning in enumerate(meanings):
        if meaning is None:
            continue
        axis, sense = meaning
        sense = DENIED[sense] if denied[place] and words[place] not in DIFFERING else sense
        bounds = _bounds(words, place)
        clause = words[slice(*bounds)]
        yield Judged(
            axis=axis,
            sense=sense,
            word=words[place],
            clause=frozenset(stems([w for w in clause if w[0].isalpha()])),
            words=tuple(clause),
            reserved=not RESERVES.isdisjoint(clause)
            or (bounds in insignificant and axis == "gain" and sense in {"yes", "bad"}),
        )


def _meaning(words: list[str], place: int, denied: bool) -> tuple[str, str] | None:
    word, after = words[place], words[place + 1 : place + 2]
    if word == "most" and not LEADS.isdisjoint(after):
        return "leading", "yes"
    if word == "no" and _is_subject(words, place):
        return "share", "none"
    if word in DIFFERING:
        return ("gain", "equal") if denied else None
    if (word, *after) in NO_JUDGEMENT or (*words[place - 1 : place], word) == ("at", "most"):
        return None
    if words[max(place - 1, 0) : place] == ["most"] and MEANINGS.get(word, "")[:1] == ("share",):
        return None  # "one of the most common" is of no share
    if word == "any" and denied:
        return None
    if word in RAISED | LOWERED and (sign := _counted(words, place)):
        return "gain", "yes" if sign > 0 else "bad"
    return MEANINGS.get(word)


def _counted(words: list[str], place: int) -> int:
    """Return 1 where more of it is a gain, as of survival, -1 where it is a loss, 0 for others."""
    direction = 1 if words[place] in RAISED else -1
    after = words[place + 1 : place + 1 + COUNTED_WITHIN]
    # "the response rate was higher with A": what is counted is the subject.
    said = words[place] not in OF_AMOUNTS and _ends(after)
    before = words[_bounds(words, place)[0] : place] if said else []
    for stem in (*stems(after), *reversed(stems(before))):
        if stem in GAINS:
            return direction
        if stem in LOSSES:
            return -direction
    return 0


def _ends(after: list[str]) -> bool:
    """Say whether nothing follows a word that it may be said of: "was higher with A"."""
    if after[:1] == ["than"] and after[1:2] and after[1][0].isdigit():
        return False  # "longer than 18 months"
    return not after or after[0] in BREAKS | PREPOSITIONS | {"than", "by", "after", "when", "on"}


def _is_subject(words: list[str], place: int) -> bool:
    """Say whether "no" stands for whom: "no patient survived", and not "with no metastases"."""
    start = place == 0 or words[place - 1] in BREAKS | RELATIVE | {"when", "where"}
    return (
        start
        and any(w in VERBS | OTHER_VERBS for w in words[place + 2 : place + 2 + OF_A_SUBJECT])
        and PROOF.isdisjoint(words[place + 1 : place + 2])
    )


def reached(
    words: list[str],
    reach: int = REACH,
    ends: Collection[str] = frozenset(),
    denials_: Collection[str] = DENIALS,
) -> list[bool]:
    """Say of each word whether an odd number of denials reaches it, up to a break or an end."""
    denied = [False] * len(words)
    for place, word in enumerate(words):
        followed, before = words[place + 1 : place + 2], words[max(place - 2, 0) : place]
        if word not in denials_ or followed in (["only"], ["or"]) or before == ["with", "or"]:
            continue
        first = place == 0 or words[place - 1] in BREAKS
        first = first or (word == "no" and _is_subject(words, place))
        # "patients with no metastases had": what is denied of a noun ends before the verb.
        of_noun = word in OF_NOUNS and not (word == "no" and (first or PROOF & set(followed)))
        last = len(words) if first else min(place + 1 + reach, len(words))
        ends_here = () if word == "no" and _is_subject(words, place) else ends
        enclosed = False  # "without (VI) temozolomide": what is enclosed is only named
        for reached_to in range(place + 1, last):
            there = words[reached_to]
            enclosed = there == "(" or (enclosed and there != ")")
            if enclosed or there == ")":
                continue
            if there in BREAKS or (of_noun and there in NOUN_ENDS):
                break
            if word == "neither" and there == "nor":
                break  # which denies what follows it
            if (there in ends_here and reached_to > place + 1) or words[
                reached_to : reached_to + 2
            ] == AND_THAT:
                break
            if there in DENIALS and words[reached_to - 1] in {"and", "or", "nor"}:
                break  # "no trial and no benefit" denies both, not a denial
            denied[reached_to] = not denied[reached_to]
    return denied


def _bounds(words: list[str], place: int) -> tuple[int, int]:
    """Return where the clause of a word begins and ends: "A did not differ, and that B was"."""
    breaks = BREAKS - {","}  # "early relapse, alveolar histology and large tumors were adverse"

    def divides(at: int) -> bool:
        return words[at] in breaks or words[at : at + 2] == AND_THAT

    start = max((p + 1 for p in range(place) if divides(p)), default=0)
    end = next((p for p in range(place, len(words)) if divides(p)), len(words))
    return start, end


def comparisons(text: str, lexicon: Lexicon) -> tuple[Compared, ...]:
    """Return which of two did better, wherever a sentence says so: "than", "lowest with"."""
    plain = LEUKEMIA.sub("leukemia", text)
    return (*_comparisons(plain, lexicon), *_extremes(plain, lexicon))


def _comparisons(text: str, lexicon: Lexicon) -> Iterator[Compared]:
    for match in COMPARATIVES.finditer(text):
        sign = _sign_of(match["how"])
        if not sign and not text[match.end() :].lstrip()[:1].isdigit():
            sign = _sign_of_subject(text[: match.end("how")])  # not "longer than 18 months"
        if not sign:
            continue
        # "A did better than B", or "survival was better with A than with B".
        one = match["whom"] or re.split(r"[.;:](?:\s|$)", text[: match.start()])[-1]
        other = re.split(r"[.;:,](?:\s|$)", text[match.end() :])[0]
        sides = side(one, lexicon), side(other, lexicon)
        better, worse = sides if sign > 0 else sides[::-1]
        words = words_of(text[: match.end("how")])
        held = not reached(words)[len(words) - len(words_of(match["how"]))]
        yield Compared(better, worse, held)


def _extremes(text: str, lexicon: Lexicon) -> Iterator[Compared]:
    """Yield who did best beside who did worst: "lowest with A, and highest with B"."""
    told = [(sign, match["whom"]) for match in EXTREMES.finditer(text) if (sign := _rank(match))]
    for (one, whom), (other, whose) in combinations(told, 2):
        if one != other:
            best, worst = (whom, whose) if one > other else (whose, whom)
            yield Compared(side(best, lexicon), side(worst, lexicon))


def _rank(match: re.Match[str]) -> int:
    """Return 1 for the best of all, -1 for the worst, 0 where it is not told of what."""
    how = match["how"].lower()
    direction = 1 if how in {"best", "longest", "highest"} else -1
    if how not in {"highest", "lowest"}:
        return direction
    for stem in reversed(stems(words_of(match.string[: match.start()]))):
        if stem in GAINS:
            return direction
        if stem in LOSSES:
            return -direction
    return 0


def side(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Return what one side of a comparison names: stems, bounds, and terms as "kind:id"."""
    words = tokens(text)
    named = lexicon.names(words) | lexicon.in_capitals(text)
    bounds = frozenset(bound(q) for q in quantities(text) if q.kind in {"span", "size"})
    return (
        bounds
        | frozenset(stems([w for w in words if w[0].isalpha()]))
        | {
            f"{concept.kind}:{concept.id}"
            for concept in named
            if concept.kind in {"regimen", "drug"}
        }
    )


def _sign_of_subject(text: str) -> int:
    """Return the sign of "higher" at the end of a text: of "survival was higher" 1."""
    words = words_of(text)
    return _counted(words, len(words) - 1) if words and words[-1] in RAISED | LOWERED else 0


def _sign_of(how: str) -> int:
    """Return 1 for "better" and "longer survival", -1 for the opposite, 0 for what is neither."""
    words = words_of(how)
    meaning = _meaning(words, 0, False)
    if meaning is None or meaning[0] != "gain":
        return 0
    return {"yes": 1, "bad": -1}.get(meaning[1], 0)
