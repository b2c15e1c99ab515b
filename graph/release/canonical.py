"""The canonical form of a set of statements, and the id that follows from it."""

import hashlib
import re
from collections.abc import Iterable
from typing import NoReturn

from pyoxigraph import BlankNode, DefaultGraph, Literal, Quad, RdfFormat, Store, Triple, parse

from graph.release.errors import StatementRefused

_IRI = r"<[^<>]*>"
# What the engine writes for an RDF 1.1 statement without blank nodes in a named graph. Checking
# its text is ten times faster than looking at every term of every quad.
_ACCEPTED = re.compile(
    rf"{_IRI} {_IRI} "
    rf'(?:{_IRI}|"[^"\\]*(?:\\.[^"\\]*)*"(?:@[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*|\^\^{_IRI})?)'
    rf" {_IRI} \."
)
_LONGEST_SHOWN = 500


def content_id(quads: Iterable[Quad]) -> tuple[str, list[str]]:
    """Return the id of a set of quads and its sorted N-Quads lines, without line ends.

    The id is the SHA-256, in hexadecimal, of the UTF-8 bytes of the lines, each followed by a line
    feed: of the bytes of `data.nq`, that is. It depends on the set alone: neither on order nor on
    repetition. Literals are written as the engine stores them (`24.00` as `24`, `xsd:int` as
    `xsd:integer`, `@en-GB` as `@en-gb`); doing so twice changes nothing. Lines are in order of
    code points, which for UTF-8 is the order of bytes.

    Raises StatementRefused for blank nodes, the default graph, triple terms and base direction.
    """
    # Not splitlines(): literals may hold U+0085 or U+2028 as they are.
    lines = sorted(_through_the_engine(quads).split("\n")[:-1])
    refused = [line for line in lines if not _ACCEPTED.fullmatch(line)]
    if refused:
        _refuse(refused)
    return hashlib.sha256(nquads(lines)).hexdigest(), lines


def refuse_unfit(text: bytes) -> None:
    """Refuse N-Quads that no release could hold, blank nodes and the default graph apart.

    Those get names of their own there (graph.release.skolem). Raises StatementRefused, also for
    what is no N-Quads.
    """
    try:
        for quad in parse(text, format=RdfFormat.N_QUADS):
            if (
                isinstance(quad.object, Triple)
                or isinstance(quad.graph_name, BlankNode)
                or (isinstance(quad.object, Literal) and quad.object.direction is not None)
            ):
                raise StatementRefused(f"a release cannot hold the statement {quad}")
    except SyntaxError as error:
        raise StatementRefused(f"a release cannot hold what cannot be read: {error}") from None


def nquads(lines: Iterable[str]) -> bytes:
    """Return the bytes of `data.nq`: each line followed by a line feed; nothing for no lines."""
    return "".join(f"{line}\n" for line in lines).encode()


def _through_the_engine(quads: Iterable[Quad]) -> str:
    store = Store()
    store.bulk_extend(quads)
    return str(store)  # N-Quads; as fast as `dump`, without a detour through bytes


def _refuse(lines: list[str]) -> NoReturn:
    line = lines[0]
    shown = line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"
    more = f" ({len(lines) - 1} more like this or refused for another reason)" if lines[1:] else ""
    quad = next(iter(parse(line.encode(), format=RdfFormat.N_QUADS)))
    raise StatementRefused(f"a release cannot hold the statement {shown}: {_reason(quad)}{more}")


def _reason(quad: Quad) -> str:
    if any(isinstance(term, BlankNode) for term in quad):
        return "it has a blank node; give the thing an IRI of its own (graph.terms)"
    if any(isinstance(term, Triple) for term in quad):
        return "it has a triple term; releases are RDF 1.1, so describe the statement by a node"
    if isinstance(quad.object, Literal) and quad.object.direction is not None:
        return "its text has a base direction; releases are RDF 1.1, so leave the direction out"
    if isinstance(quad.graph_name, DefaultGraph):
        return "it is in no named graph; name the graph of its source"
    return "it is not an RDF 1.1 statement in a named graph"
