"""What the page Explore shows of a request: its state, the ties of the selection, and the views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from graph.landscape import Answer, Asking, LandscapeError, Thing
from graph.landscape.activity import definitions
from graph.landscape.lanes import LANES, choices, lanes
from graph.landscape.offered import offered as offered_by
from graph.network.edges import THINGS
from service.api.naming import resolver
from service.explore.around import words_of as tie_words
from service.explore.lanes_svg import lanes_svg
from service.explore.model import WORDS, Lanes, Line, Network, Node, Placed, Tie
from service.explore.selection import (
    Row,
    lanes_of,
    on_path,
    path_of,
    sections_of,
    words_of,
)
from service.explore.state import State, short
from service.pages.frame import Footnote
from service.pages.network_view import NetworkView, network_of, network_view, page_of
from service.served import served

MOST_ROWS = 500
_COLUMNS = (
    ("company", "therapy", "region"),
    ("company", "region"),
    ("company", "therapy-type", "region"),
    ("company", "therapy", "indication"),
    ("company", "indication"),
    ("therapy-type", "indication"),
    ("therapy-type", "region"),
)
_TIES = (("any", "stated or implied"), ("stated", "stated only"))


@dataclass(frozen=True, slots=True)
class Selection:
    """The ties that a request selects, and what may be selected besides."""

    state: State
    answer: Answer
    offered: Mapping[str, Sequence[Thing]]
    network: NetworkView | None = None

    @property
    def rows(self) -> Sequence[Row]:
        """Every tie of the selection, whatever is in focus."""
        return self.answer.rows

    @property
    def path(self) -> frozenset[str]:
        """What is on the way through the focus; empty where that is in no column."""
        return path_of(self.state.columns, self.rows, self.state.focus)

    @property
    def shown(self) -> list[Row]:
        """The ties of the table: those on the path in focus, where there is one."""
        return on_path(self.rows, self.path)

    @property
    def focused(self) -> Thing | None:
        """What is in focus, with its name."""
        ends = (end for row in self.rows for end in (row["start"], row["end"]))
        found = next((end for end in ends if end.iri == self.state.focus), None)
        if found is None and self.network is not None:
            nodes = (one.node for one in self.network.network.nodes)
            node = next((node for node in nodes if node.iri == self.state.focus), None)
            return Thing(node.iri, node.label) if node else None
        return found

    @property
    def focus_text(self) -> str:
        """What a reader writes for the focus: its name, unless others are called so, too."""
        found = self.focused
        try:
            same = found and resolver(lambda: served().search)("focus", found.label, THINGS)
        except LandscapeError:
            same = None
        return found.label if found and same == found.iri else short(self.state.focus)

    @property
    def lanes(self) -> Lanes:
        """The selection as lanes."""
        return lanes_of(
            self.state.columns,
            self.rows,
            self._node,
            self._line,
            focus=self.state.focus,
            whole=self.state.values["all"],
        )

    def svg(self, found: Lanes) -> Markup:
        """Return the drawing of lanes."""
        more = self.state.address(all=True) if not self.state.values["all"] else self._table
        return Markup(lanes_svg(found, self.title, more))  # noqa: S704 - all text is escaped

    @property
    def title(self) -> str:
        """What the selection is, in words."""
        several = [WORDS[name][1] for name in self.state.columns]
        return f"{', '.join(several).capitalize()}: what stands together"

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """What was chosen, in words."""
        values = self.state.arguments
        if self.network is not None and self.state.focus:
            return self._of_network()
        chosen = [("Columns", columns_title(self.state.columns))]
        for name, title in (("therapy", "Therapy type"), ("place", "Place")):
            if values[name]:
                chosen.append((title, self._name(name, values[name])))
        chosen.append(("Ties", dict(_TIES)[values["tie"]]))
        if active := [one.title for one in definitions() if one.name in values["active"]]:
            chosen += [("Active means", ", ".join(active))] if active != ["Any tie"] else []
        for iri in values["report"]:
            chosen.append(("Report", self._name("report", iri)))
        if self.focused is not None:
            chosen.append(("Focus", self.focused.label))
        return tuple(chosen)

    def _of_network(self) -> tuple[tuple[str, str], ...]:
        values = self.state.values
        name = self.focused.label if self.focused else short(self.state.focus)
        chosen = [("Around", name), ("Steps", str(values["hops"]))]
        if values["without"]:
            chosen.append(("Left out", ", ".join(map(tie_words, values["without"]))))
        return tuple(chosen)

    @property
    def footnote(self) -> Footnote:
        """What the page rests on."""
        if self.network is not None and self.state.focus:
            return Footnote(self.network.reports, self.network.sections, self.filters)
        reports = {one.iri for row in self.rows for one in row["reports"]}
        return Footnote(len(reports), sections_of(self.rows), self.filters)

    def fields(self) -> dict[str, list[tuple[str, str]]]:
        """Return the options of every field, as pairs of value and text."""
        columns = [self.state.columns] if self.state.columns not in _COLUMNS else []
        return {
            "cols": [(",".join(one), columns_title(one)) for one in (*columns, *_COLUMNS)],
            "tie": [(name, text.capitalize()) for name, text in _TIES],
            "active": [(one.name, one.title) for one in definitions() if one.name != "stated-tie"],
            **{
                name: [("", every), *((short(one.iri), one.label) for one in self.offered[name])]
                for name, every in (
                    ("therapy", "All therapy types"),
                    ("place", "All places"),
                    ("report", "All reports"),
                )
            },
        }

    def _name(self, parameter: str, iri: str) -> str:
        return next((one.label for one in self.offered[parameter] if one.iri == iri), short(iri))

    @property
    def _table(self) -> str:
        return self.state.address(view="table")

    def _node(self, thing: Thing, kind: str) -> Node:
        href = self.state.address(view="lanes", focus=thing.iri)
        return Node(thing.iri, thing.label, kind, href, page_of(thing.iri), WORDS[kind][0])

    def _line(self, number: int, row: Row) -> Line:
        href = f"{self.state.address(view='table', focus=None)}#tie-{number + 1}"
        return Line(row["start"].iri, row["end"].iri, row["tie"] == "stated", words_of(row), href)


def selection_of(asking: Asking, state: State) -> Selection:
    """Return what a state selects. Raises InvalidParameter and the errors of graph.query."""
    usual = {one.name: one.default for one in LANES.parameters}
    answer = lanes(asking, {**usual, **state.arguments})
    offered = {**choices(asking), "report": _reports(asking, state)}
    if state.view != "network":
        return Selection(state, answer, offered)
    if state.focus:
        return Selection(state, answer, offered, network_of(asking, state))
    found = Selection(state, answer, offered)
    return Selection(state, answer, offered, network_view(_as_network(found), state))


def _reports(asking: Asking, state: State) -> list[Thing]:
    """The reports that tell ties, and those that are chosen: of others nothing would be left."""
    told = {one.iri for one in offered_by(asking)["report"]} | set(state.arguments["report"])
    every = [
        Thing(f"{asking.base}source/{source['slug']}", str(source["short_title"]), "source")
        for source in (*served().reports, *served().figure_pages)
    ]
    return [one for one in every if one.iri in told]


def columns_title(columns: Sequence[str]) -> str:
    """Return columns in words, such as Company → therapy → region."""
    return " → ".join(WORDS[name][0] for name in columns).capitalize()


def _as_network(found: Selection) -> Network:
    """The things and ties that lanes show, without columns."""
    shown = found.lanes
    nodes = {
        node.iri: Node(
            node.iri,
            node.label,
            node.kind,
            found.state.address(view="network", focus=node.iri),
            node.page,
            node.what,
        )
        for lane in shown.lanes
        for node in lane.nodes
    }
    ties = [
        Tie(
            nodes[row["start"].iri],
            f"({', '.join(dict.fromkeys(one.kind for one in row['evidence']))})",
            nodes[row["end"].iri],
            "",
            row["evidence"],
            _why(row),
        )
        for row in found.rows
        if row["start"].iri in nodes and row["end"].iri in nodes
    ]
    left_out = sum(lane.left_out for lane in shown.lanes)
    return Network([Placed(node) for node in nodes.values()], ties, "", left_out)


def _why(row: Mapping[str, Any]) -> str:
    statement = next((one.statement for one in row["evidence"] if one.statement), "")
    return page_of(statement) if statement else ""
