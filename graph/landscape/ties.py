"""Ties of players to places, with their evidence: what every question on players is made of."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.landscape.activity import Active, active, definitions
from graph.landscape.answers import Evidence, Thing
from graph.landscape.asking import Asking, filled, stored_query
from graph.landscape.errors import InvalidParameter
from graph.landscape.evidence import Tie, evidence_in, evidence_rows, marks
from graph.landscape.named import Parameter
from graph.landscape.regions import GROUPINGS, Grouping, Regions, regions
from graph.terms import Iris
from ontology.namespaces import KG

_XSD_DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")

LEVEL = Parameter(
    "level",
    "Level",
    "Organisations as the reports name them, or the groups that they belong to.",
    "choice",
    choices=("organisation", "group"),
    default="organisation",
)
ACTIVE = Parameter(
    "active",
    "Active means",
    "Which ties count as activity; of several, any is enough. "
    + " ".join(f"{one.name}: {one.doc}" for one in definitions()[:7]),
    "choice",
    choices=tuple(one.name for one in definitions()),
    many=True,
    default=("stated-tie",),
)
REPORT = Parameter(
    "report",
    "Report",
    "Only what these reports say; without any, every report.",
    "entity",
    of=("source",),
    many=True,
    default=(),
)
FILTERS = (
    Parameter(
        "therapy",
        "Therapy",
        "A therapy, a therapy type (with what is narrower), or a report's segment of them.",
        "entity",
        of=("therapy", "concept", "segment"),
    ),
    Parameter(
        "indication",
        "Indication",
        "An indication (with what is narrower), or a report's segment of them.",
        "entity",
        of=("concept", "segment"),
    ),
    Parameter(
        "about",
        "Therapy and indication of",
        "The evidence itself must concern the therapy and the indication; or the player has to do"
        " with them by any fact, wherever that is.",
        "choice",
        choices=("evidence", "player"),
        default="evidence",
    ),
    Parameter(
        "role",
        "Role",
        "A kind of organisation, or a stage of the value chain in which it has a role.",
        "entity",
        of=("concept",),
    ),
    Parameter(
        "until",
        "Events up to",
        "Only dated evidence that lies wholly before the end of this year, month or day.",
        "date",
    ),
    REPORT,
)
GROUPING = (
    Parameter(
        "grouping",
        "Regions of",
        "Whose regions are rolled up: any, those of UN M49, or those that a report draws.",
        "choice",
        choices=GROUPINGS,
        default="any",
    ),
    Parameter(
        "drawn_by",
        "Drawn by",
        "With regions of a report: which report; without it, each report's own.",
        "entity",
        of=("source",),
    ),
)


@dataclass(frozen=True, slots=True)
class PlayerPlace:
    """A player at a place as a report names it, and why.

    `members` are the organisations whose ties these are: the player itself, or those of a group.
    """

    player: Thing
    place: Thing
    tie: Tie
    members: tuple[Thing, ...]
    evidence: tuple[Evidence, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        """Each kind of evidence with its mark, as text."""
        return tuple(f"{kind}: {tie}" for kind, tie in marks(self.evidence).items())

    @property
    def reports(self) -> tuple[Thing, ...]:
        """The reports that say so."""
        return tuple(dict.fromkeys(one.report for one in self.evidence))


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties by player and place, in the order of labels; the query that gives them as rows."""

    ties: Sequence[PlayerPlace]
    active: Active
    sparql: str


def ties(asking: Asking, arguments: Mapping[str, Any], *, detailed: bool = True) -> Ties:
    """Return the ties that a question's arguments ask for.

    Every argument may be left out: level, active, place, subplaces, grouping, drawn_by, player,
    therapy, indication, about, role, until, report. Unless `detailed`, ties have no evidence and
    no members. Raises InvalidParameter and the errors of graph.query.
    """
    counted = active(arguments.get("active") or ("stated-tie",))
    query = filled(stored_query("players"), **_slots(asking, arguments, counted))
    rows = asking.rows(query)
    statements = (one for row in rows for one in str(row["statements"]).split())
    behind = evidence_rows(asking, statements) if detailed else []
    evidence = evidence_in(behind)
    member = {
        str(row["statement"]): Thing(str(row["subject"]), str(row["subjectLabel"]), "agent")
        for row in behind
    }
    order = {statement: index for index, statement in enumerate(evidence)}
    found = []
    for row in rows:
        of = str(row["statements"]).split() if detailed else []
        implied = set(str(row["impliedStatements"]).split())
        found.append(
            PlayerPlace(
                Thing(str(row["player"]), str(row["playerLabel"]), "agent"),
                Thing(str(row["place"]), str(row["placeLabel"]), "place"),
                "stated" if row["tie"] == "stated" else "implied",
                tuple(sorted({member[one] for one in of}, key=lambda one: (one.label, one.iri))),
                tuple(
                    replace(evidence[one], tie="implied" if one in implied else "stated")
                    for one in sorted(of, key=order.__getitem__)
                ),
            )
        )
    return Ties(found, counted, query)


def drawn(asking: Asking, arguments: Mapping[str, Any]) -> Regions:
    """Return the regions that a question's arguments ask for.

    Raises InvalidParameter for regions of M49 that a report draws, and the errors of graph.query.
    """
    return regions(asking, *_grouping(arguments))


def level_slots(arguments: Mapping[str, Any]) -> dict[str, list[Literal] | None]:
    """Return the slots of a query that is asked of organisations or of groups."""
    level = arguments.get("level") or "organisation"
    return {name: [Literal(name)] if level == name else None for name in ("organisation", "group")}


def report_slot(arguments: Mapping[str, Any]) -> list[NamedNode] | None:
    """Return the terms of the slot for reports: None for every report."""
    return [NamedNode(one) for one in arguments.get("report") or ()] or None


def _slots(
    asking: Asking, arguments: Mapping[str, Any], counted: Active
) -> dict[str, list[NamedNode | Literal] | None]:
    iris = Iris(asking.base)
    region, places = _place_slots(asking, arguments)
    of_player = arguments.get("about") == "player"
    therapy = _concerned(asking, arguments.get("therapy"))
    indication = _concerned(asking, arguments.get("indication"))
    role = arguments.get("role")
    until = arguments.get("until")
    asked = [] if of_player else _asked(arguments)
    asked += [KG.date] if until else []
    return {
        "derived": None if asked else [Literal("as derived")],
        "asked": asked or None,
        **level_slots(arguments),
        "region": region,
        "places": places,
        "player": _player_slot(asking, arguments),
        "reports": report_slot(arguments),
        "therapy": None if of_player else therapy,
        "player_therapy": therapy if of_player else None,
        "indication": None if of_player else indication,
        "player_indication": indication if of_player else None,
        "role": [NamedNode(role)] if role else None,
        "until": [Literal(last_day(until), datatype=_XSD_DATE)] if until else None,
        **_counted_slots(counted, iris),
    }


def _counted_slots(counted: Active, iris: Iris) -> dict[str, Any]:
    """What counts: every tie, those of some kinds, or the stated ones and those of some kinds."""
    kinds = None if counted.every else [iris.thing("concept", kind) for kind in counted.kinds]
    return {
        "stated_or": kinds if counted.stated else None,
        "kinds": None if counted.stated else kinds,
    }


def _asked(arguments: Mapping[str, Any]) -> list[NamedNode]:
    """The properties of facts that conditions on the evidence look at.

    Evidence that only implies one of them is implied for this question.
    """
    of_therapy = [KG.therapy, KG.therapyType, KG.launched] if arguments.get("therapy") else []
    return of_therapy + ([KG.indication] if arguments.get("indication") else [])


def _place_slots(
    asking: Asking, arguments: Mapping[str, Any]
) -> tuple[list[NamedNode] | None, list[NamedNode] | None]:
    place = arguments.get("place")
    if place is None:
        return None, None
    if not arguments.get("subplaces", True):
        return None, [NamedNode(place)]
    if _grouping(arguments)[0] == "any":
        return [NamedNode(place)], None
    return None, [NamedNode(one) for one in drawn(asking, arguments).within(place)]


def _grouping(arguments: Mapping[str, Any]) -> tuple[Grouping, str | None]:
    grouping: Grouping = arguments.get("grouping") or "any"
    drawn_by: str | None = arguments.get("drawn_by")
    if drawn_by is None:
        return grouping, None
    if grouping == "m49":
        raise InvalidParameter("drawn_by", "is for regions that a report draws, not for M49")
    return "report", drawn_by


def _player_slot(asking: Asking, arguments: Mapping[str, Any]) -> list[NamedNode] | None:
    player = arguments.get("player")
    if player is None:
        return None
    node = NamedNode(player)
    if arguments.get("level") != "group":
        return [node]
    rows = asking.rows(filled(stored_query("player-group"), member=[node]))
    return [NamedNode(str(row["group"])) for row in rows]


def _concerned(asking: Asking, entity: str | None) -> list[NamedNode] | None:
    """What evidence must concern: the entity, or the concepts that lie in a segment."""
    if entity is None:
        return None
    if not entity.startswith(f"{asking.base}id/segment/"):
        return [NamedNode(entity)]
    rows = asking.rows(filled(stored_query("segment-concepts"), segment=[NamedNode(entity)]))
    return [NamedNode(str(row["concept"])) for row in rows]


def last_day(date: str) -> str:
    """Return the last day of a year, a month or a day that is written as 2025, 2025-08 or so."""
    parts = [int(part) for part in date.split("-")]
    if len(parts) == 1:
        return f"{date}-12-31"
    if len(parts) == 2:
        return f"{date}-{calendar.monthrange(*parts)[1]:02}"
    return date
