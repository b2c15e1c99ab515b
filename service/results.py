"""Answers as rows of terms, for people: pages and terminal tables are made from these."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse
from pyoxigraph import Literal as RdfLiteral

from graph.query import Answer
from ontology.vocabulary import contract, expand

JSON_RESULTS = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"

_XSD = expand("xsd:string").removesuffix("string")
_NUMBERS = frozenset(_XSD + n for n in ("integer", "decimal", "double", "float", "gYear"))
_PLAIN = frozenset((_XSD + "string", expand("rdf:langString")))


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term. `datatype` is None for plain and language-tagged text."""

    kind: Literal["iri", "literal", "blank", "triple"]
    value: str
    datatype: str | None = None
    language: str | None = None

    @property
    def is_number(self) -> bool:
        """Whether it stands in columns of numbers."""
        return self.datatype in _NUMBERS


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows of an answer; `total` counts all of them. None stands for unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    total: int


def is_true(answer: Answer) -> bool:
    """Return the answer to an ASK query, as `application/sparql-results+json`."""
    return bool(json.loads(answer.body)["boolean"])


def read_rows(answer: Answer, most: int | None = None) -> Rows:
    """Return at most `most` rows of an answer: JSON results, or a graph as N-Triples."""
    return _graph(answer.body, most) if answer.form == "graph" else _bindings(answer.body, most)


def short(iri: str, base: str) -> str:
    """Return how a query may write the IRI: `prefix:name`, or `<…>`, relative to the base."""
    name = contract(iri)
    return f"<{iri.removeprefix(base)}>" if name.startswith("<") else name


def _bindings(body: bytes, most: int | None) -> Rows:
    document = json.loads(body)
    columns = tuple(document["head"]["vars"])
    solutions = document["results"]["bindings"]
    rows = (tuple(_json_term(row.get(name)) for name in columns) for row in solutions)
    return Rows(columns, tuple(islice(rows, most)), len(solutions))


def _json_term(term: Any) -> Term | None:
    if term is None:
        return None
    match term["type"]:
        case "uri":
            return Term("iri", term["value"])
        case "bnode":
            return Term("blank", term["value"])
        case "triple":
            return Term("triple", json.dumps(term["value"], ensure_ascii=False))
        case _:
            return _literal(term["value"], term.get("datatype"), term.get("xml:lang"))


def _literal(value: str, datatype: str | None, language: str | None) -> Term:
    return Term("literal", value, None if datatype in _PLAIN else datatype, language)


def _graph(body: bytes, most: int | None) -> Rows:
    triples = sorted(parse(body, format=RdfFormat.N_TRIPLES), key=str) if body else []
    rows = tuple(
        (_rdf_term(t.subject), _rdf_term(t.predicate), _rdf_term(t.object)) for t in triples[:most]
    )
    return Rows(("subject", "predicate", "object"), rows, len(triples))


def _rdf_term(term: NamedNode | BlankNode | RdfLiteral | Triple) -> Term:
    match term:
        case NamedNode():
            return Term("iri", term.value)
        case BlankNode():
            return Term("blank", term.value)
        case RdfLiteral():
            return _literal(term.value, term.datatype.value, term.language)
        case _:
            return Term("triple", str(term))


def number_columns(rows: Iterable[tuple[Term | None, ...]]) -> Iterator[bool]:
    """Tell for each column whether it holds numbers only, and at least one."""
    for column in zip(*rows, strict=True):
        bound = [term for term in column if term is not None]
        yield bool(bound) and all(term.is_number for term in bound)
