"""Places in wider places: by UN M49, as a report draws its regions, or both."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from graph.landscape.answers import Thing
from graph.landscape.asking import Asking, stored_query

Grouping = Literal["any", "m49", "report"]
GROUPINGS: tuple[Grouping, ...] = ("any", "m49", "report")


@dataclass(frozen=True, slots=True)
class Regions:
    """Each place with what it lies in, itself left out, by the IRIs of places.

    `places` has every place, `countries` those that are countries or lie in one, `drawn` the
    reports that draw a region of their own.
    """

    places: Mapping[str, Thing]
    wider: Mapping[str, frozenset[str]]
    countries: frozenset[str]
    drawn: Mapping[str, str]

    def within(self, place: str) -> tuple[str, ...]:
        """Return a place and every place that lies in it, each once, in the order of labels."""
        return tuple(one for one in self.places if one == place or place in self.wider[one])

    def around(self, places: Iterable[str]) -> tuple[str, ...]:
        """Return every region that any of the places lies in, each once, in the order of labels."""
        found = {region for place in places for region in self.wider.get(place, ())}
        return tuple(one for one in self.places if one in found)


def regions(asking: Asking, grouping: Grouping = "any", drawn_by: str | None = None) -> Regions:
    """Return the places of a landscape as a grouping has them.

    With `m49` a place lies in what the register says; with `report` in what reports draw, or the
    one report `drawn_by`; a place that is narrower than a country lies in its country either way.
    Raises the errors of graph.query.
    """
    places: dict[str, Thing] = {}
    next_wider = defaultdict[str, set[str]](set)
    types: dict[str, str] = {}
    drawn: dict[str, str] = {}
    rows = asking.rows(stored_query("regions"))
    for row in rows:
        iri = str(row["place"])
        places[iri] = Thing(iri, str(row["label"]), "place")
        types[iri] = str(row["type"]).rsplit("/", 1)[-1]
    for row in rows:
        if "wider" not in row:
            continue
        iri, wider, report = str(row["place"]), str(row["wider"]), row.get("report")
        if report is not None and types.get(wider) == "place-report-region":
            drawn[wider] = str(row["reportLabel"])
        in_country = types.get(wider) == "place-country"
        if grouping == "any" and drawn_by is None:
            taken = True
        elif grouping == "m49":
            taken = report is None
        else:
            taken = in_country or (report is not None and drawn_by in (None, str(report)))
        if taken:
            next_wider[iri].add(wider)
    closed = {iri: _closure(iri, next_wider) for iri in places}
    countries = {
        iri
        for iri in places
        if any(types.get(one) == "place-country" for one in (iri, *closed[iri]))
    }
    return Regions(places, closed, frozenset(countries), drawn)


def _closure(place: str, next_wider: Mapping[str, set[str]]) -> frozenset[str]:
    """Everything that is reached from a place, without the place itself."""
    found: set[str] = set()
    waiting = [place]
    while waiting:
        for wider in next_wider.get(waiting.pop(), ()):
            if wider not in found:
                found.add(wider)
                waiting.append(wider)
    return frozenset(found - {place})
