"""What the service counts and measures, for Prometheus.

No label takes a value from outside: what is not known here is `other`.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from graph.errors import GraphError
from service.front.observer import Again, Outcome, problem_of
from service.kinds import KINDS
from service.processes.counts import Together
from service.version import version

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder of what several processes count; read at the start."""
OTHER = "other"
GONE = "gone"
"""The status of a request whose client left before there was an answer."""

_ROUTES = frozenset(
    "sparql store api description examples docs problems queries health ready metrics static"
    " query search timeline markets landscape explore compare data changes about id source graph"
    " exports releases ns catalog report-a-problem .well-known robots.txt".split()
)
_METHODS = frozenset("GET HEAD POST PUT DELETE OPTIONS".split())
_PROBLEMS = frozenset(kind.name for kind in KINDS if kind.name)
_FORMS = frozenset("SELECT ASK CONSTRUCT DESCRIBE question update PUT POST DELETE".split())
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_SERIES = 1000

Numbers = Mapping[str, Any]

# They would be a second series for each, which says when it began.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Sight:
    """Counts what the front tells of, and asks the engine how it is when somebody looks."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.looks = CollectorRegistry()
        """What is looked up when somebody asks, and not counted here."""
        self._requests = Counter(
            *("therascape_requests", "Requests answered."),
            ["route", "method", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            *("therascape_request_seconds", "From the head of a request to the end of its answer."),
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._problems = Counter(
            "therascape_problems", "Problems answered, by type.", ["type"], registry=registry
        )
        self._queries = Counter(
            *("therascape_queries", "Queries and writes, by form and outcome."),
            ["form", "outcome"],
            registry=registry,
        )
        self._ran = Histogram(
            *("therascape_query_seconds", "What a worker took for a query or a write."),
            ["form"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._waited = Histogram(
            *("therascape_query_waiting_seconds", "What a query or a write waited for a worker."),
            buckets=_SECONDS,
            registry=registry,
        )
        self._under_way = Gauge(
            *("therascape_requests_under_way", "Requests that are worked on."),
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._sent = Counter(
            "therascape_sent_bytes", "Bytes of the bodies of answers.", registry=registry
        )
        self._repeated = Counter(
            "therascape_cache_hits", "Answers given again from memory.", registry=registry
        )
        self._missed = Counter(
            *("therascape_cache_misses", "Answers that may be given again, made anew."),
            registry=registry,
        )
        # To find a series by its labels takes longer than to count; there are few of them.
        self._request = lru_cache(_SERIES)(self._requests.labels)
        self._second = lru_cache(_SERIES)(self._seconds.labels)
        self._query = lru_cache(_SERIES)(self._queries.labels)
        self._engine = _Engine()
        self.looks.register(self._engine)
        # Of what answers, not of the engine: memory, processor, open files, start.
        about = Gauge(
            *("therascape_build_info", "The version.", ["version"]),
            multiprocess_mode="max",
            registry=registry,
        )
        about.labels(version()).set(1)
        self._counts: Collector = registry
        self._held: list[Gauge] = []
        if (folder := os.environ.get(SHARED)) is None:
            ProcessCollector(registry=registry)
            return
        self._counts = Together(Path(folder))
        for name, text in _CACHE:
            gauge = Gauge(name, text, multiprocess_mode="livesum", registry=registry)
            self._held.append(gauge)

    def watch(
        self,
        status: Callable[[], Numbers],
        cache: Callable[[], tuple[int, int]] | None = None,
        replica: Callable[[], Numbers | None] = lambda: None,
    ) -> None:
        """Ask these when somebody looks: the engine, and the cache for its entries and bytes, but
        where several processes have one each and tell (`holds`).

        `replica` tells how far a replica is; None where this is none.
        """
        self._engine.status, self._engine.cache = status, cache
        self._engine.replica = replica

    def text(self) -> tuple[bytes, str]:
        """Return all of it as Prometheus reads it, and the media type of that."""
        counted, looked_up = generate_latest(self._counts), generate_latest(self.looks)
        return counted + looked_up, CONTENT_TYPE_LATEST

    def holds(self, entries: int, size: int) -> None:
        """Let other processes know of the answers in memory: how many, and their bytes."""
        for gauge, value in zip(self._held, (entries, size), strict=False):
            gauge.set(value)

    def began(self) -> None:
        """Count a request that is worked on."""
        self._under_way.inc()

    def ended(self, outcome: Outcome) -> None:
        """Count a request that is over."""
        self._under_way.dec()
        log, route = outcome.exchange.log, route_of(outcome.path)
        status = str(outcome.status) if outcome.status else GONE
        self._request(route, _known(outcome.method, _METHODS), status).inc()
        self._second(route).observe(outcome.seconds)
        self._sent.inc(outcome.size)
        problem = problem_of(outcome)
        if problem is not None:
            self._problems.labels(_known(problem, _PROBLEMS)).inc()
        if "form" in log:
            made = "cut" if log.get("cut") else _known(problem, _PROBLEMS) if problem else "ok"
            form = _known(str(log["form"]), _FORMS)
            self._query(form, made).inc()
            if isinstance(ran := log.get("ran"), int | float):
                self._ran.labels(form).observe(ran)
            if isinstance(waited := log.get("waited"), int | float):
                self._waited.observe(waited)
        if outcome.exchange.storable:
            self._missed.inc()

    def kept(self, outcome: Outcome) -> Again:
        """Return what counts an answer that is given again."""
        route, log = route_of(outcome.path), outcome.exchange.log
        requests = {
            (method, status): self._request(route, method, str(status))
            for method in ("GET", "HEAD")
            for status in (200, 304)
        }
        seconds, sent, repeated = self._second(route), self._sent, self._repeated
        queries = None
        if "form" in log:
            queries = self._query(_known(str(log["form"]), _FORMS), "ok")
        others = self._request

        def again(scope: Mapping[str, Any], status: int, size: int, took: float) -> None:
            counter = requests.get((scope["method"], status))
            (counter or others(route, scope["method"], str(status))).inc()
            seconds.observe(took)
            sent.inc(size)
            repeated.inc()
            if queries is not None:
                queries.inc()

        return again


class _Engine(Collector):
    """What the engine's process says of itself when it is asked; nothing is kept."""

    def __init__(self) -> None:
        self.status: Callable[[], Numbers] | None = None
        self.cache: Callable[[], tuple[int, int]] | None = None
        self.replica: Callable[[], Numbers | None] = lambda: None

    def collect(self) -> Iterator[Metric]:
        """Ask, and give what was answered."""
        if self.cache is not None:
            for (name, text), value in zip(_CACHE, self.cache(), strict=True):
                yield _gauge(name, text, value)
        yield from _gauges(_REPLICA, self.replica() or {})
        if self.status is None:
            return
        try:
            numbers = self.status()
        except GraphError:
            numbers = {"problem": ""}
        # With a database elsewhere, the process here may be well, and that not.
        up = "problem" not in numbers
        yield _gauge("therascape_engine_up", "Whether the engine answers.", up)
        if not up:
            return
        yield from _gauges(_GAUGES, numbers)
        deaths = CounterMetricFamily(
            "therascape_engine_deaths", "Workers that died at work, by cause.", labels=["cause"]
        )
        for cause, number in sorted(numbers.get("deaths", {}).items()):
            deaths.add_metric([cause], number)
        yield deaths
        release = GaugeMetricFamily(
            "therascape_release", "The release that is served.", labels=["id"]
        )
        release.add_metric([str(numbers.get("release", ""))], 1)
        yield release


_GAUGES = (
    ("running", "therascape_engine_running", "Queries that have a worker."),
    ("waiting", "therascape_engine_waiting", "Queries that wait for a worker."),
    ("workers", "therascape_engine_workers", "Queries that may run at the same time."),
    ("idle", "therascape_engine_idle_workers", "Workers that are ready."),
    ("writes", "therascape_engine_writes", "Writes made since the engine was started."),
    ("number", "therascape_journal_number", "Number of the last write in the data."),
    ("statements", "therascape_statements", "Statements in the store."),
    ("memory", "therascape_engine_memory_bytes", "Memory of the engine without its workers."),
)


_CACHE = (
    ("therascape_cache_entries", "Answers in memory."),
    ("therascape_cache_bytes", "Bytes of the answers in memory."),
)

_REPLICA = (
    ("behind", "therascape_replica_behind", "Whether the publisher has another release."),
    ("behind_seconds", "therascape_replica_behind_seconds", "Seconds since it has."),
    ("answered_seconds", "therascape_replica_answered_seconds", "Seconds since it answered."),
    ("failures", "therascape_replica_failures", "Attempts to follow it that failed in a row."),
)


def route_of(path: str) -> str:
    """Return the first part of a path, if it is one of ours; `/` for the first page."""
    first = unquote(path.lstrip("/").partition("/")[0].partition("?")[0])
    return "/" if path == "/" else _known(first, _ROUTES)


def _known(value: str, values: frozenset[str]) -> str:
    return value if value in values else OTHER


def _gauges(rows: Iterable[tuple[str, str, str]], numbers: Numbers) -> Iterator[Metric]:
    for key, name, text in rows:
        if isinstance(value := numbers.get(key), int | float):
            yield _gauge(name, text, value)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


SIGHT = Sight()
"""What this process counts; there is one front in it at most."""


def metrics_text() -> tuple[bytes, str]:
    """Return what this process has counted, and the media type of that."""
    return SIGHT.text()
