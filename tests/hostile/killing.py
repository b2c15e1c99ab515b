"""The driver of kills: a service with writers and readers is killed again and again."""

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile.server import DidNotStart, Service
from tests.hostile.writing import (
    Writer,
    content,
    damaged_releases,
    read,
    unlike_its_merge,
)

_WRITERS = 2
_READERS = 2
_LONGEST = 0.6  # seconds of writing before most kills
_CHECKPOINT = (0.5, 3.0)  # seconds before the others: a release is made meanwhile
_PATIENT = 0.2  # the share of these others
_STARTING = 0.15  # the share of kills that hit a service which is just starting
_ALONE = 0.3  # the share of kills that hit the first process alone: the others must follow it
_FOLLOW = 5.0


@dataclass(slots=True)
class Report:
    """What became of the writes."""

    kills: int = 0
    acknowledged: int = 0
    open: int = 0  # writes that were under way at a kill
    releases: int = 0  # different ones that were seen
    wrong: list[str] = field(default_factory=list)


class Campaign:
    """Kills services over one data directory, and compares what is there with what must be."""

    def __init__(self, data: Path, seed: int, *arguments: str, merged: bool) -> None:
        self.data = data
        self._merged = merged
        self.report = Report()
        self._releases: set[str] = set()
        self._chance = random.Random(seed)
        self._arguments = (*arguments, "--default-graph", "merged" if merged else "strict")
        self._writers = [
            Writer(f"writer{n}", random.Random(f"{seed}/{n}")) for n in range(_WRITERS)
        ]

    def run(self, *, kills: int, seconds: float = float("inf")) -> Report:
        """Kill so many times, as long as there is time for it; look once more at the end."""
        until = time.monotonic() + seconds
        while self.report.kills < kills and time.monotonic() < until:
            self._one()
            self.report.kills += 1
        with Service(self.data, *self._arguments) as service:
            self._look(service)
        return self.report

    def _one(self) -> None:
        if self._chance.random() < _STARTING:
            try:
                patience = self._chance.uniform(0.0, 1.5)
                service = Service(self.data, *self._arguments, patience=patience)
            except DidNotStart:
                return
        else:
            service = Service(self.data, *self._arguments)
        try:
            self._look(service)
            self._write_and_kill(service)
        finally:
            service.kill()
        self.report.acknowledged = sum(writer.acknowledged for writer in self._writers)
        self.report.open += sum(writer.pending is not None for writer in self._writers)

    def _look(self, service: Service) -> None:
        found = content(service)
        for writer in self._writers:
            self.report.wrong += writer.settle(found)
        if self._merged:
            self.report.wrong += unlike_its_merge(service)
        self.report.wrong += damaged_releases(self.data)
        self._releases |= {path.parent.name for path in self.data.rglob("releases/*/data.nq")}
        self.report.releases = len(self._releases)

    def _write_and_kill(self, service: Service) -> None:
        stop = threading.Event()
        threads = [
            threading.Thread(target=writer.run, args=(service, stop)) for writer in self._writers
        ]
        threads += [
            threading.Thread(target=read, args=(service, stop, self.report.wrong))
            for _ in range(_READERS)
        ]
        for thread in threads:
            thread.start()
        patient = self._chance.random() < _PATIENT
        time.sleep(self._chance.uniform(*(_CHECKPOINT if patient else (0.0, _LONGEST))))
        if self._chance.random() < _ALONE:
            os.kill(service.process.pid, signal.SIGKILL)
            service.process.wait()
            if service.processes.gone_after(_FOLLOW) >= _FOLLOW:
                self.report.wrong.append(f"they outlive it: {service.processes.names()}")
        service.processes.kill()
        stop.set()
        for thread in threads:
            thread.join(30)
