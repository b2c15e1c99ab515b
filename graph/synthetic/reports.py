"""One report: its source.toml and the rows of its tables, from its number alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.synthetic import world as named
from graph.synthetic.draw import Draw
from graph.synthetic.events import Teller, Told, approval, deal, launch
from graph.synthetic.figures import growth, sizes
from graph.synthetic.names import words
from graph.synthetic.world import COUNTRIES, PUBLISHERS, THERAPY_TYPES, Cells, World

_REPORT = 100
_LISTED, _PROFILED, _ACTIVE, _TOLD = 20, 12, 12, 10
_MAIN, _BELOW = 5, 3
"""Main segments of a report, and segments below each."""
_SECTIONS = {
    "market": "Market Size",
    "segments": "Segmentation",
    "players": "Key Players",
    "news": "Recent Developments",
    "outlook": "Outlook",
}
_ACTIVITIES = ("activity-presence", "activity-clinical-development", "activity-manufacturing")


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its slug, its number, the rows of its tables, and the things that they name.

    `organisations` and `therapies` are numbers, each once, in order.
    """

    number: int
    slug: str
    publisher: int
    tables: Mapping[str, Sequence[Cells]]
    organisations: Sequence[int]
    therapies: Sequence[int]

    @property
    def manifest(self) -> str:
        """The text of its source.toml."""
        mark, year = words()["mark"], 2019 + self.number % 7
        lines = [
            "version = 1",
            f'title = "{mark} Market Outlook {self.number}"',
            f'short_title = "{mark} {self.number} ({year})"',
            f'publisher = "{named.publisher(self.publisher)}"',
            f'published = "{year}-{1 + self.number % 12:02}"',
            f'accessed = "{year + 1}-01"',
            'language = "en"',
            f'id_prefix = "{_prefix(self.number)}"',
            'licence_note = "Invented: no such report was ever published."',
            "",
            "[tables]",
        ]
        counts = {name: len(rows) for name, rows in sorted(self.tables.items())}
        lines += [f"{name} = {{ rows = {n}, complete = true }}" for name, n in counts.items()]
        return "\n".join([*lines, ""])


def report(world: World, number: int) -> Report:
    """The report with this number, counted from 0."""
    return _Writing(world, number).written()


def _prefix(number: int) -> str:
    return f"syn{number:08}"


@dataclass(slots=True)
class _Writing:
    """A report as far as it is written."""

    world: World
    number: int
    tables: dict[str, list[Cells]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    organisations: set[int] = field(default_factory=set)
    therapies: set[int] = field(default_factory=set)

    def written(self) -> Report:
        draw = Draw(self.world.seed, _REPORT, self.number)
        for key, heading in _SECTIONS.items():
            self.tables["sections"].append({"slug": key, "label": heading, "heading": heading})
        segments = self._segments(draw)
        self._figures(draw, segments)
        self._players(draw)
        for table, teller in (
            ("launches", launch),
            ("regulatory_events", approval),
            ("deals", deal),
        ):
            self._events(draw, table, teller)
        return Report(
            self.number,
            f"synthetic-report-{self.number}",
            draw.skewed(PUBLISHERS),
            self.tables,
            sorted(self.organisations),
            sorted(self.therapies),
        )

    def _claim(
        self,
        table: str,
        cells: Cells,
        section: str,
        printed: Sequence[str],
        stated: str = "stated",
    ) -> str:
        """Add a row on the next line of a section; return the id of its claim."""
        rows = self.tables[table]
        self.lines[section] += 1
        id_ = f"{_prefix(self.number)}-{table.replace('_', '-')}-{len(rows) + 1}"
        mention = {
            "section": section,
            "paragraph": str(self.lines[section]),
            "stated": stated,
            "printed": " | ".join(dict.fromkeys(printed)),
        }
        rows.append({"id": id_, **cells, **mention})
        return id_

    def _again(self, claim: str, printed: Sequence[str]) -> None:
        """The same claim stands in the outlook too."""
        self.lines["outlook"] += 1
        self.tables["mentions"].append(
            {
                "claim": claim,
                "section": "outlook",
                "paragraph": str(self.lines["outlook"]),
                "stated": "reported",
                "printed": printed[0],
            }
        )

    def _segments(self, draw: Draw) -> list[tuple[str, str]]:
        """Slugs and names of segments: main ones, and others below them."""
        found: list[tuple[str, str]] = []
        types = draw.some(THERAPY_TYPES, _MAIN * (1 + _BELOW))
        for place, number in enumerate(types):
            main = place % (1 + _BELOW) == 0
            slug, name = f"{_prefix(self.number)}-s{place}", named.therapy_type_name(number)
            cells = {
                "segment": slug,
                "name": name,
                "dimension": "dimension-therapy-type",
                "kind": "main-segment" if main else "sub-segment",
                "concept": named.therapy_type(number),
                "mapping": "mapping-exact",
            }
            if not main:
                cells["parent"] = found[place - place % (1 + _BELOW)][0]
            self._claim("segments", cells, "segments", [name])
            found.append((slug, name))
        return found

    def _figures(self, draw: Draw, segments: Sequence[tuple[str, str]]) -> None:
        place = draw.skewed(len(named.markets()))
        market, name = named.markets()[place]
        year = 2018 + self.number % 7
        rate, series = sizes(draw, place, year)
        for when, value in series:
            self._size({"market": market}, when, value, name, year)
        printed = [f"{growth(rate)}% from {year} to {year + len(series) - 1}"]
        cells = {
            "kind": "growth-cagr",
            "from_year": str(year),
            "to_year": str(year + len(series) - 1),
            "value": growth(rate),
            "unit": "percent",
            "market": market,
        }
        self._claim("growth_rates", cells, "market", printed, "projected")
        whole = series[0][1]
        for slug, segment in segments[:: 1 + _BELOW]:
            scope = {"market": market, "segment": slug}
            self._size(scope, year, 1 + whole // (6 + draw.below(6)), segment, year)
        for number in draw.some(COUNTRIES, 8):
            scope = {"market": market, "place": named.country(number)}
            value = 1 + whole // (9 + draw.below(9))
            self._size(scope, year, value, named.country_name(number), year)

    def _size(self, scope: Cells, when: int, hundredths: int, name: str, year: int) -> None:
        value = f"{hundredths // 100}.{hundredths % 100:02}"
        cells = {
            **scope,
            "year": str(when),
            "value": value,
            "unit": "usd-billion",
            "measure": "measure-market-size",
        }
        stated = "stated" if when == year else "projected"
        self._claim("market_figures", cells, "market", [name, f"USD {value} Bn in {when}"], stated)

    def _players(self, draw: Draw) -> None:
        listed = draw.some(self.world.organisations, _LISTED)
        self.organisations.update(listed)
        for position, number in enumerate(listed, 1):
            names = named.organisation_names(number)
            shown = names[draw.below(len(names))]
            agent = named.organisation(number)
            cells = {
                "list": "companies-covered",
                "position": str(position),
                "entry": shown,
                "organisation": agent,
            }
            self._claim("listings", cells, "players", [shown])
            self._claim("names", {"entity": f"agent:{agent}", "name": shown}, "players", [shown])
        for number in listed[:_PROFILED]:
            place, kind = draw.skewed(COUNTRIES), draw.skewed(THERAPY_TYPES)
            cells = {
                "organisation": named.organisation(number),
                "country": named.country(place),
                "therapy_types": named.therapy_type(kind),
            }
            printed = [
                f"{named.organisation_names(number)[0]}, based in {named.country_name(place)}",
                named.therapy_type_name(kind),
            ]
            self._claim("organisation_profiles", cells, "players", printed)
        for number in draw.some(self.world.organisations, _ACTIVE):
            self.organisations.add(number)
            place = draw.skewed(COUNTRIES)
            cells = {
                "organisation": named.organisation(number),
                "activity": draw.one(_ACTIVITIES),
                "place": named.country(place),
            }
            printed = [
                named.organisation_names(number)[0],
                f"active in {named.country_name(place)}",
            ]
            self._claim("activities", cells, "players", printed)

    def _events(self, draw: Draw, table: str, teller: Teller) -> None:
        told = self._told(teller, draw.some(self.world.launches, _TOLD))
        for place, event in enumerate(told):
            claim = self._claim(table, event.cells, "news", event.printed, "reported")
            self.organisations.update(event.organisations)
            self.therapies.update(event.therapies)
            if place % 2:
                self._again(claim, event.printed)

    def _told(self, teller: Teller, numbers: Sequence[int]) -> Iterator[Told]:
        return (teller(self.world, number) for number in numbers)
