"""What the landscape shows: rows, cells and totals, ready to be rendered or drawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph.landscape import Answer, Evidence, Thing
from graph.landscape.activity import definitions
from graph.landscape.evidence import marks
from graph.landscape.grid import Grid, evidence_of
from graph.landscape.ties import PlayerPlace
from service.pages.landscape_choices import Choices, short_name
from service.resources.addresses import here_or_there

#: Kinds of evidence in groups that have a shape each, and what the key says of it.
FAMILIES: Mapping[str, str] = {
    "presence": "based there, or arm for the place",
    "event": "event: approval, licence, launch, milestone, initiative",
    "activity": "activity that is said of it",
    "statement": "role in the value chain, or else",
}
_FAMILY_OF = {
    "OrganisationProfile": "presence",
    "OrganisationRelation": "presence",
    "OrganisationActivity": "activity",
    "ValueChainRole": "statement",
}
_HIGHEST = 3
LEVELS = ("1 fact", "2 facts", "3 or more")


@dataclass(frozen=True, slots=True)
class Cell:
    """How many facts tie a player to a place; `label` says the whole in words.

    `marks` are the groups of its kinds of evidence; `stated` holds if any of it is stated.
    """

    number: int = 0
    level: int = 0
    marks: tuple[str, ...] = ()
    stated: bool = True
    href: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its place, how many players are tied to it, and where these are told."""

    text: str
    href: str | None
    number: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Row:
    """A player; `unnamed` are numbers of countries that its reports count and do not name."""

    label: str
    href: str | None
    cells: tuple[Cell, ...]
    total: int
    evidence: str
    unnamed: tuple[int, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The table: `total` is how many rows there are in all, of which `rows` are a part."""

    columns: tuple[Head, ...]
    rows: tuple[Row, ...]
    total: int
    families: tuple[tuple[str, str], ...]
    implied: bool

    @property
    def counts_unnamed(self) -> bool:
        """Whether a row has countries that are counted and not named."""
        return any(row.unnamed for row in self.rows)


def model_of(grid: Grid, choices: Choices, offset: int, most: int) -> Model:
    """Return `most` rows of the table from the one at `offset` on, in the order that was chosen."""
    players = ordered(grid, choices)
    rows = tuple(_row(grid, choices, *one) for one in players[offset : offset + most])
    cells = [cell for row in rows for cell in row.cells]
    shown = {mark for cell in cells for mark in cell.marks}
    return Model(
        columns=tuple(_head(grid, choices, place) for place in grid.columns),
        rows=rows,
        total=len(players),
        families=tuple((name, text) for name, text in FAMILIES.items() if name in shown),
        implied=not all(cell.stated for cell in cells),
    )


def ordered(grid: Grid, choices: Choices) -> list[tuple[Thing, tuple[PlayerPlace, ...]]]:
    """Return players with their ties: most places first and then by name, or by name alone."""
    players = list(grid.players())
    if choices.values["sort"] == "total":
        players.sort(key=lambda one: -_places(one[1]))  # stable: by name among equals
    return players


def in_order(answer: Answer, grid: Grid, choices: Choices) -> Sequence[Mapping[str, Any]]:
    """Return the rows of the answer in the order that was chosen."""
    place = {player.iri: at for at, (player, _) in enumerate(ordered(grid, choices))}
    return sorted(answer.rows, key=lambda row: place.get(row["player"].iri, len(place)))


def facts_of(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return the facts behind some evidence, each once."""
    return tuple(dict.fromkeys(fact for one in evidence for fact in one.facts))


def sections_of(evidence: Iterable[Evidence]) -> int:
    """Return in how many sections of reports some evidence stands."""
    return len({(one.report.iri, section) for one in evidence for section in one.sections})


def _row(grid: Grid, choices: Choices, player: Thing, of: Sequence[PlayerPlace]) -> Row:
    facts = facts_of(evidence_of(of))
    members = dict.fromkeys(one.label for tie in of for one in tie.members)
    numbers = grid.aside.numbers
    return Row(
        label=player.label,
        href=here_or_there(player.iri),
        cells=tuple(_cell(grid, choices, player, place, of) for place in grid.columns),
        total=_places(of),
        evidence=choices.address("landscape_evidence", sort=None, player=short_name(player.iri)),
        unnamed=tuple(numbers[fact] for fact in facts if fact in numbers),
        members=tuple(name for name in members if name != player.label),
    )


def _cell(
    grid: Grid, choices: Choices, player: Thing, place: Thing, of: Sequence[PlayerPlace]
) -> Cell:
    evidence = evidence_of(grid.within(place, of))
    if not evidence:
        return Cell()
    number = len(facts_of(evidence))
    kinds = marks(evidence)
    told = ", ".join(f"{kind} ({tie})" for kind, tie in kinds.items())
    return Cell(
        number=number,
        level=min(number, _HIGHEST),
        marks=_marks(kinds),
        stated="stated" in kinds.values(),
        href=choices.address(
            "landscape_evidence",
            sort=None,  # evidence has an order of its own
            player=short_name(player.iri),
            at=short_name(place.iri),
        ),
        label=f"{number} {'fact' if number == 1 else 'facts'}: {player.label},"
        f" {grid.titles[place]}: {told}",
    )


def _head(grid: Grid, choices: Choices, place: Thing) -> Head:
    return Head(
        text=grid.titles[place],
        href=here_or_there(place.iri),
        number=len({tie.player.iri for tie in grid.within(place)}),
        evidence=choices.address("landscape_evidence", sort=None, at=short_name(place.iri)),
    )


def _marks(kinds: Iterable[str]) -> tuple[str, ...]:
    families = {family_of(kind) for kind in kinds}
    return tuple(name for name in FAMILIES if name in families)


def family_of(kind: str) -> str:
    """Return the group that a kind of evidence belongs to, by its name in words."""
    return _families().get(kind, "statement")


@cache
def _families() -> Mapping[str, str]:
    return {
        one.title: _FAMILY_OF.get(one.classes[0], "event") if one.classes else "statement"
        for one in definitions()
        if one.kinds == (one.name,)
    }


def _places(of: Sequence[PlayerPlace]) -> int:
    return len({tie.place.iri for tie in of})
