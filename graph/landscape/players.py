"""Which players are active in which places, both ways."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.landscape.answers import Answer, Column, Thing
from graph.landscape.asking import Asking, filled, stored_query
from graph.landscape.completeness import completeness
from graph.landscape.named import Named, Parameter
from graph.landscape.ties import (
    ACTIVE,
    FILTERS,
    GROUPING,
    LEVEL,
    PlayerPlace,
    Ties,
    drawn,
    last_day,
    level_slots,
    report_slot,
    ties,
)

PLACE = Parameter(
    "place",
    "Place",
    "A country, a region or a city; without it, every place.",
    "entity",
    of=("place",),
)
SUBPLACES = Parameter(
    "subplaces",
    "With what lies in it",
    "Also ties to places in the place: a player in Brazil is in Latin America, not the reverse.",
    "boolean",
    default=True,
)
TIE = Column("tie", "Tie", "text", "Stated if any evidence states it, else implied.")
MARKS = Column("marks", "Evidence", "texts", "Each kind of evidence, and whether it is stated.")
MEMBERS = Column(
    "members", "Organisations", "things", "Whose ties these are: those of a group, or the player."
)
REPORTS = Column("reports", "Reports", "things", "Which reports say so.")
UNNAMED = Column(
    "unnamed_countries",
    "Countries not named",
    "texts",
    "Countries that the report counts and does not name: they are in no country's row or total.",
)
LISTED = Column(
    "listed_in",
    "Listed in",
    "things",
    "Reports in whose lists of players it stands. That is no activity in a place.",
)
EVIDENCE = Column("evidence", "In detail", "evidence", "Every derived statement behind the row.")
_PLAYER = Column("player", "Player", "thing", "The organisation or the group.")
_AT = Column("place", "Place", "thing", "The place that the report names, never a wider one.")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside ties and is none: lists of players, and countries that are only counted.

    `listed` has the reports that list a player, by its IRI; `names` every player that is listed;
    `counted` has texts by the IRI of the fact; `nowhere` those of facts that name no place at all.
    `numbers` has how many countries a fact counts.
    """

    listed: Mapping[str, tuple[Thing, ...]]
    names: Mapping[str, Thing]
    counted: Mapping[str, str]
    nowhere: Sequence[str]
    numbers: Mapping[str, int]

    def unnamed(self, tie: PlayerPlace) -> tuple[str, ...]:
        """Return the countries that the evidence of a tie counts and does not name."""
        facts = dict.fromkeys(fact for one in tie.evidence for fact in one.facts)
        return tuple(self.counted[fact] for fact in facts if fact in self.counted)


def beside(asking: Asking, arguments: Mapping[str, Any]) -> Beside:
    """Return what stands beside the ties in the reports and at the level that were asked for.

    Raises the errors of graph.query.
    """
    reports = report_slot(arguments)
    names: dict[str, Thing] = {}
    listed: dict[str, list[Thing]] = {}
    query = stored_query("players-listed")
    for row in asking.rows(filled(query, reports=reports, **level_slots(arguments))):
        player = Thing(str(row["player"]), str(row["playerLabel"]), "agent")
        names[player.iri] = player
        report = Thing(str(row["report"]), str(row["reportLabel"]), "source")
        listed.setdefault(player.iri, []).append(report)
    counted: dict[str, str] = {}
    nowhere: list[str] = []
    numbers: dict[str, int] = {}
    for row in asking.rows(filled(stored_query("players-counted"), reports=reports)):
        text = f"{row['count']} countries that are not named: {row['label']}"
        counted[str(row["fact"])] = text
        numbers[str(row["fact"])] = int(str(row["count"]))
        if row["named"] == 0:
            nowhere.append(f"{row['players']}: {text}")
    return Beside({iri: tuple(of) for iri, of in listed.items()}, names, counted, nowhere, numbers)


def notes(arguments: Mapping[str, Any], found: Ties, aside: Beside) -> tuple[str, ...]:
    """Return what a reader of ties must know: counts, what counted as active, what is left out."""
    players = {tie.player.iri for tie in found.ties}
    places = {tie.place.iri for tie in found.ties}
    told = [f"Players, each counted once: {len(players)}; places, as named: {len(places)}."]
    told += [f"Active, {one.title.lower()}: {one.doc}" for one in found.active.definitions]
    if arguments.get("until"):
        told.append(
            f"Only dated evidence up to {last_day(arguments['until'])}: evidence without a date"
            " is left out, and so is a date that may be later."
        )
    if arguments.get("therapy") or arguments.get("indication"):
        told.append(
            "The player has to do with what was asked for by any fact, stated or implied, which"
            " need not be in the place."
            if arguments.get("about") == "player"
            else "The evidence itself concerns what was asked for, and is implied where it only"
            " implies that; what the player does elsewhere does not count."
        )
    if arguments.get("player"):
        told += [
            f"{aside.names[iri].label} is listed in {report.label}; that is no activity in a place."
            for iri in dict.fromkeys((arguments["player"], *players))
            for report in aside.listed.get(iri, ())
        ]
    elif only := len(set(aside.names) - players):
        told.append(f"{only} more are listed by a report and not among these; that is no activity.")
    told += [f"{text}. They are spread over no countries." for text in aside.nowhere]
    return tuple(told)


def answered(
    asking: Asking,
    question: Named,
    arguments: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    *,
    found: Ties,
    aside: Beside,
) -> Answer:
    """Return the answer to a question on ties with these rows. Raises the errors of graph.query."""
    defaults = {parameter.name: parameter.default for parameter in question.parameters}
    return Answer(
        question=question.name,
        columns=question.columns,
        rows=tuple(rows),
        understood={**defaults, **arguments, **_grouped(arguments)},
        completeness=completeness(asking, found.active.classes, arguments.get("report") or ()),
        sparql=found.sparql,
        notes=(*notes(arguments, found, aside), *_only_implied(asking, arguments, found)),
    )


def _only_implied(asking: Asking, arguments: Mapping[str, Any], found: Ties) -> tuple[str, ...]:
    """Tell how many pairs are left out because no report states them."""
    if [one.name for one in found.active.definitions] != ["stated-tie"]:
        return ()
    every = ties(asking, {**arguments, "active": ("any-tie",)}).ties
    here = {(tie.player.iri, tie.place.iri) for tie in found.ties}
    more = {(tie.player.iri, tie.place.iri) for tie in every} - here
    if not more:
        return ()
    return (f"Only implied, and left out: {len(more)} pairs of player and place.",)


def _grouped(arguments: Mapping[str, Any]) -> dict[str, str]:
    """A report that draws the regions says whose they are."""
    return {"grouping": "report"} if arguments.get("drawn_by") else {}


def _tie_cells(tie: PlayerPlace, aside: Beside) -> dict[str, Any]:
    return {
        "tie": tie.tie,
        "marks": tie.marks,
        "members": tie.members,
        "reports": tie.reports,
        "unnamed_countries": aside.unnamed(tie),
        "evidence": tie.evidence,
    }


def _players_in(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    found, aside = ties(asking, arguments), beside(asking, arguments)
    rows = (
        {
            "player": tie.player,
            "place": tie.place,
            **_tie_cells(tie, aside),
            "listed_in": aside.listed.get(tie.player.iri, ()),
        }
        for tie in found.ties
    )
    return answered(asking, PLAYERS_IN, arguments, rows, found=found, aside=aside)


def _places_of(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    found, aside = ties(asking, arguments), beside(asking, arguments)
    around = drawn(asking, arguments)
    rows = (
        {
            "place": tie.place,
            "player": tie.player,
            **_tie_cells(tie, aside),
            "regions": tuple(around.places[one] for one in around.around([tie.place.iri])),
        }
        for tie in found.ties
    )
    return answered(asking, PLACES_OF, arguments, rows, found=found, aside=aside)


PLAYERS_IN = Named(
    "players-in",
    "Players active in a place",
    "Which organisations or groups have a tie to a place, on what evidence, stated or implied. One"
    " row for each player and place that a report names.",
    (PLACE, ACTIVE, LEVEL, SUBPLACES, *GROUPING, *FILTERS),
    (_PLAYER, _AT, TIE, MARKS, MEMBERS, REPORTS, UNNAMED, LISTED, EVIDENCE),
    _players_in,
)
PLACES_OF = Named(
    "places-of",
    "Places in which a player is active",
    "To which places an organisation or its group has a tie, on what evidence, and in which regions"
    " they lie.",
    (
        Parameter(
            "player",
            "Player",
            "An organisation; at the level of groups, the group that it belongs to.",
            "entity",
            of=("agent",),
            required=True,
        ),
        ACTIVE,
        LEVEL,
        *GROUPING,
        *FILTERS,
    ),
    (
        _AT,
        _PLAYER,
        TIE,
        MARKS,
        MEMBERS,
        REPORTS,
        UNNAMED,
        Column("regions", "Lies in", "things", "The wider places, as the grouping has them."),
        EVIDENCE,
    ),
    _places_of,
)
QUESTIONS: tuple[Named, ...] = (PLAYERS_IN, PLACES_OF)
