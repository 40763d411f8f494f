"""The words by which reports of results compare, judge, bind and deny. Language, not knowledge."""

import re

from secondline.answers.words import stems


def _rows(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(line.split()) for line in text.strip().splitlines())


def _row(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- places in a sentence
STRONG = {",", ";", ":", "."}
SEPARATORS = STRONG | _row("and or versus vs but while whereas compared")
LEADING = _row("in with for of after among on without if when at who")  # group after its figure
VERBS = _row(
    """achieve achieved had has have were was is are received reached showed reported occurred did
    do survived died"""
)
DENIALS = _row("no not without never neither nor cannot lack lacked absence")
EARLIER = {"first", "initial"}  # before "remission" it is whom, not what is counted
COUNTED_FROM = _row("after from of since off following")
CLOCKS = {
    "diagnosis": "diagnosis",
    "therapy": "end of therapy",
    "treatment": "end of therapy",
    "chemotherapy": "end of therapy",
    "remission": "remission",
    "transplant": "transplant",
    "transplantation": "transplant",
    "relapse": "relapse",
    "recurrence": "relapse",
}
# What is said of groups everywhere, and tells no group from another.
GENERAL = frozenset(
    stems(
        """rate rates probability estimate approximately achieve achieved reached had has show
        showed shown report reported described group groups arm arms overall percent outcome
        outcomes result results following compared than study trial respectively had were treated
        received treatment therapy""".split()  # noqa: SIM905
    )
)

NEAR = 4  # words after a figure that may tell it from others
DENIED = 4  # words that a denial reaches
CLOCK_WITHIN = 5  # words after a time that may say what it is counted from
# --- rewordings
# Words of like meaning; a rewording may use another of the same row.
SAME = _rows(
    """
    prior previous previously earlier already
    about approximately approx roughly nearly around circa
    achieve achieved achieves reach reached reaches attain attained obtained get got
    receive received given gave get got treated treatment therapy treat
    patient patients children child people participants pediatric young cases case
    study trial studies trials series cohort report reported reports
    versus vs compared comparison against
    superior better
    inferior worse poorer
    respond responded response responses responders
    survive survived survival alive
    relapse relapsed relapses relapsing recurrence recurrent recurred
    die died death deaths
    randomized randomised random randomly
    percent per cent
    probability probabilities rate rates chance proportion share
    disease cancer leukemia
    transplant transplants transplantation sct hsct
    radiation radiotherapy irradiation irradiated
    """
)
NEUTRAL = _row(
    """
    was were is are be been being had has have having did do does who whose which that these those
    this the a an and or of in on at for with by to from as it its they their them there than then
    also while whereas respectively both either each out among between into during group groups arm
    result results outcome outcomes shown show showed found find described observed recorded
    measured estimated estimate proceeded went total one two some old age aged said says according
    based using used such but however i e
    """
)
LESS = _row("less fewer below under within before lower younger shorter earlier most")
MORE = _row("more greater above over beyond after older longer later higher least")
# Small words that carry the meaning; a rewording may use those of the original alone.
RELATIONS = LESS | MORE | _row(
    """until since only all none every always never must adult adults infant infants year years
    month months week weeks day days first second third best worst may can should"""
)  # fmt: skip
# Small words that join or turn what stands beside them; a rewording has them as often.
JOINING = _row("of or nor than without no not never after before from against except unless only")
JUDGING = re.compile(
    r"\b(?:significant(?:ly)?|better|worse|superior|inferior|similar(?:ly)?|highest|lowest|best|worst"
    r"|most|all|only|never|always|must|should|recommended|preferred|proven|safe|effective|cures?"
    r"|cured|improve[sd]?|improvement|increase[sd]?|decrease[sd]?|reduce[sd]?|longer|shorter|higher"
    r"|lower|differ(?:s|ed|ent|ence)?|equivalent|standard|every|none|nobody|guaranteed?|major|minor"
    r"|complete|partial|isolated|combined|matched|unrelated|autologous|allogeneic)\b",
    re.IGNORECASE,
)
COMPARING = re.compile(r"\b(?:better|worse|higher|lower|longer|shorter|superior|inferior)\b")

# --- claims
EXTREME = re.compile(
    r"\b(?:highest|best|most (?:effective|active)|lowest|always|never|must|mandatory"
    r"|required|proven|definitive(?:ly)?|guaranteed?|first choice|preferred|cures?|superior"
    r"|every|any single)\b",
    re.IGNORECASE,
)
EXCUSED = re.compile(r"\b(?:no|not|un|without|lack\w*)\s+(?:\w+\s+)?$", re.IGNORECASE)
NOT_INFERIOR = re.compile(r"\b(?:not|non)[- ]?inferior|\bequivalent\b", re.IGNORECASE)
STILL_OPEN = re.compile(
    r"\b(?:next (?:study|trial)|ongoing|under (?:study|investigation|way)|being (?:studied|tested"
    r"|investigated|evaluated)|recruiting|upcoming|planned|(?:requires?|needs?|warrants?) further"
    r"|further (?:study|studies|investigation|research)|not yet known|in progress"
    r"|will (?:study|test))\b",
    re.IGNORECASE,
)
GOOD = frozenset(
    stems(
        """improve improved improvement better benefit beneficial superior favorable favourable
        effective active activity prolonged longer gain advantage promising good excellent
        """.split()  # noqa: SIM905
    )
)
BAD = frozenset(
    stems(
        """worse poor poorer adverse unfavorable unfavourable inferior shorter detrimental harm
        ineffective dismal bad""".split()  # noqa: SIM905
    )
)
OPEN = frozenset(
    stems(["similar", "controversial", "unclear", "unknown", "unproven", "uncertain", "debated"])
)
EQUAL = re.compile(
    r"\bas (?:good|effective) as\b|\b(?:works?|does|do|did|fared?) as well as\b|\bno worse\b"
    r"|\bequal(?:ly)?\b|\bcomparable\b|\bequivalent\b",
    re.IGNORECASE,
)
WEAKER = re.compile(
    r"\btoo (?:little|low|few)\b|\bnot enough\b|\b(?:worse|inferior|lower|poorer)\b", re.IGNORECASE
)
SIGNIFICANT = re.compile(r"\bsignificant(?:ly)?\b", re.IGNORECASE)
NOT_SIGNIFICANT = re.compile(
    r"\bnot? (?:\w+ ){0,3}significan|\bno (?:\w+ )?difference|\bdid not differ|\bnot differ",
    re.IGNORECASE,
)
CURING = re.compile(r"\bcures?\b|\bcured\b|\bcuring\b|\bcure rate", re.IGNORECASE)
# Judgements that a source denies and a claim affirms, or the other way round.
JUDGED = frozenset(
    stems(
        """approved approve recommended recommend improved improve benefit significant standard
        necessary needed required effective proven established""".split()  # noqa: SIM905
    )
)
LEVEL_CODE = re.compile(r"\b(?:[123]i{0,3}(?:[ABC]|D(?:i{1,3}v?)?)|[12][A-D])\b")  # older scheme
OF_EVIDENCE = re.compile(r"\b(?:level|evidence|graded?|rated)\b", re.IGNORECASE)
OLDER_SCHEME = "older scheme"
UNTREATED = re.compile(
    r"\b(?:newly diagnosed|previously untreated|untreated|first[- ]line|front[- ]?line"
    r"|at first diagnosis)\b",
    re.IGNORECASE,
)
