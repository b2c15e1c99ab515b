"""Worked questions as data: SHACL executables (SHACL, 5.2, https://www.w3.org/TR/shacl/).

Each carries the prefixes that it uses in its text, so that it runs anywhere, and names the
declarations of all (`sh:prefixes`, SHACL 5.2.1).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Triple

from graph.errors import GraphError
from graph.terms import Iris
from ontology.namespaces import RDF, RDFS
from ontology.vocabulary import expand, prefixes

_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}
_CLASSES = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct"}
# Comments and prologue, then the form. A `#` in an IRI of the prologue begins no comment.
_FORM = re.compile(
    r"(?:\s+|#[^\r\n]*|BASE\s*<[^>]*>|PREFIX\s*[^\s:<]*:\s*<[^>]*>)*+(\w+)", re.IGNORECASE
)
_DECLARED = re.compile(r"\bPREFIX\s+([^\s:<]*):", re.IGNORECASE)


class NotExecutable(GraphError, ValueError):
    """A question whose query is of a form that SHACL has no executable for; names it."""


class Example(Protocol):
    """A question in words and as a query."""

    @property
    def id(self) -> str:
        """Its permanent name, a slug."""

    @property
    def title(self) -> str:
        """The question in words."""

    @property
    def kind(self) -> str:
        """What sort of question it is."""

    @property
    def query(self) -> str:
        """The query, which needs no prefixes beyond the predefined ones."""


def executables(examples: Iterable[Example], iris: Iris) -> Iterator[Triple]:
    """Return the examples as triples, with the prefixes. Raises NotExecutable."""
    declared = iris.example("prefixes")
    yield Triple(declared, RDF.type, _term("owl:Ontology"))
    yield Triple(declared, RDFS.label, Literal("Prefixes of the examples", language="en"))
    for prefix, namespace in prefixes().items():
        one = iris.example(f"prefix-{prefix}")
        yield Triple(declared, _term("sh:declare"), one)
        yield Triple(one, RDF.type, _term("sh:PrefixDeclaration"))
        yield Triple(one, _term("sh:prefix"), Literal(prefix))
        yield Triple(one, _term("sh:namespace"), Literal(namespace, datatype=_term("xsd:anyURI")))
    for example in examples:
        yield from _executable(example, iris, declared)


def with_prefixes(query: str, known: Mapping[str, str]) -> str:
    """Return the query with declarations of the known prefixes that it may use and does not have.

    A name that stands in a string or a comment only is declared too, which changes nothing.
    """
    own = set(_DECLARED.findall(query))
    used = [
        name
        for name in sorted(known)
        if name not in own and re.search(rf"(?<![\w.-]){re.escape(name)}:", query)
    ]
    return "".join(f"PREFIX {name}: <{known[name]}>\n" for name in used) + query


def _executable(example: Example, iris: Iris, declared: NamedNode) -> Iterator[Triple]:
    form = _form(example)
    node, text = iris.example(f"question-{example.id}"), with_prefixes(example.query, prefixes())
    yield Triple(node, RDF.type, _term("sh:SPARQLExecutable"))
    yield Triple(node, RDF.type, _term(f"sh:SPARQL{_CLASSES[form]}Executable"))
    yield Triple(node, RDFS.label, Literal(example.title, language="en"))
    comment = f"A question of the kind: {_plain(example.kind)}."
    yield Triple(node, RDFS.comment, Literal(comment, language="en"))
    yield Triple(node, _term("sh:prefixes"), declared)
    yield Triple(node, _term(f"sh:{_FORMS[form]}"), Literal(text))
    yield Triple(node, _term("schema:keywords"), Literal(_plain(example.kind), language="en"))


def _form(example: Example) -> str:
    found = _FORM.match(example.query)
    form = found[1].upper() if found else ""
    if form not in _FORMS:
        forms = ", ".join(_FORMS)
        raise NotExecutable(f"the question {example.id!r} is no {forms}: SHACL has no such query")
    return form


def _plain(kind: str) -> str:
    return kind.replace("-", " ")


def _term(name: str) -> NamedNode:
    return NamedNode(expand(name))
