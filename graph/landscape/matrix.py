"""Players by places: the table of both, and how many players each place has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pyoxigraph import Literal

from graph.landscape.answers import Answer, Column, Thing
from graph.landscape.asking import Asking, filled, stored_query
from graph.landscape.evidence import marks
from graph.landscape.grid import Grid, evidence_of, grid
from graph.landscape.named import Named, Parameter
from graph.landscape.players import (
    EVIDENCE,
    LISTED,
    MEMBERS,
    PLACE,
    SUBPLACES,
    UNNAMED,
    Beside,
    answered,
    beside,
)
from graph.landscape.ties import (
    ACTIVE,
    FILTERS,
    GROUPING,
    LEVEL,
    PlayerPlace,
    level_slots,
    report_slot,
    ties,
)

_PLAYER = Column("player", "Player", "thing", "The organisation or the group.")
_TOTAL = Column(
    "total_places",
    "Places",
    "integer",
    "To how many places, as the reports name them, it has a tie; roll-ups are not counted.",
)


def matrix(asking: Asking, arguments: Mapping[str, Any]) -> tuple[Grid, Answer]:
    """Return players and places with their ties, and the answer to the question `matrix`.

    Raises InvalidParameter and the errors of graph.query.
    """
    made = grid(asking, arguments)
    found, aside, columns = made.found, made.aside, made.columns
    rows = [_row(player, of, columns, aside) for player, of in made.players()]
    if arguments.get("listed"):
        tied = {tie.player.iri for tie in found.ties}
        rows += [
            _row(player, [], columns, aside)
            for player in aside.names.values()
            if player.iri not in tied
        ]
        rows.sort(key=lambda row: (row["player"].label, row["player"].iri))
    table = replace(
        MATRIX,
        columns=(
            _PLAYER,
            _TOTAL,
            *(
                _column(place, made.titles[place], within, found.ties)
                for place, within in columns.items()
            ),
            LISTED,
            UNNAMED,
            MEMBERS,
            EVIDENCE,
        ),
    )
    listed = filled(
        stored_query("players-listed"), reports=report_slot(arguments), **level_slots(arguments)
    )
    outer = filled(
        stored_query("players-matrix"), tied=None if arguments.get("listed") else [Literal("tied")]
    )
    sparql = outer.replace("# ties\n", found.sparql).replace("# listed\n", listed)
    return made, answered(
        asking, table, arguments, rows, found=replace(found, sparql=sparql), aside=aside
    )


def _column(
    place: Thing, title: str, within: frozenset[str], found: Iterable[PlayerPlace]
) -> Column:
    tied = defaultdict[str, set[str]](set)
    for tie in found:
        if tie.place.iri in within:
            tied[tie.tie].add(tie.player.iri)
    everyone = tied["stated"] | tied["implied"]
    return Column(
        place.iri.rsplit("/", 1)[-1],
        title,
        "texts",
        f"Kinds of evidence for {title}, each stated or implied. Players in total:"
        f" {len(everyone)}; with a stated tie: {len(tied['stated'])}.",
    )


def _row(
    player: Thing,
    of: Sequence[PlayerPlace],
    columns: Mapping[Thing, frozenset[str]],
    aside: Beside,
) -> dict[str, Any]:
    row: dict[str, Any] = {"player": player, "total_places": len({tie.place.iri for tie in of})}
    for place, within in columns.items():
        evidence = evidence_of(tie for tie in of if tie.place.iri in within)
        name = place.iri.rsplit("/", 1)[-1]
        row[name] = tuple(f"{kind}: {tie}" for kind, tie in marks(evidence).items())
    members = {member for tie in of for member in tie.members}
    return {
        **row,
        "listed_in": aside.listed.get(player.iri, ()),
        "unnamed_countries": tuple(dict.fromkeys(t for tie in of for t in aside.unnamed(tie))),
        "members": tuple(sorted(members, key=lambda one: (one.label, one.iri))),
        "evidence": evidence_of(of),
    }


def _by_place(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    found, aside = ties(asking, arguments, detailed=False), beside(asking, arguments)
    rolled = bool(arguments.get("rolled_up"))
    outer = filled(
        stored_query("players-by-place"),
        named=None if rolled else [Literal("as named")],
        rolled=[Literal("rolled up")] if rolled else None,
    )
    query = outer.replace("# ties\n", found.sparql)
    rows = [
        {
            "place": Thing(str(row["place"]), str(row["placeLabel"]), "place"),
            "players": row["players"],
            "stated": row["stated"],
            "implied_only": int(str(row["players"])) - int(str(row["stated"])),
        }
        for row in asking.rows(query)
    ]
    return answered(
        asking, BY_PLACE, arguments, rows, found=replace(found, sparql=query), aside=aside
    )


MATRIX = Named(
    "matrix",
    "Players by places",
    "Which players have which kinds of evidence in which places: a row for each player, a column"
    " for each place, further columns for what is no tie to a place. No player is called the first"
    " or the only one.",
    (
        PLACE,
        Parameter(
            "columns",
            "Columns",
            "The places as the reports name them, or the regions that these lie in.",
            "choice",
            choices=("named", "regions"),
            default="named",
        ),
        ACTIVE,
        LEVEL,
        SUBPLACES,
        *GROUPING,
        *FILTERS,
        Parameter(
            "listed",
            "Also those only listed",
            "Also a row for each player that only stands in a list of these reports, whatever else"
            " is asked for; it has no tie and counts in no total.",
            "boolean",
            default=False,
        ),
    ),
    (_PLAYER, _TOTAL, LISTED, UNNAMED, MEMBERS, EVIDENCE),
    lambda asking, arguments: matrix(asking, arguments)[1],
)
BY_PLACE = Named(
    "players-by-place",
    "How many players each place has",
    "For each place how many players have a tie to it, and how many a stated one. Each is counted"
    " once in a place, however much evidence there is.",
    (
        PLACE,
        Parameter(
            "rolled_up",
            "Roll up",
            "Count the players of a place in every wider place too, each once.",
            "boolean",
            default=False,
        ),
        ACTIVE,
        LEVEL,
        SUBPLACES,
        *GROUPING,
        *FILTERS,
    ),
    (
        Column("place", "Place", "thing", "The place."),
        Column("players", "Players", "integer", "Players with a tie, stated or implied."),
        Column("stated", "Stated", "integer", "Players with a stated tie."),
        Column("implied_only", "Only implied", "integer", "Players whose ties are all implied."),
    ),
    _by_place,
)
QUESTIONS: tuple[Named, ...] = (MATRIX, BY_PLACE)
