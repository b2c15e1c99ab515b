"""Made markets, where the truth and the next claim are known: random level and growth by group.

The log of what group i says for year t is a_i + b_i (t - centre), a_i and b_i around the truth's
level and growth. Each design breaks one assumption of the models, or none. Everything is drawn from
raw 64-bit integers, whose stream numpy keeps for good (NEP 19), and put on a grid of 2^-30, so that
last bits of logarithms, which processors differ in, change nothing.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The years that something may be printed for, and the one that is forecast.
YEARS = np.array([2020, 2024, 2026, 2028, 2030])
AT = 2028
_CENTRE = 2025
LEVEL_DEVIATION = 0.4
GROWTH_DEVIATION = 0.03
GROWTH = 0.15
_GRID = 2.0**30


@dataclass(frozen=True, slots=True)
class Design:
    """How the markets of a design differ from groups that differ normally and print all years.

    `horizons`: groups end in 2024, 2026, 2028 or 2030: "all" print 2030, "random", or "growth":
    the faster a group lets the market grow, the later it ends. `copied`: each source is printed
    twice. `other_scope`: the share of groups that mean another scope, `offset` below in logs.
    `common`: the standard deviation of a shift that all publishers share. `student`: levels and
    growths have the tails of Student's t with 3 degrees of freedom. `single`: one group in three
    prints 2024 only. `donors`: how many times the deviations of the markets are those of the
    markets that variances are borrowed from.
    """

    name: str
    text: str
    horizons: str = "all"
    copied: bool = False
    other_scope: float = 0.0
    offset: float = 0.0
    common: float = 0.0
    student: bool = False
    single: bool = False
    donors: float = 1.0


DESIGNS = (
    Design("balanced", "Normal levels and growths; all groups print the same years."),
    Design("horizons", "Groups end in different years, whatever they say.", horizons="random"),
    Design(
        "informative-horizons",
        "Groups that let the market grow faster print later years.",
        horizons="growth",
    ),
    Design("copied", "Each source is copied once and counted twice.", copied=True),
    Design(
        "mixed-scopes",
        "Three in ten groups mean a narrower market, 0.9 below in logs; the next one does not.",
        other_scope=0.3,
        offset=0.9,
    ),
    Design("common-bias", "All publishers are wrong by one shift (0.5 in logs).", common=0.5),
    Design("heavy-tails", "Levels and growths have the tails of Student's t with 3.", student=True),
    Design("single-years", "One group in three prints one year only.", single=True),
    Design("unlike-donors", "Variances are borrowed from markets half as spread.", donors=2.0),
)


@dataclass(frozen=True, slots=True)
class Markets:
    """Made markets, n of them. logs: (n, printed groups, years), NaN where not printed.

    claim, truth: (n,), the logs of what the next publisher says for `AT`, and of the market.
    """

    logs: Floats
    claim: Floats
    truth: Floats


class Draws:
    """Random numbers of a seed and words, the same on every machine."""

    def __init__(self, seed: int, *words: str | int) -> None:
        entropy = [seed, *(crc32(str(word).encode()) for word in words)]
        self._source = np.random.PCG64(np.random.SeedSequence(entropy))

    def uniform(self, *shape: int) -> Floats:
        """Uniform in (0, 1): odd multiples of 2^-54."""
        raw = self._source.random_raw(int(np.prod(shape))) >> np.uint64(11)
        return np.asarray((raw.astype(np.float64) + 0.5) * 2.0**-53).reshape(shape)

    def normal(self, *shape: int) -> Floats:
        """Standard normal, on the grid.

        Box and Muller (1958), Annals of Mathematical Statistics 29, 610-611.
        """
        radius, turn = self.uniform(2, *shape)
        normal = np.sqrt(-2.0 * np.log(radius)) * np.cos(2.0 * np.pi * turn)
        return np.asarray(np.round(normal * _GRID) / _GRID)


def make_markets(design: Design, k: int, n: int, seed: int, purpose: str = "") -> Markets:
    """Make n markets of k independent groups, and the claim of one more publisher in each.

    Another seed, design, k or `purpose` gives other markets.
    """
    draws = Draws(seed, design.name, k, purpose)
    levels = LEVEL_DEVIATION * _deviations(draws, design, n, k + 1)
    slopes = GROWTH_DEVIATION * _deviations(draws, design, n, k + 1)
    shift = design.common * draws.normal(n)
    other = draws.uniform(n, k) < design.other_scope
    said = (
        shift[:, None, None]
        + levels[:, :, None]
        + (GROWTH + slopes[:, :, None]) * (YEARS - _CENTRE)
    )
    at = int(np.flatnonzero(YEARS == AT)[0])
    claim = said[:, k, at].copy()
    logs = said[:, :k]
    logs[other] -= design.offset
    logs[~_printed(draws, design, slopes[:, :k])] = np.nan
    if design.copied:
        logs = np.concatenate((logs, logs), axis=1)
    return Markets(logs, claim, np.full(n, GROWTH * (AT - _CENTRE)))


def _deviations(draws: Draws, design: Design, n: int, groups: int) -> Floats:
    """Standard normal, or Student's t with 3 degrees of freedom scaled to the same deviation."""
    normal = draws.normal(n, groups)
    if not design.student:
        return normal
    squares = np.sum(draws.normal(3, n, groups) ** 2, axis=0)
    # T = Z / √(χ²/3) has a variance of 3.
    return np.asarray(normal / np.sqrt(squares))


def _printed(draws: Draws, design: Design, slopes: Floats) -> NDArray[np.bool_]:
    """Which years each group prints: (n, k, years): the first and the last of its horizon."""
    n, k = slopes.shape
    uniform = draws.uniform(n, k)
    last = np.full((n, k), len(YEARS) - 1)
    if design.horizons == "random":
        last = 1 + np.floor(uniform * (len(YEARS) - 1)).astype(np.int64)
    elif design.horizons == "growth":
        last = 1 + np.searchsorted([-0.02, 0.0, 0.02], slopes)
    columns = np.arange(len(YEARS))
    printed = (columns == 0) | (columns == last[:, :, None])
    if design.single:
        printed[:, : max(k // 3, 1)] = columns == 1
    return np.asarray(printed)
