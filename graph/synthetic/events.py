"""Events that reports tell of: each follows from its number, whoever tells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graph.synthetic import world as named
from graph.synthetic.draw import Draw
from graph.synthetic.world import COUNTRIES, INDICATIONS, World

_LAUNCH, _DEAL, _APPROVAL = 101, 102, 103
"""What tells the draws of one kind of event from those of another."""
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


@dataclass(frozen=True, slots=True)
class Told:
    """A row without its claim and place in a report, the words it rests on, and who is in it."""

    cells: Mapping[str, str]
    printed: tuple[str, ...]
    organisations: tuple[int, ...]
    therapies: tuple[int, ...]


Teller: TypeAlias = Callable[[World, int], Told]


def launch(world: World, number: int) -> Told:
    """A therapy is launched in a country."""
    draw = Draw(world.seed, _LAUNCH, number)
    who, what = draw.skewed(world.organisations), draw.skewed(world.therapies)
    place, indication = draw.skewed(COUNTRIES), draw.skewed(INDICATIONS)
    date, shown = _date(draw)
    cells = {
        "event": f"synthetic-launch-{number}",
        "kind": "therapy-launch",
        "launched": f"therapy:{named.therapy(what)}",
        "organisations": named.organisation(who),
        "place": named.country(place),
        "date": date,
        "indications": named.indication(indication),
    }
    words = (
        shown,
        f"{named.organisation_names(who)[0]} launched {named.therapy_name(what)}",
        f"in {named.country_name(place)}",
        named.indication_name(indication),
    )
    return Told(cells, words, (who,), (what,))


def approval(world: World, number: int) -> Told:
    """A therapy is approved in a country."""
    draw = Draw(world.seed, _APPROVAL, number)
    who, what = draw.skewed(world.organisations), draw.skewed(world.therapies)
    place, indication = draw.skewed(COUNTRIES), draw.skewed(INDICATIONS)
    date, shown = _date(draw)
    cells = {
        "event": f"synthetic-approval-{number}",
        "kind": draw.one(("approval", "accelerated-approval", "conditional-approval")),
        "therapy": named.therapy(what),
        "applicants": named.organisation(who),
        "place": named.country(place),
        "date": date,
        "indications": named.indication(indication),
    }
    words = (
        shown,
        f"{named.therapy_name(what)} approved in {named.country_name(place)}",
        named.organisation_names(who)[0],
        named.indication_name(indication),
    )
    return Told(cells, words, (who,), (what,))


def deal(world: World, number: int) -> Told:
    """Two organisations agree on a licence for a therapy."""
    draw = Draw(world.seed, _DEAL, number)
    first = draw.skewed(world.organisations)
    second = (first + 1 + draw.below(world.organisations - 1)) % world.organisations
    what = draw.skewed(world.therapies)
    date, shown = _date(draw)
    cells = {
        "event": f"synthetic-deal-{number}",
        "kind": draw.one(("licence-agreement", "alliance")),
        "parties": f"{named.organisation(first)} | {named.organisation(second)}",
        "therapies": named.therapy(what),
        "date": date,
    }
    words = (
        shown,
        f"{named.organisation_names(first)[0]} with {named.organisation_names(second)[0]}",
        named.therapy_name(what),
    )
    return Told(cells, words, (first, second), (what,))


def _date(draw: Draw) -> tuple[str, str]:
    """A month, as a cell has it and as a report prints it."""
    year, month = 2018 + draw.below(8), draw.below(12)
    return f"{year}-{month + 1:02}", f"{_MONTHS[month]} {year}"
