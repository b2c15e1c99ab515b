"""What a forecast of a market is: its years, what is pooled, and what a reader must know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from graph.forecast.choices import Choices
from graph.forecast.selection import Selection

Extrapolated = Literal["none", "some", "all"]


@dataclass(frozen=True, slots=True)
class Interval:
    """The bounds between which the next claim lies with probability `level`, if the model holds."""

    level: float
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a forecast, in the unit of the market, to six significant digits.

    `k` data groups are pooled (`groups`, by key), of which `within` print years on both sides of
    this one, or it; the others are prolonged (`extrapolated`). `spread` has the lower and the
    higher of two paths, where two are too few for an interval. `borrowed` holds if the variance is
    in part that of other markets.
    """

    year: int
    median: Decimal
    k: int
    within: int
    extrapolated: Extrapolated
    groups: tuple[str, ...] = ()
    intervals: tuple[Interval, ...] = ()
    spread: tuple[Decimal, Decimal] | None = None
    borrowed: bool = False

    @property
    def status(self) -> str:
        """What k means here, in words."""
        if self.intervals:
            return "interval, borrowed" if self.borrowed else "interval"
        return "one source" if self.k == 1 else "range of two" if self.spread else "no interval"


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, a place or the remainder of a market in a year.

    `key` is that of the segment or place, empty for the remainder of `dimension`; `shares` has the
    keys of the shares that it is made with. Medians and bounds of parts do not add.
    """

    key: str
    dimension: str
    shares: tuple[str, ...]
    year: Year
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of a market under some choices.

    `years` is empty where there is none, and `notes` say why. `parameters` has what the model
    estimated, by name, as published digits.
    """

    market: str
    unit: str
    choices: Choices
    selection: Selection
    years: Sequence[Year] = ()
    parts: Sequence[Part] = ()
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    notes: Sequence[str] = ()
