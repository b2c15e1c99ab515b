"""What the service is, in RDF: SPARQL 1.1 Service Description, with the sizes that VoID has."""

import hashlib
from collections.abc import Iterator, Sequence

from flask import Response, make_response, render_template, request, url_for
from pyoxigraph import Literal, NamedNode, Triple, serialize

from graph.catalogue.files import statistics_of
from graph.catalogue.void import Address, Counted, void
from graph.query import MEDIA_TYPES
from graph.query.formats import GRAPHS
from ontology.namespaces import DCT, RDF
from ontology.vocabulary import NAMESPACE, expand, prefixes
from service.bodies import read_query_string
from service.evaluation import here
from service.negotiation import FORMATS, Choice
from service.querypage import keep_parameters
from service.served import Served, served
from service.sparql import choices_for, content_type

_SD = "http://www.w3.org/ns/sparql-service-description#"
_TURTLE = "text/turtle"
#: What the W3C calls the formats that we read and write (https://www.w3.org/ns/formats/).
_FORMATS = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
    "application/n-quads": "N-Quads",
    "application/trig": "TriG",
}


def description() -> Response:
    """The description: a page for people, RDF for programs, Turtle where they accept none."""
    choices, _ = choices_for(request, keep_parameters(read_query_string(request)))
    choice = choices["graph"]
    if choice is None or choice.format is not None:
        return description_response(choice)
    here().storable = True
    text = describe_service(served(), endpoint(), _TURTLE).decode()
    return make_response(render_template("description.html", text=text, formats=FORMATS))


def description_response(choice: Choice | None) -> Response:
    """Return the description in RDF."""
    here().storable = True
    written = choice.format.media_type if choice and choice.format else _TURTLE
    declared = choice.media_type if choice and choice.format else _TURTLE
    body = describe_service(served(), endpoint(), written)
    return Response(body, content_type=content_type(declared))


def endpoint() -> str:
    """The address of the endpoint, as the client called it."""
    return url_for("sparql", _external=True)


def describe_service(served: Served, endpoint: str, media_type: str) -> bytes:
    """Return the description of the endpoint in a media type of graphs."""
    used = {name: prefixes()[name] for name in ("dcat", "dct", "void")} | {"sd": _SD}
    counted = Counted(served.release, statistics_of(served.release))
    told = set(void(counted, Address(endpoint.removesuffix("sparql"))))
    triples = (*_service(served, endpoint), *_dataset(served, endpoint), *sorted(told, key=str))
    body = serialize(triples, format=GRAPHS[media_type], prefixes=used)
    assert body is not None
    return body


def _service(served: Served, endpoint: str) -> Iterator[Triple]:
    service = NamedNode(f"{endpoint}#service")
    queried = (*MEDIA_TYPES["bindings"], *MEDIA_TYPES["graph"])
    written = MEDIA_TYPES["graph"] if served.writable else ()
    merged = not served.settings.strict
    yield Triple(service, RDF.type, _sd("Service"))
    yield Triple(service, RDF.type, NamedNode(expand("dcat:DataService")))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, NamedNode(expand("dcat:endpointURL")), NamedNode(endpoint))
    release = served.release.iris.release(served.release.id)
    yield Triple(service, NamedNode(expand("dcat:servesDataset")), release)
    languages = ("SPARQL11Query", "SPARQL11Update") if served.writable else ("SPARQL11Query",)
    yield from (Triple(service, _sd("supportedLanguage"), _sd(name)) for name in languages)
    features = ("EmptyGraphs", "UnionDefaultGraph") if merged else ("EmptyGraphs",)
    yield from (Triple(service, _sd("feature"), _sd(name)) for name in features)
    yield from (Triple(service, _sd("resultFormat"), name) for name in _named_formats(queried))
    yield from (Triple(service, _sd("inputFormat"), name) for name in _named_formats(written))
    simple = NamedNode("http://www.w3.org/ns/entailment/Simple")
    yield Triple(service, _sd("defaultEntailmentRegime"), simple)
    yield Triple(service, _sd("defaultDataset"), NamedNode(f"{endpoint}#dataset"))


def _dataset(served: Served, endpoint: str) -> Iterator[Triple]:
    dataset, default = NamedNode(f"{endpoint}#dataset"), NamedNode(f"{endpoint}#default-graph")
    yield Triple(dataset, RDF.type, _sd("Dataset"))
    yield Triple(dataset, RDF.type, _void("Dataset"))
    yield Triple(dataset, DCT.identifier, Literal(served.release.id))
    yield Triple(dataset, DCT.source, served.release.iris.release(served.release.id))
    yield Triple(dataset, _void("sparqlEndpoint"), NamedNode(endpoint))
    yield Triple(dataset, _void("vocabulary"), NamedNode(NAMESPACE))
    yield Triple(dataset, _void("uriSpace"), Literal(served.base))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield from _sized(default, int(served.counts["triples"]))
    for name, number in sorted(served.counts["graphs"].items()):
        # An address of its own for the entry, so that there is no blank node.
        mark = hashlib.sha256(name.encode()).hexdigest()[:16]
        entry, graph = NamedNode(f"{endpoint}#graph-{mark}"), NamedNode(name)
        yield Triple(dataset, _sd("namedGraph"), entry)
        yield Triple(entry, RDF.type, _sd("NamedGraph"))
        yield Triple(entry, _sd("name"), graph)
        yield Triple(entry, _sd("graph"), graph)
        yield from _sized(graph, number)


def _sized(graph: NamedNode, number: int) -> Iterator[Triple]:
    yield Triple(graph, RDF.type, _sd("Graph"))
    yield Triple(graph, RDF.type, _void("Dataset"))
    yield Triple(graph, _void("triples"), Literal(number))


def _named_formats(media_types: Sequence[str]) -> Iterator[NamedNode]:
    for media_type in media_types:
        yield NamedNode(f"http://www.w3.org/ns/formats/{_FORMATS[media_type]}")


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _void(name: str) -> NamedNode:
    return NamedNode(expand(f"void:{name}"))
