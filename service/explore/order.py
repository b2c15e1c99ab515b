"""The order of things in columns: few crossings, and ties by label, so that no picture jumps."""

from bisect import bisect_right, insort
from collections.abc import Callable, Mapping, Sequence

Order = Sequence[Sequence[str]]
Links = Sequence[tuple[str, str]]

_SWEEPS = 12


def ordered(columns: Order, links: Sequence[Links], names: Mapping[str, str]) -> list[list[str]]:
    """Return the columns with what they have in an order of few crossings.

    `links` are of each column and the next; `names` decide between what is as good. The same input,
    in whatever order, gives the same columns: each sweep is a function of names and places alone.
    """

    def name(one: str) -> tuple[str, str]:
        return names[one].casefold(), one

    found = [sorted(column, key=name) for column in columns]
    best, fewest = found, crossings(found, links)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        found = _swept(found, links, name, rightwards=sweep % 2 == 0)
        number = crossings(found, links)
        if number < fewest:
            best, fewest = found, number
    return best


def crossings(columns: Order, links: Sequence[Links]) -> int:
    """Return how often lines between neighbouring columns cross."""
    number = 0
    for left, right, between in zip(columns, columns[1:], links, strict=False):
        starts = {one: place for place, one in enumerate(left)}
        ends = {one: place for place, one in enumerate(right)}
        seen: list[int] = []
        for _, end in sorted({(starts[start], ends[end]) for start, end in between}):
            number += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return number


def _swept(
    columns: Order,
    links: Sequence[Links],
    name: Callable[[str], tuple[str, str]],
    *,
    rightwards: bool,
) -> list[list[str]]:
    """Each column in the order of the middle of what it is tied to in the one before."""
    found = [list(column) for column in columns]
    steps = range(1, len(found)) if rightwards else range(len(found) - 2, -1, -1)
    for step in steps:
        fixed = found[step - 1 if rightwards else step + 1]
        between = links[step - 1 if rightwards else step]
        places = {one: place for place, one in enumerate(fixed)}
        tied: dict[str, list[int]] = {one: [] for one in found[step]}
        for start, end in between:
            near, far = (start, end) if rightwards else (end, start)
            tied[far].append(places[near])
        # Places run from 0 to 1 in each column, whatever its length; what has no tie stays about
        # where it is.
        own = {one: (place + 0.5) / len(found[step]) for place, one in enumerate(found[step])}
        middle = {
            one: (sum(of) / len(of) + 0.5) / len(fixed) if of else own[one]
            for one, of in tied.items()
        }
        found[step].sort(key=lambda one, by=middle: (by[one], name(one)))  # type: ignore[misc]
    return found
