"""What there is to measure of the data directory: the release, the journal, the disk."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from graph.errors import GraphError
from graph.release import DataDirectory
from service.checkpoints import Tally


class Keeping(Collector):
    """Looks when somebody asks. What cannot be read is left out: a gap says more than a zero."""

    def __init__(self, data: Path, checkpoints: Tally) -> None:
        self._data = DataDirectory(data)
        self._checkpoints = checkpoints

    def collect(self) -> Iterator[Metric]:
        """Look, and give what was found."""
        made = CounterMetricFamily(
            "therascape_checkpoints", "Checkpoints by outcome.", labels=["outcome"]
        )
        made.add_metric(["made"], self._checkpoints.made)
        made.add_metric(["failed"], self._checkpoints.failed)
        yield made
        with contextlib.suppress(GraphError, OSError):
            if (current := self._data.current()) is not None:
                yield GaugeMetricFamily(
                    "therascape_release_published_timestamp_seconds",
                    "When the current release was made.",
                    (current.path / "data.nq").stat().st_mtime,
                )
                yield GaugeMetricFamily(
                    "therascape_release_write",
                    "Number of the last write that the current release contains.",
                    current.written.journal,
                )
        with contextlib.suppress(GraphError):
            yield GaugeMetricFamily(
                "therascape_stored_releases", "Releases on the disk.", len(self._data.ids())
            )
        yield GaugeMetricFamily("therascape_journal_bytes", "Size of the journal.", self._journal())
        with contextlib.suppress(OSError):
            yield GaugeMetricFamily(
                "therascape_disk_free_bytes",
                "Bytes that are free where the data directory is.",
                shutil.disk_usage(self._data.path).free,
            )

    def _journal(self) -> int:
        try:
            return (self._data.journal / "entries.jsonl").stat().st_size
        except OSError:  # nothing was written yet
            return 0
