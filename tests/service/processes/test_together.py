"""Several processes that answer at one port, over one engine: what they must not tell apart."""

import json
import os
import signal
import threading
import time
from pathlib import Path
from urllib.parse import quote

from graph.release import DataDirectory
from tests.service.conftest import Server, Therascape, gone
from tests.service.processes.several import (
    COUNT,
    SEVERAL,
    Reader,
    Seen,
    fronts,
    load,
    metric,
    publish_more,
    readers_of_all,
    shared,
)
from tests.service.test_running import LINUX, TOKEN, running, until

pytestmark = LINUX


def test_what_is_written_over_one_process_is_read_over_the_others(several: Server) -> None:
    assert len(several.output.splitlines()) == 2  # the memory, and the address once
    with readers_of_all(several) as readers:
        before = readers[0].count()
        for number in range(1, 11):
            writer = readers[number % len(readers)]
            writer.insert(number)
            assert writer.status == 204
            assert [reader.count() for reader in readers] == [before + number] * len(readers)
            assert [reader.count() for reader in readers] == [before + number] * len(readers)
        # They count together, and whoever is asked tells the same.
        queries = 1 + 10 * 2 * len(readers)
        name = 'therascape_queries_total{form="SELECT",outcome="ok"}'
        assert {metric(several, name) for _ in range(8)} == {queries}
        hits, misses = "therascape_cache_hits_total", "therascape_cache_misses_total"
        assert metric(several, hits) + metric(several, misses) >= queries
        until(lambda: metric(several, "therascape_cache_entries") >= 2)


def test_what_runs_is_seen_and_ended_over_any_process(several: Server) -> None:
    slow = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    with readers_of_all(several) as readers:
        for asked, other in ((readers[0], readers[-1]), (readers[-1], readers[0])):
            asking = threading.Thread(
                target=lambda one=asked: one.ask("GET", f"/sparql?query={slow}", Query_Id="slow")
            )
            asking.start()

            def ended(other: Reader = other) -> bool:
                other.ask("DELETE", "/queries/slow")
                return other.status == 204

            until(ended)
            asking.join()
            assert asked.status >= 400


def test_what_is_said_is_json_and_what_is_for_all_is_said_once(own: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(TOKEN)
    tokens.chmod(0o644)
    with running(own, *SEVERAL, "--log-events", "--write-token-file", str(tokens)) as server:
        os.kill(fronts(server)["owner"][0], signal.SIGKILL)
        until(lambda: fronts(server)["owner"] and fronts(server)["engine"], 30)
        code, errors = server.stop()
    assert code == 0
    lines = [json.loads(line) for line in errors.splitlines()]
    assert len([line for line in lines if "chmod" in line["message"]]) == 1
    events = [line.get("event") for line in lines]
    assert (events.count("owner-ended"), events.count("started")) == (1, 2)


def test_they_move_to_another_release_while_they_are_asked_and_written_to(own: Path) -> None:
    with running(own, *SEVERAL) as server, readers_of_all(server) as readers:
        counts = {DataDirectory(own).releases()[0].id: 0}
        seen: Seen = []
        written = 0
        with load(server, seen) as end:
            for number in (10, 20):
                counts[newest := publish_more(own, number)] = number
                limit, moved = time.monotonic() + 20, 0
                while moved < 3:  # until all are there, and then a few times more
                    assert time.monotonic() < limit
                    readers[written % len(readers)].insert(written)
                    written += 1
                    for reader in readers:
                        assert (reader.count() - counts[reader.release]) == written
                    moved += {reader.release for reader in readers} == {newest}
                    time.sleep(0.02)
            end()
        assert {status for status, _, _ in seen} == {200}
        for _, release, counted in seen:
            assert 0 <= counted - counts[release] <= written
        until(lambda: len(fronts(server)["engine"]) == 1)
        code, errors = server.stop()
    assert code == 0
    assert {json.loads(line)["level"] for line in errors.splitlines()} == {"info"}


def test_requests_under_way_are_answered_before_they_end(own: Path) -> None:
    """Those that were sent before the service is told to end, over all processes."""
    query = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    with running(own, *SEVERAL) as server, readers_of_all(server) as readers:
        done: list[int] = []

        def ask(reader: Reader, number: int) -> None:
            reader.ask("GET", f"/sparql?query={query}%23{number}")
            done.append(reader.status)

        threads = [
            threading.Thread(target=ask, args=(reader, number))
            for number, reader in enumerate(readers)
        ]
        for thread in threads:
            thread.start()
        until(lambda: metric(server, "therascape_requests_under_way") >= len(readers))
        processes, place = server.descendants(), shared(server)
        assert server.stop()[0] == 0
        assert gone(processes, 5)
        assert not place.exists()
        for thread in threads:
            thread.join()
    assert done == [200] * len(readers)


def test_an_engine_elsewhere_has_one_process(therascape: Therascape) -> None:
    done = therascape("serve", "--port", "0", "--processes", "2", "--engine", "http://127.0.0.1:9/")
    assert done.returncode == 2
    assert "--processes" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_memory_is_reckoned_up_for_all(own: Path, therascape: Therascape) -> None:
    arguments = ("serve", "--port", "0", "--data", str(own), *SEVERAL, "--total-memory", "64")
    done = therascape(*arguments)
    assert done.returncode == 3
    assert "--processes" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_older_release_can_be_asked_over_any_process(own: Path) -> None:
    older = DataDirectory(own).releases()[0].id
    publish_more(own, 3)
    with running(own, *SEVERAL) as server, readers_of_all(server) as readers:
        for reader in readers:
            assert reader.count() == 3
            body = reader.ask(
                *("GET", f"/sparql?query={quote(COUNT)}"),
                Accept="text/csv",
                Therascape_Release=older,
            )
            assert (reader.status, reader.release, body.split()[1]) == (200, older, b"0")
        processes, place = server.descendants(), shared(server)
        assert server.stop() == (0, "")
        assert gone(processes, 5)
        assert not place.exists()
