"""What is asked for, and what comes of it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from graph.delta import Delta


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL Update request.

    `using_graphs` and `using_named_graphs` are the IRIs of using-graph-uri and
    using-named-graph-uri (SPARQL 1.1 Protocol, 2.2.3); `base_iri` resolves relative IRIs.
    """

    text: str
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()
    base_iri: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A document with statements; `media_type` has no parameters."""

    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class GraphWrite:
    """A write of the SPARQL 1.1 Graph Store HTTP Protocol.

    `graph` is an IRI, or None for the default graph; `base_iri` resolves relative IRIs in bodies.
    """

    method: Literal["PUT", "POST", "DELETE"]
    graph: str | None
    bodies: tuple[Body, ...] = ()
    base_iri: str | None = None


Change: TypeAlias = Update | GraphWrite


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to a store.

    `existed` says for a GraphWrite whether the graph was there before (the default graph always
    is), and is None for an Update. `inserted` and `deleted` are numbers of quads.
    """

    delta: Delta
    existed: bool | None
    inserted: int
    deleted: int
