import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from graph.query import QueryError, QuerySyntaxError, RemoteAccessRefused
from graph.query.checks import admit
from tests.graph.query.samples import PREFIXES, ask, quads

E = "<http://127.0.0.1:9/>"
P = f"PREFIX e: {E} PREFIX : {E} PREFIX h: <http://h:80> "

# All of these but the last group are read as SERVICE by the engine.
PLAIN = [
    f"SELECT * {{ SERVICE {E} {{ ?s ?p ?o }} }}",
    f"select * {{ service {E} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SeRvIcE SILENT {E} {{}} }}",
    f"SELECT * {{\n\n  SERVICE\n{E}\n{{}} }}",
    f"SELECT * {{ SERVICE # a comment\n {E} {{}} }}",
    "SELECT * { VALUES ?x { <http://a/> } SERVICE ?x {} }",
    "SELECT * { SERVICE $x {} }",
    P + "SELECT * { SERVICE e:x {} }",
    f"ASK {{ FILTER EXISTS {{ SERVICE {E} {{}} }} }}",
    f"ASK {{ FILTER NOT EXISTS {{ SERVICE {E} {{}} }} }}",
    f"ASK {{ {{ SELECT * {{ SERVICE {E} {{}} }} }} }}",
    f"ASK {{ OPTIONAL {{ SERVICE {E} {{}} }} }}",
    f"ASK {{ {{}} UNION {{ SERVICE {E} {{}} }} }}",
    f"ASK {{ MINUS {{ SERVICE {E} {{}} }} }}",
    f"ASK {{ GRAPH ?g {{ SERVICE {E} {{}} }} }}",
    f"ASK {{ LATERAL {{ SERVICE {E} {{}} }} }}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {E} {{ ?s ?p ?o }} }}",
    f"DESCRIBE ?s {{ SERVICE {E} {{ ?s ?p ?o }} }}",
    f"SELECT (EXISTS {{ SERVICE {E} {{}} }} AS ?x) {{}}",
]
# The engine needs no space after a keyword, a number, `true`, a name …
GLUED = [
    f"SELECT*{{SERVICE{E}{{}}}}",
    f"SELECT*{{SERVICESILENT{E}{{}}}}",
    "SELECT*{SERVICE?x{}}",
    "SELECT*{SERVICESILENT$x{}}",
    P + "SELECT*{SERVICEe:x{}}",
    P + "SELECT*{SERVICE:x{}}",
    P + "SELECT*{SERVICESILENTe:x{}}",
    P + "PREFIX SERVICEe: <a:> SELECT*{SERVICEe:x{}}",
    P + f"SELECT*{{?s ?p ?o.SERVICE{E}{{}}}}",
    f"SELECT*{{?s ?p 1SERVICE{E}{{}}}}",
    f"SELECT*{{?s ?p 1.SERVICE{E}{{}}}}",
    f"SELECT*{{?s ?p 1e5SERVICE{E}{{}}}}",
    f"SELECT*{{?s ?p trueSERVICE{E}{{}}}}",
    f"SELECT*{{?s ?p false.SERVICE{E}{{}}}}",
    P + "SELECT*{?s ?p true.SERVICE:x{}}",
    f"SELECT*{{?s ?p 'a'SERVICE{E}{{}}}}",
    f"SELECT*{{?s ?p <a:b>SERVICE{E}{{}}}}",
    # It ends a name at its second dot, and takes `h:` for the name where h:SERVICE is no IRI.
    f"SELECT*{{?s ?p ex:a.b.SERVICE{E}{{}}}}",
    f"SELECT*{{?s ?p ex:a.b.SERVICE SILENT {E}{{}}}}",
    P + "SELECT*{?s ?p ex:a.b.SERVICEe:x{}}",
    P + f"SELECT*{{?s ?p h:SERVICE{E}{{}}}}",
    P + "SELECT*{?s ?p h:SERVICEe:x{}}",
    P + "SELECT*{?s ?p h:SERVICE?x{}}",
]
# What looks like an IRI or a string is none where an operator is expected.
DISGUISED = [
    f"SELECT*{{FILTER(?a<1)SERVICE#>\n{E}{{}}}}",
    f"SELECT*{{FILTER(?a<'>')SERVICE{E}{{}}#')\n}}",
    f"SELECT*{{FILTER<a:f>(?a<'>')SERVICE{E}{{}}#')\n}}",
    f"SELECT*{{FILTER ex:f(?a<'>')SERVICE{E}{{}}#')\n}}",
    f"SELECT*{{BIND(STR(?a<'>')AS ?b)SERVICE{E}{{}}#')\n}}",
    f"SELECT*{{SELECT*{{SERVICE{E}{{}}}}ORDER BY(?a<'>')#'\n}}",
    f"SELECT*{{?s ?p(1 <b:#>).SERVICE{E}{{}}\n}}",
    f"SELECT*{{?s a(1 <b:'>).SERVICE{E}{{}}}}#'",
    f"SELECT*{{VALUES(?a ?b){{(1 <b:#>)}}SERVICE{E}{{}}\n}}",
    f"SELECT*{{?s ?p <<(?a <b:b><b:#>)>>.SERVICE{E}{{}}\n}}",
    f"SELECT*{{ #\rSERVICE {E} {{}}\n}}",
    f"SELECT*{{ '#' ?p ?o . SERVICE {E} {{}}\n}}",
    f'SELECT*{{ """#""" ?p ?o . SERVICE {E} {{}}\n}}',
    f"SELECT*{{ <b:#> ?p ?o . SERVICE {E} {{}}\n}}",
    f"SELECT*{{ ex:\\# ?p ?o . SERVICE {E} {{}}\n}}",
]
# The engine reads no escapes outside of strings and IRIs; others do, as SPARQL 1.1 says.
ESCAPED = [
    f"SELECT * {{ S\\u0045RVICE {E} {{}} }}",
    f"SELECT * {{ \\U00000053ERVICE {E} {{}} }}",
    f"SELECT * {{ \\u0053\\u0045\\u0052\\u0056\\u0049\\u0043\\u0045 {E} {{}} }}",
    f"SELECT * {{ # \\u000A SERVICE {E} {{}}\n }}",
    f"SELECT * {{ ?s ?p '\\u0027 . SERVICE {E} {{}} #' }}",
]
LOADS = [
    "LOAD <http://127.0.0.1:9/>",
    "load silent <http://127.0.0.1:9/> into graph <a:b>",
    "LOADSILENT <http://127.0.0.1:9/>",
    "L\\u004fAD <http://127.0.0.1:9/>",
    "CLEAR ALL ; LOAD <http://127.0.0.1:9/>",
    f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {E} {{ ?s ?p ?o }} }}",
]
INNOCENT = [
    "SELECT * { ?s ex:service ?o }",
    "SELECT * { ex:service a ex:Service . ex:SERVICE ?p ex:service }",
    "SELECT * { ?s a ex:service ; ex:service ex:service , ex:service }",
    "PREFIX service: <a:> SELECT * { service:a service:service service: . }",
    "PREFIX SERVICE: <a:> SELECT * FROM SERVICE:g { GRAPH SERVICE:g { ?s ?p ?o } }",
    "SELECT * FROM ex:service FROM NAMED ex:service { ?s ?p ?o }",
    "SELECT * { GRAPH ex:service { ?s ?p ?o } }",
    "SELECT * { ?s ?p ex:service . { ?a ?b ?c } }",
    "SELECT * { ?s ?p ex:service OPTIONAL { ?a ?b ?c } }",
    "SELECT * { ?s ex:web-service ?o ; ex:serviceOf ?x . FILTER(?o = ex:service) }",
    "SELECT ?service $SERVICE { ?service ?p $SERVICE }",
    "SELECT ?SERVICE { ?SERVICE ?p ?o } ORDER BY ?SERVICE",
    "SELECT * { _:service ?p _:SERVICE.1 }",
    "SELECT * { <SERVICE> <a#SERVICE> <http://SERVICE/SERVICE(x)> }",
    f"SELECT * {{ ?s ?p 'SERVICE {E} {{}}' }}",
    f'SELECT * {{ ?s ?p "SERVICE {E} {{}}"@en }}',
    f'SELECT * {{ ?s ?p """\nSERVICE {E} {{}}\n""" }}',
    f"SELECT * {{ ?s ?p '''it's SERVICE {E} {{}}''' }}",
    r"SELECT * { ?s ?p 'it\'s SERVICE <x> {}' }",
    "SELECT * { ?s ?p 'x'^^ex:service , 'x'@SERVICE }",
    f"SELECT * {{ # SERVICE {E} {{}}\n ?s ?p ?o }}",
    f"SELECT * {{ ?s ?p ?o }} # SERVICE {E} {{}}",
    "SELECT * { ?s ?p 'S\\u0045RVICE' }",
    "SELECT * { ?s ?p <S\\u0045RVICE> }",
    "SELECT * { ?s ?p ?o FILTER(?o<'SERVICE'&&?o>'SERVICE') }",
    "SELECT * { ?s ?p ('LOAD' <LOAD> ex:LOAD ?LOAD) }",
    "SELECT * { ?s ex:payload ex:load . ex:load ?p 'LOAD <x>' }",
    "SELECT * { ?s ex:filter (1 ex:service) }",
    "SELECT * { VALUES (?a ?b) { (1 <SERVICE#it's>) } }",
    "SELECT * { ?s ex:a.b.SERVICE ?o }",
]


@pytest.mark.parametrize("query", PLAIN + GLUED + DISGUISED + ESCAPED + LOADS)
def test_what_would_reach_out_is_refused(query: str) -> None:
    with pytest.raises(RemoteAccessRefused):
        admit(query, PREFIXES)


@pytest.mark.parametrize(
    "query",
    [
        # A string that the engine takes for three: it finds a SERVICE that is not there.
        f'SELECT*{{?s ?p ( """ " ) . SERVICE {E} {{}} # \\q """\n}}',
        f'SELECT*{{?s ?p ( """ " ) . SERVICE {E} {{}} # \\uD800 """\n}}',
        # The same with names: in `h:FILTER(` it may find a FILTER.
        P + f"SELECT*{{?s ?p h:FILTER(?a<'>')SERVICE{E}{{}}#')\n}}",
        P + f"SELECT*{{?s ?p h:BIND(?a<'>'AS ?b)SERVICE{E}{{}}#')\n}}",
        f"SELECT*{{?s ?p ex:a.b.FILTER(?a<'>')SERVICE{E}{{}}#')\n}}",
    ],
)
def test_what_could_hide_a_keyword_is_not_read_at_all(query: str) -> None:
    with pytest.raises(QueryError):
        admit(query, PREFIXES)


@pytest.mark.parametrize("query", INNOCENT)
def test_the_word_by_itself_is_innocent(query: str) -> None:
    admit(query, PREFIXES)
    ask(query, base="http://base/")


def test_the_error_names_the_place_and_the_remedy() -> None:
    with pytest.raises(RemoteAccessRefused, match=r"line 3, column 3.*VALUES") as caught:
        admit(f"SELECT * {{\n  ?s ?p 'é🧬' .\n  SERVICE {E} {{}} }}", PREFIXES)
    assert (caught.value.line, caught.value.column) == (3, 3)


def test_places_are_those_of_the_text_as_written() -> None:
    with pytest.raises(RemoteAccessRefused) as caught:
        admit(f"SELECT * {{ ?\\u0061 ?p 'a\\u0062' .\n ?a ?b \\u0053ERVICE {E} {{}} }}", PREFIXES)
    assert (caught.value.line, caught.value.column) == (2, 8)


@contextmanager
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on which each connection is noted and closed."""
    connections: list[object] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def accept() -> None:
            while True:
                try:
                    connection, peer = server.accept()
                except OSError:
                    return
                connections.append(peer)
                connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], connections
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_nothing_reaches_the_network() -> None:
    data = quads({"g": [("s", "p", "o")]})
    with listener() as (port, connections):
        for query in PLAIN + GLUED + DISGUISED + ESCAPED + LOADS:
            with pytest.raises(RemoteAccessRefused):
                ask(query.replace("127.0.0.1:9", f"127.0.0.1:{port}"), data)
        remote = f"http://127.0.0.1:{port}/x"
        ask(f"SELECT * FROM <{remote}> {{ ?s ?p ?o }}", data)
        ask(f"SELECT * FROM NAMED <{remote}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", data)
        ask("SELECT * { ?s ?p ?o }", data, default_graphs=[remote], named_graphs=[remote])
        with closing(socket.create_connection(("127.0.0.1", port))) as own:
            assert own.recv(1) == b""
    assert len(connections) == 1, "only the test's own connection"


def test_a_keyword_that_is_two_is_refused_as_no_word() -> None:
    with pytest.raises(QuerySyntaxError, match="FROMNAMED is no word of SPARQL"):
        admit("SELECT * FROMNAMED <a:b> {}", PREFIXES)
