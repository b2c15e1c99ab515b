"""Thousands of queries and bytes of chance: each is answered, and nothing is left behind.

`python -m bench fuzz` sends ten thousand of each.
"""

from collections.abc import Iterator

import pytest

from tests.hostile.fuzzing import Tally, bodies, queries
from tests.hostile.leaks import Leaks, deaths
from tests.hostile.server import Service
from tests.hostile.wire import query
from tests.service.dataset import publish

WARM = 300
COUNT = 3000
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
def test_mutated_queries(service: Service) -> None:
    leaks = Leaks(service)
    tally = queries(service, COUNT, seed=1)
    assert after(service, tally, leaks) == []
    assert tally.sent == COUNT
    assert tally.parsed >= 0.3 * COUNT, "too few of them are queries"
    assert tally.statuses[200] > 0.1 * COUNT
    assert tally.problems["query-syntax"] > 0.1 * COUNT


@pytest.mark.slow
def test_bytes_of_chance(service: Service) -> None:
    leaks = Leaks(service)
    tally = bodies(service, COUNT, seed=1)
    assert after(service, tally, leaks) == []
    assert tally.sent == COUNT
    assert len(tally.problems) >= 5, "all are refused for the same reason"
