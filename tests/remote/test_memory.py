"""What an answer from a database takes of the process that makes it, which has no limit."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from graph.query import Cancellation, DeadlineExceeded, QueryCancelled
from graph.remote.graphs import Graph, Graphs, most_memory
from graph.remote.results import triples
from tests.remote.peak import LONGEST

MIB = 1024 * 1024
_SOME = 6 * MIB  # parts on their way, and what the first answer loads
_STATUS = Path("/proc/self/status")


@pytest.mark.skipif(not _STATUS.is_file(), reason="the system does not tell the peak of a process")
@pytest.mark.parametrize(
    ("what", "size", "most"),
    [
        ("application/sparql-results+json", LONGEST, 2 * LONGEST),
        pytest.param("text/csv", LONGEST, 2 * LONGEST, marks=pytest.mark.exhaustive),
        pytest.param(
            "application/sparql-results+xml", LONGEST, 2 * LONGEST, marks=pytest.mark.exhaustive
        ),
        ("graph35000", 700_000, 2 * LONGEST),
        ("graph260000", 4 * MIB, most_memory(LONGEST)),
        pytest.param(
            "graph400000", 4 * LONGEST, most_memory(LONGEST), marks=pytest.mark.exhaustive
        ),
    ],
)
def test_the_largest_answers_take_what_the_sum_has(what: str, size: int, most: int) -> None:
    command = [sys.executable, "-m", "tests.remote.peak", what]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    body, peak = map(int, done.stdout.split())
    assert size <= body
    assert peak < most + _SOME


def filled(graph: Graph, number: int) -> None:
    text = b"".join(b"<urn:%d> <urn:b> <urn:c> .\n" % n for n in range(number))
    assert graph.add(triples(iter([text, text]))) == 2 * number


def test_one_graph_at_a_time_is_large() -> None:
    """Small ones go on beside it; who waits ends in time, or when nobody waits any more."""
    graphs, soon = Graphs(20_000), time.monotonic() + 60
    cancellation, large = Cancellation(), 100
    with graphs.one(soon, None) as first:
        filled(first, large)
        with graphs.one(soon, None) as small:
            filled(small, 50)
        begun = time.monotonic()
        with graphs.one(begun + 0.3, None) as late, pytest.raises(DeadlineExceeded):
            filled(late, large)
        assert time.monotonic() - begun < 5
        threading.Timer(0.2, cancellation.cancel).start()
        with graphs.one(soon, cancellation) as unwanted, pytest.raises(QueryCancelled):
            filled(unwanted, large)
        body = first.written("application/n-triples", {})
        assert body.count(b"\n") == large
    with graphs.one(soon, None) as second:
        filled(second, large)
