"""Players and places with the ties between them: what the matrix is written and drawn from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from graph.landscape.answers import Evidence, Thing
from graph.landscape.asking import Asking
from graph.landscape.players import Beside, beside
from graph.landscape.regions import Regions
from graph.landscape.ties import PlayerPlace, Ties, drawn, ties


@dataclass(frozen=True, slots=True)
class Grid:
    """Ties by player and by the places that are columns.

    `columns` has each place with the named places that it is made of, `titles` what it is called
    among the others; `aside` is what stands beside ties.
    """

    found: Ties
    aside: Beside
    columns: Mapping[Thing, frozenset[str]]
    titles: Mapping[Thing, str]

    def players(self) -> tuple[tuple[Thing, tuple[PlayerPlace, ...]], ...]:
        """Return each player with its ties, in the order of labels."""
        by_player = groupby(self.found.ties, key=lambda tie: tie.player)
        return tuple((player, tuple(of)) for player, of in by_player)

    def within(self, place: Thing, of: Iterable[PlayerPlace] | None = None) -> list[PlayerPlace]:
        """Return the ties that a column is made of: all, or those `of` a player."""
        named = self.columns.get(place, frozenset())
        chosen: Iterable[PlayerPlace] = self.found.ties if of is None else of
        return [tie for tie in chosen if tie.place.iri in named]

    def place(self, iri: str) -> Thing | None:
        """Return the column with this IRI."""
        return next((place for place in self.columns if place.iri == iri), None)


def grid(asking: Asking, arguments: Mapping[str, Any]) -> Grid:
    """Return what the arguments of the question `matrix` ask for.

    Every argument may be left out; see `ties`. Raises InvalidParameter and the errors of
    graph.query.
    """
    found = ties(asking, arguments)
    around = drawn(asking, arguments)
    columns = _columns(around, arguments, found.ties)
    titles = {place: _title(place, columns, around) for place in columns}
    return Grid(found, beside(asking, arguments), columns, titles)


def evidence_of(tied: Iterable[PlayerPlace]) -> tuple[Evidence, ...]:
    """Return the evidence of several ties."""
    return tuple(one for tie in tied for one in tie.evidence)


def _columns(
    around: Regions, arguments: Mapping[str, Any], found: Sequence[PlayerPlace]
) -> dict[Thing, frozenset[str]]:
    """The places that are columns, each with the named places that it is made of.

    Countries come first. A named place that lies in no region keeps a column of its own, so that
    no tie is lost.
    """
    places = around.places
    named = {tie.place.iri for tie in found}
    if arguments.get("columns") == "regions":
        wide = set(around.around(named)) - around.countries
        chosen = wide | {place for place in named if not wide & {place, *around.wider[place]}}
        made = {one: frozenset(named & {*around.within(one)}) for one in chosen}
    else:
        made = {one: frozenset([one]) for one in named}
    order = sorted(made, key=lambda one: (one not in around.countries, places[one].label, one))
    return {places[one]: made[one] for one in order}


def _title(place: Thing, columns: Iterable[Thing], around: Regions) -> str:
    """A label, with the report that draws the region where several are called so."""
    same = [one for one in columns if one.label == place.label]
    report = around.drawn.get(place.iri)
    return f"{place.label} ({report})" if report and len(same) > 1 else place.label
