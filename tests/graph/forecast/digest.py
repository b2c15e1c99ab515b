"""Print how many numbers R0 and R1 publish for some hundred markets, and their SHA-256.

A program of its own, so that a test can start it with another processor. DIGEST_THREADS is how many
threads R0 works on.
"""

import hashlib
import os
from collections.abc import Iterator

import numpy as np
from numpy._core._multiarray_umath import (  # type: ignore[import-not-found, unused-ignore]
    __cpu_dispatch__,
    __cpu_features__,
)

from graph.forecast.models.paths import Floats
from graph.forecast.models.random_growth import Prediction, estimate, predict, priors
from graph.forecast.models.reference import Band, reference
from graph.forecast.models.scenarios import Scenario, applied
from graph.forecast.rounding import published_each

MARKETS = 300
YEARS = np.arange(2020, 2031)


def computed() -> Iterator[Band | Prediction]:
    """R0, and R1 by each method, plain, borrowed, and under a scenario."""
    random = np.random.default_rng(20)
    # Integers only, so that the values are the same to the last bit; half of them end in 5.
    cents = random.integers(100, 100_000, (MARKETS, 7, len(YEARS))) * 5
    values = cents / 100
    logs = np.where(random.integers(0, 10, cents.shape) < 4, np.log(values), np.nan)
    variances = (0.005 / values) ** 2 / 3
    yield reference(logs, YEARS, YEARS, threads=int(os.environ.get("DIGEST_THREADS", "1")))
    for method in ("reml", "dersimonian-laird", "paule-mandel"):
        own = estimate(logs, variances, YEARS, method=method)
        lent = priors(own)
        yield predict(own)
        found = predict(own, priors=lent)
        yield found
        yield applied(found, Scenario(damping=0.9, cap=20, ceiling=3000))


def curves() -> Iterator[Floats]:
    """The medians and bounds of all of them."""
    for band in computed():
        yield from (band.median, *band.lower, *band.upper)


def main() -> None:
    """The number of numbers, their digest, and the features that numpy works with."""
    digest, numbers = hashlib.sha256(), 0
    for curve in curves():
        for number in published_each(curve.ravel()):
            digest.update(f"{number:f}\n".encode() if number is not None else b"none\n")
            numbers += number is not None
    features = ",".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))
    print(numbers, digest.hexdigest(), features or "none")


if __name__ == "__main__":
    main()
