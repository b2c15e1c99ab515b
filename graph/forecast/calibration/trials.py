"""Trials of forecasts, one per data group, and their summary."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Which = Literal["first", "last", "only"]
Model = Literal["R0", "R1", "another-path", "median-by-factor"]

MODELS: tuple[Model, ...] = ("R0", "R1", "another-path", "median-by-factor")

BY_CONSTRUCTION = (
    "Coverage with a market's own variance is nearly fixed by construction at so few groups: each "
    "group is left out once and otherwise helps to make the interval of the others, so whichever "
    "lies far off widens every interval but its own. Compare widths and scores; the count inside "
    "is no evidence for a model."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One group left out, in one of its printed years, by one model at one level; all in logs.

    `k` groups of the rest are pooled. `inside` is 1 or 0, and for the baseline `another-path`,
    which takes each other group as the centre in turn, the share of centres with the claim inside;
    width, score (interval score) and crps are means over the centres. `borrowed` holds if the
    variance is in part that of other markets.
    """

    market: str
    group: str
    year: int
    which: Which
    model: Model
    level: float
    k: int
    inside: float
    width: float
    score: float
    crps: float
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class Omission:
    """A group that was not tried, or not by a model (`model` empty: by none), and why."""

    market: str
    group: str
    reason: str
    year: int | None = None
    model: Model | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The trials of a model at a level: `n` groups were left out, `inside` of them were inside.

    width, score and crps are means. Models are tried in different years: `shared` holds if only
    those trials count that every model was scored in, which are what can be compared.
    """

    model: Model
    which: Which
    level: float
    n: int
    inside: float
    width: float
    score: float
    crps: float
    shared: bool


@dataclass(frozen=True, slots=True)
class LeftOutTrials:
    """All trials, and what was not tried."""

    trials: tuple[Trial, ...]
    omissions: tuple[Omission, ...]
    statement: str = BY_CONSTRUCTION

    @property
    def n(self) -> int:
        """How many groups were tried, by any model."""
        return len({(trial.market, trial.group) for trial in self.trials})


def summarise(trials: Iterable[Trial], *, shared: bool = False) -> tuple[Summary, ...]:
    """The trials by model, first or last year, and level. Each group is one trial of each.

    `shared`: only groups and years that every model of the trials was scored in.
    """
    told = list(trials)
    if shared:
        models = {trial.model for trial in told}
        by_year = defaultdict[tuple[str, str, int], set[Model]](set)
        for trial in told:
            by_year[trial.market, trial.group, trial.year].add(trial.model)
        told = [t for t in told if by_year[t.market, t.group, t.year] == models]
    alike = defaultdict[tuple[Model, Which, float], list[Trial]](list)
    for trial in told:
        alike[trial.model, trial.which, trial.level].append(trial)
    return tuple(
        Summary(
            model,
            which,
            level,
            n=len(some),
            inside=sum(trial.inside for trial in some),
            width=sum(trial.width for trial in some) / len(some),
            score=sum(trial.score for trial in some) / len(some),
            crps=sum(trial.crps for trial in some) / len(some),
            shared=shared,
        )
        for (model, which, level), some in sorted(
            alike.items(), key=lambda item: (MODELS.index(item[0][0]), *item[0][1:])
        )
    )
