"""Writes through the template: kept before they are acknowledged, seen by whoever asks next."""

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.journal import Author, Journal
from graph.query import (
    DeadlineExceeded,
    Formats,
    Job,
    QuerySyntaxError,
    RemoteAccessRefused,
    Request,
)
from graph.template.client import Template
from graph.update import Body, CuratedGraph, DefaultGraphIsView, GraphWrite, Update
from tests.graph.template.conftest import ENDLESS, JSON, Start, asking
from tests.service.dataset import FIRST

ME = Author("tester", "request-1")
GRAPH = "http://example.org/notes"
INSERT = Update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:p> 1 }} }}")


def count(template: Template, pattern: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    answer = template.client.evaluate(Request(query, Formats(JSON, None)))
    return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])


def written(template: Template) -> int:
    return count(template, f"GRAPH <{GRAPH}> {{ ?s ?p ?o }}")


def test_a_write_is_seen_at_once_in_its_graph_and_in_the_merge(start: Start) -> None:
    template = start()
    before = count(template, "?s ?p ?o")
    result = template.client.change(INSERT, ME)
    assert (result.inserted, result.deleted, result.number) == (1, 0, 1)
    assert written(template) == 1
    assert count(template, "<urn:a> <urn:p> 1") == 1
    template.client.change(Update(f"DROP GRAPH <{GRAPH}>"), ME)
    assert written(template) == 0
    assert count(template, "<urn:a> <urn:p> 1") == 0
    assert count(template, "?s ?p ?o") >= before


def test_a_write_says_who_and_when(start: Start) -> None:
    template = start()
    template.client.change(INSERT, Author("anna", "req-7"))
    query = (
        "ASK { ?w a prov:Activity ; prov:endedAtTime ?t ; dct:identifier 'req-7' ;"
        " prov:wasAssociatedWith/rdfs:label 'anna' }"
    )
    assert json.loads(template.client.evaluate(asking(query)).body)["boolean"]


def test_a_write_outlives_the_process(start: Start) -> None:
    template = start()
    template.client.change(INSERT, ME)
    template.client.change(
        GraphWrite("POST", GRAPH, (Body("text/turtle", b"<urn:b> <urn:p> [] ."),)), ME
    )
    os.kill(template.process_id, signal.SIGKILL)
    assert written(start()) == 2


def test_a_graph_is_put_and_deleted_whole(start: Start) -> None:
    client = start().client
    body = Body("text/turtle", b"<urn:a> <urn:p> 1, 2 .")
    assert client.change(GraphWrite("PUT", GRAPH, (body,)), ME).existed is False
    again = client.change(GraphWrite("PUT", GRAPH, (body,)), ME)
    assert (again.existed, again.inserted, again.deleted) == (True, 0, 0)
    assert client.change(GraphWrite("DELETE", GRAPH), ME).deleted == 2


def test_refused_writes_leave_no_trace(start: Start, tmp_path: Path) -> None:
    template = start()
    for change, error in (
        (Update(f"INSERT DATA {{ GRAPH <{FIRST.value}> {{ <urn:a> <urn:p> 1 }} }}"), CuratedGraph),
        (Update("INSERT DATA { <urn:a> <urn:p> 1 }"), DefaultGraphIsView),
        (Update("INSERT DATA { GRAPH <urn:g> { <urn:a> } }"), QuerySyntaxError),
        (Update("LOAD <http://127.0.0.1:1/> INTO GRAPH <urn:g>"), RemoteAccessRefused),
        (Update(f"{INSERT.text} ; CLEAR ALL"), CuratedGraph),
    ):
        with pytest.raises(error):
            template.client.change(change, ME)
    assert written(template) == 0
    assert Journal(tmp_path / "data" / "journal").last == 0


def test_an_update_ends_at_its_deadline_and_changes_nothing(start: Start) -> None:
    template = start(update_deadline=0.5)
    endless = ENDLESS.replace("ASK", f"INSERT {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:p> 1 }} }} WHERE")
    with pytest.raises(DeadlineExceeded):
        template.client.change(Update(endless), ME)
    assert template.client.change(INSERT, ME).number == 1


def test_whoever_reads_meanwhile_keeps_what_was_there(start: Start) -> None:
    template = start()
    slow = (
        "SELECT (COUNT(*) AS ?n) { { SELECT (COUNT(*) AS ?m) { "
        + " ".join(f"VALUES ?v{n} {{ 1 2 3 4 5 6 7 8 9 10 }}" for n in range(6))
        + f" }} }} GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
    )
    found: list[bytes] = []
    thread = threading.Thread(
        target=lambda: found.append(template.client.evaluate(asking(slow)).body)
    )
    thread.start()
    while not template.client.status()["running"]:
        pass
    template.client.change(INSERT, ME)
    assert written(template) == 1
    thread.join()
    assert json.loads(found[0])["results"]["bindings"][0]["n"]["value"] == "0"


def test_writers_take_turns_also_across_services(start: Start) -> None:
    templates = [start(), start()]

    def write(number: int) -> int:
        update = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:s{number}> <urn:p> {number} }} }}"
        return templates[number % 2].client.change(Update(update), ME).number

    with ThreadPoolExecutor(6) as threads:
        numbers = list(threads.map(write, range(30)))
    assert sorted(numbers) == list(range(1, 31))
    for template in templates:
        template.client.catch_up()
        assert written(template) == 30


def test_the_time_of_an_update_is_kept_and_not_made_again(start: Start) -> None:
    template = start()
    update = (
        f"INSERT {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:t> ?t ; <urn:u> ?u }} }}"
        " WHERE { BIND(NOW() AS ?t) BIND(UUID() AS ?u) }"
    )
    template.client.change(Update(update), ME)
    asked = asking(f"SELECT ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} ORDER BY ?p")
    before = template.client.evaluate(asked).body
    os.kill(template.process_id, signal.SIGKILL)
    assert start().client.evaluate(asked).body == before


def test_a_write_can_be_given_up_while_it_runs(start: Start) -> None:
    template = start()
    endless = ENDLESS.replace("ASK", f"INSERT {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:p> 1 }} }} WHERE")
    job = Job("given-up")
    thread = threading.Timer(0.3, job.cancellation.cancel)
    thread.start()
    with pytest.raises(Exception, match="nobody waits"):
        template.client.change(Update(endless), ME, job)
    assert template.client.change(INSERT, ME).number == 1
