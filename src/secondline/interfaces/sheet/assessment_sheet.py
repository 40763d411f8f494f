"""An assessment as the content of a sheet: what it shows first, and what it leaves out first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.sheet.content import (
    Block,
    Entry,
    Piece,
    Sheet,
    Step,
    capitalized,
    completed,
    cut,
    in_turn,
    origin,
    standing_told,
    whole,
)

ROLES: Mapping[str, str] = {
    "standard": "Standard",
    "local-control": "Local control",
    "alternative": "Alternative",
    "trial": "Trial",
    "supportive": "Supportive",
    "avoid": "Advised against",
}
OPEN, NONE = "Open until more is known", "No stratum holds"
NOT_ELIGIBLE = "Not eligible by the facts given"
WITHHELD = "Not shown until more is known"
MOST_NAMED = 2  # options that one value of a missing fact decides
FIRST = 2  # figures, cautions and missing facts that come before the options
FEW_TURNS = 3  # pieces of a missing fact that come in its turn; the others come last
FULL = "secondline assess"


def assessment_sheet(
    assessment: desk.Assessment, facts: Mapping[str, Any], opened: desk.Desk
) -> Sheet:
    """Return the content of the sheet of one patient.

    Args:
        assessment: of these facts.
        facts: as given; they are shown as they are, and nothing is stored.
        opened: the desk that assessed them, for the names of diseases and facts.
    """
    told = _Told(assessment, opened.library)
    blocks = (
        _given(facts, opened),
        Block("Contradictions", told.conflicts(), "contradiction", "contradictions", form="box"),
        Block("Strata, by scheme", told.strata(), "scheme", "schemes"),
        Block(
            "Options",
            told.options(),
            "option",
            "options",
            note="Possible by the facts given; this is not a recommendation.",
        ),
        Block(
            "Outlook in the groups studied",
            told.outlook(),
            "figure",
            "figures",
            note="Results of groups of patients, not a prediction for this one.",
        ),
        Block("Cautions", told.cautions(), "caution", "cautions"),
        Block("What is unknown, and what it would decide", told.missing(), "fact", "facts"),
    )
    return Sheet(
        kind="Tumor-board sheet",
        title=capitalized(opened.library.diseases[assessment.disease].name),
        opening=(),
        blocks=blocks,
        order=completed(_order(blocks), blocks),
        references=assessment.references,
        full=FULL,
        standing=standing_told(assessment.review),
        origin=origin(
            "assessment",
            assessment.edition,
            desk.digest_of(contract.plain(assessment)),
            opened.library,
        ),
        disclaimer=assessment.disclaimer,
    )


def given_block(facts: Iterable[tuple[str, str]], heading: str = "Facts as given") -> Block:
    """Return the block of the facts of a patient."""
    entries = tuple(Entry((Piece(cut(value), lead=label),)) for label, value in facts)
    return Block(heading, entries, "fact", "facts", form="facts")


def _given(facts: Mapping[str, Any], opened: desk.Desk) -> Block:
    return given_block(opened.given(facts))


def _order(blocks: tuple[Block, ...]) -> Iterator[Step]:
    """Yield what comes first.

    The facts, contradictions, the strata that hold; the first figures that apply, cautions and
    missing facts; what is advised against, and every option that is possible; then in turn more
    figures, each with its cautions, cautions, missing facts, cautions of options, open options,
    open strata and figures that wait; then what is left, section by section.
    """
    given, conflicts, strata, options, outlook, cautions, missing = range(len(blocks))
    for block in (given, conflicts):
        yield from ((block, entry) for entry in range(len(blocks[block].entries)))

    def entries(block: int, *groups: str, without: tuple[str, ...] = ()) -> list[int]:
        return [
            number
            for number, entry in enumerate(blocks[block].entries)
            if (entry.group in groups or not groups) and entry.group not in without
        ]

    def all_of(block: int, numbers: list[int]) -> Iterator[list[Step]]:
        return (whole(block, number, blocks[block].entries[number]) for number in numbers)

    possible = entries(options, *ROLES.values())
    marked = [number for number in possible if blocks[options].entries[number].cautioned]
    yield from ((strata, number) for number in entries(strata, without=(OPEN, NONE)))
    figures = [*all_of(outlook, entries(outlook, without=(WITHHELD,)))]
    warnings = [*all_of(cautions, entries(cautions, without=(desk.MAY_APPLY,)))]
    unknown = [steps[:FEW_TURNS] for steps in all_of(missing, entries(missing))]
    yield from in_turn(figures[:FIRST], warnings[:FIRST], unknown[:FIRST])
    possible.sort(key=lambda number: blocks[options].entries[number].group != ROLES["avoid"])
    yield from ((options, number) for number in possible)
    yield from in_turn(
        figures[FIRST:],
        warnings[FIRST:],
        unknown[FIRST:],
        ([(options, number)] for number in marked),
        all_of(options, entries(options, OPEN)),
        all_of(strata, entries(strata, OPEN)),
        all_of(outlook, entries(outlook, WITHHELD)),
        all_of(cautions, entries(cautions, desk.MAY_APPLY)),
    )


class _Told:
    """The sections of one assessment as entries."""

    def __init__(self, assessment: desk.Assessment, library: desk.Library) -> None:
        self.assessment = assessment
        self.library = library

    def conflicts(self) -> tuple[Entry, ...]:
        return tuple(Entry((Piece(text),)) for text in self.assessment.conflicts)

    def strata(self) -> tuple[Entry, ...]:
        """Return the schemes: those of which a stratum holds, those that are open, the others."""
        schemes: dict[str, list[desk.StratumResult]] = {}
        for stratum in self.assessment.strata:
            schemes.setdefault(stratum.scheme, []).append(stratum)
        held, undecided, none = [], [], []
        for scheme, strata in schemes.items():
            met = [stratum for stratum in strata if stratum.truth == "met"]
            unknown = [stratum for stratum in strata if stratum.truth == "unknown"]
            if met:
                labels = "; ".join(stratum.label for stratum in met)
                pieces = [Piece(labels, lead=f"{scheme}:")]
                pieces += [Piece(f"Open: {self._open(unknown)}.")] if unknown else []
                held.append(Entry(tuple(pieces), group="Holds"))
            elif unknown:
                piece = Piece(f"{self._open(unknown)}.", lead=f"{scheme}:")
                undecided.append(Entry((piece,), group=OPEN))
            else:
                none.append(scheme)
        rest = Entry((Piece(f"{'; '.join(none)}."),), group=NONE, weight=len(none))
        return (*held, *undecided, *((rest,) if none else ()))

    def _open(self, strata: list[desk.StratumResult]) -> str:
        """Name open strata, and the facts that they wait for or the gap of the sources."""
        names = "; ".join(map(_open_stratum, strata))
        waiting = dict.fromkeys(fact for stratum in strata for fact in stratum.missing)
        return f"{names} (not known: {self._labels(waiting)})" if waiting else names

    def _labels(self, facts: Iterable[str]) -> str:
        return ", ".join(self.library.facts[fact].label for fact in facts)

    def options(self) -> tuple[Entry, ...]:
        """Return the options that are possible by role, then the open ones, then the others."""
        by_verdict: dict[str, list[desk.OptionResult]] = {}
        for option in self.assessment.options:
            by_verdict.setdefault(option.verdict, []).append(option)
        roles = list(ROLES)
        eligible = sorted(by_verdict.get("eligible", []), key=lambda each: roles.index(each.role))
        entries = [_possible(option) for option in eligible]
        entries += [self._open_option(option) for option in by_verdict.get("unknown", [])]
        if others := by_verdict.get("not-eligible"):
            names = "; ".join(option.label for option in others)
            entries.append(Entry((Piece(f"{names}."),), group=NOT_ELIGIBLE, weight=len(others)))
        return tuple(entries)

    def _open_option(self, option: desk.OptionResult) -> Entry:
        if option.settled:
            why = f"whatever is missing, {_plain(option.settled)}"
        elif option.missing:
            why = f"waits for {', '.join(self._waited(option))}"
        else:
            why = "; ".join(option.because).removesuffix(".")
        role = ROLES[option.role].lower()
        pieces = [Piece(f"({role}): {why}.", option.citations, lead=option.label)]
        if option.caution:
            pieces.append(Piece(f"Mind: {option.caution}"))
        return Entry(tuple(pieces), group=OPEN, cautioned=bool(option.caution))

    def _waited(self, option: desk.OptionResult) -> Iterator[str]:
        """Yield the facts that an option waits for, with the values that would decide it."""
        for fact in option.missing:
            turns = [turn for turn in option.would_change if turn.fact == fact]
            told = "; ".join(f"{turn.value} → {_plain(turn.gives)}" for turn in turns)
            yield self.library.facts[fact].label + (f" ({told})" if told else "")

    def outlook(self) -> tuple[Entry, ...]:
        """Return the figures that apply, those of one population together; count the others."""
        populations: dict[tuple[Any, ...], list[desk.OutlookResult]] = {}
        waiting: Counter[str] = Counter()
        for each in self.assessment.outlook:
            if each.applies == "met":
                key = (each.population, each.citations, each.caution)
                populations.setdefault(key, []).append(each)
            else:
                waiting[_reason(each)] += 1
        entries = [
            Entry(
                pieces=(
                    *(_figure(each, last=each is results[-1]) for each in results),
                    Piece(f"{population}.", citations),
                    *([Piece(f"Mind: {caution}")] if caution else ()),
                ),
                together=len(results) + 1,
                cautioned=bool(caution),
                weight=len(results),
            )
            for (population, citations, caution), results in populations.items()
        ]
        entries += [
            Entry((Piece(f"{_counted(count, 'figure')}: {reason}."),), group=WITHHELD, weight=count)
            for reason, count in waiting.most_common()
        ]
        return tuple(entries)

    def cautions(self) -> tuple[Entry, ...]:
        """Return the cautions that hold, then those that may apply."""
        entries = []
        for caution in self.assessment.cautions:
            group = desk.MAY_APPLY if caution.text.startswith(desk.MAY_APPLY) else ""
            text = caution.text.removeprefix(group).strip()
            entries.append(Entry((Piece(text, caution.citations),), group=group))
        return tuple(sorted(entries, key=lambda entry: entry.group))

    def missing(self) -> tuple[Entry, ...]:
        """Return the missing facts, those that decide most first, with what they would decide."""
        kinds = {
            **{each.id: "stratum" for each in self.assessment.strata},
            **{each.id: "option" for each in self.assessment.options},
            **{each.id: "outlook" for each in self.assessment.outlook},
            **{each.id: "caution" for each in self.assessment.cautions},
        }
        return tuple(
            Entry(
                (
                    Piece(_decides(fact.would_change, kinds), lead=fact.label),
                    *self._turns(fact.fact),
                )
            )
            for fact in self.assessment.missing
        )

    def _turns(self, fact: str) -> Iterator[Piece]:
        """Yield, for each value of a missing fact, what it would make of which options."""
        turns: dict[tuple[str, str], list[str]] = {}
        for option in self.assessment.options:
            for turn in option.would_change:
                if turn.fact == fact:
                    turns.setdefault((turn.value, turn.gives), []).append(option.label)
        eligible_first = sorted(turns.items(), key=lambda turn: turn[0][1] != "eligible")
        for (value, gives), labels in eligible_first:
            more = f"; and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else ""
            yield Piece(f"{value} → {_plain(gives)}: {'; '.join(labels[:MOST_NAMED])}{more}.")


def _possible(option: desk.OptionResult) -> Entry:
    pieces = [Piece("", option.citations, lead=option.label)]
    if option.caution:
        pieces.append(Piece(f"Mind: {option.caution}"))
    if option.because:
        pieces.append(Piece(f"Because: {'; '.join(option.because)}."))
    return Entry(tuple(pieces), group=ROLES[option.role], cautioned=bool(option.caution))


def _plain(code: str) -> str:
    """Write a verdict or a truth for readers: "not eligible"."""
    return code.replace("-", " ")


def _open_stratum(stratum: desk.StratumResult) -> str:
    if stratum.settled:
        return f"{stratum.label} (whatever is missing, {_plain(stratum.settled)})"
    if not stratum.missing and stratum.because:
        return f"{stratum.label} ({'; '.join(stratum.because)})"
    return stratum.label


def _figure(result: desk.OutlookResult, *, last: bool) -> Piece:
    interval = f" ({result.interval})" if result.interval else ""
    when = f", {result.timepoint}" if result.timepoint else ""
    figure = f"{result.estimate or 'not shown'}{interval}"
    return Piece(f"{result.endpoint}{when}{'.' if last else ';'}", lead=figure)


def _reason(result: desk.OutlookResult) -> str:
    """Return why a figure is withheld, without the cautions of the figure itself."""
    return (result.caution or "open").partition(".")[0].removeprefix("Not shown until recorded: ")


def _counted(count: int, one: str) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def _decides(rules: tuple[str, ...], kinds: Mapping[str, str]) -> str:
    counts = Counter(kinds.get(id_, "outlook") for id_ in rules)
    names = {
        "stratum": ("stratum", "strata"),
        "option": ("option", "options"),
        "outlook": ("published result", "published results"),
        "caution": ("caution", "cautions"),
    }
    told = ", ".join(
        f"{counts[kind]} {many if counts[kind] > 1 else one}"
        for kind, (one, many) in names.items()
        if counts[kind]
    )
    return f"would help to decide {told}."
