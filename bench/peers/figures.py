"""What is measured, as numbers: medians, spreads and ratios."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Times:
    """Runs of one query on one server, in milliseconds."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.runs)

    @property
    def least(self) -> float:
        """The fastest one."""
        return min(self.runs)

    @property
    def most(self) -> float:
        """The slowest one."""
        return max(self.runs)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one query: times by contender, and who was not timed, with the reason.

    `first`: milliseconds of the first time that each was asked, when nothing was warm.
    """

    times: Mapping[str, Times]
    untimed: Mapping[str, str]
    first: Mapping[str, float]
    rows: int

    def ratio(self, theirs: str, ours: str) -> float | None:
        """How many times as long as ours theirs takes; None where one was not timed."""
        if theirs not in self.times or ours not in self.times:
            return None
        return self.times[theirs].median / self.times[ours].median


@dataclass(frozen=True, slots=True)
class Load:
    """A mixed load: answers a second in each run, and the times of all requests, in ms."""

    rates: tuple[float, ...]
    p50: float
    p95: float
    p99: float
    failed: int

    @classmethod
    def of(cls, rates: Sequence[float], times: Sequence[float], failed: int) -> "Load":
        """From the rates of the runs and the times of their requests."""
        p50, p95, p99 = (float(value) for value in np.percentile(times or [0.0], (50, 95, 99)))
        return cls(tuple(rates), p50, p95, p99, failed)

    @property
    def rate(self) -> float:
        """The median of the runs."""
        return statistics.median(self.rates)


def middle(ratios: Sequence[float]) -> float | None:
    """The geometric mean: twice as fast and twice as slow make one. None of none."""
    return statistics.geometric_mean(ratios) if ratios else None
