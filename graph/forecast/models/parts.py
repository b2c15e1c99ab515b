"""Parts of a whole from common draws: what shares make of a forecast, and what they leave.

A share belongs to one year and one base, so parts are of that year; any other year needs an
assumption that is named. The whole is drawn from its predictive distribution by stratified
quantiles, the shares are uniform within their rounding, and what they leave of 100 % is a part as
well. In each draw the parts sum to the whole; their medians and bounds do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from graph.errors import GraphError
from graph.figures.model import Share
from graph.forecast.choices import Assumption
from graph.forecast.models.student_double import quantiles

Floats = NDArray[np.float64]

#: The key of what the shares leave.
REMAINDER = "remainder"
NOTE = "Parts sum to the whole in each draw; their medians and bounds do not add."
_SWEEPS = 64
# Decimals such as 33.35 are not exact in binary; what sums to 100 in print must pass.
_SLACK = 1e-9
# exp() of a log beyond this has no double; few degrees of freedom lead there in the last strata.
_LARGEST_LOG = 700.0


class PartsError(GraphError):
    """Parts cannot be had from what was given."""


class SharesExceedWhole(PartsError):
    """The shares are more than 100 % together, however they were rounded."""


class AssumptionNeeded(PartsError):
    """A share is of another year than the whole, and no assumption carries it there."""


class InvalidParts(PartsError):
    """A share, the whole or a parameter is no number that can be counted with."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The predictive distribution of a whole in a year: log-t.

    The log of the value is log(median) + scale x T, with T of Student's t with `df` degrees of
    freedom (infinity: normal). scale = 0 is a value that is known.
    """

    year: int
    median: float
    scale: float
    df: float


@dataclass(frozen=True, slots=True)
class RoundedShare:
    """A share in percent, uniform between `percent` - `half_unit` and + `half_unit`.

    `year` is that of the share and its base; None where the source states none.
    """

    key: str
    percent: float
    half_unit: float
    year: int | None


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a whole in a year, in the order of the shares, the remainder last.

    medians: (parts,), lower and upper: (levels, parts), in the unit of the whole. draws:
    (draws, parts) and draws_of_whole: (draws,), None unless asked for. `conditioned` is how many
    draws had shares of more than 100 % within their rounding and were drawn again. `assumption` is
    what carried shares into the year, None where each is of the year itself.
    """

    year: int
    keys: tuple[str, ...]
    levels: tuple[float, ...]
    medians: Floats
    lower: Floats
    upper: Floats
    conditioned: int
    assumption: Assumption | None
    seed: int
    draws: Floats | None = None
    draws_of_whole: Floats | None = None


def rounded_share(share: Share, key: str) -> RoundedShare:
    """A share as printed, under a key."""
    return RoundedShare(key, float(share.value.value), float(share.value.half_unit), share.year)


def parts(
    whole: Whole,
    shares: Sequence[RoundedShare],
    *,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    number: int = 10_000,
    seed: int = 0,
    assumption: Assumption | None = None,
    keep_draws: bool = False,
) -> Parts:
    """The parts that shares of one dimension are of a whole, and the remainder.

    `number` draws; quantiles of the draws are those at the plotting positions (i - 1/2) / number
    (Hazen 1914), the very ones of the draws of the whole. `seed` orders the shares among each
    other; the same seed gives the same draws on every machine.

    Raises AssumptionNeeded, SharesExceedWhole, InvalidParts.
    """
    _check(whole, shares, levels, number)
    carried = _carried(whole, shares, assumption)
    percentages, conditioned = _draw_shares(shares, number, seed)
    values = draw_whole(whole, number)
    remainder = np.maximum(100.0 - percentages.sum(axis=1), 0.0)
    drawn = values[:, None] * (np.column_stack((percentages, remainder)) / 100.0)
    tails = [(1.0 + sign * level) / 2.0 for sign in (-1.0, 1.0) for level in levels]
    found = np.quantile(drawn, [0.5, *tails], axis=0, method="hazen")
    return Parts(
        year=whole.year,
        keys=(*(share.key for share in shares), REMAINDER),
        levels=tuple(levels),
        medians=found[0],
        lower=found[1 : 1 + len(levels)],
        upper=found[1 + len(levels) :],
        conditioned=conditioned,
        assumption=carried,
        seed=seed,
        draws=drawn if keep_draws else None,
        draws_of_whole=values if keep_draws else None,
    )


def draw_whole(whole: Whole, number: int) -> Floats:
    """Stratified draws, ascending: the quantiles at (i - 1/2) / number, i = 1 .. number.

    Where a log is beyond what a double can hold (few degrees of freedom have such tails), it is
    held at 700 to either side; no quantile but the outermost draws knows of it.
    """
    spread = whole.scale * _standard(number, whole.df) if whole.scale else np.zeros(number)
    logs = np.log(whole.median) + spread
    return np.asarray(np.exp(np.clip(logs, -_LARGEST_LOG, _LARGEST_LOG)))


@lru_cache(maxsize=32)
def _standard(number: int, df: float) -> Floats:
    """The quantiles at (i - 1/2) / number; they are the same for every whole of so many groups."""
    found = quantiles((np.arange(number) + 0.5) / number, df)
    found.flags.writeable = False
    return found


def _check(
    whole: Whole, shares: Sequence[RoundedShare], levels: Sequence[float], number: int
) -> None:
    if not (0 < whole.median < np.inf and 0 <= whole.scale < np.inf and whole.df > 0):
        raise InvalidParts(
            f"the whole of {whole.year} has no predictive distribution (median {whole.median}, "
            f"scale {whole.scale}, degrees of freedom {whole.df}); a range or one source has none"
        )
    if number < 1:
        raise InvalidParts(f"{number} draws are none; ask for one or more")
    if not all(0 < level < 1 for level in levels):
        raise InvalidParts("a level lies between 0 and 1, as 0.8")
    if not shares:
        raise InvalidParts("there are no shares, so there are no parts")
    keys = [share.key for share in shares]
    twice = sorted({key for key in keys if keys.count(key) > 1 or key == REMAINDER})
    if twice:
        raise InvalidParts(f"{', '.join(twice)}: given twice; give one share for each part")
    for share in shares:
        # The comparisons are false for what is not a number.
        if not (0 <= share.percent < np.inf and 0 <= share.half_unit < np.inf):
            raise InvalidParts(
                f"{share.key}: {share.percent} % within {share.half_unit} is no share"
            )


def _carried(
    whole: Whole, shares: Sequence[RoundedShare], assumption: Assumption | None
) -> Assumption | None:
    """The assumption if it was needed; AssumptionNeeded where it was and there is none."""
    if assumption not in (None, "constant-share"):
        raise InvalidParts(f"{assumption!r} is no assumption; there is constant-share")
    elsewhere = [share for share in shares if share.year != whole.year]
    if elsewhere and assumption is None:
        told = ", ".join(f"{s.key} ({s.year or 'no year stated'})" for s in elsewhere)
        raise AssumptionNeeded(
            f"not shares of {whole.year}: {told}. A share belongs to its year; "
            "ask with the assumption constant-share to carry it into another"
        )
    return assumption if elsewhere else None


def _draw_shares(shares: Sequence[RoundedShare], number: int, seed: int) -> tuple[Floats, int]:
    """Shares in percent, (number, shares), and how many draws were conditioned.

    Each share is stratified over its rounding interval, in an order of its own. Draws of more than
    100 % together are drawn again under the condition that they are not, so that all are uniform
    within the rounding, given that the shares are at most the whole.
    """
    lowest = np.array([max(share.percent - share.half_unit, 0.0) for share in shares])
    highest = np.array([min(share.percent + share.half_unit, 100.0) for share in shares])
    room = 100.0 - float(lowest.sum())
    if room < -_SLACK or np.any(lowest > 100.0):
        raise SharesExceedWhole(
            f"the shares are {sum(share.percent for share in shares):g} % together and at least "
            f"{100.0 - room:g} % however they were rounded"
        )
    room = max(room, 0.0)
    widths = highest - lowest
    source = np.random.PCG64(seed)
    # Raw integers, whose stream numpy keeps for good (NEP 19), unlike that of `permutation`.
    orders = [np.argsort(source.random_raw(number), kind="stable") for _ in shares]
    offsets = (np.column_stack(orders) + 0.5) / number * widths
    beyond = np.flatnonzero(offsets.sum(axis=1) > room + _SLACK)
    if beyond.size:
        offsets[beyond] = _conditioned(offsets[beyond], widths, room, source)
    return lowest + offsets, int(beyond.size)


def _conditioned(offsets: Floats, widths: Floats, room: float, source: np.random.PCG64) -> Floats:
    """Uniform draws, (draws, shares), of 0 <= offset <= width with a sum of at most `room`.

    Gibbs sampling (Geman and Geman 1984): given the others, each offset is uniform up to its width
    or to what they leave of the room, whichever is less. It begins at the draws scaled into the
    room, and each has `_SWEEPS` sweeps, far more than the few that a convex set of so few
    dimensions needs. Rejection would not end where nearly no draw fits.
    """
    total = offsets.sum(axis=1)
    offsets = offsets * (room / total)[:, None]
    draws, shares = offsets.shape
    for _ in range(_SWEEPS):
        for share in range(shares):
            others = offsets.sum(axis=1) - offsets[:, share]
            most = np.clip(room - others, 0.0, widths[share])
            uniform = (source.random_raw(draws) >> np.uint64(11)) * 2.0**-53
            offsets[:, share] = uniform * most
    return offsets
