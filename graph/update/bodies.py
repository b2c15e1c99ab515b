"""Writes of the SPARQL 1.1 Graph Store HTTP Protocol: documents for one graph."""

from collections.abc import Iterator, Sequence

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from graph.update.change import Body, Effect, GraphWrite
from graph.update.changes import Changes
from graph.update.errors import GraphNotFound, InvalidBody, UnsupportedBodyType
from graph.update.terms import check_quad, graph_name

#: Those after the first four can hold several graphs, and are read if they hold none but the
#: default graph.
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def write_graph(changes: Changes, write: GraphWrite) -> Effect:
    """Carry the write out, which is all that is done to these changes.

    PUT replaces the graph, POST adds to it, DELETE takes it away; the default graph is always
    there, and DELETE empties it. A graph that is written to exists from then on, even without
    statements. Raises InvalidBody, UnsupportedBodyType, GraphNotFound, and for graphs that are not
    for writing CuratedGraph, DerivedGraph and DefaultGraphIsView.
    """
    name = DefaultGraph() if write.graph is None else graph_name(write.graph, "the graph")
    changes.require(write.graph)
    existed = write.graph is None or changes.has_graph(write.graph)
    if write.method == "DELETE":
        _delete(changes, write.graph, existed=existed)
        return changes.effect(existed)
    arriving = _read(write.bodies, name, write.base_iri)
    if write.method == "PUT" and existed:
        changes.delete(quad for quad in changes.quads(write.graph) if quad not in arriving)
    if write.graph is not None and not existed:
        changes.create(write.graph)
    changes.insert(arriving)
    return changes.effect(existed)


def _delete(changes: Changes, graph: str | None, *, existed: bool) -> None:
    if graph is None:
        changes.delete(changes.quads(None))
    elif existed:
        changes.drop(graph)
    else:
        raise GraphNotFound(graph)


def _read(bodies: Sequence[Body], name: NamedNode | DefaultGraph, base_iri: str | None) -> Store:
    """Return the statements of all bodies, in the graph; literals as the engine keeps them."""
    found = Store()
    for number, body in enumerate(bodies, 1):
        which = f"body {number} of {len(bodies)}" if len(bodies) > 1 else "the body"
        found.extend(_quads(body, name, base_iri, which))
    return found


def _quads(
    body: Body, name: NamedNode | DefaultGraph, base_iri: str | None, which: str
) -> Iterator[Quad]:
    format_ = FORMATS.get(body.media_type.lower())
    if format_ is None:
        raise UnsupportedBodyType(body.media_type, tuple(FORMATS))
    data = body.data.removeprefix(_BYTE_ORDER_MARK)
    try:
        # Blank nodes get new labels, so that two bodies never share one by accident.
        for quad in parse(data, format=format_, base_iri=base_iri, rename_blank_nodes=True):
            if not isinstance(quad.graph_name, DefaultGraph):
                raise InvalidBody(
                    f"{which} has a statement in the graph {quad.graph_name}, and the request names"
                    f" the graph that it is for; send statements without a graph"
                )
            check_quad(quad)
            yield Quad(quad.subject, quad.predicate, quad.object, name)
    except SyntaxError as error:
        raise _invalid(error, f"{which} is not {body.media_type}") from error
    except MemoryError as error:
        if "buffer" in str(error):  # the parser's own limit, however much memory there is
            reason = "a literal or a name of more than 16 MiB, which is not taken; shorten it"
            raise InvalidBody(f"{which} has {reason}") from None
        raise


def _invalid(error: SyntaxError, what: str) -> InvalidBody:
    reason = error.msg.partition(": ")[2] if error.lineno else error.msg
    if "LoadDocumentCallback" in reason:
        reason = "a remote @context is not fetched; put the context itself into the document"
    return InvalidBody(f"{what}: {reason}", error.lineno, error.offset)
