"""How the form of a statement names its fields to an editor, and what it says about each."""

# By field: its label, and a hint below it.
LABELS: dict[str, tuple[str, str]] = {
    "id": ("Id", "Lower-case words joined by hyphens; it never changes."),
    "topic": ("Topic", ""),
    "says": (
        "What it says, for clinicians",
        "In your own words, one paragraph. Outcome figures go into findings.",
    ),
    "plain": (
        "The same, for a family",
        "Grade 8 or below, no figures. Empty: families are not shown it.",
    ),
    "population": ("Population", "Whom the source studied, as it says."),
    "setting": ("Setting", ""),
    "study": ("Study", "How the source is called, such as first author and year."),
    "intervention": ("Treatment", "The id of a regimen."),
    "comparator": ("Compared with", "The id of a regimen."),
    "groups_total": (
        "Patients in all groups together",
        "Where the source says so; the n of the groups must add up to it.",
    ),
    "applies_when": (
        "Applies when",
        "A criterion over facts of a patient: whom the figures describe.",
    ),
    "caution": ("Caution", "What a careful reader of an answer must know."),
    "note": ("Note for editors", "How it was encoded; what must not be counted twice."),
    "conflicts_with": ("Differs from", "Ids of statements, with commas between."),
    "supersedes": ("Replaces", "Ids of statements, with commas between."),
    "findings.group": ("Group", "Empty: the whole population."),
    "findings.endpoint": ("Endpoint", ""),
    "findings.effect": ("Effect", "Empty for a plain rate, count or duration."),
    "findings.adjusted": ("Adjusted", ""),
    "findings.estimate": ("Estimate", "As printed."),
    "findings.interval": ("Interval", "As printed."),
    "findings.interval_kind": ("Kind of interval", ""),
    "findings.coverage": ("Coverage", "Of an interval, where it is not the usual one."),
    "findings.events": ("Events", "Patients."),
    "findings.n": ("n", "Patients."),
    "findings.p_value": ("P value", "As printed."),
    "findings.p_sided": ("Sides of P", ""),
    "findings.timepoint": ("When", "Such as 5 years."),
    "findings.clock": ("Counted from", "Such as from relapse."),
    "findings.reference_group": ("Reference group", "Of a ratio."),
    "findings.favours": ("Favors", ""),
    "findings.plain_group": ("Group, for a family", "Empty: families are not shown it."),
    "findings.unanchored": (
        "Why not found in the stored text",
        "Only where its figures do not stand in the text of the source.",
    ),
    "citation.source": ("Source", "The id of a source of the library."),
    "citation.locator": ("Place in the source", "Such as abstract, results."),
    "citation.via": ("Known through", "The source that tells of it, where only that was read."),
    "level.printed": ("Level as printed", ""),
    "level.scheme": ("Scheme", ""),
    "level.assigned_by": ("Printed by", ""),
    "level.derived": ("Level by definition", "As its design and endpoint give it."),
    "claims.claim": ("Popular claim", "In our own words, with its figures."),
    "claims.verdict": ("What tracing it came to", ""),
}
GROUPS: dict[str, str] = {
    "findings": "Finding",
    "claims": "Claim",
    "citation": "Source",
    "level": "Level of evidence",
}
CHOICES: dict[str, str] = {
    "pdq-2023": "PDQ, present scheme A1 to D",
    "pdq-legacy": "PDQ, older scheme",
    "SHR": "SHR (subdistribution hazard ratio)",
}
# Fields that are shown at once in a group; the others unfold.
FIRST = {
    "findings": ("group", "endpoint", "estimate", "interval", "interval_kind", "events", "n",
                 "timepoint", "clock"),
}  # fmt: skip
PROSE = {"says", "plain", "population", "caution", "note", "applies_when", "claims.claim"}
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What it is about",
     ("id", "topic", "setting", "study", "intervention", "comparator", "population")),
    ("What it says", ("says", "plain")),
    ("Findings", ("findings", "groups_total")),
    ("Where it comes from", ("citation", "level")),
    ("How it is to be read", ("applies_when", "caution", "conflicts_with", "supersedes", "note")),
    ("Popular claims that a correction traced", ("claims",)),
)  # fmt: skip
