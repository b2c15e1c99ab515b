"""The parts of markets: what printed shares make of a forecast in their year, and the rest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.figures.model import Published, Scope, Share
from graph.forecast.choices import Choices
from graph.forecast.models.parts import (
    REMAINDER,
    Parts,
    SharesExceedWhole,
    Whole,
    parts,
    rounded_share,
)
from graph.forecast.results import Interval, Part, Year
from graph.forecast.rounding import published as digits

DRAWS = 10_000
SEED = 20_251
PLACES = "place"
"""The dimension of shares of places."""


@dataclass(frozen=True, slots=True)
class Divided:
    """The parts of a market, and why some shares make none."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...]


def divided(
    published: Published,
    market: str,
    years: Mapping[int, tuple[Year, Whole]],
    choices: Choices,
) -> Divided:
    """Return the parts of a market in the years of its shares, or in all with an assumption.

    `years` has the forecast of the whole and its distribution; without an interval its scale is
    zero, and parts have a median only. Shares are divided by publication, dimension and year: they
    have one base. What several bases divide in a year is divided by the first edition, by the rule
    of `choices.editions`; a base is taken as a whole or not at all, since its parts add up.
    """
    found: list[Part] = []
    notes: list[str] = []
    taken = dict[tuple[Scope, int], str]()
    for base in _bases(published, market, choices):
        shares, year, dimension = base, base[0].year, base[0].dimension or PLACES
        assert year is not None
        title = base[0].publication.title
        where = f"{published.name(dimension)}, {year}, {title}"
        if len({share.scope for share in shares}) < len(shares):
            notes.append(f"Shares of {where}: one part has several shares, so none is taken.")
            continue
        at = years if choices.shares else {y: years[y] for y in (year,) if y in years}
        if other := next((n for s in shares for y in at if (n := taken.get((s.scope, y)))), ""):
            notes.append(f"Shares of {where}: {other} divides a part of them, so none is taken.")
            continue
        for whole_year, whole in at.values():
            try:
                made = _parts(shares, whole, choices)
            except SharesExceedWhole as error:
                notes.append(f"Shares of {where}: {error}")
                break
            found += _told(made, shares, dimension, whole_year)
            taken |= {(share.scope, whole_year.year): f"{title}, {year}," for share in shares}
    return Divided(tuple(found), tuple(notes))


def _bases(published: Published, market: str, choices: Choices) -> Iterator[list[Share]]:
    """The shares of a market with a year, by publication, dimension and year, each once.

    The edition that comes first is that of `choices.editions`; those without a date come last.

    What divides another part is left out: it is a part of a part. So is what is left out on
    request.
    """
    bases = defaultdict[tuple[str, str, int], dict[object, Share]](dict)
    for share in sorted(published.shares, key=lambda share: share.key):
        publication = share.publication
        if {publication.key, publication.publisher, publication.group} & choices.without:
            continue
        part = share.scope.segment or share.scope.place
        both = share.scope.segment and share.scope.place
        if share.scope.market != market or share.year is None or both or part in published.nested:
            continue
        base = (share.publication.key, share.dimension or PLACES, share.year)
        bases[base].setdefault((share.scope, share.value.value), share)

    def order(base: tuple[str, str, int]) -> tuple[object, ...]:
        publication = next(iter(bases[base].values())).publication
        edition = publication.edition
        day = (edition.latest or edition.earliest) if edition else None
        number = day.toordinal() if day else 0
        latest = choices.editions == "latest"
        year = -base[2] if latest else base[2]
        return (day is None, -number if latest else number, year, publication.title, base)

    for base in sorted(bases, key=order):
        yield list(bases[base].values())


def _parts(shares: Sequence[Share], whole: Whole, choices: Choices) -> Parts:
    return parts(
        whole,
        [rounded_share(share, share.key) for share in shares],
        levels=choices.levels,
        number=DRAWS,
        seed=SEED,
        assumption=choices.shares,
    )


def _told(made: Parts, shares: Iterable[Share], dimension: str, whole: Year) -> Iterator[Part]:
    by_key = {share.key: share for share in shares}
    for index, key in enumerate(made.keys):
        share = by_key.get(key)
        intervals = tuple(
            Interval(level, digits(made.lower[i, index]), digits(made.upper[i, index]))
            for i, level in enumerate(made.levels)
        )
        yield Part(
            key="" if key == REMAINDER or share is None else _part_of(share),
            dimension=dimension,
            shares=(key,) if share else tuple(by_key),
            year=Year(
                year=whole.year,
                median=digits(made.medians[index]),
                k=whole.k,
                within=whole.within,
                extrapolated=whole.extrapolated,
                intervals=intervals if whole.intervals else (),
                borrowed=whole.borrowed,
            ),
            assumption=made.assumption or "",
        )


def _part_of(share: Share) -> str:
    return share.scope.segment or share.scope.place
