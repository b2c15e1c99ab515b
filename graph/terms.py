"""All IRIs that Therascape mints, in one place.

The namespace of the vocabulary is constant; data IRIs follow a base that a deployment may set.
The kinds are a closed list and never change for a thing; classes live in rdf:type only.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from pyoxigraph import BlankNode, NamedNode

from graph.errors import GraphError

DEFAULT_BASE = "https://w3id.org/therascape/"
KINDS = frozenset(
    {
        *("agent", "therapy", "technology", "place", "market", "segment", "event", "claim"),
        *("concept", "scheme", "rule", "statement", "series"),
    }
)
#: Named graphs that are no source's own; no source may have one of these names.
SHARED_GRAPHS = frozenset(
    {
        *("reference", "quality", "derived", "audit", "ontology", "forecasts"),
        *("examples", "writes", "default", "history"),
    }
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BASE = re.compile(r"https?://[^/\s<>\"{}|\\^`?#]+/(?:[^\s<>\"{}|\\^`?#]*/)?")


class InvalidIri(GraphError, ValueError):
    """A base, kind or slug that no IRI can be made of; the message says which and why."""


def is_slug(text: str) -> bool:
    """Whether text is lower-case letters and digits in groups joined by single hyphens."""
    return len(text) <= 120 and _SLUG.fullmatch(text) is not None


def is_web_address(text: str) -> bool:
    """Whether text is an absolute http(s) IRI (RFC 3987)."""
    if not re.match(r"https?://[^/?#]", text):
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _slug(text: str) -> str:
    if not is_slug(text):
        raise InvalidIri(f"{text!r} is no slug: use a-z, 0-9 and single hyphens, at most 120")
    return text


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints the IRIs of one deployment; `base` ends with a slash. Raises InvalidIri."""

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not _BASE.fullmatch(self.base) or not is_web_address(self.base):
            raise InvalidIri(
                f"base IRI {self.base!r} must begin with http(s):// and a host, end with /, and"
                " have neither ? nor #"
            )
        # A reader may resolve dot segments (RFC 3986, 5.2.4), and would then see other IRIs.
        if {".", ".."} & set(self.base.split("/")):
            raise InvalidIri(f"base IRI {self.base!r} has . or .. between slashes: write it out")

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Every namespace that IRIs are minted in."""
        return tuple(f"{self.base}{part}/" for part in ("id", "source", "graph"))

    def thing(self, kind: str, slug: str) -> NamedNode:
        """`<base>id/<kind>/<slug>`."""
        if kind not in KINDS:
            raise InvalidIri(f"{kind!r} is no kind of IRI; the kinds are {sorted(KINDS)}")
        return NamedNode(f"{self.base}id/{kind}/{_slug(slug)}")

    def link(self, thing: NamedNode, relation: str, outside: str) -> NamedNode:
        """What is told of a link outward: a fragment of the thing, by a hash of what it says."""
        digest = hashlib.sha256(f"{relation} {outside}".encode()).hexdigest()[:16]
        return NamedNode(f"{thing.value.partition('#')[0]}#link-{digest}")

    def source(self, slug: str) -> NamedNode:
        """`<base>source/<slug>`."""
        return NamedNode(f"{self.base}source/{_slug(slug)}")

    def section(self, source: str, slug: str) -> NamedNode:
        """A section is a part of its source's document, so it is a fragment of it."""
        return NamedNode(f"{self.base}source/{_slug(source)}#{_slug(slug)}")

    def mention(self, claim: str, number: int) -> NamedNode:
        """The n-th mention of a claim, counted from 1."""
        return NamedNode(f"{self.base}id/claim/{_slug(claim)}#m{number}")

    def graph(self, name: str) -> NamedNode:
        """`<base>graph/<name>`."""
        return NamedNode(f"{self.base}graph/{_slug(name)}")

    def catalogue(self, part: str = "") -> NamedNode:
        """The catalogue, or a part of it: a fragment, since the catalogue tells what it is."""
        return NamedNode(f"{self.base}catalog" + (f"#{_slug(part)}" if part else ""))

    def release(self, id_: str) -> NamedNode:
        """A release, by its id: a part of the catalogue."""
        return self.catalogue(f"release-{id_}")

    def statistics(self, part: str = "") -> NamedNode:
        """The document with the counts of a release, at the well-known address, or a part of it."""
        return NamedNode(f"{self.base}.well-known/void" + (f"#{_slug(part)}" if part else ""))

    def partition(self, kind: str, iri: str) -> NamedNode:
        """The part of a release that a class, a property or a graph stands for, by its hash."""
        return self.statistics(f"{kind}-{hashlib.sha256(iri.encode()).hexdigest()[:16]}")

    def example(self, name: str = "") -> NamedNode:
        """An example of a query: a fragment of the graph of all, or without a name the graph."""
        graph = self.graph("examples").value
        return NamedNode(f"{graph}#{_slug(name)}" if name else graph)

    @staticmethod
    def inverse(node: NamedNode, property_: str, offset: int = 0) -> NamedNode:
        """A list of what points to a resource with a property, from `offset` on.

        `property_` is an IRI or a prefixed name. The list has an address of its own, as a query of
        the document of the resource, since it has pages.
        """
        document = node.value.partition("#")[0]
        asked = f"?inverse={quote(property_, safe=':/')}"
        return NamedNode(document + asked + (f"&offset={offset:d}" if offset else ""))

    @property
    def default_graph(self) -> NamedNode:
        """The named graph that holds the plain default graph where every graph has a name."""
        return self.graph("default")

    @property
    def writes_graph(self) -> NamedNode:
        """The named graph of who wrote what and when."""
        return self.graph("writes")

    def write(self, number: int) -> NamedNode:
        """The n-th write to this deployment, counted from 1."""
        return NamedNode(f"{self.writes_graph.value}#w{number}")

    def writer(self, name: str) -> NamedNode:
        """Whoever writes under this name, whatever its characters."""
        return NamedNode(f"{self.writes_graph.value}#by-{quote(name, safe='')}")

    @property
    def genid(self) -> str:
        """What every Skolem IRI of this deployment begins with (RDF 1.1 Concepts, 3.5)."""
        return f"{self.base}.well-known/genid/"

    def skolem(self, node: BlankNode | NamedNode) -> NamedNode:
        """The IRI that stands for a node where no blank node may be.

        For a blank node it is `<base>.well-known/genid/<label>`; any other stands for itself, but
        for one that looks like that already: it gets `=` before its rest. So every node has an IRI
        of its own, and `unskolem` leads back.
        """
        if isinstance(node, BlankNode):
            return NamedNode(self.genid + quote(node.value, safe=""))
        if node.value.startswith(self.genid):
            return NamedNode(f"{self.genid}={node.value.removeprefix(self.genid)}")
        return node

    def unskolem(self, iri: NamedNode) -> BlankNode | NamedNode:
        """The node that an IRI made by `skolem` stands for."""
        if not iri.value.startswith(self.genid):
            return iri
        rest = iri.value.removeprefix(self.genid)
        if rest.startswith("="):
            return NamedNode(self.genid + rest[1:])
        return BlankNode(unquote(rest))

    def statement(self, rule: str, parts: Iterable[str]) -> NamedNode:
        """A derived statement with its premises: named by what it is made of, whatever the base."""
        named = "\n".join(part.removeprefix(self.base) for part in parts)
        digest = hashlib.sha256(named.encode()).hexdigest()[:16]
        return self.thing("statement", f"{rule}-{digest}")
