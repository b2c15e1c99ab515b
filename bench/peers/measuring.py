"""Answers are compared, and only then timed, by turns: what else the machine does meets all."""

import statistics
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.measure import RUNS
from bench.peers.answers import Answer, answer, difference
from bench.peers.asking import Client, Refused
from bench.peers.cases import Case
from bench.peers.contenders import OURS, Contender
from bench.peers.figures import Found, Load, Times

LONGEST = 10_000
"""Milliseconds past which an answer is not asked for again: it is told and not timed."""
TURN, MOST = 50.0, 20
"""In one turn, a query is asked until so many milliseconds have passed, at most so many times."""
CONNECTIONS = 8


def compared(
    case: Case, clients: Mapping[str, Client]
) -> tuple[dict[str, float], dict[str, str], int]:
    """Ask each once. Return the milliseconds of those that answer as ours does, the reason for
    each of the others, and how many rows there are. Where ours gives no answer, that of the first
    one that does takes its place; where none does there are no rows.
    """
    first: dict[str, float] = {}
    untimed: dict[str, str] = {}
    wanted: Answer | None = None
    same = b""
    for name in sorted(clients, key=lambda name: name != OURS):
        begun = time.perf_counter()
        try:
            body = clients[name].ask(case)
            spent = 1000 * (time.perf_counter() - begun)
            found = wanted if wanted and body == same else answer(body, graph=case.graph)
        except Refused as error:
            untimed[name] = str(error)
            continue
        if wanted is None:
            wanted, same = found, body
        other = difference(wanted, found)
        if other is not None:
            untimed[name] = f"another answer: {other}"
        elif spent > LONGEST:
            untimed[name] = f"it takes {spent / 1000:.0f} s"
        else:
            first[name] = spent
    return first, untimed, 0 if wanted is None else wanted.total()


def timed(case: Case, clients: Mapping[str, Client]) -> Found:
    """Compare, then measure `RUNS` times those whose answers are the same as ours."""
    first, untimed, rows = compared(case, clients)
    runs: dict[str, list[float]] = {name: [] for name in first}
    for _ in range(RUNS):
        for name in [name for name in runs if name not in untimed]:
            try:
                runs[name].append(_turn(case, clients[name]))
            except Refused as error:
                untimed[name] = str(error)
    times = {name: Times(tuple(some)) for name, some in runs.items() if name not in untimed}
    return Found(times, untimed, first, rows)


def _turn(case: Case, client: Client) -> float:
    """The median of one turn, in milliseconds; what is quick is asked several times in it, since
    else it is timed how a process wakes up after others have worked. Raises Refused.
    """
    spent: list[float] = []
    while len(spent) < MOST and sum(spent) < TURN:
        spent.append(client.timed(case))
    return statistics.median(spent)


def loaded(
    mix: Sequence[Case], contenders: Sequence[Contender], seconds: float
) -> tuple[dict[str, Load], dict[str, str]]:
    """A mixed load on each of those that answer every query of it as ours does."""
    clients = {one.name: Client(one.endpoint) for one in contenders}
    untimed: dict[str, str] = {}
    for case in mix:
        asked = {name: client for name, client in clients.items() if name not in untimed}
        untimed |= {name: f"{case.title}: {why}" for name, why in compared(case, asked)[1].items()}
    for client in clients.values():
        client.close()
    rates: dict[str, list[float]] = {}
    times: dict[str, list[float]] = {}
    failed: dict[str, int] = {}
    for _ in range(RUNS):
        for one in contenders:
            if one.name in untimed:
                continue
            some, wrong = _run(mix, one, seconds)
            rates.setdefault(one.name, []).append(len(some) / seconds)
            times.setdefault(one.name, []).extend(some)
            failed[one.name] = failed.get(one.name, 0) + wrong
    found = {name: Load.of(rates[name], times[name], failed[name]) for name in rates}
    return found, untimed


def _run(mix: Sequence[Case], contender: Contender, seconds: float) -> tuple[list[float], int]:
    """Milliseconds of each request of `CONNECTIONS` clients, and how many failed."""
    begin = threading.Barrier(CONNECTIONS)

    def client(number: int) -> tuple[list[float], int]:
        one, spent, wrong = Client(contender.endpoint), [], 0
        place = number * len(mix) // CONNECTIONS  # each begins elsewhere
        begin.wait()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            try:
                spent.append(one.timed(mix[place % len(mix)]))
            except Refused:
                wrong += 1
            place += 1
        one.close()
        return spent, wrong

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        done = list(threads.map(client, range(CONNECTIONS)))
    return [time_ for spent, _ in done for time_ in spent], sum(wrong for _, wrong in done)
