"""Two hundred connections that are slow on purpose hold up nobody, and do not stay for ever."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.hostile.corpus import text
from tests.hostile.dripping import Drip, Kind
from tests.hostile.probing import Prober
from tests.hostile.server import Service
from tests.hostile.wire import query

COUNT = 200
WORKERS = 5  # as it comes
FEW = 3  # connections: that of the prober, and what the last test left
LIMIT = 2.0  # seconds, of each kind
DEADLINE = 4.0
SLACK = 2.5
PROBE = 2.0  # goal: as without them; other tests may run at the same time
MEMORY = 400 * 1024 * 1024
KEPT = 150 * 1024 * 1024
FLAGS = (
    *("--header-seconds", "2", "--body-seconds", "2", "--send-seconds", "2"),
    *("--deadline", f"{DEADLINE:g}"),
)

pytestmark = pytest.mark.timeout(90)


@pytest.fixture(scope="module")
def service(built: Path) -> Iterator[Service]:
    with Service(built, *FLAGS) as service:
        yield service


@pytest.mark.parametrize("kind", ["headers", "bodies"])
def test_slow_senders_are_sent_away(service: Service, kind: Kind) -> None:
    with Drip(service, kind, COUNT) as drip, Prober(service) as prober:
        drip.wait(LIMIT + 2 * SLACK)
    assert prober.wrong(PROBE) == []
    assert len(drip.ended()) == COUNT
    assert drip.ended()[0] > LIMIT - 0.5, "nobody is sent away before the time is up"
    if kind == "bodies":
        # The connection stays for a moment, so that what is still sent does not undo the answer.
        assert drip.statuses() == {408: COUNT}
        assert drip.answered()[-1] < LIMIT + SLACK
    else:
        assert set(drip.statuses()) <= {None, 408}
        assert drip.ended()[-1] < LIMIT + SLACK


@pytest.mark.parametrize("rows", [20_000, 40_000])
def test_slow_readers_are_left(service: Service, rows: int) -> None:
    large = f"{text('select-all')} LIMIT {rows}"
    size = len(query(service, large).body)
    assert size > 300 * rows
    # What the workers come to have for themselves by any such query is not the readers' doing.
    with ThreadPoolExecutor(2 * WORKERS) as others:
        list(others.map(lambda _: query(service, large), range(4 * WORKERS)))
    memory = service.processes.memory()
    with Drip(service, "readers", COUNT, large) as drip, Prober(service) as prober:
        drip.wait(LIMIT / 2)
        grown = service.processes.memory() - memory
        # What is not in memory is made for each of them, and most wait for their turn first.
        until = time.monotonic() + DEADLINE + LIMIT + 2 * SLACK
        while (left := service.connections()) > FEW and time.monotonic() < until:
            time.sleep(0.1)
    kept = service.processes.memory() - memory
    assert prober.wrong(PROBE) == []
    assert left <= FEW, "slow readers are still waited for"
    # One answer for all of them, or few: one for each would be more than a gigabyte.
    assert grown < MEMORY
    assert kept < KEPT, "what was sent, or could not be, still takes memory"


def test_it_answers_as_before(service: Service) -> None:
    assert service.processes.idle_after(SLACK) < SLACK
    assert query(service, "ASK {}").json()["boolean"] is True
