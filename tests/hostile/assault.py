"""Drivers of the attacks: several at a time, all at once, or left alone after a moment."""

import http.client
import socket
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.hostile.corpus import ANSWER, Attack
from tests.hostile.server import Program
from tests.hostile.wire import QUERY, Incomplete, Reply, connect, send

_PATIENCE, _LOOK = 1.5, 0.05  # seconds; the deadline of those that are asked is later
_BY_STATUS = {200: ANSWER, 504: "deadline-exceeded", 507: "memory-exceeded"}
# What may come instead where more is asked at once than there are workers.
CROWDED = frozenset(("deadline-exceeded", "queue-full"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attack: ANSWER, the name of a problem, or what went wrong in words."""

    attack: Attack
    what: str
    seconds: float
    reply: Reply | None = None

    def wrong(self, at_most: float, *, also: Iterable[str] = ()) -> str:
        """What is wrong about it; empty when nothing is. `at_most` are seconds."""
        if self.what not in self.attack.outcomes | set(also):
            expected = ", ".join(sorted(self.attack.outcomes))
            return f"{self.attack.name}: {self.what} after {self.seconds:.2f} s, not {expected}"
        if self.seconds > at_most:
            return f"{self.attack.name}: {self.what} after {self.seconds:.2f} s, too late"
        return ""


def attempt(service: Program, attack: Attack, patience: float = 60.0) -> Outcome:
    """Send one attack and wait for what comes."""
    headers = {
        "Content-Type": QUERY,
        "Accept": attack.accept,
        "Accept-Encoding": attack.coding,
    }
    begin = time.monotonic()
    try:
        reply = send(service, "POST", "/sparql", headers, attack.text.encode(), patience=patience)
    except (OSError, Incomplete) as error:
        what = f"no whole answer ({type(error).__name__}: {error})"
        return Outcome(attack, what, time.monotonic() - begin)
    return Outcome(attack, _what(attack, reply), time.monotonic() - begin, reply)


def _what(attack: Attack, reply: Reply) -> str:
    if attack.accept == "text/html":  # a problem is then a page, and its status tells which
        return _BY_STATUS.get(reply.status, f"status {reply.status}")
    if reply.status == 200:
        return ANSWER
    return reply.problem or f"status {reply.status} without a problem"


def together(service: Program, attacks: Sequence[Attack], at_once: int) -> list[Outcome]:
    """Send all, so many at a time; a slow one holds back nobody but its own successor."""
    for attack in attacks:
        attack.text  # noqa: B018 - made now: the clock is not to run meanwhile
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(lambda attack: attempt(service, attack), attacks))


def begin(service: Program, attack: Attack, query_id: str = "") -> socket.socket:
    """Send an attack and return its connection: nobody reads the answer."""
    body = attack.text.encode()
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: {service.host}\r\nContent-Type: {QUERY}\r\n"
        f"Accept: {attack.accept}\r\nContent-Length: {len(body)}\r\n"
    )
    if query_id:
        head += f"Query-Id: {query_id}\r\n"
    plain = connect(service)
    plain.sendall(f"{head}\r\n".encode() + body)
    return plain


def finish(plain: socket.socket) -> Reply:
    """Read what comes on a connection that `begin` gave, and close it."""
    with plain:
        response = http.client.HTTPResponse(plain)
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, headers, response.read())


def abandon(service: Program, attacks: Iterable[Attack], after: float) -> float:
    """Send attacks at the same time, and close their connections after so many seconds; on a busy
    machine once the service has had a processor for half of that.

    Return the seconds that it had: none, and they were no attacks.
    """
    before = service.processes.work()
    connections = [begin(service, attack) for attack in attacks]
    until = time.monotonic() + _PATIENCE
    time.sleep(after)
    while (worked := service.processes.worked(before)) < after / 2 and time.monotonic() < until:
        time.sleep(_LOOK)
    for connection in connections:
        connection.close()
    return worked
