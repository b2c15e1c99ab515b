"""Calls on the network through the template: in the same queue, workers and limits as queries."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.network import InvalidArgument, UnknownCall, UnknownNode
from graph.network.calls import LocalTraversal
from graph.network.files import served_network
from graph.query import DeadlineExceeded, Job, ResultTooLarge
from graph.release import DataDirectory, Release
from graph.template.client import Template, start_template
from graph.template.options import Options
from graph.terms import Iris
from tests.graph.template.conftest import ENDLESS, Start, asking
from tests.graph.template.test_queries import eventually, in_background, running

BRAZIL = Iris().thing("place", "brazil").value
KITE = Iris().thing("agent", "kite-pharma").value
CALLS = (
    ("paths", {"from": KITE, "to": BRAZIL, "k": 5}),
    ("neighbourhood", {"node": BRAZIL, "hops": 3, "without_kinds": ["market"]}),
    ("subgraph", {"node": BRAZIL, "hops": 1, "most": 40}),
)


@pytest.fixture(scope="module")
def template(landscape_release: Release) -> Iterator[Template]:
    started = start_template(options(landscape_release))
    yield started
    started.stop()


def options(release: Release) -> Options:
    data = str(release.path.parent.parent)
    return Options(data, release.id, socket="", workers=2, queue=2, deadline=10, worker_memory=128)


def test_answers_are_those_of_this_process(
    template: Template, landscape_data: Path, landscape_release: Release
) -> None:
    data = DataDirectory(landscape_data)
    here = LocalTraversal(served_network(data, landscape_release))
    for call, arguments in CALLS:
        job = Job(id=call)
        there = template.client.traverse(call, arguments, job)
        assert there == json.loads(json.dumps(here.traverse(call, arguments)))
        assert there.get("release", landscape_release.id) == landscape_release.id
        assert job.timings["ran"] > 0


def test_errors_arrive_as_they_were_raised(template: Template) -> None:
    with pytest.raises(UnknownNode, match="no node of this release") as unknown:
        template.client.traverse("neighbourhood", {"node": "http://nowhere.example/"})
    assert (unknown.value.name, unknown.value.iri) == ("node", "http://nowhere.example/")
    with pytest.raises(InvalidArgument, match="`k`: 21 is no whole number"):
        template.client.traverse("paths", {"from": KITE, "to": BRAZIL, "k": 21})
    with pytest.raises(UnknownCall) as call:
        template.client.traverse("walk", {})
    assert "neighbourhood" in call.value.known
    assert not template.client.status()["deaths"]


def test_they_wait_in_the_queue_under_their_deadline(template: Template) -> None:
    endless = [in_background(template, ENDLESS, Job(id=f"endless-{n}")) for n in range(2)]
    eventually(running(template, 1))
    # The quick lane is left: a call is answered while queries hold all other workers.
    assert template.client.traverse(*CALLS[0])["paths"]
    with pytest.raises(DeadlineExceeded):
        template.client.traverse(*CALLS[0], Job(id="late", seconds=1e-9))
    for number, query in enumerate(endless):
        template.client.cancel(f"endless-{number}")
        assert query.exception() is not None


def test_an_answer_may_be_too_large(landscape_release: Release) -> None:
    started = start_template(replace(options(landscape_release), max_result=0))
    try:
        with pytest.raises(ResultTooLarge):
            started.client.traverse(*CALLS[1])
    finally:
        started.stop()


def test_a_release_without_files_of_its_network_is_served(start: Start, tmp_path: Path) -> None:
    # `publish` of a release alone makes no files of its network.
    client = start().client
    assert not (tmp_path / "data" / "networks").exists()
    found = client.traverse("neighbourhood", {"node": Iris().thing("agent", "alpha-bio").value})
    assert found["node"]["label"] == "Alpha Bio"
    assert found["total"] == 0
    assert client.evaluate(asking("ASK {}")).form == "boolean"
