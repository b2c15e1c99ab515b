"""All that is asked of a worker, behind the wall: `python -m tests.graph.template.behind`.

Prints a JSON object: how many things were done, what came out of how many, and how those ended
that the wall ended.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Literal, NoReturn

from pyoxigraph import Store

from graph.query import MEDIA_TYPES, EmbeddedEngine, Formats, QueryError, Request
from graph.template.limits import (
    be_first_to_go,
    cause_of_death,
    close_other_files,
    die_with_parent,
    leave_no_core,
    limit_memory,
)
from graph.template.wall import raise_wall
from graph.template.warm import warm_up
from graph.update import Body, Change, GraphWrite, Ownership, Update, evaluate_change
from ontology.vocabulary import NAMESPACE, prefixes
from tests.graph.query.samples import BASE, JSON, TURTLE, merged, quads
from tests.graph.query.test_fuzz import SEEDS
from tests.graph.query.test_remote import DISGUISED, ESCAPED, GLUED, INNOCENT, LOADS, PLAIN

Thing = tuple[str, Callable[[], object]]

W3C = Path(__file__).parents[4] / "shared" / "w3c" / "sparql"
DATA = quads(
    {
        "g1": [(f"s{n}", "p", f"o{n % 7}") for n in range(200)],
        "g2": [("s", "p", "o"), ("o", "p", "s"), ("s1", "p", "o1")],
    }
)
FUNCTIONS = """
    STR(?s) LANG("a"@en) LANGMATCHES("en-GB","en") DATATYPE(1) BOUND(?s) IRI("x") BNODE()
    BNODE("a") RAND() ABS(-1) CEIL(1.5) FLOOR(1.5) ROUND(1.5) CONCAT("a","b") STRLEN("é")
    UCASE("é") LCASE("É") ENCODE_FOR_URI("é/") CONTAINS("ab","b") STRSTARTS("ab","a")
    STRENDS("ab","b") STRBEFORE("ab","b") STRAFTER("ab","a") YEAR(NOW()) MONTH(NOW())
    DAY(NOW()) HOURS(NOW()) MINUTES(NOW()) SECONDS(NOW()) TIMEZONE(NOW()) TZ(NOW()) NOW()
    UUID() STRUUID() MD5("a") SHA1("a") SHA256("a") SHA384("a") SHA512("a") COALESCE(?x,1)
    IF(true,1,2) STRLANG("a","en") STRDT("a",xsd:string) SAMETERM(1,1) ISIRI(?s) ISBLANK(?s)
    ISLITERAL(?s) ISNUMERIC(1) REGEX("aé","^\\\\p{L}+$","i") REPLACE("abc","(b)","[$1]")
    SUBSTR("abc",2) xsd:integer("1") xsd:dateTime("2020-01-01T00:00:00") xsd:decimal("1.5")
    xsd:boolean("1") xsd:double("1e3") (1/0) (1/3) ("a"<1)
    (NOW()-"2020-01-01T00:00:00Z"^^xsd:dateTime) COUNT(*) COUNT(DISTINCT*) SUM(?n) MIN(?s)
    MAX(?s) AVG(?n) SAMPLE(?s) GROUP_CONCAT(?s;SEPARATOR=",") EXISTS{?s(ex:p/ex:q*)?o}
    TRIPLE(?s,?p,?o) <https://example.org/f>(1)
"""
QUERIES = [
    "SELECT DISTINCT ?a ?c { ?a ?b ?c . ?d ?b ?c } ORDER BY DESC(?a) ?c",
    "SELECT ?c (COUNT(*) AS ?n) (GROUP_CONCAT(?a) AS ?all) { ?a ?b ?c } GROUP BY ?c ORDER BY ?n",
    "SELECT * { ?s (ex:p|^ex:p)+ ?o }",
    "SELECT * FROM ex:g1 FROM ex:g2 FROM NAMED ex:g1 { ?s ?p ?o }",
    "SELECT * FROM ex:g1 FROM ex:nowhere FROM <no> { ?s ?p ?o }",
    "SELECT * { ?s kg:activIn ?o ; kg:activeIn ?p }",
    "SELECT * {" + "{" * 400 + "?s ?p ?o" + "}" * 400 + "}",
    "SELECT * {" + "{" * 600 + "?s ?p ?o" + "}" * 600 + "}",
    "SELECT * { ?s ?p 1" + "+1" * 400 + " }",
    "SELECT * { ?s ?p",
    "SELECT * { ?s ?p ?o } LIMIT x",
    "SELECT ?x { ?s ?p ?o } GROUP BY ?s",
    "SELCT * { ?s unknown:p ?o }",
    "SELECT * { ?s unknown:p ?o }",
    "INSERT DATA { ex:a ex:b ex:c }",
    "\ud800",
    "",
    "CONSTRUCT { ?s ?p [ ex:list ( ?o 'a\x01' ) ] } { ?s ?p ?o } LIMIT 5",
]
METHODS: tuple[Literal["PUT", "POST"], ...] = ("PUT", "POST")
CHANGES: list[Change] = [
    Update("INSERT DATA { GRAPH ex:w { ex:a ex:b ex:c , [ ex:d 1 ] } }"),
    Update("DELETE DATA { GRAPH ex:w { ex:a ex:b ex:c } }"),
    Update("INSERT { GRAPH ex:w { ?s ex:now ?n } } WHERE { ?s ?p ?o BIND(NOW() AS ?n) }"),
    Update("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"),
    Update("WITH ex:w DELETE { ?s ?p ?o } INSERT { ?s ?p ?p } WHERE { ?s ?p ?o }"),
    Update("DELETE WHERE { GRAPH ex:g2 { ?s ?p ?o } }"),
    Update("COPY ex:g1 TO ex:w ; MOVE ex:g1 TO ex:v ; ADD ex:g2 TO ex:w ; CLEAR GRAPH ex:g2"),
    Update("DROP ALL"),
    Update("CREATE GRAPH ex:w ; DROP SILENT GRAPH ex:v"),
    Update("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", using_graphs=(BASE + "g1", BASE + "g2")),
    Update("INSERT { ?s"),
    Update("LOAD <http://127.0.0.1/> INTO GRAPH ex:w"),
    Update("INSERT { GRAPH ex:w { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"),
    GraphWrite("DELETE", BASE + "g1"),
    GraphWrite("DELETE", BASE + "nowhere"),
    GraphWrite("PUT", BASE + "w", (Body("text/turtle", b"<a> <b> [] ."), Body("text/csv", b""))),
    GraphWrite("PUT", None, (Body("text/turtle", b"<a:a> <a:b> 'c' ."),)),
]
DOCUMENTS = {
    "text/turtle": b"@prefix e: <http://e/> . e:a e:b (1 2.5 true 'x'@en) ; e:c [ e:d '''z''' ] .",
    "application/n-triples": b"<a:a> <a:b> _:c .",
    "application/n-quads": b"<a:a> <a:b> <a:c> .",
    "application/trig": b"<a:a> <a:b> <a:c> .",
    "application/ld+json": b'{"@context":{"b":"a:b"},"@id":"a:a","b":["c",{"@id":"x"}]}',
    "application/rdf+xml": b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    b' xmlns:e="http://e/"><r:Description r:about="x" e:p="v"/></r:RDF>',
}


def queries(engine: EmbeddedEngine) -> Iterator[Thing]:
    every = [*SEEDS, *INNOCENT, *PLAIN, *GLUED, *DISGUISED, *ESCAPED, *LOADS, *QUERIES]
    every += [f"SELECT ({call} AS ?x) {{ ?s ?p ?o }}" for call in FUNCTIONS.split()]
    if W3C.is_dir():
        every += [file.read_text() for file in sorted(W3C.rglob("*.rq"))]
    for query in every:
        yield query, partial(_ask, engine, query, JSON, TURTLE)
    forms = SEEDS[1:5], MEDIA_TYPES["bindings"], MEDIA_TYPES["graph"]
    for query, bindings, graph in product(*forms):
        yield f"{query} {bindings} {graph}", partial(_ask, engine, query, bindings, graph)
    yield "no format", partial(_ask, engine, SEEDS[1], None, None)
    names = (BASE + "g1", BASE + "g2", "relative", "http://nowhere.test/")
    dataset = Request(SEEDS[1], Formats(JSON, TURTLE), names, names)
    yield "dataset", partial(engine.evaluate, dataset)


def changes(store: Store) -> Iterator[Thing]:
    ownership = Ownership.of({}, strict=True)
    every = list(CHANGES)
    for (media_type, data), method in product(DOCUMENTS.items(), METHODS):
        every.append(GraphWrite(method, BASE + "w", (Body(media_type, data),), BASE))
        every.append(GraphWrite(method, BASE + "g1", (Body(media_type, data[:-5]),), BASE))
    if W3C.is_dir():
        every += [Update(file.read_text()) for file in sorted(W3C.rglob("*.ru"))]
    for change in every:
        for merged_ in (False, True):
            yield repr(change), partial(_change, store, change, ownership, merged=merged_)


def _ask(engine: EmbeddedEngine, query: str, bindings: str | None, graph: str | None) -> object:
    return engine.evaluate(Request(query, Formats(bindings, graph), base_iri=BASE))


def _change(store: Store, change: Change, ownership: Ownership, *, merged: bool) -> object:
    return evaluate_change(store, change, ownership, {"ex": BASE}, merged=merged)


def work(things: list[Thing], first: int, report: int, parent: int) -> NoReturn:
    """Do the things from the first on, behind the wall; a line is written before and after each."""
    die_with_parent(parent)
    close_other_files({report})
    be_first_to_go()
    limit_memory(512 * 1024 * 1024)
    leave_no_core()
    raise_wall()
    sys.stdin = sys.stdout = sys.stderr = None
    for number in range(first, len(things)):
        os.write(report, f"{number} began\n".encode())
        try:
            things[number][1]()
            kind = "answer"
        except QueryError as error:
            kind = type(error).__name__ if str(error) else "no-message"
        except BaseException as error:  # noqa: BLE001 - the test says that there are none
            kind = f"not-ours:{type(error).__name__}"
        os.write(report, f"{number} {kind}\n".encode())
    os._exit(0)


def main() -> None:
    store = merged(DATA)
    engine = EmbeddedEngine(store, {**prefixes(), "ex": BASE}, ours=(NAMESPACE, BASE))
    things = [*queries(engine), *changes(store)]
    warm_up()
    kinds: Counter[str] = Counter()
    deaths: dict[str, str] = {}
    following = 0
    while following < len(things):
        reading, writing = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            work(things, following, writing, parent)
        os.close(writing)
        with os.fdopen(reading) as lines:
            done = [line.split() for line in lines]
        _, status = os.waitpid(pid, 0)
        kinds.update(kind for _, kind in done if kind != "began")
        following = int(done[-1][0]) + 1
        if status:
            deaths[things[following - 1][0][:200]] = cause_of_death(status, b"")
    json.dump({"done": len(things), "kinds": kinds, "deaths": deaths}, sys.stdout)


if __name__ == "__main__":
    main()
