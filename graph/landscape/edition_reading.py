"""What editions of a report say, read for comparing them.

A report has segments and regions of its own, under other addresses in each edition: they are told
by their names. Players, events and markets are shared, and told by their addresses.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain

from pyoxigraph import NamedNode

from graph.figures.model import Figure, Published, Rate, Scope, ScopeRelation, Share
from graph.figures.stored import slug
from graph.figures.units import amount, scale
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.choosing import published_of
from graph.landscape.edition_changes import ABOUT, About, Told
from ontology.vocabulary import NAMESPACE

#: Classes of the facts that are compared.
CLASSES = (
    *("MarketFigure", "GrowthRate", "MarketShare", "Listing", "Segment", "RegionMembership"),
    *("ClinicalResult", "Deal", "Initiative", "Launch", "Milestone", "RegulatoryEvent"),
)
_ABOUTS: Mapping[str, About] = {about: about for about in ABOUT}
_Number = Figure | Rate | Share
_CLASSES_OF_NUMBERS: Mapping[About, str] = {
    "figure": "MarketFigure",
    "rate": "GrowthRate",
    "share": "MarketShare",
}
_RELATIONS: Mapping[ScopeRelation, str] = {
    "same": "the same as in the market",
    "narrower": "less than in the market",
    "broader": "more than in the market",
    "unknown": "not stated",
}


def told_by(asking: Asking, reports: Sequence[str]) -> dict[str, list[Told]]:
    """Return what each report says, by its IRI. Raises the errors of graph.query."""
    found: dict[str, list[Told]] = {report: [] for report in reports}
    for report, told in _Numbers(published_of(asking), set(reports)).told():
        found[report].append(told)
    query = filled(stored_query("edition-told"), reports=[NamedNode(one) for one in reports])
    by_report = defaultdict[str, list[Row]](list)
    for row in asking.rows(query):
        by_report[str(row["report"])].append(row)
    for report, rows in by_report.items():
        found[report] += _named(rows)
    return found


class _Numbers:
    """The figures, rates and shares of some reports, those of one thing together."""

    def __init__(self, published: Published, reports: Collection[str]) -> None:
        self.published = published
        # A figure has the slug of its unit, and names are by address.
        self.units = {slug(key): name for key, name in published.names.items()}
        numbers: Iterable[_Number] = chain(published.figures, published.rates, published.shares)
        self.numbers = [one for one in numbers if one.publication.key in reports]

    def told(self) -> Iterator[tuple[str, Told]]:
        """Yield what each report says, with the address of the report."""
        grouped = defaultdict[tuple[str, About, Hashable, Hashable], list[_Number]](list)
        related = defaultdict[tuple[str, Hashable], list[Figure]](list)
        for number in self.numbers:
            report = number.publication.key
            grouped[report, *self._place(number)].append(number)
            if isinstance(number, Figure):
                related[report, (self._scope(number.scope), number.measure)].append(number)
        for (report, about, key, period), numbers in grouped.items():
            yield report, self._of_numbers(about, key, period, numbers)
        for (report, key), figures in related.items():
            yield report, self._relation(key, figures)

    def _place(self, number: _Number) -> tuple[About, Hashable, Hashable]:
        """What a number is about, what it shares with another edition's, and its period."""
        scope = self._scope(number.scope)
        if isinstance(number, Rate):
            return "rate", (scope, number.kind), (number.from_year, number.to_year)
        if isinstance(number, Share):
            return "share", (scope, self.published.name(number.dimension), number.year), None
        return "figure", (scope, number.measure, number.year), None

    def _scope(self, scope: Scope) -> Hashable:
        names = (self.published.name(key) if key else "" for key in (scope.segment, scope.place))
        return scope.market, *(" ".join(name.casefold().split()) for name in names)

    def _of_numbers(
        self, about: About, key: Hashable, period: Hashable, numbers: Sequence[_Number]
    ) -> Told:
        said = dict.fromkeys(self._printed(number) for number in numbers)
        return Told(
            about=about,
            cls=_CLASSES_OF_NUMBERS[about],
            key=key,
            what=self._what(numbers[0]),
            said="; ".join(sorted(said)),
            period=period,
            amount=frozenset(_amount(number) for number in numbers),
            thing=numbers[0].scope.market,
            facts=tuple(number.key for number in numbers),
            sections=_sections(numbers),
        )

    def _what(self, number: _Number) -> str:
        scope = self.published.scope_name(number.scope)
        if isinstance(number, Rate):
            kind = number.kind.removeprefix("growth-").replace("-", " ")
            return f"{scope}, growth rate ({kind})" if kind else f"{scope}, growth rate"
        measure = "share"
        if isinstance(number, Figure):
            name = self.published.name(number.measure)
            measure = name[:1].lower() + name[1:]
        return ", ".join(part for part in (scope, measure, str(number.year or "")) if part)

    def _printed(self, number: _Number) -> str:
        """The digits as printed, with the word that blurs them, the unit and the period."""
        printed = number.value.printed if number.value else ""
        digits = " ".join(filter(None, (number.approximation, printed)))
        if isinstance(number, Figure):
            return f"{digits} {self.units.get(number.unit, number.unit)}".strip()
        if isinstance(number, Rate) and (number.from_year or number.to_year):
            return f"{digits}%, {number.from_year or '?'} to {number.to_year or '?'}"
        return f"{digits}%"

    def _relation(self, key: Hashable, figures: Sequence[Figure]) -> Told:
        """How the scope that the publisher means relates to that of the market."""
        return Told(
            about="scope",
            cls="MarketFigure",
            key=key,
            what=f"what is counted as {self.published.scope_name(figures[0].scope)}",
            said="; ".join(sorted({_RELATIONS[figure.relation] for figure in figures})),
            thing=figures[0].scope.market,
            facts=tuple(figure.key for figure in figures),
            sections=_sections(figures),
            beside=True,
        )


def _amount(number: _Number) -> tuple[str, Decimal]:
    assert number.value is not None, "numbers that were read have a value"
    if isinstance(number, Figure):
        return scale(number.unit)[0], amount(number.value.value, number.unit)
    return "percent", number.value.value


def _sections(numbers: Iterable[_Number]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.place_in_text for one in numbers if one.place_in_text))


def _named(rows: Iterable[Row]) -> Iterator[Told]:
    """Players, segments, regions and events of one report."""
    grouped = defaultdict[tuple[str, str, Hashable], list[Row]](list)
    for row in rows:
        about, cls = str(row["about"]), str(row["class"]).removeprefix(NAMESPACE)
        grouped[about, cls, _key(about, row)].append(row)
    for (about, cls, key), of in grouped.items():
        first = of[0]
        region = about == "scope"
        within, name = str(first.get("within", "")), str(first["name"])
        members = sorted({str(row["name"]) for row in of})
        yield Told(
            about=_ABOUTS[about],
            cls=cls,
            key=key,
            what=f"{name} ({within})" if about == "segment" else within if region else name,
            said=", ".join(members) if region else "",
            thing="" if region else str(first["thing"]),
            facts=tuple(dict.fromkeys(str(row["fact"]) for row in of)),
            sections=tuple(dict.fromkeys(str(row["section"]) for row in of if "section" in row)),
        )


def _key(about: str, row: Row) -> Hashable:
    within = str(row.get("within", "")).casefold()
    if about == "scope":
        return within
    if about == "segment":
        return within, str(row["name"]).casefold()
    return str(row["thing"])
