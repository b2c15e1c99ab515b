"""Which figures of a market are pooled, and why the others are not."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from graph.figures.copies import groups
from graph.figures.model import Figure, Publication, Published, Rate, Scope
from graph.figures.units import scale
from graph.forecast.choices import Choices

AHEAD = ("projected", "expected", "forecast", "predicted")
"""How publishers put what they say of years to come, as `manner` of a figure has it."""
_NO_PATH = "it is the only year that is printed, which makes no path"
_BARRED = {
    "comparable": {
        "narrower": "its scope is narrower than the market's",
        "broader": "its scope is broader than the market's",
    },
    "same": {
        "narrower": "its scope is narrower than the market's",
        "broader": "its scope is broader than the market's",
        "unknown": "whether its scope is the market's is not known",
    },
    "any": {},
}


@dataclass(frozen=True, slots=True)
class Point:
    """A printed value, in the unit of the selection; `half_unit` is half its last digit.

    `several` holds if it is the geometric mean of different values that are printed for the year.
    """

    year: int
    value: Decimal
    half_unit: Decimal
    figures: tuple[Figure, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A data group of a market: the edition that is pooled, and its points by year.

    `publication` is its page, or the first by key where it has several.
    """

    key: str
    reason: str
    publication: Publication
    points: tuple[Point, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that its points are made of."""
        return tuple(figure for point in self.points for figure in point.figures)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that is not pooled, and why."""

    figure: Figure
    reason: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What is pooled for a market. `unit` is what all points are in; empty without any point.

    `mixed` holds if scopes that are recorded as different are pooled: then there is no band.
    """

    market: str
    unit: str
    members: tuple[Member, ...]
    left_out: tuple[LeftOut, ...]
    notices: tuple[str, ...]
    mixed: bool


def select(published: Published, choices: Choices) -> dict[str, Selection]:
    """Return the selection of every market that has a figure of its own, by its key."""
    by_scope = defaultdict[Scope, list[Figure]](list)
    for figure in published.figures:
        by_scope[figure.scope].append(figure)
    rates = defaultdict[Scope, list[Rate]](list)
    for rate in published.rates:
        rates[rate.scope].append(rate)
    return {
        # Each scope with its own numbers only: else the time grows with markets times figures.
        scope.market: _selection(
            replace(published, figures=figures, rates=rates[scope]), scope, figures, choices
        )
        for scope, figures in sorted(by_scope.items(), key=lambda item: item[0].market)
        if scope == Scope(scope.market)
    }


def _selection(
    published: Published, scope: Scope, figures: Sequence[Figure], choices: Choices
) -> Selection:
    unit = _unit(figures)
    left: list[LeftOut] = []
    usable: list[Figure] = []
    for figure in figures:
        if reason := next(_barred(figure, unit, choices), ""):
            left.append(LeftOut(figure, reason))
        else:
            usable.append(figure)
    keys = _keys(published, scope, usable, choices)
    notices: list[str] = []
    members = []
    by_group = defaultdict[str, list[Figure]](list)
    for figure in usable:
        key = keys[figure.publication.key][0]
        if key in choices.without:
            left.append(LeftOut(figure, "left out on request"))
        else:
            by_group[key].append(figure)
    for key, of_group in sorted(by_group.items()):
        editions = _editions(of_group, choices.editions)
        chosen = editions[0]
        publication = chosen[0].publication
        for edition in editions[1:]:
            why = f"another edition of the same data is pooled: {publication.title}"
            left += [LeftOut(figure, why) for figure in edition]
        points, said = _points(chosen, unit, publication)
        if len(points) < _fewest(choices):
            left += [LeftOut(figure, _NO_PATH) for figure in chosen]
            continue
        notices += said
        reason = keys[publication.key][1]
        members.append(Member(key, reason, publication, points))
    return Selection(
        market=scope.market,
        unit=unit,
        members=tuple(members),
        left_out=tuple(left),
        notices=tuple(notices),
        mixed=any(
            figure.relation in ("narrower", "broader")
            for member in members
            for figure in member.figures
        ),
    )


def _fewest(choices: Choices) -> int:
    """How many years a group must print to be pooled."""
    return 1 if choices.model == "R1" and choices.single_year else 2


def _unit(figures: Iterable[Figure]) -> str:
    """The unit that most publications use, of the currency that most use; else first by name."""
    told = {
        (f.publication.key, f.unit) for f in figures if f.value is not None and _currency(f.unit)
    }
    currencies = Counter(currency for _, currency in {(key, _currency(unit)) for key, unit in told})
    units = Counter(unit for _, unit in told)

    def rarer(unit: str) -> tuple[int, str, int, str]:
        currency = _currency(unit)
        return -currencies[currency], currency, -units[unit], unit

    return min(units, key=rarer, default="")


def _currency(unit: str) -> str:
    """The currency of a unit such as usd-billion, by its code (ISO 4217); empty for other units."""
    code = scale(unit)[0]
    return code if re.fullmatch(r"[a-z]{3}", code) else ""


def _barred(figure: Figure, unit: str, choices: Choices) -> Iterator[str]:
    """Every reason why a figure cannot be pooled."""
    publication, currency = figure.publication, _currency(figure.unit)
    if {publication.key, publication.publisher, publication.group} & choices.without:
        yield "left out on request"
    if figure.value is None:
        yield "no value that can be counted with is given"
    elif figure.value.value <= figure.value.half_unit:
        yield "a value of zero has no logarithm"
    if figure.year is None:
        yield "no year is stated"
    if not currency:
        yield f"{figure.unit or 'its unit'} is no amount of a currency"
    elif currency != _currency(unit):
        yield f"it is in {currency.upper()}, and no rate of exchange is cited"
    edition = publication.edition
    if choices.as_of and edition and edition.earliest and edition.earliest > choices.as_of:
        yield f"its edition is later than {choices.as_of}"
    if figure.relation in (barred := _BARRED[choices.scope]):
        yield barred[figure.relation]


def _keys(
    published: Published, scope: Scope, figures: Sequence[Figure], choices: Choices
) -> Mapping[str, tuple[str, str]]:
    """What counts once, and why, for each publication."""
    if choices.one_per == "publication":
        return {f.publication.key: (f.publication.key, "") for f in figures}
    if choices.one_per == "publisher":
        return {f.publication.key: (f.publication.publisher, "") for f in figures}
    return groups(published, scope)


def _editions(figures: Sequence[Figure], rule: str) -> list[list[Figure]]:
    """The editions of a group, the one to pool first.

    What is printed of it on one day is one edition, whoever spreads it, and so is what one
    publisher prints without a date, on however many pages. One with two printed years comes before
    one with a single year, since only it tells growth; then the later one (`latest`) or the earlier
    one. What has no date is taken for as old as the last year that it prints and does not project,
    and for older than all if it only projects.
    """

    def age(edition: Sequence[Figure]) -> tuple[object, ...]:
        day = _edition_day(edition).toordinal()
        single = len({figure.year for figure in edition}) < 2
        return (single, -day if rule == "latest" else day, edition[0].publication.key)

    def edition_of(figure: Figure) -> tuple[str, str]:
        edition = figure.publication.edition
        return ("", edition.form) if edition else (figure.publication.publisher, "")

    ordered = sorted(figures, key=lambda f: (edition_of(f), f.publication.key))
    return sorted((list(edition) for _, edition in groupby(ordered, edition_of)), key=age)


def _edition_day(edition: Sequence[Figure]) -> date:
    dated = edition[0].publication.edition
    if dated is not None and (day := dated.latest or dated.earliest):
        return day
    told = [f.year for f in edition if f.year and f.manner.casefold() not in AHEAD]
    return date(max(told), 1, 1) if told else date.min


def _points(
    figures: Sequence[Figure], unit: str, publication: Publication
) -> tuple[tuple[Point, ...], list[str]]:
    """The points of an edition by year, and what there is to say of them."""
    by_year = defaultdict[int, list[Figure]](list)
    for figure in figures:
        assert figure.year is not None
        by_year[figure.year].append(figure)
    points, notices = [], []
    for year, told in sorted(by_year.items()):
        values = sorted({_in_unit(figure, unit) for figure in told})
        value, half_unit = values[0]
        several = len({value for value, _ in values}) > 1
        if several:
            value = _middle([value for value, _ in values])
            half_unit = max(half for _, half in values)
            digits = ", ".join(dict.fromkeys(f.value.printed for f in told if f.value))
            notices.append(
                f"{publication.title} prints several values for {year} ({digits}): their geometric "
                "mean is pooled."
            )
        else:
            half_unit = min(half for _, half in values)
        points.append(Point(year, value, half_unit, tuple(told), several))
    return tuple(points), notices


def _in_unit(figure: Figure, unit: str) -> tuple[Decimal, Decimal]:
    assert figure.value is not None
    shift = scale(figure.unit)[1] - scale(unit)[1]
    return figure.value.value.scaleb(shift), figure.value.half_unit.scaleb(shift)


def _middle(values: Sequence[Decimal]) -> Decimal:
    logs = [value.ln() for value in values]
    return (sum(logs, Decimal(0)) / len(logs)).exp()
