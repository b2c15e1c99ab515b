"""Ten thousand mutated queries and ten thousand requests of chance, and what is left of them."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import MEBIBYTE, console, machine, verdict
from tests.hostile.fuzzing import Tally, bodies, queries
from tests.hostile.leaks import Leaks, deaths
from tests.hostile.server import Program, Service
from tests.hostile.wire import query
from tests.service.dataset import publish

WARM = 500
FLAGS = ("--deadline", "2", "--cache", "4", "--worker-memory", "256")


def run(count: int, seed: int) -> None:
    """Print the figures, and fail when something is wrong."""
    machine()
    with TemporaryDirectory() as folder:
        publish(Path(folder))
        with Service(Path(folder), *FLAGS) as service:
            queries(service, WARM, seed=seed + 1)
            bodies(service, WARM, seed=seed + 1)
            wrong = _one("mutated queries", queries, service, count, seed)
            wrong += _one("requests of chance", bodies, service, count, seed)
            if query(service, "ASK {}").status != 200:
                wrong.append("it does not answer any more")
            if number := deaths(service).get("remote"):
                wrong.append(f"{number} workers ran into the wall, which the lexer stands before")
        verdict(wrong)


def _one(
    what: str,
    send: Callable[[Program, int, int], Tally],
    service: Service,
    count: int,
    seed: int,
) -> list[str]:
    leaks = Leaks(service)
    begin = time.monotonic()
    tally = send(service, count, seed)
    console.print(
        f"{tally.sent} {what} in {time.monotonic() - begin:.0f} s: {tally.parsed / count:.0%} were "
        f"understood; statuses {dict(sorted(tally.statuses.items()))}; "
        f"problems {dict(tally.problems.most_common())}; {tally.closed} closed without a word; "
        f"{leaks}",
        markup=False,
    )
    for failure in tally.failures:
        console.print(f"the engine failed: {failure}", markup=False)
    wrong = tally.wrong + leaks.found(memory=64 * MEBIBYTE, files=12)
    if send is queries and tally.parsed < 0.3 * count:
        wrong.append("less than 30 % of the mutated queries are queries")
    return wrong
