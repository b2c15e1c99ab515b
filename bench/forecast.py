"""R0 for a million markets of 8 groups and 11 years on two threads, and R1 for fewer.

Beside them a plain loop over markets, with which R0 agrees. The figures are of chance, from none to
all years of a group printed.
"""

import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from bench.measure import console, machine, verdict
from graph.forecast.models.paths import Floats
from graph.forecast.models.random_growth import estimate, predict, priors
from graph.forecast.models.reference import LEVELS, Band, reference
from tests.graph.forecast import plain

GROUPS = 8
YEARS = np.arange(2024, 2035)
THREADS = 2
GOAL_SECONDS = 5.0
GOAL_BYTES = 2e9
AGREE = 1e-12  # relatively
_SAMPLE = 2000
_SLOWER = 100_000  # markets for R1
_AT_ONCE = 20_000
_Made = TypeVar("_Made")


def run(markets: int, seed: int) -> None:
    """Print the figures, and fail when a goal is missed."""
    machine()
    logs = _figures(markets, seed)
    band, seconds = _timed(lambda: reference(logs, YEARS, YEARS, LEVELS, threads=THREADS))
    memory = _peak()
    console.print(
        f"R0, {markets:,} markets, {GROUPS} groups, {len(YEARS)} years, {len(LEVELS)} levels: "
        f"{seconds:.2f} s on {THREADS} threads; at most {memory / 1e9:.2f} GB, "
        f"of which {logs.nbytes / 1e9:.2f} GB are figures"
    )
    apart, each = _loop(logs, band, seed)
    console.print(
        f"a plain loop takes {each * markets:.0f} s, {each * markets / seconds:.0f} times as long "
        f"(measured on {min(_SAMPLE, markets):,} markets, one level); at most {apart:.1e} apart"
    )
    _random_growth(logs[:_SLOWER])
    wrong = []
    if seconds > GOAL_SECONDS:
        wrong.append(f"R0 took {seconds:.2f} s, {GOAL_SECONDS:.0f} wanted")
    if memory > GOAL_BYTES:
        wrong.append(f"R0 took {memory / 1e9:.2f} GB, {GOAL_BYTES / 1e9:.0f} wanted")
    if not apart <= AGREE:
        wrong.append(f"R0 and the plain loop are {apart:.1e} apart, {AGREE:.0e} allowed")
    verdict(wrong)


def _figures(markets: int, seed: int) -> Floats:
    """Logarithms, some thousand markets at a time: what is made on the way takes no memory."""
    random = np.random.default_rng(seed)
    logs = np.empty((markets, GROUPS, len(YEARS)))
    for first in range(0, markets, _AT_ONCE):
        part = logs[first : first + _AT_ONCE]
        shape = (len(part), GROUPS, 1)
        part[:] = random.normal(3, 0.4, shape)
        part += random.normal(0.15, 0.03, shape) * np.arange(len(YEARS))
        part += random.normal(0, 0.05, part.shape)
        part[random.random(part.shape) > random.random(shape)] = np.nan
    return logs


def _loop(logs: Floats, band: Band, seed: int) -> tuple[float, float]:
    """The greatest relative difference, infinite where one has no number, and seconds a market."""
    random = np.random.default_rng(seed + 1)
    chosen = random.choice(len(logs), min(_SAMPLE, len(logs)), replace=False)
    years = YEARS.tolist()
    level = len(LEVELS) - 1
    plain.reference(logs[0], years, years, LEVELS[level])  # quantiles are looked up once
    rows, seconds = _timed(
        lambda: [plain.reference(logs[market], years, years, LEVELS[level]) for market in chosen]
    )
    theirs = np.moveaxis(np.array(rows), -1, 0)
    bounds = (band.lower[level], band.upper[level], band.least, band.greatest)
    ours = np.stack([part[chosen] for part in (band.k, band.median, *bounds)])
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    apart = np.divide(np.abs(ours - theirs), np.abs(theirs), np.zeros(ours.shape), where=~same)
    return float(np.where(np.isnan(apart), np.inf, apart).max()), seconds / len(chosen)


def _random_growth(logs: Floats) -> None:
    variances = np.full(logs.shape, 1e-6)
    own, first = _timed(lambda: estimate(logs, variances, YEARS))
    found, second = _timed(lambda: predict(own, priors=priors(own)))
    console.print(
        f"R1, {len(logs):,} markets, by REML: estimated in {first:.2f} s, predicted in "
        f"{second:.2f} s on one thread; {int(found.borrowed.sum()):,} borrow"
    )


def _peak() -> float:
    """The most memory that this process has had, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most if sys.platform == "darwin" else most * 1024)


def _timed(work: Callable[[], _Made]) -> tuple[_Made, float]:
    begun = time.perf_counter()
    made = work()
    return made, time.perf_counter() - begun
