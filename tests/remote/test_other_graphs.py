"""What else a database holds is none of the data: no query reads it, however it is named."""

from collections.abc import Iterator

import pytest

from graph.query import Formats, QueryError, Request
from graph.remote import Layout, RemoteClient
from tests.remote.loaded import client_over
from tests.remote.servers import Running
from tests.service.dataset import publish

FOREIGN = "http://hr.example/salaries"
SECRET = b"1,000,000"
FORMATS = Formats("application/sparql-results+json", "application/n-triples")


@pytest.fixture(scope="module")
def client(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteClient]:
    made = client_over(running, publish(tmp_path_factory.mktemp("data")))
    made.asking.database.write_graph(FOREIGN, b'<urn:boss> <urn:salary> "%b" .\n' % SECRET)
    yield made
    made.close()


@pytest.mark.parametrize(
    "graph",
    [FOREIGN, Layout().state, "file:///etc/passwd", "http://www.openlinksw.com/schemas/virtrdf#"],
)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <%s> { ?s ?p ?o }",
        "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROM NAMED <%s> { GRAPH <%s> { ?s ?p ?o } }",
        "SELECT * { GRAPH <%s> { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
    ],
)
def test_a_graph_that_is_none_of_the_release(client: RemoteClient, query: str, graph: str) -> None:
    try:
        answer = client.evaluate(Request(query.replace("%s", graph), FORMATS))
    except QueryError as error:
        assert "are not sent to the database" in str(error)  # noqa: PT017
        return
    assert b'"value"' not in answer.body
    assert b"<urn:" not in answer.body
    if "FROM" in query:
        assert graph in answer.missing_graphs


@pytest.mark.parametrize("named", [True, False])
def test_nor_by_parameters(client: RemoteClient, named: bool) -> None:
    graphs = (FOREIGN, Layout().state, "file:///etc/passwd")
    if named:
        asked = Request("SELECT * { GRAPH ?g { ?s ?p ?o } }", FORMATS, named_graphs=graphs)
    else:
        asked = Request("SELECT * { ?s ?p ?o }", FORMATS, default_graphs=graphs)
    answer = client.evaluate(asked)
    assert b'"value"' not in answer.body
    assert answer.missing_graphs == graphs


def test_nor_by_whatever_is_there(client: RemoteClient) -> None:
    everything = client.evaluate(
        Request("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", FORMATS)
    )
    assert b"MarketFigure" in everything.body
    assert SECRET not in everything.body
    assert SECRET not in client.evaluate(Request("DESCRIBE <urn:boss>", FORMATS)).body
