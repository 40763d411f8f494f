"""Figures of one claim that cannot all be right, whatever the sources say."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from secondline.answers.sentences import SHARES, Sentence
from secondline.statistics.consistency import is_attainable, p_from_ratio, percentage
from secondline.statistics.figures_in_text import Quantity

OF_OTHERS = re.compile(r"(?:of|among)\b", re.IGNORECASE)
CLOSING = set(")];")  # between these a count and a percentage are of two groups
BESIDE = 12  # characters between a count and the percentage that it makes
ROUNDED = 0.05  # percentage points that a rounded percentage may be off
COVERAGE = 0.95  # of an interval that states none
SIGNIFICANT = 0.05
AT_THE_EDGE = 0.02  # a P so near the implied one is on the same side of .05


def arithmetic_problems(sentence: Sentence, censored: Collection[str]) -> Iterator[str]:
    """Yield figures of a claim that cannot all be right, whatever the sources say.

    Args:
        sentence: the claim.
        censored: endpoints that are estimated over time, whose share of patients is no count.
    """
    found = [figure.quantity for figure in sentence.figures]
    for count in (q for q in found if q.kind == "count"):
        if (count.events or 0) > (count.n or 0):
            yield f"{count.events} of {count.n} is no count of patients out of a number."
            return
    for one, two in pairwise(found):
        between = sentence.text[one.end : two.start]
        apart = OF_OTHERS.match(
            sentence.text[two.start : two.end]
        )  # "36% of 50 patients, 4 of them"
        joined = len(between) <= BESIDE and not (CLOSING & set(between)) and not apart
        if {one.kind, two.kind} == SHARES and joined:
            count, share = (one, two) if one.kind == "count" else (two, one)
            exact = percentage(count.events or 0, count.n or 1)
            if abs(exact - share.low) > 0.5 * 10.0 ** -max(share.decimals, 0) + ROUNDED:
                yield f"{count.events} of {count.n} is {exact:.1f}%, not {share.low:g}%."
        is_interval = two.kind == "interval" and two.low != two.high
        if one.kind == "ratio" and is_interval and not two.low <= one.low <= two.high:
            yield f"The interval {two.low:g} to {two.high:g} does not contain {one.low:g}."
    yield from _implied_p(found)
    numbers = {int(q.low) for q in sentence.quantities if _is_total(q, sentence)}
    for figure in sentence.figures:
        quantity = figure.quantity
        precise = quantity.kind == "percent" and quantity.decimals > 0 and len(numbers) == 1
        counted = figure.endpoints and figure.endpoints.isdisjoint(censored)
        if precise and counted and not is_attainable(quantity.low, quantity.decimals, *numbers):
            yield f"No number out of {min(numbers)} patients makes {quantity.low:g}%."


def _is_total(quantity: Quantity, sentence: Sentence) -> bool:
    """Say whether a number of patients is not itself counted: "two patients (3.6%) responded"."""
    told = any(
        figure.quantity.start >= quantity.end
        and sentence.text[quantity.end : figure.quantity.start].strip() == "("
        for figure in sentence.figures
    )
    return quantity.kind == "patients" and quantity.low > 1 and not told


def _implied_p(found: list[Quantity]) -> Iterator[str]:
    """Yield a P value that stands on the other side of .05 than its interval."""
    for ratio, interval, p in zip(found, found[1:], found[2:], strict=False):
        kinds = (ratio.kind, interval.kind, p.kind)
        if kinds != ("ratio", "interval", "p") or interval.low <= 0 or ratio.low <= 0:
            continue
        implied = p_from_ratio(ratio.low, interval.low, interval.high, COVERAGE)
        if (implied < SIGNIFICANT) != (p.low < SIGNIFICANT) and abs(implied - p.low) > AT_THE_EDGE:
            ends = f"{interval.low:g} to {interval.high:g}"
            yield f"The interval {ends} implies P = {implied:.2g}, not {p.low:g}."
