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
TURNS = _row("and yet but while whereas with their its")  # after a comma: to something else
OF_NO_PEOPLE = _row("factor factors features criteria trials studies arms groups sites drugs")
SERIES = _row("series cohort group whole all total")
LEADING = _row("in with for of after among on without if when at who")  # group after its figure
VERBS = _row(
    """achieve achieved had has have were was is are received reached showed reported occurred did
    do survived died"""
)
OTHER_VERBS = _row("went fared lived led gave brought made remained became came do does tended")
RELATIVE = _row("who which that whose")
SUBORDINATE = _row("when if where")
PATIENTS = _row("patients children those participants people")
ERRORS = _row("se sd error deviation")
# What may stand beside figures that are enclosed with another: "(24 of 55 evaluable patients)".
BESIDE_FIGURES = (
    ERRORS
    | PATIENTS
    | _row(
        """ci cri confidence credible interval standard range iqr n p hr or of to evaluable
        respectively"""
    )
)
EXCLUDED = _row("excluded outside ineligible")  # "soft-tissue disease is outside the indication"
# "chemotherapy instead of a transplant": what follows is not there.
IN_PLACE_OF = (("instead", "of"), ("rather", "than"), ("other", "than"), ("outside", "of"))
EXCEPTING = _row("except excluding besides")
NAIVE = "naive"  # "anthracycline-naive"
# Verbs that carry no meaning of their own: "contains no" is "does not contain".
LIGHT = frozenset(
    stems(
        """contain contains include includes involve received receive given used show shown found
        seen observed reported caused brought led reached made been got have allowed""".split()  # noqa: SIM905
    )
)
DENIALS = _row("no not none without never neither nor cannot lack lacked absence")
EARLIER = {"first", "initial"}  # before "remission" it is whom, not what is counted
# And before "relapse" these; "the relapse rate was" counts relapses.
WHOSE_RELAPSE = _row(
    """with after at of since from in their early late first second subsequent isolated combined
    marrow extramedullary cns testicular local locoregional metastatic distant initial new"""
)
RELAPSE_COUNTED = _row("rate rates incidence risk free occurred was were")
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
# And what a claim may say so; a rewording may not.
ALIKE = SAME + _rows(
    """
    need needs needed require requires required
    decrease decreased reduce reduced reduces reduction fewer lower less fell declined
    increase increased more higher greater rose
    investigation investigated study studied research
    demonstrate demonstrated detect detected detectable found
    outlook prognosis outcome outcomes survival
    relapse relapses relapsed recurrence recurred return returns returned
    scan scans imaging imaged
    operation operations operated surgery surgical resection resected
    check checks test tests testing
    confined limited restricted
    spread metastatic metastases metastasis disseminated
    shrank shrink shrinks shrinkage respond responded response responses
    drug drugs medicine medicines agent agents
    toxic toxicity toxicities adverse effects
    blood hematologic hematological
    own autologous
    donor allogeneic
    uncommon rare seldom
    chemoradiation chemoradiotherapy
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
# And what a claim may say besides; in a rewording "because" would be a cause of its own.
BESIDES = NEUTRAL | _row("blineage tlineage met meet fulfilled fared fare due owing came because")
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

# --- judgements
# Words by the axis and the sense in which they judge, said without a denial.
JUDGEMENTS = {
    ("gain", "yes"): """improve improves improved improving improvement improvements better best
        superior benefit benefits benefited beneficial effective effectively efficacious active
        works prolong prolongs prolonged lengthen lengthens lengthened favorable favorably good
        excellent promising gain gained advantage advantageous help helps helped helpful""",
    ("gain", "bad"): """worse worst worsen worsens worsened poor poorer poorly inferior ineffective
        adverse adversely unfavorable dismal detrimental harm harms harmed harmful bad grim
        useless inactive""",
    ("gain", "equal"): "similar similarly same equal equally comparable equivalent",
    ("rule", "yes"): """standard recommend recommends recommended recommendation indicated should
        need needs needed necessary required requires mandatory must essential preferred routine
        routinely advise advises advised obligatory""",
    ("rule", "no"): "avoid avoided avoids contraindicated unnecessary skip skipped omit omitted",
    ("influence", "yes"): """matter matters mattered influence influences influenced affect affects
        affected predict predicts predicted predictive predictor predictors prognostic associated
        association linked depend depends depended""",
    ("influence", "no"): "irrelevant regardless unrelated irrespective",
    ("enough", "yes"): "enough sufficient sufficiently suffice suffices adequate adequately",
    ("enough", "no"): "insufficient insufficiently inadequate inadequately",
    ("safety", "yes"): "safe safely tolerated tolerable",
    ("safety", "no"): "unsafe toxic intolerable dangerous",
    ("cure", "yes"): "cure cures cured curable curative",
    ("cure", "no"): "incurable",
    ("approval", "yes"): "approve approves approved approval licensed authorized",
    ("proof", "yes"): "proven proved established",
    ("proof", "no"): "unproven experimental",
    ("significance", "yes"): "significant significantly",
    ("share", "all"): "all every each any always everybody everyone",
    ("share", "most"): """most majority usually mostly typically generally commonly often frequently
        common frequent""",
    ("share", "few"): "few rare rarely seldom minority uncommon hardly infrequent",
    ("share", "none"): "never none nobody",
    ("only", "only"): "only solely exclusively",
}
# By the very words: "toxicities" and "compared" judge nothing, though "toxic" and "comparable" do.
MEANINGS = {word: meaning for meaning, words in JUDGEMENTS.items() for word in words.split()}
# Words that judge elsewhere and describe here: "standard risk", "active disease".
NO_JUDGEMENT = {
    (word, after)
    for word in ("standard", "poor", "good", "favorable", "unfavorable", "active")
    for after in ("risk", "dose", "doses", "deviation", "error", "arm", "group", "disease")
} | {
    *((word, "further") for word in ("need", "needs", "needed", "require", "requires", "required")),
    *(("only", after) for after in ("a", "few", "small", "minority")),  # "only a small minority"
    ("any", "time"),
}
# After "most": what leads, and no share of patients.
LEADS = _row("in common frequent commonly frequently often used important active")
# What a text may say for a word by which judgments and groups are known.
OTHER_WORDS = {
    "hardly ever": "rarely",
    "almost never": "rarely",
    "almost always": "usually",
    "as a rule": "usually",
    "in most cases": "usually",
    "on both sides": "bilateral",
    "both sides": "bilateral",
    "on one side": "unilateral",
    "one side": "unilateral",
    "makes no sense": "useless",
    "of no use": "useless",
    "of no help": "useless",
    "no better off": "not better",
    "rules out": "excludes",
    "does better": "is better",
    "do better": "are better",
    "did better": "was better",
    "fare better": "are better",
    "fared better": "was better",
    "did worse": "was worse",
    "do worse": "are worse",
    "fare worse": "are worse",
    "fared worse": "was worse",
}
RESERVES = _row(
    """may might could appears appear seems seem suggest suggests suggested possible possibly
    potential potentially trend hypothesis investigated investigational studied testing unclear
    unknown controversial uncertain considered consider"""
)
RAISED = _row("higher longer more greater increased increases increase raised raises raise")
LOWERED = _row("lower shorter less fewer reduced reduces reduce decreased decreases decrease")
GAINS = frozenset(
    stems("survival survived lived live alive response responses remission outcome".split())  # noqa: SIM905
)
LOSSES = frozenset(
    stems(["relapse", "recurrence", "toxicity", "toxic", "death", "mortality", "failure"])
)
COMPARATIVES = re.compile(
    r"\b(?P<how>(?:better|superior|worse|poorer|inferior|higher|lower|longer|shorter|more|less|fewer"
    r"|greater)(?:\s+(?!with\b|for\b|in\b|after\b|on\b)[\w-]+){0,5}?)"
    r"(?:\s+(?:with|for|in|after|on)\s+(?P<whom>[\w\s-]{1,80}?))?"
    r"\s+(?:than|(?<=superior )to|(?<=inferior )to|over|versus|vs)\b"
    r"(?:\s+(?:with|for|in|of|after|on)\b)?",
    re.IGNORECASE,
)
EXTREMES = re.compile(
    r"\b(?P<how>best|longest|highest|worst|poorest|shortest|lowest)\b[^.;,]{0,30}?"
    r"\b(?:when|in|for|with|after|among)\s+(?P<whom>[^.;,]+)",
    re.IGNORECASE,
)
PREPOSITIONS = _row("with in of for among at had has have there or")
BREAKS = STRONG | _row("but versus vs although whereas while")


def _pairs(text: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    sides = (line.split("|") for line in text.strip().splitlines())
    return tuple((_row(one), _row(other)) for one, other in sides)


# Words that tell groups of patients apart; a claim must have the evidence's own.
GROUPS_APART = _pairs(
    """
    early earlier | late later
    localized local locoregional | metastatic disseminated distant
    isolated | combined
    alveolar | embryonal
    high | low
    positive | negative
    resectable | unresectable
    bilateral | unilateral
    boys male | girls female
    older | younger
    large larger | small smaller
    blineage | tlineage
    """
)
# These, and others that turn what stands beside them into its opposite.
UP = _row("higher more greater increase increased increases rose")
DOWN = _row("lower less fewer decrease decreased reduce reduced reduces fell")
AGES = (
    _row("children child pediatric childhood infants infant adolescents"),
    _row("adults adult"),
)
OPPOSITES = (
    *GROUPS_APART,
    (UP, DOWN),
    AGES,
    *_pairs(
        """
        before | after
        first initial | second third
        longer | shorter
        allogeneic | autologous
        adjuvant postoperative | neoadjuvant preoperative
        complete | incomplete partial
        randomized | nonrandomized
        above | below
        survived alive lived | died dead death
        severe | mild
        """
    ),
)

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
SIGNIFICANT = re.compile(r"\bsignificant(?:ly)?\b", re.IGNORECASE)
NOT_SIGNIFICANT = re.compile(
    r"\bnot? (?:\w+ ){0,3}significan|\bno (?:\w+ )?difference|\bdid not differ|\bnot differ",
    re.IGNORECASE,
)
CURING = re.compile(r"\bcures?\b|\bcured\b|\bcuring\b|\bcure rate", re.IGNORECASE)
LEVEL_CODE = re.compile(r"\b(?:[123]i{0,3}(?:[ABC]|D(?:i{1,3}v?)?)|[12][A-D])\b")  # older scheme
OF_EVIDENCE = re.compile(r"\b(?:level|evidence|graded?|rated)\b", re.IGNORECASE)
OLDER_SCHEME = "older scheme"
# What a ratio counts where no endpoint is named: "the risk of death", "mortality".
DEATHS = re.compile(
    r"\b(?:risk|hazard|rate|odds) of (?:death|dying)\b|\bmortality\b", re.IGNORECASE
)
OF_DEATHS = "overall survival"
# "Alive without a relapse" is not overall survival, but one of these.
EVENTS = _row("relapse relapses recurrence event events progression failure disease cancer")
EVENTS |= _row("leukemia sarcoma neuroblastoma tumor")
EVENTS_WITHIN = 6  # words after "alive"
WITHOUT_EVENTS = frozenset(
    f"{kind} survival"
    for kind in ("event-free", "progression-free", "disease-free", "relapse-free", "failure-free")
) | {"alive without disease"}
UNTREATED = re.compile(
    r"\b(?:newly diagnosed|previously untreated|untreated|first[- ]line|front[- ]?line"
    r"|at first diagnosis)\b",
    re.IGNORECASE,
)
# The two sides of a cut, and of having had something.
SIDES = {
    "low": _row(
        "early earlier before within under below less fewer short shorter sooner younger low <"
    ),
    "high": _row("late later beyond above more least longer long older exceeding high >"),
    "without": _row("without no not negative never none control controls placebo observation"),
    "with": _row("with positive"),
}
