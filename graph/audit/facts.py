"""What an audit looks at: the figures, rates, shares, segments and regions of every source."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import TypeVar

from graph.audit.interval import Interval, rounded
from graph.dates import StatedDate
from graph.numbers import Measure
from graph.sources.landscape import Landscape
from graph.sources.records import Record, Reference

_T = TypeVar("_T")
Scope = tuple[Reference | None, Reference | None, Reference | None]


@dataclass(frozen=True, slots=True)
class Observed:
    """A number of a source: for a market, or a segment or place in it, in a year or a period.

    `measure` is what a figure measures and the kind of a rate; years are None where not stated.
    """

    record: Record
    source: str
    scope: Scope
    number: Interval
    printed: str
    unit: Reference
    measure: Reference | None
    year: int | None
    to_year: int | None

    @property
    def market(self) -> Reference:
        """The market of its scope."""
        market = self.scope[0]
        assert market is not None
        return market


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an audit looks at; `names` has the label of every thing, by its reference."""

    figures: Sequence[Observed]
    rates: Sequence[Observed]
    shares: Sequence[Observed]
    segments: Sequence[Record]
    memberships: Sequence[Record]
    registers: Mapping[Reference, Record]
    names: Mapping[Reference, str]
    titles: Mapping[str, str]

    def series(self) -> Iterator[list[Observed]]:
        """The figures of one source, scope, measure and unit, in the order of years."""

        def key(figure: Observed) -> tuple[str, ...]:
            return (figure.source, repr(figure.scope), repr(figure.measure), repr(figure.unit))

        ordered = sorted(self.figures, key=lambda f: (key(f), f.year or 0, f.record.id))
        for _, group in groupby(ordered, key):
            yield list(group)

    def scope_name(self, scope: Scope) -> str:
        """The scope in words, narrowest first."""
        market, segment, place = scope
        return ", ".join(self.names[part] for part in (segment, place, market) if part)


def alike(things: Iterable[_T], key: Callable[[_T], object]) -> Iterator[tuple[_T, _T]]:
    """Any two things with one key, the earlier first; others are never looked at together."""
    groups = defaultdict[object, list[_T]](list)
    for thing in things:
        groups[key(thing)].append(thing)
    for group in groups.values():
        yield from combinations(group, 2)


def read_facts(landscape: Landscape) -> Facts:
    """Pick out of a landscape what an audit looks at, in the order of ids."""
    claims = sorted(
        (record for source in landscape.sources for record in source.of("claims")),
        key=lambda record: (record.source or "", record.id),
    )
    registers = {r.subject: r for r in landscape.registers if r.table.role == "register"}
    names = {subject: record.text("label") for subject, record in registers.items()}
    segments = [record for record in claims if record.table.name == "segments"]
    names |= {record.subject: record.text("name") for record in segments}
    return Facts(
        figures=_observed(claims, "market_figures", "year", None, "measure"),
        rates=_observed(claims, "growth_rates", "from_year", "to_year", "kind"),
        shares=_observed(claims, "shares", "year", None, None),
        segments=segments,
        memberships=[record for record in claims if record.table.name == "groupings"],
        registers=registers,
        names=names,
        titles={source.slug: source.manifest.short_title for source in landscape.sources},
    )


def _observed(
    claims: Sequence[Record], table: str, year: str, to_year: str | None, measure: str | None
) -> list[Observed]:
    found = []
    for record in claims:
        number = record.one("value")
        if record.table.name != table or not isinstance(number, Measure):
            continue
        assert record.source is not None
        observed = Observed(
            record=record,
            source=record.source,
            scope=(_named(record, "market"), _named(record, "segment"), _named(record, "place")),
            number=rounded(number),
            printed=number.printed,
            unit=record.reference("unit"),
            measure=_named(record, measure) if measure else None,
            year=_year(record, year),
            to_year=_year(record, to_year) if to_year else None,
        )
        found.append(observed)
    return found


def _named(record: Record, column: str) -> Reference | None:
    value = record.one(column)
    return value if isinstance(value, Reference) else None


def _year(record: Record, column: str) -> int | None:
    value = record.one(column)
    return int(value.form) if isinstance(value, StatedDate) else None
