import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterable
from xml.etree import ElementTree as ET

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from graph.query import MEDIA_TYPES, NotAcceptable, NotExpressible
from tests.examples import examples
from tests.graph.query.samples import BASE, N_TRIPLES, PREFIXES, TURTLE, XML, ask, node, quads

RDF_XML, JSON_LD = "application/rdf+xml", "application/ld+json"
N_QUADS, TRIG = "application/n-quads", "application/trig"
RDFLIB = {
    TURTLE: "turtle",
    N_TRIPLES: "nt",
    JSON_LD: "json-ld",
    RDF_XML: "xml",
    N_QUADS: "nquads",
    TRIG: "trig",
}
ENGINE = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    JSON_LD: RdfFormat.JSON_LD,
    RDF_XML: RdfFormat.RDF_XML,
    N_QUADS: RdfFormat.N_QUADS,
    TRIG: RdfFormat.TRIG,
}
ALL = "CONSTRUCT WHERE { ?s ?p ?o }"
XSD = PREFIXES["xsd"]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

TEXTS = ["", "a", ' "\\\n\r\t\u0085\u2028é🧬', "<b>&amp;]]></b>", "# . ; @en", "_:x> _:y .", "'''"]
VALUES: list[Literal | NamedNode | BlankNode] = [
    *map(Literal, TEXTS),
    *(Literal(text, language="en-gb") for text in TEXTS),
    Literal("24.5", datatype=NamedNode(XSD + "decimal")),
    Literal("-7", datatype=NamedNode(XSD + "integer")),
    Literal("1.5E3", datatype=NamedNode(XSD + "double")),
    Literal("NaN", datatype=NamedNode(XSD + "double")),
    Literal("true", datatype=NamedNode(XSD + "boolean")),
    Literal("2024", datatype=NamedNode(XSD + "gYear")),
    Literal("2025-08-05", datatype=NamedNode(XSD + "date")),
    Literal("not a number", datatype=NamedNode(BASE + "type#own")),
    node("o"),
    node("a/b(c)?d=e&f#g.h-i"),
    node("%C3%A9'~*+,;=:@!$"),
    NamedNode("urn:x:y"),
    NamedNode(RDF + "nil"),
    BlankNode("one"),
    BlankNode("two"),
]
PREDICATES = [node("p"), node("q.r-s_1"), node("é"), NamedNode(RDF + "type"), NamedNode("urn:x:p")]
HARD = [node(""), node("1"), node("x#"), NamedNode("urn:1"), NamedNode(RDF + "li"), node("a/2")]
SUBJECTS = [node("s"), node("1.2"), NamedNode(BASE), BlankNode("one"), NamedNode("urn:x:s")]

triples = st.builds(
    Triple, st.sampled_from(SUBJECTS), st.sampled_from(PREDICATES), st.sampled_from(VALUES)
)
graphs = st.lists(triples, max_size=8, unique_by=str)


def put(found: Iterable[Triple]) -> list[Quad]:
    return [Quad(t.subject, t.predicate, t.object, node("g")) for t in found]


def read(body: bytes, media_type: str) -> rdflib.Graph:
    """What rdflib reads, all of it in one graph."""
    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if media_type in (N_QUADS, TRIG):
            dataset = rdflib.Dataset(default_union=True)
            dataset.parse(data=body, format=RDFLIB[media_type])
            for subject, predicate, object_, _ in dataset.quads():
                graph.add((subject, predicate, object_))
        else:
            graph.parse(data=body, format=RDFLIB[media_type])
    return graph


@pytest.mark.parametrize("media_type", RDFLIB)
@settings(max_examples=examples(40))
@given(graph=graphs)
def test_every_format_holds_the_same_graph(media_type: str, graph: list[Triple]) -> None:
    plain = ask(ALL, put(graph)).body
    written = ask(ALL, put(graph), graph=media_type)
    assert written.media_type == media_type
    assert isomorphic(read(written.body, media_type), read(plain, N_TRIPLES))


@given(graph=graphs)
def test_lines_are_sorted_and_each_is_there_once(graph: list[Triple]) -> None:
    body = ask("CONSTRUCT { ?s ?p ?o . ?s ?p ?o } WHERE { ?s ?p ?o . ?a ?b ?c }", put(graph)).body
    lines = body.splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == len(graph)


def test_results_of_several_rows_that_make_one_triple_are_one() -> None:
    data = quads({"g": [("a", "p", "x"), ("b", "p", "x"), ("c", "q", "x")]})
    for media_type in MEDIA_TYPES["graph"]:
        body = ask("CONSTRUCT { ex:one ex:is ?o } WHERE { ?s ?p ?o }", data, graph=media_type).body
        assert len(list(parse(body, format=ENGINE[media_type]))) == 1


def test_an_empty_graph_can_be_written_in_every_format() -> None:
    for media_type in MEDIA_TYPES["graph"]:
        assert len(read(ask(ALL, graph=media_type).body, media_type)) == 0


def test_turtle_has_the_prefixes_that_it_uses_and_no_others() -> None:
    data = quads({"g": [("s", "p", "o")]})
    body = ask(ALL, data, graph=TURTLE).body.decode()
    assert body == f"@prefix ex: <{BASE}> .\nex:s ex:p ex:o .\n"
    declared = ask(
        f"PREFIX : <s/> BASE <{BASE}> PREFIX o: <o> {ALL}", data, graph=TURTLE, base=BASE
    )
    assert "@prefix o: <https://example.org/o> ." in declared.body.decode()
    assert "@prefix :" not in declared.body.decode()
    anew = ask(f"PREFIX ex: <{BASE}s> {ALL}", data, graph=TURTLE).body.decode()
    assert f"@prefix ex: <{BASE}s> .\nex: <{BASE}p> <{BASE}o> ." in anew


@pytest.mark.parametrize("name", ["xml", "XMLfoo", "xmlns", "rdf", "its", "oxprefix", "a.b-c", ""])
def test_prefixes_of_a_query_do_not_break_rdf_xml(name: str) -> None:
    data = quads({"g": [("s", "p", "o")]})
    body = ask(f"PREFIX {name}: <{BASE}> {ALL}", data, graph=RDF_XML).body
    [triple] = parse(body, format=RdfFormat.RDF_XML)
    assert (triple.subject, triple.predicate, triple.object) == (node("s"), node("p"), node("o"))
    assert len(read(body, RDF_XML)) == 1


@pytest.mark.parametrize("predicate", HARD)
def test_rdf_xml_says_which_property_it_cannot_write(predicate: NamedNode) -> None:
    data = put(
        [Triple(node("s"), predicate, Literal("o")), Triple(node("s"), node("p"), node("o"))]
    )
    with pytest.raises(NotExpressible, match="RDF/XML cannot write") as caught:
        ask(ALL, data, graph=RDF_XML)
    assert isinstance(caught.value, NotAcceptable)
    assert caught.value.form == "graph"
    assert RDF_XML not in caught.value.offered
    for media_type in caught.value.offered:
        assert isomorphic(
            read(ask(ALL, data, graph=media_type).body, media_type),
            read(ask(ALL, data).body, N_TRIPLES),
        )


def test_rdf_xml_names_the_property() -> None:
    data = put([Triple(node("s"), node("1"), node("o"))])
    with pytest.raises(NotExpressible, match=r"<https://example\.org/1>.*text/turtle"):
        ask(ALL, data, graph=RDF_XML)


@settings(max_examples=examples(60))
@given(local=st.text("aé1.-_:/#%'(~·", max_size=6))
def test_rdf_xml_is_right_or_refused(local: str) -> None:
    try:
        predicate = node(local)
    except ValueError:
        return
    data = put([Triple(node("s"), predicate, node("o"))])
    try:
        body = ask(ALL, data, graph=RDF_XML).body
    except NotExpressible:
        return
    [triple] = parse(body, format=RdfFormat.RDF_XML)
    assert triple.predicate == predicate
    ET.fromstring(body)


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_xml_says_which_character_it_cannot_write(character: str) -> None:
    data = put([Triple(node("s"), node("p"), Literal(f"a{character}b"))])
    message = f"XML cannot write the character U\\+{ord(character):04X}"
    with pytest.raises(NotExpressible, match=message) as caught:
        ask(ALL, data, graph=RDF_XML)
    assert "application/rdf+xml" not in caught.value.offered
    with pytest.raises(NotExpressible, match=message) as caught:
        ask("SELECT * { ?s ?p ?o }", data, bindings=XML)
    assert (caught.value.form, XML in caught.value.offered) == ("bindings", False)
    for media_type in caught.value.offered:
        assert ask("SELECT * { ?s ?p ?o }", data, bindings=media_type).body


@given(text=st.text(max_size=20))
def test_any_text_is_written_or_refused_as_xml(text: str) -> None:
    data = put([Triple(node("s"), node("p"), Literal(text))])
    for query in (ALL, "SELECT ?o { ?s ?p ?o }"):
        try:
            root = ET.fromstring(ask(query, data, graph=RDF_XML, bindings=XML).body)
        except NotExpressible:
            assert any(c < " " or c > "\ud7ff" for c in text)
            continue
        assert text in ["".join(element.itertext()) for element in root.iter()]


@pytest.mark.parametrize("media_type", RDFLIB)
@pytest.mark.parametrize(
    "term", ["TRIPLE(ex:a, ex:b, ex:c)", "STRLANGDIR('a', 'en', 'ltr')", "TRIPLE(ex:a, ex:b, 'x')"]
)
def test_what_is_rdf_12_is_refused_in_a_graph(media_type: str, term: str) -> None:
    query = f"CONSTRUCT {{ ex:s ex:p ?o }} WHERE {{ BIND({term} AS ?o) }}"
    with pytest.raises(NotExpressible, match="ask for it with SELECT"):
        ask(query, graph=media_type)
    assert ask(f"SELECT ({term} AS ?o) {{}}").body


def test_text_that_looks_like_rdf_12_is_only_text() -> None:
    texts = ["<<( a b c )>>", " <<(", 'a"@en--ltr .', "--ltr .\n<a> <b> <<( c"]
    data = put([Triple(node("s"), node("p"), Literal(text)) for text in texts])
    assert len(list(parse(ask(ALL, data).body, format=RdfFormat.N_TRIPLES))) == len(texts)


def test_blank_nodes_of_a_template_are_kept_apart_and_get_plain_names() -> None:
    data = quads({"g": [("a", "p", "x"), ("b", "p", "y")]})
    body = ask("CONSTRUCT { ?s ex:has [ ex:is ?o ] } WHERE { ?s ?p ?o }", data).body
    lines = body.decode().splitlines()
    assert len(lines) == 4
    assert {line.split(" ")[0] for line in lines if line.startswith("_:")} == {"_:b0", "_:b1"}


JSON_BINDINGS = "application/sparql-results+json"
PROGRAM = """
import hashlib
from graph.query import MEDIA_TYPES
from tests.graph.query.samples import ask, quads
data = quads({"g": [(f"s{i % 9}", f"p{i % 4}", f"o{i}") for i in range(60)]})
data += quads({"h": [(f"s{i % 9}", f"p{i % 4}", f"o{i % 30}") for i in range(60)]})
for query in (
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "PREFIX s: <https://example.org/s> CONSTRUCT { ?s ?p [ ex:is ?o ; ex:was [ ex:is ?p ] ] }"
    " FROM ex:g FROM ex:h WHERE { ?s ?p ?o }",
    "DESCRIBE ?s WHERE { ?s ?p ?o }",
):
    for media_type in MEDIA_TYPES["graph"]:
        print(hashlib.sha256(ask(query, data, graph=media_type).body).hexdigest())
"""


def test_the_same_graph_gives_the_same_bytes_in_every_process() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == 3 * len(MEDIA_TYPES["graph"])


def test_json_is_json() -> None:
    data = [Quad(node("s"), node("p"), value, node("g")) for value in VALUES]
    json.loads(ask(ALL, data, graph=JSON_LD).body)
    json.loads(ask("SELECT * { ?s ?p ?o }", data, bindings=JSON_BINDINGS).body)
