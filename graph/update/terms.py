"""What statements are made of here: RDF 1.1, no more."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from graph.problems import shown
from graph.query.tokens import Token
from graph.update.errors import InvalidBody

_ABOUT_STATEMENTS = "statements about statements (RDF 1.2) are not kept here"
_DIRECTION = "a base direction (RDF 1.2) is not kept here; give the language alone"


def check_quad(quad: Quad) -> None:
    """Raise InvalidBody if the quad has what RDF 1.1 does not have."""
    if isinstance(quad.object, Triple):
        raise InvalidBody(f"{_ABOUT_STATEMENTS}: {shown(str(quad.object))}")
    if isinstance(quad.object, Literal) and quad.object.direction is not None:
        raise InvalidBody(f"{_DIRECTION}: {shown(str(quad.object))}")
    if isinstance(quad.graph_name, BlankNode):
        raise InvalidBody("a blank node cannot be the name of a graph here; use an IRI")


def check_syntax(tokens: Iterable[Token]) -> None:
    """Raise InvalidBody at the first token that only what `check_quad` refuses can have."""
    for token in tokens:
        if token.text in ("<<", "{|", "~"):
            raise InvalidBody(_ABOUT_STATEMENTS, token.line, token.column)
        if token.kind == "language" and "--" in token.text:
            raise InvalidBody(_DIRECTION, token.line, token.column)


def graph_name(iri: str, what: str) -> NamedNode:
    """Return the name of a graph. Raises InvalidBody, saying `what` it is, for no absolute IRI."""
    try:
        return NamedNode(iri)
    except ValueError:
        raise InvalidBody(f"{what} is {shown(iri)}, which is not an absolute IRI") from None


def graph_of(quad: Quad) -> str | None:
    """Return the IRI of the graph that a quad is in; None for the default graph."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
