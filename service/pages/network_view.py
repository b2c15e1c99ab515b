"""The network around a thing, as a part that any page may have.

A view calls `network_of` and gives what it returns to the macro `network_view` of
`explore_macros.html`; the page has the style `network.css` and the script `network.js`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from graph.landscape import Asking
from service.explore.around import MOST, USUAL, Addresses, Around, around
from service.explore.model import Network
from service.explore.network_svg import Drawn, drawn
from service.explore.state import State
from service.resources.addresses import here_or_there


@dataclass(frozen=True, slots=True)
class NetworkView:
    """What the macro `network_view` shows: a drawing, the same as rows, and where its data are."""

    title: str
    network: Network
    drawn: Drawn
    state: State

    @property
    def svg(self) -> Markup:
        """The drawing, to stand in a page."""
        return Markup(self.drawn.markup)  # noqa: S704 - every text in it is escaped

    @property
    def source(self) -> str:
        """Where the scripts have the data from."""
        return self.state.address("explore_json", view="network")

    @property
    def kinds(self) -> Sequence[tuple[str, str, int]]:
        """Kinds of ties with words and numbers, to be left out or drawn again."""
        return self.network.kinds

    @property
    def reports(self) -> int:
        """How many reports are behind its ties."""
        return len({one.report.iri for tie in self.network.ties for one in tie.evidence})

    @property
    def sections(self) -> int:
        """How many of their sections are."""
        every = (one for tie in self.network.ties for one in tie.evidence)
        return len({(one.report.iri, at) for one in every for at in one.sections})

    def document(self) -> dict[str, Any]:
        """Return it as node-link JSON with places, as the scripts read it."""
        return {
            "directed": True,
            "multigraph": True,
            "graph": {
                "focus": self.network.focus,
                "nodes_left_out": self.network.left_out,
                "size": self.drawn.size,
                "kinds": [
                    {"key": key, "words": words, "count": count} for key, words, count in self.kinds
                ],
            },
            "nodes": [
                {
                    "id": box.placed.node.iri,
                    "label": box.placed.node.label,
                    "kind": box.placed.node.kind,
                    "what": box.placed.node.what,
                    "page": box.placed.node.page,
                    "x": box.at[0],
                    "y": box.at[1],
                    "width": box.size[0],
                    "height": box.size[1],
                    "more": box.placed.more,
                    "hub": box.placed.hub,
                    "unfolds": bool(box.placed.unfold),
                    "pinned": box.placed.pinned is not None,
                }
                for box in self.drawn.boxes
            ],
            "edges": [
                {
                    "source": tie.start.iri,
                    "target": tie.end.iri,
                    "key": tie.key,
                    "words": tie.words,
                    "stated": tie.stated,
                    "why": tie.why,
                    "evidence": tie.evidence,
                }
                for tie in self.network.ties
            ],
        }

    def exchanged(self) -> Mapping[str, Any]:
        """Return it as the writers of `graph.network.exchange` take it."""
        document = self.document()
        keep = ("id", "label", "kind", "what", "x", "y")
        return {
            "graph": {"nodes_left_out": self.network.left_out},
            "nodes": [{name: node[name] for name in keep} for node in document["nodes"]],
            "edges": [
                {
                    **{name: edge[name] for name in ("source", "target", "key", "words")},
                    "tie": "stated" if edge["stated"] else "implied",
                    "why": edge["why"] or None,
                }
                for edge in document["edges"]
            ],
        }


def network_of(asking: Asking, state: State) -> NetworkView:
    """Return the network around what is in focus.

    Raises NotAnswerable where there is no network, InvalidParameter, and the errors of graph.query.
    """
    values = state.values
    wanted = Around(
        state.focus,
        hops=values["hops"],
        unfolded=tuple(values["open"]),
        without=tuple(values["without"]),
        facts=values["facts"],
        most=MOST if values["all"] else USUAL,
        pins=state.pins,
    )
    return network_view(around(asking, wanted, addresses(state)), state)


def network_view(found: Network, state: State) -> NetworkView:
    """Return a network with its drawing."""
    name = next((one.node.label for one in found.nodes if one.node.iri == found.focus), "")
    title = f"What is around {name}" if name else "The selection as a network"
    return NetworkView(title, found, drawn(found, title), state)


def addresses(state: State) -> Addresses:
    """Return where the things of a network lead; another focus begins anew around that."""

    def focus(iri: str) -> str:
        return state.address(view="network", focus=iri, open=None, pin=None)

    def unfold(iri: str) -> str:
        opened = dict.fromkeys((*state.values["open"], iri))
        return state.address(view="network", open=tuple(opened))

    return Addresses(focus, unfold, page_of)


def page_of(iri: str) -> str:
    """Return where a thing is told of; empty where that is nowhere."""
    return here_or_there(iri) or ""
