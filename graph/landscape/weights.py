"""What two players share, and what it weighs: whole numbers that a reader can add up.

| shared | the same, stated of both | the same, implied of one | one wider than the other |
| --- | --- | --- | --- |
| therapy type | 3 | 2 | 1 |
| indication | 3 | 2 | 1 |
| population | 2 | 1 | |
| place | 2 | 1 | 1 |

Of each dimension the best match counts, once; so the most is 10. A population (a line of therapy, a
state of the disease, an age group) counts only where a disease is shared. Without a therapy type or
a disease in common two players are no rivals, and weigh nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.landscape.traits import DIMENSIONS, Trait

_FULL = {"therapy type": 3, "indication": 3, "population": 2, "place": 2}


@dataclass(frozen=True, slots=True)
class Match:
    """A thing of mine and one of theirs that meet in a dimension.

    They are the same, or one is wider. `sources` are of both, mine first; `implied` holds if one of
    the two is only implied.
    """

    dimension: str
    mine: str
    theirs: str
    implied: bool
    points: int
    sources: tuple[tuple[str, bool], ...] = ()


def points(dimension: str, *, same: bool, related: bool, implied: bool) -> int:
    """Return what a match weighs; 0 is none. `related` is whether one is wider than the other."""
    if same:
        return _FULL[dimension] - (1 if implied else 0)
    return 1 if related and dimension != "population" else 0


def matches(
    mine: Iterable[Trait],
    theirs: Iterable[Trait],
    wider: Mapping[str, Collection[str]],
    joint: Collection[str] = (),
) -> list[Match]:
    """Return what two players share: the matches that weigh most in each dimension.

    `wider` has what is wider than each thing. What they have by one of `joint`, which both take
    part in, does not count. No match at all is left unless a therapy type or a disease is shared.
    """
    ours = [trait for trait in mine if trait.via not in joint]
    others = [trait for trait in theirs if trait.via not in joint]
    found: list[Match] = []
    for dimension in DIMENSIONS:
        met = [
            match
            for (m, m_weak), m_of in _things(ours, dimension).items()
            for (t, t_weak), t_of in _things(others, dimension).items()
            if (match := _match(dimension, (m, t), m_weak or t_weak, wider, (*m_of, *t_of)))
        ]
        best = max((match.points for match in met), default=0)
        found += [match for match in met if match.points == best]
    shared = {match.dimension for match in found}
    if "indication" not in shared:
        found = [match for match in found if match.dimension != "population"]
    return found if shared & {"therapy type", "indication"} else []


def by_dimension(found: Iterable[Match]) -> dict[str, int]:
    """Return the points of each dimension that is shared."""
    best: dict[str, int] = {}
    for match in found:
        best[match.dimension] = max(match.points, best.get(match.dimension, 0))
    return best


def weight(found: Iterable[Match]) -> int:
    """Return what matches weigh together: of each dimension the best."""
    return sum(by_dimension(found).values())


def _match(
    dimension: str,
    pair: tuple[str, str],
    implied: bool,
    wider: Mapping[str, Collection[str]],
    of: Sequence[Trait],
) -> Match | None:
    mine, theirs = pair
    related = theirs in wider.get(mine, ()) or mine in wider.get(theirs, ())
    weighs = points(dimension, same=mine == theirs, related=related, implied=implied)
    sources = tuple((iri, trait.implied) for trait in of for iri in trait.sources)
    return Match(dimension, mine, theirs, implied, weighs, sources) if weighs else None


def _things(traits: Iterable[Trait], dimension: str) -> dict[tuple[str, bool], list[Trait]]:
    """Each thing of a dimension, as stated and as implied, with the traits that say so."""
    found: dict[tuple[str, bool], list[Trait]] = {}
    for trait in traits:
        if trait.dimension == dimension:
            found.setdefault((trait.thing, trait.implied), []).append(trait)
    return found
