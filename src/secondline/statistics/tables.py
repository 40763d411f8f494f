"""P values and intervals recomputed from counts of patients. SciPy does the statistics.

It is imported where it computes: that takes a second, and nearly all commands compute nothing.
"""

from collections.abc import Mapping, Sequence

from secondline.statistics.consistency import percentage

Counts = Sequence[tuple[int, int]]  # (events, n) of each group

BETWEEN_TWO = 2


def p_values(groups: Counts) -> Mapping[str, float]:
    """Return the P values that tests of a difference between groups give.

    Args:
        groups: (events, n) of two or more groups of different patients.

    Returns:
        P by the name of the test. For two groups: Fisher's exact test, the chi-squared test with
        and without Yates' correction, and the one-sided forms of Fisher's and of the test of two
        proportions in the direction that was seen. For more groups: the chi-squared test.

    Raises:
        ValueError: fewer than two groups, or events outside 0 to n.
    """
    if len(groups) < BETWEEN_TWO:
        raise ValueError(f"{len(groups)} group is not a comparison")
    for events, n in groups:
        percentage(events, n)
    table = [[events, n - events] for events, n in groups]
    if not sum(row[0] for row in table) or not sum(row[1] for row in table):
        return {"chi-squared": 1.0}  # everybody or nobody had it
    from scipy.stats import chi2_contingency, fisher_exact  # noqa: PLC0415

    tests = {"chi-squared": float(chi2_contingency(table, correction=False).pvalue)}
    if len(groups) == BETWEEN_TWO:
        tests |= {
            "chi-squared with Yates' correction": float(chi2_contingency(table).pvalue),
            "Fisher's exact": float(fisher_exact(table).pvalue),
            "one-sided Fisher's exact": min(
                float(fisher_exact(table, alternative=side).pvalue) for side in ("less", "greater")
            ),
            "one-sided test of two proportions": tests["chi-squared"] / 2,
        }
    return tests


def intervals(events: int, n: int, level: float = 0.95) -> Mapping[str, tuple[float, float]]:
    """Return the confidence intervals of a proportion in use, in percent, by method.

    Args:
        events: patients with the event.
        n: all patients, at least 1.
        level: the coverage, strictly between 0 and 1.

    Raises:
        ValueError: events lies outside 0 to n, or the level outside 0 to 1.
    """
    share = percentage(events, n) / 100
    if not 0 < level < 1:
        raise ValueError(f"{level} is not a coverage between 0 and 1")
    from scipy.stats import binomtest, norm  # noqa: PLC0415

    wald = float(norm.ppf((1 + level) / 2)) * (share * (1 - share) / n) ** 0.5
    found = {"Wald": (share - wald, share + wald)}
    for name, method in (
        ("exact", "exact"),
        ("Wilson", "wilson"),
        ("Wilson, corrected", "wilsoncc"),
    ):
        ends = binomtest(events, n).proportion_ci(level, method)
        found[name] = (float(ends.low), float(ends.high))
    return {name: (100 * low, 100 * high) for name, (low, high) in found.items()}
