"""Turns, deadlines and cancelling with a database elsewhere, one that is real and kept busy."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from graph.query import (
    Cancellation,
    DeadlineExceeded,
    Formats,
    Job,
    QueryCancelled,
    QueryIdInUse,
    QueueFull,
    Request,
    ResultTooLarge,
)
from graph.release import Release
from graph.remote import (
    CutShort,
    DatabaseUnavailable,
    PublishFailed,
    RemoteClient,
    RemoteError,
)
from graph.remote.client import Allowed
from tests.remote.cutting import cut
from tests.remote.loaded import client_over
from tests.remote.servers import Running, free_port, start
from tests.service.dataset import publish

JSON, N_TRIPLES = "application/sparql-results+json", "application/n-triples"
FORMATS = Formats(JSON, N_TRIPLES)
#: Takes an Oxigraph server minutes, and the parser nothing.
LONG = Request(
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }", FORMATS
)
SHORT = Request("SELECT ?s { ?s a kg:Organisation }", FORMATS)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    started = start("oxigraph")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def client(running: Running, release: Release) -> Iterator[RemoteClient]:
    made = client_over(running, release)
    made.allowed = Allowed(1, 1, 20.0, 1_000_000)
    yield made
    made.close()


def busy(client: RemoteClient, job: Job) -> threading.Thread:
    """Have the one turn taken by a query that lasts until it is cancelled."""

    def ask() -> None:
        with pytest.raises((QueryCancelled, DeadlineExceeded)):
            client.evaluate(LONG, job)

    thread = threading.Thread(target=ask)
    thread.start()
    until = time.monotonic() + 5
    while not any(one.id == job.id and one.state == "running" for one in client.running()):
        assert time.monotonic() < until
        time.sleep(0.01)
    return thread


# These come first: what others ask for keeps their database busy for minutes.
@pytest.mark.exhaustive  # what comes back otherwise is told in test_publish
def test_one_that_cuts_what_is_read_back_is_told(release: Release) -> None:
    running = start("virtuoso", rows=20)
    try:
        with pytest.raises(PublishFailed, match="raise its limit of rows"):
            client_over(running, release)
    finally:
        running.stop()


def test_a_database_that_cuts_results(release: Release) -> None:
    """Virtuoso ends a result after as many rows as it is told, without a word."""
    running = start("virtuoso", rows=150)
    try:
        client = client_over(running, release)
        try:
            assert client.asking.dialect.row_cap == 150
            pairs = "{ ?s a kg:MarketFigure . ?o a kg:MarketFigure }"
            with pytest.raises(CutShort):
                client.evaluate(Request(f"SELECT ?s ?o {pairs}", FORMATS))
            with pytest.raises(CutShort):
                client.evaluate(Request(f"CONSTRUCT {{ ?s kg:about ?o }} {pairs}", FORMATS))
            with pytest.raises(CutShort):
                client.evaluate(Request(f"DESCRIBE ?s ?o {pairs}", FORMATS))
            few = client.evaluate(Request(f"SELECT ?s {pairs} LIMIT 149", FORMATS))
            assert few.body.count(b'"uri"') == 149
            counted = client.evaluate(Request(f"SELECT (COUNT(*) AS ?n) {pairs}", FORMATS))
            assert b'"900"' in counted.body
        finally:
            client.close()
    finally:
        running.stop()


def test_a_database_that_cuts_graphs(running: Running, release: Release) -> None:
    """After so many triples, of which each solution may give several."""
    graph = Request("CONSTRUCT { ?s a ?c ; kg:about ?c } { ?s a ?c } LIMIT %d", FORMATS)
    with cut(running, 20) as cutting:
        client = client_over(cutting, release)
        try:
            assert client.asking.dialect.triple_cap == 20
            assert client.asking.dialect.row_cap is None
            with pytest.raises(CutShort, match="20 triples"):
                client.evaluate(replace(graph, query=graph.query % 15))
            few = client.evaluate(replace(graph, query=graph.query % 5)).body
            assert few.count(b"\n") == 10
        finally:
            client.close()


def test_a_database_that_cuts_larger_graphs_than_it_was_asked_for_at_the_start(
    running: Running, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.remote.dialect.PROBED_ROWS", 20_000)
    monkeypatch.setattr("graph.remote.dialect.PROBED_TRIPLES", 10_000)
    monkeypatch.setattr("graph.remote.asking.PROBED_TRIPLES", 10_000)
    numbers = " ".join(map(str, range(100)))
    graph = (
        "CONSTRUCT { kg:a kg:b ?x ; kg:c ?x } { VALUES ?a { %s } VALUES ?b { %s } "
        "BIND(?a * 100 + ?b AS ?x) FILTER(?x < %d) }"
    )
    with cut(running, 15_000) as cutting:
        client = client_over(cutting, release)
        try:
            assert client.status()["elsewhere"]["triple_cap"] is None
            for number in (6_000, 8_000, 6_000):
                asked = Request(graph % (numbers, numbers, number), FORMATS)
                if number == 6_000:
                    assert client.evaluate(asked).body.count(b"\n") == 12_000
                else:
                    with pytest.raises(CutShort, match="15,000 triples"):
                        client.evaluate(asked)
            assert client.status()["elsewhere"]["triple_cap"] == 15_000
        finally:
            client.close()
    client = client_over(running, release)
    try:
        client.asking.dialect = replace(client.asking.dialect, triple_cap=None)
        asked = Request(graph % (numbers, numbers, 8_000), FORMATS)
        assert client.evaluate(asked).body.count(b"\n") == 16_000
    finally:
        client.close()


def test_a_database_that_has_no_csv_and_cuts_results(
    running: Running, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines of JSON are no rows: who counts them takes the limit for a higher one."""
    monkeypatch.setattr("graph.remote.dialect.PROBED_ROWS", 20_000)
    with cut(running, 20_000, rows=20, accept=JSON) as cutting:
        client = client_over(cutting, release)
        try:
            assert client.asking.dialect.row_cap == 20
            with pytest.raises(CutShort):
                client.evaluate(Request("SELECT ?s { ?s a kg:MarketFigure }", FORMATS))
        finally:
            client.close()


def test_a_database_that_comes_back_with_other_limits(
    running: Running, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.remote.dialect.PROBED_ROWS", 20_000)
    port = free_port()
    figures = Request("SELECT ?s { ?s a kg:MarketFigure }", FORMATS)
    with cut(running, 20_000, port=port) as before:
        client = client_over(before, release)
        client.watch(lambda _: None)
        assert client.evaluate(figures).body.count(b'"uri"') == 30
    try:
        with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
            client.evaluate(figures)
        with pytest.raises(DatabaseUnavailable, match="limits"):
            client.evaluate(figures)
        with cut(running, 20_000, rows=20, accept=JSON, port=port):
            until, found = time.monotonic() + 20, None
            while not isinstance(found, CutShort):
                assert time.monotonic() < until
                time.sleep(0.05)
                with pytest.raises((DatabaseUnavailable, CutShort)) as raised:
                    client.evaluate(figures)
                found = raised.value
    finally:
        client.close()


def test_where_a_database_cuts_results_has_to_be_found_out(
    running: Running, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.remote.dialect.PROBED_ROWS", 20_000)
    with (
        cut(running, 20_000, accept="application/sparql-results+xml") as cutting,
        pytest.raises(RemoteError, match="cannot be found out"),
    ):
        client_over(cutting, release)


def test_names_are_not_looked_up_beyond_the_deadline(
    running: Running, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.remote.dialect.PROBED_ROWS", 20_000)
    names = " ".join(f"kg:unknown{number}" for number in range(20))
    asked = Request(f"SELECT * {{ VALUES ?x {{ {names} }} }}", FORMATS)
    with cut(running, 20_000, asks=0.3) as slow:
        one = client_over(slow, release)
        try:
            begun = time.monotonic()
            answer = one.evaluate(asked, Job("hints", seconds=1.0))
            assert time.monotonic() - begun < 1.0
            assert answer.body.count(b"unknown") == 20
            assert not answer.notices
        finally:
            one.close()


def test_a_query_ends_at_its_deadline(client: RemoteClient) -> None:
    begun = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        client.evaluate(LONG, Job("deadline", seconds=0.5))
    assert time.monotonic() - begun < 20
    assert client.status()["running"] == 0
    assert client.evaluate(SHORT).form == "bindings"


def test_whoever_waits_too_long_says_so(client: RemoteClient) -> None:
    job = Job("first")
    thread = busy(client, job)
    try:
        with pytest.raises(DeadlineExceeded, match="waiting for its turn"):
            client.evaluate(SHORT, Job("second", seconds=0.4))
    finally:
        assert client.cancel("first")
        thread.join()


def test_no_more_wait_than_may(client: RemoteClient) -> None:
    thread = busy(client, Job("first"))
    second = Job("second", seconds=10)
    waiting = threading.Thread(target=client.evaluate, args=[SHORT, second])
    waiting.start()
    try:
        until = time.monotonic() + 5
        while client.status()["waiting"] < 1:
            assert time.monotonic() < until
            time.sleep(0.01)
        with pytest.raises(QueueFull):
            client.evaluate(SHORT, Job("third"))
    finally:
        client.cancel("first")
        thread.join()
        waiting.join()
    assert second.timings["waited"] > 0


def test_turns_come_in_the_order_of_arrival(client: RemoteClient) -> None:
    patient = RemoteClient(client.local, client.asking, Allowed(1, 30, 20.0, 1_000_000))
    thread = busy(patient, Job("first"))
    answered: list[int] = []

    def ask(number: int) -> None:
        patient.evaluate(SHORT, Job(str(number)))
        answered.append(number)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(20)]
    for number, one in enumerate(threads):
        one.start()
        until = time.monotonic() + 5
        while patient.status()["waiting"] <= number:
            assert time.monotonic() < until
            time.sleep(0.01)
    time.sleep(0.3)  # whoever waits looks up now and then
    patient.cancel("first")
    for one in (thread, *threads):
        one.join()
    # Who is answered first may be slower to say so; without an order there are 95 on average.
    assert sum(one > two for one, two in itertools.combinations(answered, 2)) < 10


def test_one_that_waits_can_be_cancelled(client: RemoteClient) -> None:
    thread = busy(client, Job("first"))
    cancellation = Cancellation()
    threading.Timer(0.2, cancellation.cancel).start()
    try:
        with pytest.raises(QueryCancelled):
            client.evaluate(SHORT, Job("second", cancellation=cancellation))
    finally:
        client.cancel("first")
        thread.join()
    assert not client.cancel("nobody")


def test_an_id_is_for_one_query_at_a_time(client: RemoteClient) -> None:
    thread = busy(client, Job("same"))
    try:
        with pytest.raises(QueryIdInUse):
            client.evaluate(SHORT, Job("same"))
    finally:
        client.cancel("same")
        thread.join()


def test_an_answer_that_is_too_large(client: RemoteClient) -> None:
    asking = client.asking
    small = RemoteClient(client.local, replace(asking, longest=100), client.allowed)
    with pytest.raises(ResultTooLarge):
        small.evaluate(SHORT)
