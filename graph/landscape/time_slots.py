"""Which events a timeline asks for, as terms for the slots of its query."""

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.landscape.asking import Terms
from graph.landscape.why import thing

#: Fills the slot of a line that is there or not.
_FLAG = (Literal(True),)


def entity_slots(arguments: Mapping[str, Any]) -> dict[str, Terms | None]:
    """Return the slots for the entity: itself, what lies in it, or its group; or every event."""
    entity = arguments["entity"]
    given = _nodes(entity)
    kind = thing(str(entity), "").type if given else ""
    rolled = kind == "place" and arguments["subplaces"]
    grouped = kind == "agent" and arguments["level"] == "group"
    return {
        "exactly": None if rolled or grouped else given,
        "in_place": given if rolled else None,
        "in_group": given if grouped else None,
        "related": given,
        "every": _FLAG if given is None else None,
    }


def filter_slots(arguments: Mapping[str, Any]) -> dict[str, Terms | None]:
    """Return the slots for what an event must meet besides the entity."""
    place, player = _nodes(arguments["place"]), _nodes(arguments["organisation"])
    grouped = arguments["level"] == "group"
    return {
        "place": place if arguments["subplaces"] else None,
        "exact_place": None if arguments["subplaces"] else place,
        "placed": place,
        "group": player if grouped else None,
        "player": None if grouped else player,
        "played": player,
        "therapy": _nodes(arguments["therapy"]),
    }


def _nodes(entity: object) -> list[NamedNode] | None:
    return None if entity is None else [NamedNode(str(entity))]
