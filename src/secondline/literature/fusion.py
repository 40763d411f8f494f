"""Rankings of several legs to one, by the ranks alone.

Source:
    Cormack 2009, doi:10.1145/1571941.1572114 (reciprocal rank fusion, k = 60).
"""

from collections.abc import Iterable, Mapping, Sequence

K = 60  # of the source; it keeps the first ranks of one leg from deciding alone


def reciprocal_rank_fusion(rankings: Mapping[str, Sequence[str]]) -> list[tuple[str, float]]:
    """Return the items of all rankings with their scores, best first, ties in order of the item.

    An item adds 1 / (K + rank) for each ranking that it is in, and nothing for one that it is not
    in: a document without a vector is absent from the dense ranking, not last in it.

    Args:
        rankings: by leg, each item once, best first.
    """
    scores: dict[str, float] = {}
    for ranking in rankings.values():
        for rank, item in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + 1 / (K + rank)
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))


def ranks(item: str, rankings: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, int]]:
    """Yield the legs that an item is in, with its rank in each, from 1."""
    for leg, ranking in rankings.items():
        if item in ranking:
            yield leg, ranking.index(item) + 1
