"""What a finding gives, as it is compared with a figure of a text: values, time and cuts."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from secondline.answers.sentences import SHARES, Figure
from secondline.answers.words import stems, tokens
from secondline.domain.evidence import Endpoint, Finding
from secondline.library.library import Library
from secondline.statistics.consistency import printed, printed_range, proportion
from secondline.statistics.figures_in_text import COARSE, Quantity, Relation, plain, quantities

CUT = re.compile(r"(\w+:[<>])([\d.]+)\D*")  # a bound, as `bound` writes it
# At relapse a remission is a second one, whether it is called so or not.
REMISSION = re.compile(
    r"(?:(?:second|third) complete )?remission|complete (?:remission of leukemia|response)"
)
TO_RELAPSE = re.compile(r"\btime (?:from \w+ )?to relapse$")
# A toxicity is often told without its grade.
GRADED = re.compile(r"^severe | of grade \d or worse$")
# Those who died are the others of those alive, and each cause of death is one of its own.
OF_THE_DEAD = re.compile(r"\b(?:died|death|mortality)\b")
OTHERS = {"died": "overall survival", "overall survival": "died"}
SAME_CUT = 0.05  # 30 days are a month


def sort_of(finding: Finding, library: Library) -> str:
    """Say what sort of figure a finding gives."""
    endpoint = library.endpoints[finding.endpoint]
    if finding.effect is not None or endpoint.kind == "effect-only":
        return "ratio"
    return "span" if endpoint.kind == "duration" else "share"


def family(endpoint: Endpoint) -> frozenset[str]:
    """Return what makes endpoints one family: survival is no event-free survival, and no death."""
    if endpoint.column == "survival" and not OF_THE_DEAD.search(endpoint.id):
        return frozenset({f"survival {endpoint.kind}"})
    if REMISSION.fullmatch(endpoint.id):
        return frozenset({"remission"})
    if endpoint.kind == "duration" and TO_RELAPSE.search(endpoint.id):
        return frozenset({"time to relapse"})
    return frozenset({endpoint.id, GRADED.sub("", endpoint.id)})


def values_of(sort: str, finding: Finding) -> Iterator[tuple[float, float, float]]:
    """Yield what a finding gives: both ends, and half a unit of its last digit."""
    text = finding.estimate or ""
    if sort == "span":
        for span in (q for q in quantities(plain(text)) if q.kind == "span"):
            yield span.low, span.high, 0.5 * 10.0**-span.decimals
        return
    ends = printed_range(text) or ((one, one) if (one := printed(text)) else None)
    if sort == "ratio":
        if ends:
            yield ends[0].value, ends[1].value, 0.5 * 10.0 ** -ends[0].decimals
        return
    shares = [proportion(end) for end in ends or ()]
    if len(shares) == 2 and shares[0] and shares[1]:
        yield shares[0][0], shares[1][0], shares[0][1]
    else:
        for share in (q for q in quantities(plain(text)) if q.kind == "percent"):
            yield share.low, share.high, 0.5 * 10.0 ** -max(share.decimals, 0)
    if finding.events is not None and finding.n:
        exact = 100 * finding.events / finding.n
        yield exact, exact, 0.0


def covers(quantity: Quantity, ends: tuple[float, float, float]) -> bool:
    """Say whether a figure is a value, or rounds to it; a range must have both ends."""
    low, high, half = ends
    allowed = COARSE if quantity.decimals < 0 else max(half, 0.5 * 10.0**-quantity.decimals)
    if quantity.relation == "~" and quantity.decimals == 0:
        allowed = max(allowed, 1.0)
    return abs(quantity.low - low) <= allowed + 1e-9 and abs(quantity.high - high) <= allowed + 1e-9


def the_others(figure: Figure) -> Figure | None:
    """Return the share of those alive for a figure of those who died, and the reverse.

    Survival is of a time; that so many had died by the end of a study is of none.
    """
    q = figure.quantity
    turned = OTHERS.get(next(iter(figure.endpoints), "")) if len(figure.endpoints) == 1 else None
    if turned is None or q.kind not in SHARES:
        return None
    if (figure.months is None) != (turned == "died"):
        return None
    relation: Relation = {"<": ">", ">": "<"}.get(q.relation, q.relation)  # type: ignore[assignment]
    left = q.n - q.events if q.n is not None and q.events is not None else None
    others = replace(q, low=100 - q.high, high=100 - q.low, relation=relation, events=left)
    return replace(figure, quantity=others, endpoints=frozenset({turned}))


def is_told_in_parts(named: str, endpoint: str, features: Collection[tuple[str, str]]) -> bool:
    """Say whether a claim names an endpoint in two places: "counting minor responses, X had one".

    Args:
        named: the endpoint that the claim names beside its figure.
        endpoint: one whose name is longer by a few words.
        features: of the claim, among which these words must be.
    """
    if endpoint == f"{named} as the source counts it":
        return True
    whole = set(stems(tokens(endpoint.replace(" including ", " "))))
    if " including " not in endpoint or not set(stems(tokens(named))) <= whole:
        return False
    # "Responded" and "response" have stems of their own; what is named stands for both.
    rest = whole - set(stems(tokens(endpoint.split(" including ", 1)[0])))
    return {("word", stem) for stem in rest} <= set(features)


def is_on_another_clock(clock: tuple[str, str], clocks: Collection[tuple[str, str]]) -> bool:
    """Say whether a claim counts the same time from something else."""
    return any(bound_ == clock[0] and counted != clock[1] for bound_, counted in clocks)


def is_cut_elsewhere(bound_: str, labels: Collection[str]) -> bool:
    """Say whether a claim cuts the same measure on the same side, and only at other values."""
    if (mine := CUT.fullmatch(bound_)) is None:
        return False
    cuts = [cut for label in labels if (cut := CUT.fullmatch(label)) and cut[1] == mine[1]]
    value = float(mine[2])
    return bool(cuts) and all(abs(float(cut[2]) - value) > SAME_CUT * value for cut in cuts)


def is_cut_on_the_other_side(bound_: str, labels: Collection[str]) -> bool:
    """Say whether a claim speaks of those on the other side of the very cut, and of no others.

    "Within 18 months" is not "18 months or more".
    """
    if (mine := CUT.fullmatch(bound_)) is None or bound_ in labels:
        return False
    turned = mine[1].translate(str.maketrans("<>", "><"))
    cuts = [cut for label in labels if (cut := CUT.fullmatch(label))]
    same = any(cut[1] == mine[1] for cut in cuts)
    value = float(mine[2])
    return not same and any(
        cut[1] == turned and abs(float(cut[2]) - value) <= SAME_CUT * value for cut in cuts
    )


def months_of(timepoint: str | None) -> float | None:
    """Return a timepoint in months; None when it is not one plain span."""
    spans = [q for q in quantities(plain(timepoint or "")) if q.kind == "span"]
    return spans[0].low if len(spans) == 1 and spans[0].low == spans[0].high else None
