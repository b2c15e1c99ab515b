"""Any of several processes may be killed: it is replaced, and no answer is wrong meanwhile."""

import contextlib
import http.client
import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from graph.release import DataDirectory
from graph.template.folders import HeldFolder
from tests.service.conftest import Server, gone
from tests.service.processes.several import (
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
from tests.service.test_running import LINUX, running, until

pytestmark = LINUX


@pytest.mark.parametrize("which", ["front", "owner", "engine"])
def test_one_that_is_killed_is_replaced(several: Server, which: str) -> None:
    with readers_of_all(several) as readers:
        readers[0].insert(1000)
        assert readers[0].status == 204
        known = readers[0].count()
    killed = fronts(several)[which][0]
    seen: Seen = []
    with load(several, seen) as end:
        until(lambda: len(seen) > 5)
        os.kill(killed, signal.SIGKILL)

        def replaced() -> bool:
            now = fronts(several)
            whole = {kind: len(found) for kind, found in now.items()}
            return killed not in now[which] and whole == {"front": 2, "owner": 1, "engine": 1}

        until(replaced, 30)
        until(lambda: all(status == 200 for status, _, _ in seen[-20:]), 30)
        end()
    assert {status for status, _, _ in seen} <= {200, 503}
    assert {number for status, _, number in seen if status == 200} == {known}
    with readers_of_all(several) as readers:
        readers[-1].insert(killed + 1000)
        assert {reader.count() for reader in readers} == {known + 1}


def test_one_that_is_killed_again_and_again_is_replaced_and_that_is_told(own: Path) -> None:
    with running(own, *SEVERAL) as server:
        first = fronts(server)["front"]
        assert len(first) == 2
        other, killed = first[0], [first[1]]
        seen: Seen = []
        for _ in range(2):  # within less than five seconds each
            os.kill(killed[-1], signal.SIGKILL)
            assert gone({killed[-1]}, 5)
            reader = Reader(server)  # the one that is left has all that is asked meanwhile
            try:
                reader.count(killed[-1])
                seen.append((reader.status, reader.release, 0))
            finally:
                reader.close()
            known = [other, *killed]
            until(lambda: not_yet(server, known), 20)  # noqa: B023 - it is called at once
            killed += not_yet(server, known)
        until(lambda: metric(server, "therascape_processes_ended_total") == 2)
        assert {status for status, _, _ in seen} == {200}
        os.kill(killed[-1], signal.SIGKILL)
        assert gone({killed[-1]}, 5)
        before = time.monotonic()  # while another one is waited for
        code, errors = server.stop()
        assert time.monotonic() - before < 8
    assert code == 0
    lines = [json.loads(line) for line in errors.splitlines()]
    told = [line for line in lines if line.get("event") == "process-ended"]
    assert [line["pid"] for line in told] == killed
    assert {(line["cause"], line["level"]) for line in told} == {("SIGKILL", "error")}


def not_yet(server: Server, known: list[int]) -> list[int]:
    return [process for process in fronts(server)["front"] if process not in known]


def test_nothing_is_left_behind_by_one_that_is_killed(own: Path) -> None:
    with running(own, *SEVERAL) as server:
        processes, place = server.descendants(), shared(server)
        server.process.kill()
        server.process.communicate(timeout=20)
        assert gone(processes, 12)
        until(lambda: not place.exists())


def test_what_is_left_where_all_are_killed_is_removed_by_the_next(own: Path) -> None:
    with running(own, *SEVERAL) as server:
        processes, place = server.descendants(), shared(server)
        os.utime(place, (0, 0))  # as old as one that may be removed
        HeldFolder("service").remove()
        assert place.exists()  # it is used
        for number in (signal.SIGSTOP, signal.SIGKILL):  # at once, as a machine that fails does
            for process in (server.process.pid, *processes):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
        server.process.communicate(timeout=20)
        assert gone(processes, 12)
        with contextlib.suppress(FileNotFoundError):  # a service of another test came first
            os.utime(place, (0, 0))
        HeldFolder("service").remove()
        assert not place.exists()


@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whoever_is_killed_and_whenever_no_answer_is_wrong(own: Path) -> None:
    """What was acknowledged is in every answer, while processes die and releases are made."""
    chance = random.Random(1)
    counts = {DataDirectory(own).releases()[0].id: 0}
    written = published = 0
    wrong: list[object] = []
    with running(own, *SEVERAL, "--processes", "3", "--checkpoint-writes", "100000") as server:
        for turn in range(24):
            found = fronts(server)
            if turn % 3 == 0 and (victims := found[chance.choice(list(found))]):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(victims), signal.SIGKILL)
            elif turn % 7 == 0:
                published += 1
                counts[publish_more(own, published)] = published
            limit = time.monotonic() + (6 if turn % 3 == 0 else 2)
            sure = written
            while time.monotonic() < limit:
                with contextlib.suppress(OSError, http.client.HTTPException):
                    reader = Reader(server)
                    try:
                        unsure = sure + 1
                        reader.insert(unsure)
                        sure = unsure if reader.status == 204 else sure
                    finally:
                        reader.close()
                    reader = Reader(server)
                    try:
                        counted = reader.count()
                        if reader.status == 200:
                            told = counted - counts[reader.release]
                            if not sure <= told <= sure + 1:
                                wrong.append((turn, sure, told, reader.release))
                        elif reader.status != 503:
                            wrong.append((turn, reader.status))
                    finally:
                        reader.close()
            written = sure
        assert wrong == []
        assert server.stop()[0] == 0
