"""Which worker is taken for what."""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any, cast

import pytest

from graph.template.pool import Pool, Worker
from graph.template.worker import Work


class Forking(Pool):
    """A pool whose workers do nothing."""

    async def fork(self, *, verifies: bool = False) -> Worker:  # noqa: ARG002
        return worker()


def worker(*, low: bool = False) -> Worker:
    words, written = os.pipe()
    os.close(written)
    return Worker(os.posix_spawnp("sleep", ["sleep", "60"], os.environ), words, 0, low=low)


def run(pool: Pool, take: Coroutine[Any, Any, Worker]) -> Worker:
    async def taken() -> Worker:
        found = await take
        for one in (found, *pool.idle):
            pool.end(one)
        return found

    return asyncio.run(taken())


@pytest.mark.parametrize("order", [(True, False), (False, True)])
@pytest.mark.parametrize("quick", [True, False])
def test_the_quick_lane_has_one_that_does_not_give_way(
    order: tuple[bool, ...], quick: bool
) -> None:
    pool = Forking(cast("Work", None), idle=[worker(low=low) for low in order])
    assert run(pool, pool.take(quick=quick)).low is not quick


def test_a_new_one_takes_the_place_of_one_that_gives_way() -> None:
    former = worker(low=True)
    pool = Forking(cast("Work", None), idle=[former])
    found = run(pool, pool.take(quick=True))
    assert not found.low
    assert pool.idle == []
    assert found.pid != former.pid
