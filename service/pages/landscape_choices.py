"""What a reader chose on the landscape: from the address to the question, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from graph.landscape import Parameter, Thing
from graph.landscape.activity import definitions
from graph.landscape.ties import ACTIVE, FILTERS, LEVEL
from service.served import served

SHOW = Parameter(
    *("show", "Show", "Which ties count."),
    kind="choice",
    choices=ACTIVE.choices,
    default="stated-tie",
)
ROWS = Parameter(
    *("rows", "Rows", LEVEL.doc), kind="choice", choices=LEVEL.choices, default="organisation"
)
#: Places that are columns, and what they are for the question.
COLUMNS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "named": ("Places as the reports name them", {"columns": "named"}),
    "m49": ("Regions of UN M49", {"columns": "regions", "grouping": "m49"}),
    "reports": ("Each report's own regions", {"columns": "regions", "grouping": "report"}),
}
COLS = Parameter(
    *("cols", "Columns", "Which places are columns."),
    kind="choice",
    choices=tuple(COLUMNS),
    default="named",
)
SORT = Parameter(
    *("sort", "Order", "Of the rows: those with most places first, or by name."),
    kind="choice",
    choices=("total", "name"),
    default="total",
)
PLAYER = Parameter("player", "Company", "Evidence of this one only.", "entity", of=("agent",))
AT = Parameter("at", "Place", "Evidence in this column only.", "entity", of=("place",))
PARAMETERS = (SHOW, ROWS, COLS, *FILTERS, SORT)
EVIDENCE_PARAMETERS = (SHOW, ROWS, COLS, *FILTERS, PLAYER, AT)

_TITLES = {
    "therapy": "Therapy type",
    "indication": "Indication",
    "about": "Filters concern",
    "role": "Organisation type",
    "until": "Dated events up to",
    "report": "Report",
    "editions": "Editions",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen: the values of parameters, and which editions are asked."""

    values: Mapping[str, Any]
    editions: str = "current"

    @property
    def arguments(self) -> dict[str, Any]:
        """What the question `matrix` is asked with."""
        chosen = {one.name: self.values[one.name] for one in FILTERS}
        chosen["active"] = (self.values["show"],)
        chosen["level"] = self.values["rows"]
        chosen.update(COLUMNS[self.values["cols"]][1])
        if self.values.get("player"):
            chosen["player"] = self.values["player"]
        return chosen

    @property
    def state(self) -> dict[str, Any]:
        """What stands in addresses: all that is not as it is unless chosen."""
        state: dict[str, Any] = {}
        for one in (*PARAMETERS, PLAYER, AT):
            value = self.values.get(one.name)
            if value in (None, (), one.default):
                continue
            entities = value if isinstance(value, tuple) else (value,)
            state[one.name] = (
                [short_name(each) for each in entities] if one.kind == "entity" else value
            )
        if self.editions != "current":
            state["editions"] = self.editions
        return state

    def address(self, endpoint: str, **changes: Any) -> str:
        """Return an address with the same choices, but for changes; None takes one away."""
        return url_for(endpoint, **{**self.state, **changes})

    def filters(self, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Return what was chosen besides rows and columns, in words; `names` are by IRI."""
        chosen = [("Show", title_of(self.values["show"]))]
        for name, title in _TITLES.items():
            value = self.editions if name == "editions" else self.values[name]
            if name == "about" and not (self.values["therapy"] or self.values["indication"]):
                continue
            if value in (None, (), "current", "evidence"):
                continue
            entities = value if isinstance(value, tuple) else (value,)
            chosen.append((title, ", ".join(names.get(one, one) for one in entities)))
        return tuple(chosen)


def short_name(iri: str) -> str:
    """Return an IRI of ours as `kind/slug`, which parameters take; another as it is."""
    return iri.removeprefix(served().base).removeprefix("id/")


def options(things: Sequence[Thing], everything: str) -> list[tuple[str, str]]:
    """Return pairs of value and text for a field; the first stands for no choice."""
    return [("", everything), *((short_name(one.iri), one.label) for one in things)]


def title_of(definition: str) -> str:
    """Return what a meaning of "active" is called."""
    return next(title for name, title in definition_options() if name == definition)


def definition_options() -> list[tuple[str, str]]:
    """Return pairs of value and text for what counts, any stated tie first."""
    found = [(one.name, one.title) for one in definitions()]
    return sorted(found, key=lambda pair: pair[0] != "stated-tie")
