"""Kill the service at any instant: what was acknowledged is there, the rest wholly or not at all.

`python -m bench kills` does it two hundred times.
"""

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.hostile.killing import Campaign
from tests.hostile.server import Service
from tests.hostile.wire import query, update
from tests.hostile.writing import Write, Writer, content, damaged_releases

FLAGS = ("--empty", "--checkpoint-writes", "20", "--workers", "2", "--worker-memory", "128")

pytestmark = pytest.mark.timeout(120)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kills", "merged"),
    [
        (3, True),
        pytest.param(6, True, marks=pytest.mark.exhaustive),
        pytest.param(6, False, marks=pytest.mark.exhaustive),
    ],
)
def test_no_acknowledged_write_is_lost(tmp_path: Path, kills: int, merged: bool) -> None:
    report = Campaign(tmp_path, 7, *FLAGS, merged=merged).run(kills=kills, seconds=20)
    assert report.wrong == []
    assert report.kills >= 2, "too slow to show anything"
    assert report.acknowledged >= 10


def test_a_write_outlives_a_kill_right_after_it(tmp_path: Path) -> None:
    for number in range(2):
        service = Service(tmp_path, *FLAGS)
        text = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:value> {number} }} }}"
        assert update(service, text).status in (200, 204)
        service.kill()
    with Service(tmp_path, *FLAGS) as service:
        assert content(service) == {"urn:g": frozenset({("urn:s", 0), ("urn:s", 1)})}


def test_the_engine_comes_back_when_it_is_killed(tmp_path: Path) -> None:
    with Service(tmp_path, *FLAGS) as service:
        text = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:value> 1 } }"
        assert update(service, text).status in (200, 204)
        killed = [pid for pid in service.processes if b"graph.template" in command(pid)]
        assert killed
        for pid in killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 20
        while (reply := query(service, "ASK {}")).status != 200 and time.monotonic() < until:
            assert (reply.status, reply.problem) == (503, "engine-unavailable")
            assert int(reply.headers["retry-after"]) > 0
            time.sleep(0.1)
        assert content(service) == {"urn:g": frozenset({("urn:s", 1)})}


def test_a_loss_would_be_seen(tmp_path: Path) -> None:
    one, two = ("urn:s", 1), ("urn:s", 2)
    before, after = frozenset({one}), frozenset({one, two})
    pending = Write("urn:g", after, lambda _: pytest.fail("it is not sent"))

    def settled(found: frozenset[tuple[str, int]], pending: Write | None) -> bool:
        writer = Writer("writer", random.Random(0), {"urn:g": before}, pending)
        return writer.settle({"urn:g": found}) == []

    assert settled(before, None)
    assert settled(before, pending)
    assert settled(after, pending)
    assert not settled(after, None)
    assert not settled(frozenset(), None)
    assert not settled(frozenset({two}), pending)
    release = tmp_path / "releases" / ("0" * 64)
    release.mkdir(parents=True)
    (release / "data.nq").write_bytes(b"")
    assert len(damaged_releases(tmp_path)) == 1


def command(pid: int) -> bytes:
    """The command line of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
