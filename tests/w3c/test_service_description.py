"""The SPARQL 1.1 Service Description: that it is there, names its endpoint, and uses its words."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from tests.w3c.client import Client
from tests.w3c.expected import judge
from tests.w3c.manifests import RDF, Description, Entry, Term, entries, needs_suites

pytestmark = needs_suites

MANIFESTS = ("sparql11/service-description/manifest.ttl",)
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMAT = "http://www.w3.org/ns/formats/"
VOCABULARY = tomllib.loads(Path(__file__).with_name("service_description.toml").read_text("utf-8"))
CLASSES, INDIVIDUALS = VOCABULARY["classes"], VOCABULARY["individuals"]
PROPERTIES = VOCABULARY["properties"]
FORMATS = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "text/turtle": RdfFormat.TURTLE,
}


def cases() -> list[Entry]:
    return [entry for entry in entries(*MANIFESTS) if entry.kind == "ServiceDescriptionTest"]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_service_description(client: Client, case: Entry) -> None:
    check = {
        "returns-rdf": returns_rdf,
        "has-endpoint-triple": has_endpoint_triple,
        "conforms-to-schema": conforms_to_schema,
    }[case.id.rpartition("/")[2]]
    judge(case.id, check(client))


def returns_rdf(client: Client) -> str | None:
    for accept in ("*/*", *FORMATS):
        answer = client.send("GET", client.target.sparql, {"Accept": accept})
        wanted = FORMATS if accept == "*/*" else (accept,)
        if answer.status != 200 or answer.media_type not in wanted:
            return f"expected RDF for {accept}, got {answer}"
        form = FORMATS[answer.media_type]
        if not list(parse(answer.body, format=form, base_iri=client.target.endpoint)):
            return f"there are no statements in {answer}"
    return None


def has_endpoint_triple(client: Client) -> str | None:
    endpoints = [t.object for t in description(client) if t.predicate.value == SD + "endpoint"]
    return None if endpoints == [NamedNode(client.target.endpoint)] else f"it has {endpoints}"


def conforms_to_schema(client: Client) -> str | None:
    return "\n".join(violations(description(client))) or None


def description(client: Client) -> list[Triple]:
    answer = client.send("GET", client.target.sparql, {"Accept": "text/turtle"})
    if answer.status != 200 or answer.media_type != "text/turtle":
        return []
    quads = parse(answer.body, format=RdfFormat.TURTLE, base_iri=client.target.endpoint)
    return [quad.triple for quad in quads]


def violations(triples: list[Triple]) -> Iterator[str]:
    """Yield what contradicts the vocabulary; a node without a type may be of any."""
    facts = Description(triples)
    if NamedNode(SD + "Service") not in [t.object for t in triples]:
        yield "it describes no service"
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if (name := own(term)) and name not in CLASSES | INDIVIDUALS | PROPERTIES:
                yield f"the vocabulary has no term {name}"
        if rule := PROPERTIES.get(own(triple.predicate)):
            if not fits(facts, triple.subject, rule["domain"]):
                yield f"the subject is no {rule['domain']}: {triple}"
            if not fits(facts, triple.object, rule["range"]):
                yield f"the object is no {rule['range']}: {triple}"
    for name, rule in PROPERTIES.items():
        same = Counter(t.object for t in set(triples) if own(t.predicate) == name)
        if rule.get("identifies") and max(same.values(), default=0) > 1:
            yield f"two services have the same {name}"


def fits(facts: Description, node: Term, kind: str) -> bool:
    if isinstance(node, Literal):
        return False
    if kind == "IRI":
        return isinstance(node, NamedNode)
    types = [t for term in facts.all(node, RDF + "type") if (t := own(term)) in CLASSES]
    if (known := own(node)) in INDIVIDUALS:
        types.append(INDIVIDUALS[known])
    if kind == "Format":
        named = isinstance(node, NamedNode) and node.value.startswith(FORMAT)
        return named or NamedNode(FORMAT + "Format") in facts.all(node, RDF + "type")
    return not types or any(kind in (t, CLASSES[t]) for t in types)


def own(term: Term) -> str:
    """Return the name within the vocabulary; empty for terms that are not of it."""
    iri = term.value if isinstance(term, NamedNode) else ""
    return iri.removeprefix(SD) if iri.startswith(SD) else ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[] sd:endpoint <e> .", "it describes no service"),
        ("[] a sd:Service ; sd:endpoints <e> .", "the vocabulary has no term endpoints"),
        ('[] a sd:Service ; sd:endpoint "e" .', "the object is no IRI"),
        ("[] a sd:Service ; sd:feature sd:SPARQL11Query .", None),
        ("[] a sd:Service ; sd:supportedLanguage sd:EmptyGraphs .", "the object is no Language"),
        ("[] a sd:Service ; sd:namedGraph [] .", "the subject is no GraphCollection"),
        ("[] a sd:Service ; sd:defaultDataset [ a sd:Dataset ; sd:namedGraph [] ] .", None),
        ("[] a sd:Service ; sd:resultFormat <f> .", "the object is no Format"),
        ("<a> a sd:Service ; sd:endpoint <e> . <b> sd:endpoint <e> .", "have the same endpoint"),
    ],
)
def test_what_contradicts_the_vocabulary(text: str, told: str | None) -> None:
    data = f"@prefix sd: <{SD}> . @base <http://example.org/> . {text}"
    triples = [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)]
    found = "\n".join(violations(triples)) or None
    assert found is None if told is None else told in (found or "")
