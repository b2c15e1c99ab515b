"""What several processes count, as one: sums over all of them, those that ended included."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

_START = "process_start_time_seconds"
_NOWHERE = CollectorRegistry()


class Together(Collector):
    """The counts in a folder of prometheus_client's multiprocess mode, and what the processes use.

    Counters and histograms are sums of all time; gauges, and what the operating system tells, are
    sums over the processes that run. The start is that of the oldest one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Add up."""
        running = []
        for process in self._processes():
            if Path(f"/proc/{process}").exists() or process == os.getpid():
                running.append(process)
            else:
                mark_process_dead(process, str(self._folder))  # type: ignore[no-untyped-call]
        yield from MultiProcessCollector(None, str(self._folder)).collect()  # type: ignore[no-untyped-call]
        yield from _used(running)

    def _processes(self) -> set[int]:
        return {int(path.stem.rpartition("_")[2]) for path in self._folder.glob("gauge_live*.db")}


class Ended(Collector):
    """How many processes that answer ended, unless the service was stopped, and were replaced."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    def collect(self) -> Iterator[Metric]:
        """Look."""
        text = "Processes that answer which ended and were replaced, since the start."
        yield CounterMetricFamily("therascape_processes_ended", text, self._count())


def _used(processes: list[int]) -> Iterator[Metric]:
    """What the operating system tells of processes, added up."""
    sums: dict[str, Metric] = {}
    for process in processes:
        system = ProcessCollector(pid=partial(int, process), registry=_NOWHERE)
        for metric in system.collect():
            known = sums.setdefault(metric.name, metric)
            if known is metric:
                continue
            (former,), (sample,) = known.samples, metric.samples
            pair = (former.value, sample.value)
            value = min(pair) if metric.name == _START else sum(pair)
            known.samples = [former._replace(value=value)]
    yield from sums.values()
