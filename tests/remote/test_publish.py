"""Loading a release into a real database: whole, verified, resumed, and never mixed."""

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.query import Formats, QueryError, Request
from graph.release import DataDirectory, Release
from graph.remote import (
    Address,
    Database,
    Held,
    Layout,
    Maintenance,
    Progress,
    PublishFailed,
    held,
    publish,
)
from graph.remote.publishing import _Publication
from tests.remote.loaded import client_over
from tests.remote.servers import Running
from tests.service.dataset import publish as small_release

JSON = "application/sparql-results+json"
COUNT = Request("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Formats(JSON, None))
LAYOUT = Layout()
GRAPH = NamedNode("https://w3id.org/therascape/graph/other")
#: Texts that a database may spell otherwise when it gives them back.
HARD = (
    *("\n\r\t\\\"'", "\u0001\u007f\u0085\u2028\ufffd", "\U0001d4b3 ß 細胞 \u202e", " ", "a" * 3000),
    *("-0.0", "<b>&amp;</b>", "{}?$", "\\u0041", "é", "e\u0301"),
)


@pytest.fixture
def database(running: Running) -> Iterator[Database]:
    found = running.database()
    yield found
    found.close()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return small_release(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Another release, in the last graph of which there is none of the first."""
    folder = DataDirectory(tmp_path_factory.mktemp("second"))
    thing = NamedNode("https://w3id.org/therascape/id/claim/hard")
    quads = [
        Quad(thing, NamedNode(f"urn:p:{number}"), Literal(text), GRAPH)
        for number, text in enumerate(HARD)
    ]
    return folder.publish(quads, {})


def counted(database: Database, release: Release) -> int:
    return database.count(LAYOUT.merged(release, "current"))


def test_what_is_published_is_there_and_what_was_before_is_gone(
    database: Database, first: Release, second: Release
) -> None:
    assert held(database, LAYOUT) is None
    one = publish(database, LAYOUT, first)
    assert held(database, LAYOUT) == one
    assert one.release == first.id
    # Asked after each query, so without the graphs, of which a release may have thousands.
    said = LAYOUT.said(database, LAYOUT.state, of=("release", "publication"))
    assert said == {"release": [one.release], "publication": [one.publication]}
    assert counted(database, first) == first.manifest["counts"]["triples"]
    for graph, number in first.manifest["counts"]["graphs"].items():
        assert database.count(graph) == number
    two = publish(database, LAYOUT, second)
    assert held(database, LAYOUT) == two
    assert counted(database, second) == len(HARD)
    assert all(database.count(graph) == 0 for graph in first.manifest["counts"]["graphs"])
    assert database.count(LAYOUT.progress) == 0


def test_the_same_release_twice_is_two_publications(database: Database, first: Release) -> None:
    one, two = publish(database, LAYOUT, first), publish(database, LAYOUT, first)
    assert one.release == two.release
    assert one.publication != two.publication


@pytest.mark.parametrize("after", [1, 3, 5])
def test_one_that_was_interrupted_goes_on(
    database: Database, first: Release, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr("graph.remote.publishing.PIECE", 20)
    publish(database, LAYOUT, first)

    def stop(progress: Progress) -> None:
        if progress.step == "loading" and progress.done >= 20 * after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(database, LAYOUT, first, stop)
    assert held(database, LAYOUT) is None
    sent = []
    write = Database.write_graph

    def noted(self: Database, graph: str, *given: object, **more: object) -> None:
        sent.append(graph)
        write(self, graph, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "write_graph", noted)
    publish(database, LAYOUT, first)
    assert counted(database, first) == first.manifest["counts"]["triples"]
    pieces = -(-first.manifest["counts"]["statements"] // 20)
    # A progress note for each piece that was left, none for those that were there.
    assert sent.count(LAYOUT.progress) == pieces - after


def test_of_two_at_once_one_gives_up(
    running: Running,
    database: Database,
    first: Release,
    second: Release,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("graph.remote.publishing.PIECE", 20)
    other = running.database()
    done: list[Held] = []

    def begin(progress: Progress) -> None:
        if progress.step == "loading" and not done:
            done.append(publish(other, LAYOUT, second))

    try:
        with pytest.raises(PublishFailed, match="another publication"):
            publish(database, LAYOUT, first, begin)
    finally:
        other.close()
    assert held(database, LAYOUT) == done[0]
    assert counted(database, second) == len(HARD)
    # What the first one had sent before goes with the next publication.
    publish(database, LAYOUT, first)
    assert counted(database, first) == first.manifest["counts"]["triples"]


def test_graphs_that_somebody_else_loaded_are_left_alone(
    database: Database, first: Release, second: Release
) -> None:
    """The names of graphs of a release are the same, whatever those of our own begin with."""
    publish(database, LAYOUT, first)
    before = held(database, LAYOUT)
    other = Layout("urn:other:")
    with pytest.raises(PublishFailed, match=r"has <https.*> already"):
        publish(database, other, first)
    assert (held(database, other), held(database, LAYOUT)) == (None, before)
    assert counted(database, first) == first.manifest["counts"]["triples"]
    publish(database, other, second)  # it shares no graph with the first
    with pytest.raises(PublishFailed, match=r"has <https.*> already"):
        publish(database, LAYOUT, second)
    for layout in (other, LAYOUT):
        for graph in layout.said(database, layout.state)["graph"]:
            database.drop_graph(graph)
        database.drop_graph(layout.state)
        database.drop_graph(layout.again)


def test_what_came_otherwise_is_noticed(
    database: Database, first: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = _Publication.load

    def spoilt(self: _Publication, done: int, publication: str) -> None:
        load(self, done, publication)
        graph = min(first.manifest["counts"]["graphs"])
        database.write_graph(graph, b"<urn:a> <urn:b> <urn:foreign> .\n")

    monkeypatch.setattr(_Publication, "load", spoilt)
    with pytest.raises(PublishFailed, match="triples in"):
        publish(database, LAYOUT, first)
    assert held(database, LAYOUT) is None


def test_a_statement_that_was_exchanged_is_named(
    database: Database, first: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = _Publication.load
    graph = "https://w3id.org/therascape/graph/first-report"

    def spoilt(self: _Publication, done: int, publication: str) -> None:
        load(self, done, publication)
        lines = [line for piece in self.pieces() for line in piece.get(graph, [])]
        changed = (
            lines[0].replace(b" .\n", b"x .\n").replace(b'"x .', b'x" .').replace(b">x .", b"x> .")
        )
        database.write_graph(graph, b"".join([changed, *lines[1:]]), replace=True)

    monkeypatch.setattr(_Publication, "load", spoilt)
    with pytest.raises(
        PublishFailed, match=r"back otherwise than it was sent: .* (missing|not sent)"
    ):
        publish(database, LAYOUT, first)
    assert held(database, LAYOUT) is None


def test_who_asks_meanwhile_is_told(running: Running, first: Release) -> None:
    client = client_over(running, first)
    loader = running.database()
    try:
        before = client.evaluate(COUNT).body
        seen: list[object] = []

        def ask(_: Progress) -> None:
            try:
                seen.append(client.evaluate(COUNT).body)
            except QueryError as error:
                seen.append(type(error))

        publish(loader, LAYOUT, first, ask)
        # From the first step on, and afterwards too: it is another publication.
        assert set(seen) == {Maintenance}
        with pytest.raises(Maintenance):
            client.evaluate(COUNT)
        assert before
    finally:
        client.close()
        loader.close()


@pytest.mark.parametrize(
    "state",
    [
        b'<urn:therascape:state> <urn:therascape:release> "x" .\n',
        b'<urn:therascape:state> <urn:therascape:release> "' + b"a" * 64 + b'" .\n',
    ],
)
def test_a_state_that_nobody_of_us_wrote_is_none(database: Database, state: bytes) -> None:
    database.write_graph(LAYOUT.state, state, replace=True)
    assert held(database, LAYOUT) is None
    database.drop_graph(LAYOUT.state)


def test_without_an_address_for_writing(database: Database, first: Release) -> None:
    alone = Database(Address(database.address.query), database.credentials)
    try:
        with pytest.raises(PublishFailed, match="--engine-store or --engine-update"):
            publish(alone, LAYOUT, first)
    finally:
        alone.close()


def test_updates_do_where_there_is_no_graph_store(database: Database, second: Release) -> None:
    if database.address.update is None:
        pytest.skip("this database is written through its graph store")
    alone = Database(Address(database.address.query, database.address.update))
    try:
        assert publish(alone, LAYOUT, second) == held(alone, LAYOUT)
    finally:
        alone.close()
