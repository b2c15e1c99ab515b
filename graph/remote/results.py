"""Results of a database, in the terms in which the embedded engine gives them."""

import json
from collections.abc import Sequence
from functools import lru_cache

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse_query_results,
)

from graph.query.formats import BINDINGS
from graph.query.results import write_bindings
from graph.remote.errors import RemoteError
from graph.remote.rows import Rows, Term

_XSD = "http://www.w3.org/2001/XMLSchema#"
_LITERALS = ("literal", "typed-literal")  # the second one is of a draft, and still met
_ANY = NamedNode("urn:therascape:any")


def normal(term: Term) -> Term:
    """A term of SPARQL JSON, with a literal of XML Schema written as the embedded engine does."""
    if term.get("type") not in _LITERALS or not term.get("datatype", "").startswith(_XSD):
        return term
    value, datatype = _normal(str(term["value"]), term["datatype"])
    return {"type": "literal", "value": value, "datatype": datatype}


@lru_cache(maxsize=100_000)
def _normal(value: str, datatype: str) -> tuple[str, str]:
    store = Store()
    try:
        store.add(Quad(_ANY, _ANY, Literal(value, datatype=NamedNode(datatype))))
    except ValueError as error:
        raise RemoteError(f"the database's answer has a term that there is not: {error}") from None
    kept = next(iter(store)).object
    assert isinstance(kept, Literal)
    return kept.value, kept.datatype.value


def bindings(rows: Rows, variables: Sequence[str], media_type: str) -> bytes:
    """The rows in a media type, with these variables. Raises RemoteError and NotExpressible."""
    written = _Written()
    keys = [(name, _text(name)) for name in variables]
    parts = [b'{"head":{"vars":%b},"results":{"bindings":[' % _text(list(variables))]
    for number, row in enumerate(rows.bindings):
        pairs = [b"%b:%b" % (key, written.term(row[name])) for name, key in keys if name in row]
        parts.append(b"%b{%b}" % (b"," if number else b"", b",".join(pairs)))
    parts.append(b"]}}")
    return _written(b"".join(parts), media_type)


class _Written:
    """The terms of one result as text: each is written once, however many rows have it."""

    def __init__(self) -> None:
        self._texts: dict[int, bytes] = {}
        self._nodes: dict[str, str] = {}

    def term(self, term: Term) -> bytes:
        """The text of a term, which is kept by who asks. Raises RemoteError."""
        text = self._texts.get(id(term))
        if text is None:
            text = self._texts[id(term)] = _text(_named(normal(term), self._nodes))
        return text


def boolean(value: bool, media_type: str) -> bytes:
    """The answer to an ASK in a media type."""
    return _written(_text({"head": {}, "boolean": value}), media_type)


def triples(text: bytes) -> bytes:
    """N-Triples as the embedded engine writes them, each once. Raises RemoteError."""
    store = Store()
    try:
        store.bulk_load(text, format=RdfFormat.N_TRIPLES, lenient=True)
    except SyntaxError as error:
        raise RemoteError(f"the database's answer is not N-Triples: {error}") from None
    return store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""


def triples_of_rows(rows: Rows) -> bytes:
    """N-Triples of the rows of a SELECT of ?s, ?p and ?o. Raises RemoteError."""
    document = bindings(rows, ("s", "p", "o"), "application/sparql-results+json")
    found = parse_query_results(document, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    try:
        return "".join(f"{Triple(*row)} .\n" for row in found).encode()
    except (TypeError, ValueError):
        raise RemoteError("the database's answer has a row that is no triple") from None


def _named(term: Term, nodes: dict[str, str]) -> Term:
    """Blank nodes get names that every format can hold."""
    if term.get("type") != "bnode":
        return term
    return {"type": "bnode", "value": nodes.setdefault(term["value"], f"b{len(nodes)}")}


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _written(text: bytes, media_type: str) -> bytes:
    try:
        results = parse_query_results(text, format=QueryResultsFormat.JSON)
        body = results.serialize(format=BINDINGS[media_type]) or b""
    except (SyntaxError, ValueError) as error:
        raise RemoteError(f"the database's answer has a term that there is not: {error}") from None
    return write_bindings(body, media_type)
