"""Drivers of fuzzing: many requests of chance on a few connections, each answer checked."""

import http.client
import json
import random
import socket
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from service.kinds import KINDS
from tests.hostile.mutation import Noise, garbage, mutated, noise
from tests.hostile.server import Program
from tests.hostile.wire import QUERY, RESULTS, Incomplete, Reply, connect, exchange

CONNECTIONS = 4
KNOWN = {kind.name: kind.status for kind in KINDS if kind.name}
GOOD = frozenset((200, 201, 204, 304))
# Kinds that say that the query was not read to its end, or is none.
UNREAD = frozenset(("query-syntax", "malformed-request", "unsupported-body", "body-too-large"))
TIMEOUT = "0.5"  # seconds that a query of chance may take
_MOST_TOLD = 20


@dataclass(slots=True)
class Tally:
    """What came back: how often each status and problem, and what was wrong, in words."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    parsed: int = 0
    closed: int = 0  # connections ended instead of an answer, where that is right
    wrong: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # what the engine failed on: worth a look

    def add(self, other: "Tally") -> None:
        """Count what another has counted, too."""
        self.sent += other.sent
        self.statuses += other.statuses
        self.problems += other.problems
        self.parsed += other.parsed
        self.closed += other.closed
        self.wrong = (self.wrong + other.wrong)[:_MOST_TOLD]
        self.failures = (self.failures + other.failures)[:_MOST_TOLD]

    def take(self, what: object, reply: Reply, *, head: bool = False) -> None:
        """Count an answer, and note what is wrong about it."""
        self.statuses[reply.status] += 1
        if reply.status in GOOD:
            self.parsed += 1
            return
        name = "" if head else _problem(reply)
        self.problems[name] += 1
        self.parsed += name not in UNREAD
        if name == "engine-failure":
            self.failures.append(f"{reply.json()['detail']} for {str(what)[:1000]}")
        if (fault := "" if head else _fault(reply, name)) and len(self.wrong) < _MOST_TOLD:
            self.wrong.append(f"{fault} {reply.status} {reply.body[:200]!r} for {str(what)[:500]}")


def _problem(reply: Reply) -> str:
    try:
        return reply.problem
    except (ValueError, KeyError):
        return "?"


def _fault(reply: Reply, name: str) -> str:
    """What is wrong about a problem; empty when nothing is."""
    if name == "internal-error":
        return "the service failed:"
    if not name and _is_of_http(reply):
        return ""
    if KNOWN.get(name) != reply.status:
        return f"the problem {name!r} does not go with the status {reply.status}:"
    return ""


def _is_of_http(reply: Reply) -> bool:
    """Whether it is a problem without a type of its own: the status says it all (RFC 9457)."""
    kind = reply.headers.get("content-type", "").partition(";")[0]
    return kind == "application/problem+json" and reply.json()["type"] == "about:blank"


def queries(service: Program, count: int, seed: int) -> Tally:
    """Send so many mutated queries."""

    def ask(chance: random.Random, line: "_Line", tally: Tally) -> None:
        text = mutated(chance)
        headers = {"Content-Type": QUERY, "Accept": f"{RESULTS}, text/turtle"}
        if reply := line.send("POST", f"/sparql?timeout={TIMEOUT}", headers, text, tally):
            tally.take(text, reply)
            if reply.status == 200 and reply.headers["content-type"].startswith(RESULTS):
                json.loads(reply.body)

    return _all(service, ask, count, seed)


def bodies(service: Program, count: int, seed: int) -> Tally:
    """Send so many requests of chance, of which a tenth need not be HTTP."""

    def ask(chance: random.Random, line: "_Line", tally: Tally) -> None:
        if chance.random() < 0.1:
            _throw(service, garbage(chance), tally)
            return
        request = noise(chance)
        if reply := line.send(*request, tally):
            tally.take(request, reply, head=request.method == "HEAD")

    return _all(service, ask, count, seed)


def _all(
    service: Program,
    ask: Callable[[random.Random, "_Line", Tally], None],
    count: int,
    seed: int,
) -> Tally:
    def some(part: int) -> Tally:
        chance, tally = random.Random(f"{seed}/{part}"), Tally()
        line = _Line(service)
        for _ in range(part, count, CONNECTIONS):
            ask(chance, line, tally)
            tally.sent += 1
        line.close()
        return tally

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return _sum(pool.map(some, range(CONNECTIONS)))


def _sum(parts: Iterable[Tally]) -> Tally:
    whole = Tally()
    for part in parts:
        whole.add(part)
    return whole


class _Line:
    """A connection that is opened again when it was closed between two requests."""

    def __init__(self, service: Program) -> None:
        self._service = service
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def send(
        self, method: str, target: str, headers: dict[str, str], body: bytes | None, tally: Tally
    ) -> Reply | None:
        """Return the answer; None, noted in the tally, when there is none."""
        for again in (True, False):
            fresh = self._connection is None
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    self._service.host, self._service.port, timeout=30
                )
            try:
                return exchange(self._connection, method, target, headers, body)
            except (OSError, Incomplete, http.client.HTTPException) as error:
                self.close()
                if fresh or not again:
                    request = Noise(method, target, headers, body)
                    tally.wrong.append(f"no answer ({error!r}) for {str(request)[:500]}")
                    return None
        return None


def _throw(service: Program, data: bytes, tally: Tally) -> None:
    """Send bytes and close: an answer with a status of HTTP is right, and so is none."""
    try:
        with connect(service) as plain:
            plain.settimeout(30)
            plain.sendall(data)
            plain.shutdown(socket.SHUT_WR)
            answer = plain.recv(4096)
    except ConnectionError:
        answer = b""
    if not answer:
        tally.closed += 1
    elif answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 2", b"HTTP/1.0 4", b"HTTP/1.1 3")):
        tally.statuses[int(answer[9:12])] += 1
    else:
        tally.wrong.append(f"{answer[:200]!r} for the bytes {data[:200]!r}")
