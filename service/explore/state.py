"""What a reader chose on the page, from its address and back; all of it is in the address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from graph.landscape import InvalidParameter, Parameter, read_arguments
from graph.landscape.lanes import COLUMNS, LANES
from graph.network.edges import THINGS
from service.api.naming import resolver
from service.bodies import Parameters
from service.served import served

VIEWS = ("lanes", "network", "table")
MOST_OPEN = 40
_PIN = re.compile(r"([a-z]+/[a-z0-9-]+)@(-?[0-9]{1,5}),(-?[0-9]{1,5})")
_IN_ADDRESS = ("therapy", "place", "tie", "active", "report")
#: What may stand in the address of any page, and is read elsewhere.
ASIDE = ("release", "download", "format")

_OWN = (
    Parameter(
        "view", "View", "Lanes, network or table.", "choice", choices=VIEWS, default=VIEWS[0]
    ),
    Parameter(
        "cols", "Columns", f"Some of {', '.join(COLUMNS)}, with commas between.", kind="text"
    ),
    Parameter("focus", "Focus", "The thing whose ties are followed.", "entity", of=THINGS),
    Parameter("all", "All", "Also what is left out for space.", "boolean", default=False),
    Parameter("hops", "Hops", "How far the network goes.", "integer", default=1, least=1, most=2),
    Parameter("facts", "Facts", "Facts as nodes of the network.", "boolean", default=False),
    Parameter(
        "without", "Without", "Kinds of ties that the network lacks.", kind="text", many=True
    ),
    Parameter(
        "open", "Unfolded", "Things whose ties are drawn, too.", "entity", of=THINGS, many=True
    ),
    Parameter("pin", "Pinned", "Things at places of their own.", kind="text", many=True),
)
PARAMETERS = (*_OWN, *(one for one in LANES.parameters if one.name in _IN_ADDRESS))


@dataclass(frozen=True, slots=True)
class State:
    """The state of the page: values by the names of `PARAMETERS`, columns and pins read."""

    values: Mapping[str, Any]
    columns: tuple[str, ...]
    pins: Mapping[str, tuple[int, int]]

    @property
    def view(self) -> str:
        """Which view is shown."""
        return str(self.values["view"])

    @property
    def focus(self) -> str:
        """The IRI of what is in focus; empty where nothing is."""
        return str(self.values["focus"] or "")

    @property
    def arguments(self) -> dict[str, Any]:
        """What the question `lanes` is asked with. A place says nothing without regions."""
        chosen = {name: self.values[name] for name in _IN_ADDRESS}
        if "region" not in self.columns:
            chosen["place"] = None
        return {**chosen, "columns": self.columns}

    def query(self, **changes: Any) -> dict[str, Any]:
        """Return the parameters of the address, only those that differ from what is usual."""
        found: dict[str, Any] = {}
        usual = {one.name: one.default for one in PARAMETERS}
        for name, value in {**self.values, **changes}.items():
            if value in (None, (), [], "") or value == usual.get(name):
                continue
            if value == ",".join(_usual_columns()) and name == "cols":
                continue
            several = isinstance(value, tuple | list)
            parts = value if several else (value,)
            texts = [
                str(one).lower() if isinstance(one, bool) else short(str(one)) for one in parts
            ]
            found[name] = texts if several else texts[0]
        return found

    def address(self, endpoint: str = "explore", **changes: Any) -> str:
        """Return an address of the same state but for changes; None takes something away."""
        return url_for(endpoint, **self.query(**changes))


def read_state(given: Parameters) -> State:
    """Return the state that an address has. Raises InvalidParameter and what a name may raise."""
    kept = {name: values for name, values in given.items() if name not in ASIDE}
    values = read_arguments(PARAMETERS, kept, resolver(lambda: served().search))
    columns = tuple(values["cols"].split(",")) if values["cols"] else _usual_columns()
    if wrong := [name for name in columns if name not in COLUMNS]:
        raise InvalidParameter("cols", f"{wrong[0]!r} is none of {', '.join(COLUMNS)}")
    if len(columns) < 2 or len(set(columns)) < len(columns):
        raise InvalidParameter("cols", "are two or more, each another one")
    if len(values["open"]) > MOST_OPEN:
        raise InvalidParameter("open", f"has {len(values['open'])} things; {MOST_OPEN} is the most")
    return State({**values, "cols": ",".join(columns)}, columns, dict(map(_pin, values["pin"])))


def short(iri: str) -> str:
    """Return an IRI of ours as `kind/slug`, which parameters take; other text as it is."""
    return iri.removeprefix(f"{served().base}id/")


def _usual_columns() -> tuple[str, ...]:
    return tuple(next(one.default for one in LANES.parameters if one.name == "columns"))


def _pin(text: str) -> tuple[str, tuple[int, int]]:
    found = _PIN.fullmatch(text)
    if found is None:
        raise InvalidParameter("pin", f"{text!r} is no place of a thing, as agent/novartis@120,80")
    return f"{served().base}id/{found[1]}", (int(found[2]), int(found[3]))
