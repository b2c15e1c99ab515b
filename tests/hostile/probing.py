"""Somebody else's small queries, meanwhile: how long they take, and whether each is answered.

A prober is a process of its own (`python -m tests.hostile.probing HOST PORT`), so that what a test
does at the same time does not count. It asks `ASK {}` every 20 ms on one connection: by turns the
very same text, and one that was never asked before. It ends when its standard input does.
"""

import http.client
import json
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.hostile.server import ROOT, Program

INTERVAL = 0.02
PATIENCE = 20.0
SOURCE = "127.0.0.2"  # another client than those that attack
HEADERS = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}


@dataclass(frozen=True, slots=True)
class Probes:
    """What came of the probes of one kind. Times in seconds, of those that were answered."""

    sent: int
    failures: Mapping[str, int]  # what came instead of the answer, and how often
    times: list[float]

    def percentile(self, share: float) -> float:
        """The time that so many (0 to 1) of the probes did not exceed; 0 of none."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def __str__(self) -> str:
        median, most = (1000 * self.percentile(share) for share in (0.5, 1.0))
        return (
            f"{self.sent} sent, {sum(self.failures.values())} failed {dict(self.failures)}, "
            f"median {median:.1f} ms, p99 {1000 * self.percentile(0.99):.1f} ms, "
            f"most {most:.1f} ms"
        )


class Prober:
    """Probes a service while its block runs; afterwards `same` and `fresh` tell how it went."""

    def __init__(self, service: Program) -> None:
        self._command = [sys.executable, "-m", __name__, service.host, str(service.port)]
        self.same = self.fresh = Probes(0, {}, [])

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        output, _ = self._process.communicate(timeout=PATIENCE + 10)
        if kind is None:
            found = json.loads(output)
            self.same, self.fresh = Probes(**found["same"]), Probes(**found["fresh"])

    def wrong(self, at_most: float) -> list[str]:
        """What is wrong: a probe without its answer, too few of them, or a p99 beyond seconds."""
        found = []
        for name, probes in (("same", self.same), ("fresh", self.fresh)):
            if probes.failures or probes.sent < 5 or probes.percentile(0.99) > at_most:
                found.append(f"probes ({name} text): {probes}")
        return found


class _Probing:
    """The work of the prober's process."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._connection: http.client.HTTPConnection | None = None
        self._times: dict[str, list[float]] = {"same": [], "fresh": []}
        self._failures: dict[str, dict[str, int]] = {"same": {}, "fresh": {}}
        self._sent = {"same": 0, "fresh": 0}

    def probe(self, kind: str, text: str) -> None:
        """Ask once and keep what came."""
        self._sent[kind] += 1
        begin = time.monotonic()
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    self._host, self._port, timeout=PATIENCE, source_address=(SOURCE, 0)
                )
            self._connection.request("POST", "/sparql", text.encode(), HEADERS)
            response = self._connection.getresponse()
            body = response.read()
            good = response.status == 200 and json.loads(body)["boolean"] is True
            failure = "" if good else f"{response.status} {body[:200].decode('utf-8', 'replace')}"
        except (OSError, http.client.HTTPException) as error:
            failure, self._connection = f"{type(error).__name__}: {error}", None
        if failure:
            self._failures[kind][failure] = self._failures[kind].get(failure, 0) + 1
        else:
            self._times[kind].append(time.monotonic() - begin)

    def report(self) -> dict[str, dict[str, object]]:
        """What Probes is made of, for each kind."""
        return {
            kind: {
                "sent": self._sent[kind],
                "failures": self._failures[kind],
                "times": self._times[kind],
            }
            for kind in ("same", "fresh")
        }


def main() -> None:
    """Probe until standard input ends."""
    probing = _Probing(sys.argv[1], int(sys.argv[2]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    number = 0
    following = time.monotonic()
    while not select.select([sys.stdin], [], [], max(0.0, following - time.monotonic()))[0]:
        following = max(following + INTERVAL, time.monotonic())
        number += 1
        if number % 2:
            probing.probe("same", "ASK {}")
        else:
            probing.probe("fresh", f"ASK {{}} #{number} {time.monotonic_ns()}")
    sys.stdout.write(json.dumps(probing.report()))


if __name__ == "__main__":
    main()
