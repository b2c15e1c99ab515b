"""Whether two answers say the same: rows as multisets, graphs as sets, literals normalised.

Normalised are what servers may write in several ways: numbers (by value, to twelve digits), the
type xsd:string, the case of language tags, and booleans.
"""

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from bench.peers.asking import Refused

Term: TypeAlias = tuple[str, ...]
Answer: TypeAlias = Counter[tuple[Term, ...]]
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {
    f"{_XSD}{name}"
    for name in (
        *("integer", "decimal", "double", "float", "int", "long", "short"),
        *("nonNegativeInteger", "positiveInteger", "unsignedInt"),
    )
}
_DIGITS = 12


def answer(body: bytes, *, graph: bool) -> Answer:
    """Read an answer: results in JSON, or a graph in N-Triples. Raises Refused."""
    try:
        return _graph(body) if graph else _rows(body)
    except (ValueError, KeyError, TypeError, SyntaxError) as error:
        raise Refused(f"it cannot be read: {type(error).__name__}: {error}"[:160]) from None


def difference(ours: Answer, theirs: Answer) -> str | None:
    """How an answer differs from ours, in words; None where it does not."""
    if ours == theirs:
        return None
    missing, foreign = ours - theirs, theirs - ours
    found = [
        f"{rows.total():,} {word}, such as {_shown(next(iter(rows)))}"
        for word, rows in (("missing", missing), ("more", foreign))
        if rows
    ]
    return "; ".join(found)


def _shown(row: tuple[Term, ...]) -> str:
    text = " ".join(" ".join(term) for term in row)
    return text if len(text) <= 120 else f"{text[:120]}…"


def _rows(body: bytes) -> Answer:
    found = json.loads(body)
    names = sorted(found["head"]["vars"])
    return Counter(
        tuple(_of_json(row[name]) if name in row else ("unbound",) for name in names)
        for row in found["results"]["bindings"]
    )


def _of_json(term: dict[str, Any]) -> Term:
    if term["type"] == "uri":
        return ("iri", term["value"])
    if term["type"] == "bnode":
        return ("blank",)
    return _literal(term["value"], term.get("datatype", ""), term.get("xml:lang", ""))


def _graph(body: bytes) -> Answer:
    # A graph is a set: servers may send a triple more than once.
    triples = {quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES, lenient=True)}
    return Counter(
        (_of_rdf(one.subject), _of_rdf(one.predicate), _of_rdf(one.object)) for one in triples
    )


def _of_rdf(term: NamedNode | BlankNode | Literal | Triple) -> Term:
    if isinstance(term, NamedNode):
        return ("iri", term.value)
    if isinstance(term, Literal):
        return _literal(term.value, term.datatype.value, term.language or "")
    return ("blank",)


def _literal(value: str, datatype: str, language: str) -> Term:
    if language:
        return ("text", value, language.lower())
    if datatype in _NUMBERS:
        try:
            return ("number", f"{Decimal(value).normalize():.{_DIGITS}g}")
        except InvalidOperation:
            return ("literal", value, datatype)
    if datatype == f"{_XSD}boolean":
        return ("boolean", "true" if value in ("true", "1") else "false")
    return ("text", value) if datatype in ("", f"{_XSD}string") else ("literal", value, datatype)
