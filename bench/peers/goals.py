"""What was wanted of the figures, and whether it is met; and where a peer is faster."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.peers import contenders as who
from bench.peers.figures import middle
from bench.peers.results import Query, Results, Size

SAME = 1.05
"""Ratios nearer to one than this are no difference."""
_SMALL = 200_000


@dataclass(frozen=True, slots=True)
class Goal:
    """A peer takes at least so many `times` as long as ours, over queries of some classes.

    `within` is who does the same work as ours, and next to nothing besides.
    """

    peer: str
    ours: str
    times: float
    within: str
    kinds: tuple[str, ...] = ()
    small: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A goal at one size: the geometric mean of the ratios, the least of them, how many of the
    queries reach it by themselves, and the mean that would be with the one `within` for ours.
    """

    goal: Goal
    kind: str
    statements: int
    mean: float
    least: float
    reached: int
    queries: int
    reach: float | None

    @property
    def met(self) -> bool:
        """Whether the mean reaches it."""
        return self.mean >= self.goal.times


GOALS = (
    Goal(who.OXIGRAPH_DISK, who.OURS, 3, who.OXIGRAPH_MEMORY, ("joins", "aggregates")),
    Goal(who.OXIGRAPH_DISK, who.CACHED, 50, who.NGINX_DISK),
    Goal(
        *(who.RDFLIB, who.OURS, 50, who.OXIGRAPH_MEMORY),
        *(("aggregates", "closures", "CONSTRUCT"), True),
    ),
)


def kinds(size: Size) -> list[str]:
    """The classes of the queries, in order."""
    return list(dict.fromkeys(query.kind for query in size.queries))


def of_kind(size: Size, kind: str) -> list[Query]:
    """The queries of a class; all for an empty one."""
    return [query for query in size.queries if kind in ("", query.kind)]


def ratios(queries: Sequence[Query], peer: str, ours: str = who.OURS) -> list[float]:
    """How many times as long as ours a peer takes, for the queries where both were timed."""
    found = (query.found.ratio(peer, ours) for query in queries)
    return [ratio for ratio in found if ratio is not None]


def held(results: Results) -> Iterator[Held]:
    """Every goal at every size, for each of its classes."""
    for goal in GOALS:
        for size in results.sizes:
            if goal.small and size.statements > _SMALL:
                continue
            for kind in goal.kinds or ("",):
                found = ratios(of_kind(size, kind), goal.peer, goal.ours)
                mean = middle(found)
                if mean is not None:
                    reached = sum(ratio >= goal.times for ratio in found)
                    reach = middle(ratios(of_kind(size, kind), goal.peer, goal.within))
                    least, asked = min(found), len(found)
                    yield Held(goal, kind, size.statements, mean, least, reached, asked, reach)


@dataclass(frozen=True, slots=True)
class Win:
    """A peer is faster in a class at some size: ours takes so many `times` as long."""

    peer: str
    kind: str
    statements: int
    times: float


def wins(results: Results) -> list[Win]:
    """Where peers are faster, by peer and class."""
    pairs = [(peer, who.OURS) for peer in who.COMPUTED if peer in who.PEERS]
    pairs += [(peer, who.CACHED) for peer in who.REPEATED if peer in who.PEERS]
    found = []
    for peer, ours in pairs:
        for size in results.sizes:
            for kind in kinds(size):
                mean = middle(ratios(of_kind(size, kind), peer, ours))
                if mean is not None and mean < 1 / SAME:
                    found.append(Win(peer, kind, size.statements, 1 / mean))
    return sorted(found, key=lambda win: (who.PEERS.index(win.peer), win.kind, win.statements))
