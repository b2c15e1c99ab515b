"""What may be chosen about a forecast; the defaults are what a release publishes."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Literal

from graph.errors import GraphError

ESTIMAND = "next-publisher-claim"
"""What is estimated: where another publisher of comparable scope would put its figure."""

Model = Literal["R1", "R0"]
MODELS: tuple[Model, ...] = ("R1", "R0")
OnePer = Literal["data-group", "publisher", "publication"]
Editions = Literal["latest", "earliest"]
ScopeRule = Literal["comparable", "same", "any"]
Tau = Literal["reml", "dersimonian-laird", "paule-mandel"]
Assumption = Literal["constant-share"]


class InvalidChoice(GraphError, ValueError):
    """A choice that cannot be: `name` says which, the message what may be written."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


def _is_between(value: Decimal, least: Decimal, most: Decimal) -> bool:
    """A decimal that is not a number cannot be compared, unlike a float."""
    return value.is_finite() and least < value < most


@dataclass(frozen=True, slots=True)
class Choices:
    """How figures are picked and pooled.

    `levels` are probabilities in (0, 1). `one_per` says what counts once; `editions` which of
    several editions of it, of those not later than `as_of`. `scope` says which relations to the
    scope of the market are pooled: *comparable* is the same or unknown. `without` has keys of
    groups, publishers or publications to leave out.

    For R1: `beyond` years after the last printed one; `tau` the estimator of the variance between
    groups; with fewer than `few` groups that print growth, variances are borrowed with the weight
    of `prior_weight` groups; `single_year` lets groups that print one year inform the level.

    Scenarios, for the years after the last printed one: `damping` in (0, 1], `cap` of growth in
    percent a year, `ceiling` in the unit of the market. `shares` is the assumption under which the
    shares of one year hold for others.
    """

    model: Model = "R1"
    levels: tuple[float, ...] = (0.5, 0.8, 0.95)
    one_per: OnePer = "data-group"
    editions: Editions = "latest"
    as_of: date | None = None
    scope: ScopeRule = "comparable"
    without: frozenset[str] = frozenset()
    beyond: int = 2
    tau: Tau = "reml"
    few: int = 5
    prior_weight: float = 4.0
    single_year: bool = True
    damping: float | None = None
    cap: float | None = None
    ceiling: Decimal | None = None
    shares: Assumption | None = None

    def __post_init__(self) -> None:
        """Raise InvalidChoice for what cannot be."""
        if not self.levels or any(not 0 < level < 1 for level in self.levels):
            raise InvalidChoice("levels", "write probabilities between 0 and 1, such as 0.8")
        if not 0 <= self.beyond <= 50:
            raise InvalidChoice("beyond", f"{self.beyond} is no number of years from 0 to 50")
        if not 2 <= self.few <= 1000:
            raise InvalidChoice("few", f"{self.few} is no number of groups from 2 to 1000")
        if not 0 <= self.prior_weight <= 1000:
            raise InvalidChoice("prior_weight", f"{self.prior_weight} is no weight from 0 to 1000")
        if self.damping is not None and not 0 < self.damping <= 1:
            raise InvalidChoice("damping", f"{self.damping} is no factor above 0, at most 1")
        if self.cap is not None and not -100 < self.cap < 10_000:
            raise InvalidChoice(
                "cap", f"{self.cap} is no growth in % a year between -100 and 10,000"
            )
        if self.ceiling is not None and not _is_between(self.ceiling, Decimal(0), Decimal("1e18")):
            raise InvalidChoice("ceiling", f"{self.ceiling} is no value above 0 and below 1e18")

    @property
    def is_scenario(self) -> bool:
        """Whether a rule is laid on the years after the last printed one."""
        return not (self.damping is None and self.cap is None and self.ceiling is None)

    def told(self) -> dict[str, object]:
        """Every choice, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def changed(self) -> dict[str, object]:
        """What differs from the defaults, by name."""
        default = Choices()
        return {
            name: value for name, value in self.told().items() if value != getattr(default, name)
        }
