"""What the page of a market shows, as rows: figures by report, and years side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graph.figures.model import Figure, Publication, Published, Rate
from graph.forecast.results import Forecast
from graph.forecast.selection import AHEAD
from graph.landscape.markets import comparable
from service.charts.scale import digits
from service.resources.addresses import here_or_there
from service.served import served

_RELATIONS = {
    "same": "its own",
    "narrower": "narrower",
    "broader": "broader",
    "unknown": "not known",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number with its claim; `about` says what it is of, `how` in which way."""

    text: str
    href: str | None
    about: str = ""
    how: str = ""
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one report prints on a market as a whole, and what the forecast does with it.

    `past` are figures for past years, `ahead` those for years to come; `rates` are stated growth
    rates with the verdict of the audit. `why` says why some figures are not pooled.
    """

    title: str
    href: str | None
    publisher: str
    edition: str
    past: tuple[Number, ...]
    ahead: tuple[Number, ...]
    rates: tuple[tuple[Number, str], ...]
    group: str
    group_reason: str
    scope: str
    pooled: str
    why: tuple[str, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        """All that it prints on the market."""
        return (*self.past, *self.ahead, *(rate for rate, _ in self.rates))


@dataclass(frozen=True, slots=True)
class Year:
    """What data groups print for one year, the lowest first; `times` is highest by lowest."""

    year: int
    times: str
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """By claim: why a pooled figure is of its group, why another is left out, what the audit says.

    `unit` is that of the market.
    """

    pooled: Mapping[str, str]
    out: Mapping[str, str]
    verdicts: Mapping[str, str]
    unit: str


def reports(
    published: Published, found: Forecast | None, market: str, verdicts: Mapping[str, str]
) -> list[Report]:
    """Return a row for each report that prints a figure or a growth rate of the market as a whole.

    `verdicts` are those on stated rates, by the claim.
    """
    figures = _all_figures(found)
    rates = [
        rate
        for rate in published.rates
        if rate.scope.market == market and not rate.scope.segment and not rate.scope.place
    ]
    out = {left.figure.key: left.reason for left in found.selection.left_out} if found else {}
    pooled = {
        figure.key: member.reason
        for member in (found.selection.members if found else ())
        for figure in member.figures
    }
    known = _Known(pooled, out, verdicts, found.unit if found else "")
    publications = {one.publication.key: one.publication for one in figures}
    publications |= {one.publication.key: one.publication for one in rates}
    return [
        _report(
            published,
            publication,
            [one for one in figures if one.publication.key == publication.key],
            [one for one in rates if one.publication.key == publication.key],
            known,
        )
        for publication in sorted(publications.values(), key=lambda one: (one.title, one.key))
    ]


def _report(
    published: Published,
    publication: Publication,
    figures: Sequence[Figure],
    rates: Sequence[Rate],
    known: _Known,
) -> Report:
    pooled, out = known.pooled, known.out
    inside = [one for one in figures if one.key in pooled]
    reason = publication.group_reason or next((pooled[one.key] for one in inside), "")
    numbers = [(one, figure_number(published, one, known.unit)) for one in _by_year(figures)]
    return Report(
        title=publication.title,
        href=here_or_there(publication.key),
        publisher=published.name(publication.publisher),
        edition=publication.edition.form if publication.edition else "not dated",
        past=tuple(number for one, number in numbers if not is_ahead(one)),
        ahead=tuple(number for one, number in numbers if is_ahead(one)),
        rates=tuple((rate_number(one), known.verdicts.get(one.key, "")) for one in rates),
        group=published.name(publication.group),
        group_reason=reason,
        scope=", ".join(dict.fromkeys(_RELATIONS[one.relation] for one in figures)),
        pooled=_share_of(len(inside), len(figures)),
        why=tuple(dict.fromkeys(out[one.key] for one in figures if one.key in out)),
    )


def is_ahead(figure: Figure) -> bool:
    """Return whether a figure is for years to come: by its word, or else by the edition's date."""
    if figure.manner.casefold() in AHEAD:
        return True
    edition = figure.publication.edition
    day = (edition.latest or edition.earliest) if edition else None
    return bool(day and figure.year and figure.year > day.year)


def figure_number(published: Published, figure: Figure, unit: str = "") -> Number:
    """Return a figure as printed, with its claim, and its unit where it is another than `unit`."""
    text = f"{figure.approximation} {figure.value.printed if figure.value else ''}".strip()
    if unit and figure.unit != unit:
        text = f"{text} {unit_in_words(published, figure.unit)}"
    return Number(
        text or "no value",
        here_or_there(figure.key),
        str(figure.year or "no year"),
        figure.manner.lower(),
        figure.key,
    )


def unit_in_words(published: Published, unit: str) -> str:
    """Return what people call a unit such as `usd-billion`."""
    return published.names.get(f"{served().base}id/concept/{unit}", unit)


def rate_number(rate: Rate) -> Number:
    """Return a stated growth rate as printed, with its period."""
    if rate.from_year and rate.to_year:
        period = f"{rate.from_year} to {rate.to_year}"
    else:
        period = f"until {rate.to_year}" if rate.to_year else "no period stated"
    text = f"{rate.approximation} {rate.value.printed} %".strip()
    return Number(text, here_or_there(rate.key), period, iri=rate.key)


def side_by_side(published: Published, found: Forecast | None) -> list[Year]:
    """Return the years for which different data groups print figures, with all of these."""
    if found is None:
        return []
    years: dict[int, list[tuple[Decimal, Figure]]] = {}
    for year, value, figure in comparable(found):
        years.setdefault(year, []).append((value, figure))
    return [
        Year(
            year,
            digits(float(told[-1][0] / told[0][0])) if told[0][0] else "",
            tuple(
                {
                    "value": figure_number(published, figure).text,
                    "report": figure.publication.title,
                    "place": figure.manner.lower(),
                    "href": here_or_there(figure.key),
                }
                for _, figure in told
            ),
        )
        for year, told in years.items()
        if len({figure.publication.group for _, figure in told}) > 1
    ]


def left_out(published: Published, found: Forecast | None) -> list[tuple[Number, Publication, str]]:
    """Return every figure that is not pooled, with the reason."""
    left = found.selection.left_out if found else ()
    return [
        (
            figure_number(published, one.figure, found.unit if found else ""),
            one.figure.publication,
            one.reason,
        )
        for one in sorted(left, key=lambda one: (one.reason, one.figure.year or 0, one.figure.key))
    ]


def between(row: Mapping[str, Any], level: str) -> str:
    """Return the bounds of a row at a level, or the range of two, in words; empty without any."""
    lower, upper = row.get(f"lower_{level}"), row.get(f"upper_{level}")
    if lower is None or upper is None:
        return ""
    return f"{digits(float(lower))} to {digits(float(upper))}"


def claim_names(published: Published) -> dict[str, str]:
    """Return what a link to a claim says: the number itself, by the IRI of the claim."""
    return (
        {one.key: _named(figure_number(published, one)) for one in published.figures}
        | {one.key: f"{one.value.printed} % a year" for one in published.rates}
        | {one.key: f"{one.value.printed} %" for one in published.shares}
    )


def _named(number: Number) -> str:
    return f"{number.about}: {number.text}"


def _all_figures(found: Forecast | None) -> list[Figure]:
    if found is None:
        return []
    pooled = [figure for member in found.selection.members for figure in member.figures]
    return pooled + [left.figure for left in found.selection.left_out]


def _by_year(figures: Iterable[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda one: (one.year or 0, one.key))


def _share_of(inside: int, all_of_them: int) -> str:
    if not all_of_them:
        return "no figure"
    if inside == all_of_them:
        return "pooled"
    return f"{inside} of {all_of_them} pooled" if inside else "not pooled"
