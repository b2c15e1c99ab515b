"""The value axis: linear or logarithmic, with ticks at round numbers and their digits."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

Axis = Literal["auto", "linear", "log"]

_LARGEST = 1e100
_SMALLEST = 1e-100
# Values that differ by more than this crowd at the bottom of a linear axis.
_LARGEST_LINEAR_RATIO = 30
_STEPS = (1, 2, 2.5, 5)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to the height within the plot: 0 at `low`, 1 at `high`."""

    log: bool
    low: float
    high: float
    ticks: tuple[float, ...]

    def shows(self, value: float | None) -> bool:
        """Whether the axis has a place for the value."""
        return value is not None and is_shown(value) and (value > 0 or not self.log)

    def height(self, value: float) -> float:
        """The height of a value that the axis shows, from 0 to 1."""
        if self.log:
            low = math.log10(self.low)
            height = (math.log10(value) - low) / (math.log10(self.high) - low)
        else:
            height = (value - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, height))

    def labels(self) -> tuple[str, ...]:
        """The ticks in digits, on a linear axis with as many decimals as tell them apart."""
        if self.log or len(self.ticks) < 2:
            return tuple(digits(tick) for tick in self.ticks)
        largest = max(map(abs, self.ticks))
        if not 1e-3 <= largest < 1e7:
            return tuple(digits(tick) for tick in self.ticks)
        step = Decimal(repr(self.ticks[1])) - Decimal(repr(self.ticks[0]))
        places = max(0, -_exponent(step.normalize()))
        return tuple(f"{tick:,.{places}f}".replace("-", "\u2212") for tick in self.ticks)


def is_shown(value: float) -> bool:
    """Whether a value is a finite number of a size that can be told apart."""
    return math.isfinite(value) and (value == 0 or _SMALLEST <= abs(value) <= _LARGEST)


def make_scale(values: Iterable[float], axis: Axis, most: int) -> Scale:
    """A scale for the values that can be shown, with at most about `most` ticks.

    "auto" is linear where the largest is at most 30 times the smallest, or one is not positive.
    """
    shown = sorted(value for value in values if is_shown(value))
    log = axis == "log" or (
        axis == "auto"
        and bool(shown)
        and shown[0] > 0
        and shown[-1] > _LARGEST_LINEAR_RATIO * shown[0]
    )
    if log:
        shown = [value for value in shown if value > 0]
        return _logarithmic(shown[0], shown[-1], most) if shown else _logarithmic(1, 10, most)
    return _linear(min(0.0, shown[0]), max(0.0, shown[-1]), most) if shown else _linear(0, 1, most)


def _linear(low: float, high: float, most: int) -> Scale:
    if low == high:
        high = 1.0
    raw = Decimal(repr((high - low) / max(1, most)))
    magnitude = Decimal(1).scaleb(raw.adjusted())
    step = next(
        (magnitude * Decimal(repr(s)) for s in _STEPS if magnitude * Decimal(repr(s)) >= raw),
        magnitude * 10,
    )
    first = math.floor(Decimal(repr(low)) / step)
    last = math.ceil(Decimal(repr(high)) / step)
    ticks = tuple(float(step * n) for n in range(first, last + 1))
    return Scale(False, ticks[0], ticks[-1], ticks)


def _logarithmic(low: float, high: float, most: int) -> Scale:
    # A little air: a mark at the very end would be cut in half by the frame.
    span = math.log10(high) - math.log10(low)
    air = max(0.03 * span, 0.02) if span else 0.15
    bottom, top = math.log10(low) - air, math.log10(high) + air
    decades = range(math.floor(bottom), math.ceil(top) + 1)
    chosen: Sequence[float] = ()
    for mantissas in ((1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        chosen = _within([float(f"{m}e{d}") for d in decades for m in mantissas], bottom, top)
        if len(chosen) <= most:
            break
    if len(chosen) > most:
        every = math.ceil(len(chosen) / max(1, most))
        chosen = [tick for tick in chosen if round(math.log10(tick)) % every == 0]
    return Scale(True, 10.0**bottom, 10.0**top, tuple(chosen))


def _within(ticks: Iterable[float], bottom: float, top: float) -> list[float]:
    return [tick for tick in ticks if bottom <= math.log10(tick) <= top]


def digits(value: float, figures: int = 3) -> str:
    """A number for people, rounded to `figures` significant ones; whole thousands are kept."""
    if value == 0:
        return "0"
    exact = Decimal(repr(value))
    rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - figures + 1), ROUND_HALF_EVEN)
    size = rounded.adjusted()
    if size >= 7 or size < -4:
        mantissa = f"{rounded.scaleb(-size).normalize():f}"
        power = f"10{str(size).translate(_SUPERSCRIPTS)}"
        text = power if mantissa == "1" else f"{mantissa}\u00d7{power}"
        return text.replace("-", "\u2212")
    text = f"{rounded:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "\u2212")


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def year_ticks(first: int, last: int, room: float, label: float) -> list[int]:
    """Years at round distances, whose labels of a width do not touch along a room."""
    most = max(1, int(room // label)) if last > first else 1
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000):
        years = list(range(first + -first % step, last + 1, step))
        if len(years) <= 1 or (last - first) / step <= most:
            return years or [first]
    return [first]
