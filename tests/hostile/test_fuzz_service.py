"""Queries and bytes of chance: each is answered, and nothing is left behind.

`-m exhaustive` sends thousands of each, `python -m bench fuzz` ten thousand.
"""

from collections.abc import Iterator

import pytest

from tests.hostile.fuzzing import Tally, bodies, queries
from tests.hostile.leaks import Leaks, deaths
from tests.hostile.server import Service
from tests.hostile.wire import query
from tests.service.dataset import publish

WARM = 200
COUNTS = (500, pytest.param(3000, marks=pytest.mark.exhaustive))
MEMORY = 40 * 1024 * 1024
FILES = 12

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("fuzzed")
    publish(folder)
    # Idle workers stay: of two, no more can be there afterwards than one that is being replaced.
    flags = ("--deadline", "2", "--cache", "4", "--worker-memory", "256", "--workers", "2")
    with Service(folder, *flags) as service:
        queries(service, WARM, seed=0)
        bodies(service, WARM, seed=0)
        yield service


def after(service: Service, tally: Tally, leaks: Leaks) -> list[str]:
    """What is wrong after fuzzing: in the answers, and in what the service holds."""
    assert query(service, "ASK {}").json()["boolean"] is True
    # The lexer knows what reaches out: the wall has nothing to do.
    assert "remote" not in deaths(service)
    return tally.wrong + leaks.found(memory=MEMORY, files=FILES)


@pytest.mark.slow
@pytest.mark.parametrize("count", COUNTS)
def test_mutated_queries(service: Service, count: int) -> None:
    leaks = Leaks(service)
    tally = queries(service, count, seed=1)
    assert after(service, tally, leaks) == []
    assert tally.sent == count
    assert tally.parsed >= 0.3 * count, "too few of them are queries"
    assert tally.statuses[200] > 0.1 * count
    assert tally.problems["query-syntax"] > 0.1 * count


@pytest.mark.slow
@pytest.mark.parametrize("count", COUNTS)
def test_bytes_of_chance(service: Service, count: int) -> None:
    leaks = Leaks(service)
    tally = bodies(service, count, seed=1)
    assert after(service, tally, leaks) == []
    assert tally.sent == count
    assert len(tally.problems) >= 5, "all are refused for the same reason"
