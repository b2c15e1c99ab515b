"""The driver of kills for a publisher and its replicas, while releases are made and clients ask.

Every release says its number, and of as many things that they are of it; so an answer that is mixed
of two, cut, or of another release than its header names, is unlike the one that is known.
"""

import contextlib
import http.client
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from graph.pruning import prune
from graph.release import DataDirectory, content_id
from tests.hostile.server import DidNotStart, Service
from tests.hostile.wire import RESULTS, Incomplete, Reply, exchange
from tests.hostile.writing import damaged_releases
from tests.service.dataset import DETAILS, FIRST

THINGS = 300
_QUERY = (
    "/sparql?query=SELECT%20%3Fn%20%28COUNT%28%3Fs%29%20AS%20%3Fc%29%20"
    "%7B%20%3Curn%3Arelease%3E%20%3Curn%3Anumber%3E%20%3Fn%20."
    "%20%3Fs%20%3Curn%3Aof%3E%20%3Fn%20%7D%20GROUP%20BY%20%3Fn"
)
_PADDING = "x" * 2000
_PAUSE = (0.2, 1.2)  # seconds between two releases
_ALIVE = (0.0, 2.0)  # seconds between two kills
_DOWN = 1.0  # the longest that a service is not started again
_ONE = 0.4  # the share of kills that hit one process of a service alone
_BOTH = 0.3  # the share of the others that hit a second service as well
_KEPT = 3
_CONVERGE = 60.0
_PATIENCE = 10.0


@dataclass(slots=True)
class Report:
    """What became of it. `releases` were published, `answers` compared."""

    kills: int = 0
    releases: int = 0
    answers: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


class Node:
    """A service that is started again at the same address."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data = data
        self._arguments = arguments
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.service: Service | None = None

    @property
    def address(self) -> str:
        """That of its first page."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.service is not None and self.service.process.poll() is not None:
            self.kill()
        while self.service is None:
            with contextlib.suppress(DidNotStart):
                self.service = Service(self.data, *self._arguments, port=self.port)

    def kill(self) -> None:
        """End all of its processes at once."""
        if self.service is not None:
            self.service.kill()
            self.service = None

    def kill_one(self, chance: random.Random) -> None:
        """End one of its processes: the first, who answers, the engine, a worker, who fetches."""
        assert self.service is not None
        found = sorted(self.service.processes)
        if found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(found), signal.SIGKILL)

    def ask(self, target: str) -> Reply:
        """Raises OSError and Incomplete."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            return exchange(connection, "GET", target, {"Accept": RESULTS})
        finally:
            connection.close()


class Campaign:
    """A publisher and replicas of it, killed at random moments."""

    def __init__(self, folder: Path, seed: int, replicas: int, *arguments: str) -> None:
        self.report = Report()
        self._chance = random.Random(seed)
        self._publisher = Node(folder / "publisher", *arguments)
        following = ("--follow", self._publisher.address, "--follow-seconds", "0.2")
        self.nodes: Sequence[Node] = (
            self._publisher,
            *(Node(folder / f"replica{n}", *arguments, *following) for n in range(replicas)),
        )
        self._known: dict[str, int] = {}
        self._newest = ""

    def run(self, *, seconds: float) -> Report:
        """Publish, ask and kill for so long; then see that all of them have the newest release."""
        self._publish(random.Random(0))
        try:
            for node in self.nodes:
                node.start()
            with self._busy():
                until = time.monotonic() + seconds
                while time.monotonic() < until:
                    time.sleep(self._chance.uniform(*_ALIVE))
                    self._kill()
                    for node in self.nodes:
                        node.start()
            self._look()
        finally:
            for node in self.nodes:
                node.kill()
        return self.report

    def _kill(self) -> None:
        self.report.kills += 1
        node, other = self._chance.sample(self.nodes, 2)
        if self._chance.random() < _ONE:
            node.kill_one(self._chance)
            return
        node.kill()
        if self._chance.random() < _BOTH:
            self.report.kills += 1
            other.kill()
        time.sleep(self._chance.uniform(0, _DOWN))

    def _publish(self, chance: random.Random) -> None:
        number = len(self._known)
        quads = [Quad(NamedNode("urn:release"), NamedNode("urn:number"), Literal(number), FIRST)]
        for thing in range(THINGS):
            one = NamedNode(f"urn:thing:{number}:{thing}")
            quads.append(Quad(one, NamedNode("urn:of"), Literal(number), FIRST))
            quads.append(Quad(one, NamedNode("urn:padding"), Literal(_PADDING), FIRST))
        data = DataDirectory(self._publisher.data)
        id_ = content_id(quads)[0]
        self._known[id_] = number  # before anybody can see it
        data.publish(quads, DETAILS)
        self._newest = id_
        self.report.releases += 1
        if chance.random() < 0.5:
            prune(data, newest=_KEPT)

    @contextlib.contextmanager
    def _busy(self) -> Iterator[None]:
        """Publish and ask while the block runs."""
        stop = threading.Event()
        chance = random.Random(self._chance.random())

        def publish() -> None:
            while not stop.wait(chance.uniform(*_PAUSE)):
                self._publish(chance)

        def ask(node: Node) -> None:
            last = -1
            while not stop.wait(0.01):
                last = self._compare(node, last)

        works = [threading.Thread(target=publish)]
        works += [threading.Thread(target=ask, args=(node,)) for node in self.nodes]
        for work in works:
            work.start()
        try:
            yield
        finally:
            stop.set()
            for work in works:
                work.join()

    def _compare(self, node: Node, last: int) -> int:
        """Ask, and hold the answer against the known one; the number of the release."""
        try:
            turn = self.report.answers  # every other answer is none from memory
            reply = node.ask(f"{_QUERY}%23{turn if turn % 2 else ''}")
        except (OSError, Incomplete, http.client.HTTPException):
            return last
        if reply.status != 200:
            self.report.refused += 1
            if not reply.problem:
                self.report.wrong.append(f"{reply.status} without a problem: {reply.body[:200]!r}")
            return last
        self.report.answers += 1
        number = self._known.get(reply.headers["therascape-release"], -1)
        if reply.rows() != [{"n": str(number), "c": str(THINGS)}]:
            self.report.wrong.append(f"release {number} has the answer {reply.rows()}")
        if number < last:
            self.report.wrong.append(f"{node.address}: release {number} after {last}")
        return number

    def _look(self) -> None:
        """Wait until all serve the newest release, and look at what each has on the disk."""
        until = time.monotonic() + _CONVERGE
        for node in self.nodes:
            node.start()
            while self._served(node) != self._newest:
                if time.monotonic() > until:
                    self.report.wrong.append(
                        f"{node.address}: it does not serve the newest release"
                    )
                    break
                time.sleep(0.1)
            self._compare(node, self._known[self._newest])
            self.report.wrong += damaged_releases(node.data)
            left = [path for path in node.data.glob("replica/*") if path.is_dir()]
            if left:
                self.report.wrong.append(f"what was fetched is left behind: {left}")

    def _served(self, node: Node) -> str:
        try:
            return node.ask("/health").headers.get("therascape-release", "")
        except (OSError, Incomplete, http.client.HTTPException):
            node.start()
            return ""
