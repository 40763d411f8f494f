"""Whether a statement bears out what a claim says without figures.

That a statement speaks of the same things proves nothing. A claim is borne out only where every
judgement of it, every word that tells groups apart and every number stands in the statement, in
the same sense and on the same side; and nearly every other word of it, too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from secondline.answers.denials import affirmed
from secondline.answers.judgements import Judged
from secondline.answers.lexicon import Lexicon
from secondline.answers.ranking import PARTICULAR, Feature
from secondline.answers.report_words import (
    AGES,
    ALIKE,
    BESIDES,
    BREAKS,
    GENERAL,
    GROUPS_APART,
    JUDGEMENTS,
    LIGHT,
    LOWERED,
    MEANINGS,
    OPPOSITES,
    PREPOSITIONS,
    RAISED,
    VERBS,
)
from secondline.answers.said import Claimed, Said
from secondline.answers.turning import (
    Bearing,
    absent,
    denied,
    left_out,
    marked_otherwise,
    nearest_text,
    treatments,
)
from secondline.answers.words import stems

COMPARISON = "this comparison"
COVERED = 0.7  # of the weight of what a claim names must stand in the statement
# What each sense of a claim is borne out by, and what refutes it.
BORNE_OUT: Mapping[str, set[str]] = {
    "yes": {"yes"},
    "no": {"no", "bad", "equal"},
    "bad": {"bad"},
    "not bad": {"not bad", "yes", "equal"},
    "equal": {"equal"},
    "all": {"all"},
    "most": {"most", "all"},
    "few": {"few", "none"},
    "none": {"none"},
    "only": {"only"},
}
REFUTED: Mapping[str, set[str]] = {
    "yes": {"no", "bad", "equal"},
    "no": {"yes"},
    "bad": {"yes", "not bad", "equal"},
    "not bad": {"bad"},
    "equal": {"yes", "bad"},
    "all": {"none", "few"},
    "most": {"few", "none"},
    "few": {"most", "all"},
    "none": {"all", "most"},
}
# A difference of outcome shows an influence.
SHOWS = {"yes": "yes", "bad": "yes", "equal": "no"}
LIKE = [frozenset(stems(sorted(row))) for row in ALIKE]
LIKE.append(frozenset(stems(["relapse", "recurrence", "salvage"])))  # treatment at relapse
TURNING = frozenset().union(*(side for pair in OPPOSITES for side in pair))
BEFORE_AND_AFTER = {"earlier", "later"}  # "earlier radiotherapy" is of no early relapse
JUDGING = MEANINGS.keys() | RAISED | LOWERED  # looked at by themselves
OF_NO_PART = BEFORE_AND_AFTER | {"blineage", "tlineage"}  # treatments tell it, too
TURNED = {"<": ">", ">": "<"}
# Judgements that hold of the opposite group the other way round.
MIRRORING = {
    word for side in (("gain", "yes"), ("gain", "bad")) for word in JUDGEMENTS[side].split()
} - {"effective", "ineffective", "active", "works", "help", "helps", "helped", "harm"}
# What no figure bears out.
BEYOND_FIGURES = {"should", "must", "mandatory", "recommended", "safe", "useless", "proven"}
APPROVAL = ("factor", "drug-approval")
FLAT = {"approval", "rule", "gain", "cure"}  # what is denied of all is denied of each
SUPPOSING = {"if", "when", "whether", "though", "although"}
STRONG = {"rule", "proof", "cure", "share", "only", "safety", "approval"}


def bearing(
    claim: Claimed, said: Said, lexicon: Lexicon, weight: Callable[[Feature], float]
) -> Bearing:
    """Hold a claim against one statement. What refutes comes first, then what is missing.

    Args:
        claim: as read.
        said: the statement.
        lexicon: of the library.
        weight: what a feature weighs; rare terms more.
    """
    if (other := next(_subjects(claim, said), None)) is not None:
        return other
    if (flat := next(flatly_denied(claim, said), None)) is not None:
        return flat
    found = list(senses(claim, said, lexicon))
    if (lacks := next(_covering(claim, said, weight), None)) is not None:
        judged = (each.because for each in found if each.how in {"unsaid", "weaker"})
        return Bearing("unsaid", next(judged, lacks.because))
    groups = [*_opposites(claim, said), *_numbers(claim, said), *absent(claim, said)]
    if groups:
        turned = all(each.how == "refuted" for each in groups)
        if turned and _is_mirrored(found):
            return Bearing("borne out")
        if groups[0].how in {"weaker", "unclear"} or _is_approved_for_others(claim, groups):
            return groups[0]
        return Bearing("unsaid", groups[0].because)
    if (excluded := next(left_out(claim, said), None)) is not None:
        approval = any(mine.axis == "approval" for mine in claim.told.judged)
        return replace(excluded, how="refuted") if approval and not found else excluded
    found.extend(denied(claim, said))
    for how in ("refuted", "unclear", "unsaid", "weaker", "of a part"):
        for each in found:
            if each.how == how:
                return each
    return next(marked_otherwise(claim, said), Bearing("borne out"))


def _is_approved_for_others(claim: Claimed, groups: Sequence[Bearing]) -> bool:
    """Say whether a treatment is approved, and for others: adults where a claim says children."""
    approval = any(mine.axis == "approval" for mine in claim.told.judged)
    return approval and groups[0].how == "refuted"


def _is_mirrored(found: Sequence[Bearing]) -> bool:
    """Say whether the judgement is the opposite, too: late relapse is good where early is bad."""
    return [each.how for each in found] == ["refuted"] and found[0].because in MIRRORING


def senses(claim: Claimed, said: Said, lexicon: Lexicon) -> Iterator[Bearing]:
    """Yield what stands against the comparisons and the judgements of a claim."""
    yield from _comparing(claim, said)
    yield from _judging(claim, said, lexicon)


def beside_figures(claim: Claimed, said: Said, lexicon: Lexicon) -> Bearing:
    """Hold what a claim says beside figures that are held against their statement.

    Less is asked than of a claim without figures: only what is wrong, or goes far beyond them.
    """
    found = list(senses(claim, said, lexicon))
    turned = any(mine.agrees(rate) < 0 for mine in claim.compared for rate in said.higher)
    if turned or any(each.how == "refuted" for each in found):
        return Bearing("refuted")
    if others := _others(claim, said):
        return Bearing("of a part", others)
    far = (each.because for each in found if each.because in BEYOND_FIGURES)
    return Bearing("weaker", because) if (because := next(far, "")) else Bearing("borne out")


def _others(claim: Claimed, said: Said) -> str:
    """Return by what word a claim is of other patients: "metastatic" where all were localized."""
    for one, other in (row for pair in GROUPS_APART for row in (pair, pair[::-1])):
        told = one & affirmed(claim.told.beside_figures)
        opposite = other | {f"non{word}" for word in told}
        both = other.intersection(claim.told.beside_figures)  # then it compares them
        if told and not both and not one & said.words and opposite & said.words:
            return min(told)
    return ""


def flatly_denied(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield what a statement denies of all that a claim says it of some: "it is not approved".

    Every word of the denial is in the claim, its treatment too, so that the claim is a part of it.
    """
    treated = treatments(claim)
    known = claim.told.stems.union(*(row for row in LIKE if row & claim.told.stems))
    for mine in claim.told.judged:
        if mine.axis not in FLAT or mine.sense != "yes":
            continue
        for its in (j for text in said.texts for j in text.judged):
            about = its.clause - GENERAL - LIGHT - set(stems([its.word]))
            denies = its.axis == mine.axis and its.sense == "no" and not its.reserved
            if denies and about & treated and about <= known:
                yield Bearing("refuted", mine.word)


def _subjects(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield the treatments, factors and studies of the claim that the statement does not name.

    A factor that it names by a part of the same words is another: MYCN amplification and MYCN.
    What has an opposite is looked at by itself.
    """
    for words, concepts in claim.sentence.names:
        if TURNING.intersection(words):
            continue
        subjects = {(c.kind, c.id) for c in concepts if c.kind in PARTICULAR}
        if subjects == {APPROVAL}:
            continue  # it is judged
        called = set(stems([word for word in words if word.isalpha()])) - GENERAL
        named = {("word", stem) for stem in called}
        shared = named & said.terms
        is_part = any(kind == "factor" for kind, _ in subjects) and shared and shared != named
        if subjects and (is_part or not (subjects & said.terms or (named and named <= said.terms))):
            yield Bearing("unsaid", " ".join(words))


def _comparing(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield what stands against a comparison of the claim."""
    for mine in claim.compared:
        agreeing = [(mine.agrees(other), other.holds) for other in said.compared]
        if mine.holds:
            same, turned = (1, True) in agreeing, (-1, True) in agreeing
            denied = (1, False) in agreeing
        else:  # "A is no better than B" is borne out where B is better, or A is denied to be
            same = (-1, True) in agreeing or (1, False) in agreeing
            turned, denied = (1, True) in agreeing, False
        rates = {mine.agrees(rate) for rate in said.higher} if mine.holds else set()
        turned |= -1 in rates and 1 not in rates
        if (turned or denied) and not same:
            yield Bearing("refuted", COMPARISON)
        elif not same or turned:
            yield Bearing("unsaid", COMPARISON)


def _judging(claim: Claimed, said: Said, lexicon: Lexicon) -> Iterator[Bearing]:
    """Yield what stands against a judgement of the claim."""
    subjects = {c for c in claim.sentence.concepts if c.kind in PARTICULAR}
    called = {
        stem
        for words, concepts in claim.sentence.names
        if subjects.intersection(concepts)
        for stem in stems(list(words))
    }

    def of_subject(each: Judged) -> bool:
        """Say whether a clause names what the claim is about; any does where that names nothing."""
        if not subjects or called & each.clause:
            return True
        theirs = {c for c in lexicon.names(list(each.words)) if c.kind in PARTICULAR}
        return not theirs or bool(subjects & theirs)

    its = tuple(judged for text in said.texts for judged in text.judged)
    beside = {judged.words for judged in nearest_text(claim, said).judged}
    treated = {(c.kind, c.id) for c in claim.sentence.concepts if c.kind in {"regimen", "drug"}}
    for mine in claim.told.judged:
        if mine.axis == "gain" and claim.compared:
            continue
        if mine.axis == "only" and not SUPPOSING.isdisjoint(mine.words):
            continue  # "if it came back only there" limits nothing
        if mine.axis == "gain" and treated and said.treated and not treated & said.treated:
            yield Bearing("unsaid", mine.word)  # of another treatment
            continue
        nearest = _nearest(mine, (each for each in _of_axis(mine, its) if of_subject(each)))
        if mine.axis == "leading":  # of the very thing
            about = mine.clause - GENERAL
            nearest = [each for each in nearest if 2 * len(each.clause & about) >= len(about)]
        senses = {each.sense for each in nearest}
        borne, refuted = senses & BORNE_OUT[mine.sense], senses & REFUTED.get(mine.sense, set())
        if refuted and not borne:
            # Elsewhere in the statement it may be said of others, and here of a part.
            there = [e for e in nearest if e.sense in refuted and e.words in beside]
            of_all = there and not _part(claim, there)
            yield Bearing("refuted" if of_all else "unsaid", mine.word)
        elif not borne or refuted:
            yield Bearing("weaker" if mine.axis in STRONG else "unsaid", mine.word)
        elif not mine.reserved and all(e.reserved for e in nearest if e.sense in borne):
            yield Bearing("weaker", mine.word)
        elif mine.axis == "gain" and (part := _part(claim, nearest)):
            yield Bearing("of a part", part)


def _of_axis(mine: Judged, its: Iterable[Judged]) -> Iterator[Judged]:
    """Yield what a statement judges of the same; a difference of outcome shows an influence."""
    for each in its:
        if each.axis == mine.axis:
            yield each
        elif mine.axis == "influence" and each.axis == "gain" and each.sense in SHOWS:
            yield replace(each, axis="influence", sense=SHOWS[each.sense])


def _part(claim: Claimed, nearest: Sequence[Judged]) -> str:
    """Return by what word the statement judges a part of the patients only; "" where of all."""
    mine = set(claim.told.words)
    parts = []
    for each in nearest:
        limits = [
            min(told)
            for one, other in (row for pair in GROUPS_APART for row in (pair, pair[::-1]))
            if (told := _describing(one, each.words) - OF_NO_PART)
            and not other.intersection(each.words)
            and not mine & (one | other)
        ]
        parts.append(min(limits, default=""))
    return min(parts) if all(parts) else ""


def _describing(side: frozenset[str], words: Sequence[str]) -> set[str]:
    """Return which words of a side describe what follows: not "to find a relapse early"."""
    after = [*words[1:], "."]
    return {
        word
        for word, following in zip(words, after, strict=True)
        if word in side and following not in {"age", "size"} | BREAKS | PREPOSITIONS | VERBS
    }


def _nearest(mine: Judged, its: Iterable[Judged]) -> list[Judged]:
    """Return the judgements whose clauses share most, and something, with that of a claim.

    Those of the same word come first, where there are any.
    """
    about = mine.clause - set(stems([mine.word]))
    shared = [(len(each.clause & about), each) for each in its]
    shared = [(count, each) for count, each in shared if count]
    shared = [(count, each) for count, each in shared if each.word == mine.word] or shared
    most = max((count for count, _ in shared), default=0)
    return [each for count, each in shared if count == most]


def _opposites(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield words that tell groups apart and that the statement does not have, or not so.

    Where it has the opposite alone, the groups are turned.
    """
    mine, text = claim.told.beside_figures, nearest_text(claim, said).beside_figures
    for one, other in (row for pair in OPPOSITES for row in (pair, pair[::-1])):
        told = one.intersection(mine)
        if not told or (other.intersection(mine) and one.intersection(text)):
            continue
        if one in AGES and AGES[0].intersection(mine) and not (one | other) & said.words:
            continue  # all the evidence is of children and the young, said or not
        if not one.intersection(text) and other.intersection(text):
            both = other.intersection(mine)  # of adults and children, where it is of adults
            yield Bearing("unsaid" if both else "refuted", min(told))
        elif not one & said.words:
            yield Bearing("unsaid", min(told))
        elif (other - BEFORE_AND_AFTER).intersection(text):
            pairs = set(_followed(text, one))
            if not all(pair in pairs for pair in _followed(mine, one)):
                yield Bearing("unsaid", min(told))


def _followed(words: Sequence[str], side: frozenset[str]) -> Iterator[str]:
    """Yield what follows each word of one side: of "late marrow relapse" the stem of "marrow"."""
    for place, word in enumerate(words):
        if word in side:
            after = [w for w in words[place + 1 :] if w[0].isalpha() and w not in side]
            yield next(iter(stems(after)), "")


def _numbers(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield figures and numbers of the claim that the statement does not have.

    Where it has the bound from the other side, the groups are turned.
    """
    its: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for q in said.quantities:
        its[q.kind, q.unit, q.low, q.high].add(q.relation)
    for q in claim.sentence.quantities:
        relations = its.get((q.kind, q.unit, q.low, q.high), set())
        written = claim.told.text[q.start : q.end].strip()
        if not relations:
            yield Bearing("unsaid", written)
        elif q.relation in TURNED and relations == {TURNED[q.relation]}:
            yield Bearing("refuted", written)
    for word in claim.told.words:
        bare = word.isdigit() and word != "1" and not claim.sentence.quantities
        if bare and word not in said.words:
            yield Bearing("unsaid", word)


def _covering(claim: Claimed, said: Said, weight: Callable[[Feature], float]) -> Iterator[Bearing]:
    """Yield the heaviest of the words that the statement lacks, where it lacks too many."""
    named = {
        word
        for words, concepts in claim.sentence.names
        if any((c.kind, c.id) in said.terms for c in concepts)
        for word in words
    }
    its = {stem for kind, stem in said.terms if kind == "word"}
    known = its.union(*(row for row in LIKE if row & its))
    missing, total = {}, 0.0
    for word in dict.fromkeys(claim.told.words):
        stem = next(iter(stems([word])), "")
        if not word[0].isalpha() or not stem or word in BESIDES or stem in GENERAL:
            continue
        if word in JUDGING and stem not in known:
            continue
        heavy = weight(("word", stem))
        total += heavy
        if stem not in known and word not in named:
            missing[word] = heavy
    if missing and sum(missing.values()) > (1 - COVERED) * total:
        yield Bearing("unsaid", max(missing, key=lambda word: (missing[word], word)))
