"""Applications over the shipped statements, with names as they are and with hostile ones."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.query import EmbeddedEngine
from graph.release import DataDirectory
from graph.terms import DEFAULT_BASE
from ontology.namespaces import RDFS
from service.app import create_app
from tests.service.dataset import DETAILS

BROWSER = {"Accept": "text/html"}
HOSTILE = (
    "<script>alert(1)</script> & \"q\" 'q' \u202eevil\u202c \u05e9\u05dc\u05d5\u05dd \U0001f9ec"
)
LONG = "x" * 10_000
LABELS = {
    "id/market/global-cellular-immunotherapy-market": HOSTILE,
    "id/agent/towards-healthcare": HOSTILE,
    "source/reanin-cellular-immunotherapy": HOSTILE,
    "source/coherent-cellular-immunotherapy": HOSTILE,
    "id/agent/terumo-bct": HOSTILE,
    "id/place/brazil": HOSTILE,
    "id/agent/mordor-intelligence": LONG,
    "id/agent/intas-pharmaceuticals": LONG,
    "id/place/chile": LONG,
    "id/concept/product-cellular-immunotherapy": LONG,
}
"""Names of things in the release with hostile names, by the path of their IRI."""


def read(client: FlaskClient, address: str, **how: Any) -> Any:
    """Return what is at an address, as JSON has it."""
    return json.loads(client.get(address, **how).data)


def relabelled_client(folder: Path, store: Store) -> FlaskClient:
    """Return a client of a release of the shipped statements in which some names are hostile."""
    quads = (_relabelled(quad) for quad in store if quad.graph_name != DefaultGraph())
    DataDirectory(folder).publish(quads, DETAILS)
    release = DataDirectory(folder).current()
    assert release is not None
    return create_app(EmbeddedEngine.over(release), release).test_client()


def _relabelled(quad: Quad) -> Quad:
    node = quad.subject
    if quad.predicate == RDFS.label and isinstance(node, NamedNode):
        label = LABELS.get(node.value.removeprefix(DEFAULT_BASE))
        if label is not None:
            return Quad(node, quad.predicate, Literal(label, language="en"), quad.graph_name)
    return quad


class Page(HTMLParser):
    """The text of a page without its scripts, its links, its elements and the text of each row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append((dict(attrs).get("href") or "", ""))
            self._open.append(tag)
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._open:
            href, text = self.links[-1]
            self.links[-1] = (href, text + data)
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def row(self, first: str) -> list[str]:
        """Return the cells of the row that begins so."""
        cells = [[" ".join(cell.split()) for cell in row] for row in self.rows]
        return next(row for row in cells if row and row[0].startswith(first))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def leads(self, href: str, text: str) -> bool:
        """Whether a link with this text leads there."""
        return any(to == href and " ".join(told.split()) == text for to, told in self.links)

    @property
    def is_safe(self) -> bool:
        """Whether nothing in it runs or is styled by itself."""
        scripts = (str(one.get("src", "")) for one in self.all("script"))
        named = (name for _, of in self.tags for name in of)
        return all(one.startswith("/static/") for one in scripts) and not any(
            name == "style" or name.startswith("on") for name in named
        )


def page(client: FlaskClient, address: str, status: int = 200) -> Page:
    """Return the page at an address, as a browser gets it."""
    response = client.get(address, headers=BROWSER)
    assert response.status_code == status, response.text[:2000]
    return Page(response.text)
