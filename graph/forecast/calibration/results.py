"""How forecasts did: in trials on printed figures, against later editions, on made markets.

Three kinds, since none says all: groups that are left out show widths and scores on what is really
printed, later editions are a list of cases, and only in a simulation is the truth known.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from math import sqrt

from pyoxigraph import Quad

from graph.figures.copies import groups
from graph.figures.model import Figure, Published, Rate, Scope
from graph.forecast.calibration.leave_out import Figures, Settings, leave_out
from graph.forecast.calibration.revisions import Revisions, revisions
from graph.forecast.calibration.simulation import AT_BUILD, SimulationRow, report
from graph.forecast.calibration.statements import (
    Failure,
    left_out_quads,
    revised_quads,
    simulated_quads,
)
from graph.forecast.calibration.trials import LeftOutTrials, Summary, summarise
from graph.forecast.calibration.writing import Writer
from graph.forecast.choices import Choices
from graph.forecast.panel import panel
from graph.forecast.selection import Selection, select
from graph.terms import Iris

SEED = 0
#: A failure is told where it is larger than so many Monte-Carlo standard errors.
ERRORS = 3
WHERE_INTERVALS_FAIL = (
    "A failure is told where a rate is below its level, or the median off the market, by more than "
    f"{ERRORS} Monte-Carlo standard errors; of some hundred rates, one may be so by chance. The "
    "intervals are for the next claim: that the truth lies inside is promised by none."
)


def statements(published: Published, iris: Iris) -> Iterator[Quad]:
    """Return the quads of every trial, case and simulation, in the graph `forecasts`.

    They have choices as by default, so that they are of the forecasts that a release has.
    """
    writer = Writer(iris, published)
    choices = Choices()
    selections = select(published, choices)
    trials = left_out(selections, choices)
    yield from left_out_quads(writer, trials, summaries(trials), selections, settings(choices))
    yield from revised_quads(writer, revised(published))
    rows = [(row, failures(row)) for row in simulated()]
    yield from simulated_quads(writer, rows, WHERE_INTERVALS_FAIL, n=AT_BUILD, seed=SEED)


def settings(choices: Choices) -> Settings:
    """What trials are made with, so that they are of the forecasts with these choices."""
    return Settings(
        levels=choices.levels,
        method=choices.tau,
        few=choices.few,
        prior_weight=choices.prior_weight,
        beyond=choices.beyond,
    )


def left_out(selections: Mapping[str, Selection], choices: Choices) -> LeftOutTrials:
    """Leave each pooled group out of its market, by all models. No market, no trial."""
    pooled = panel(selections)
    if pooled is None:
        return LeftOutTrials((), ())
    markets = [
        Figures(
            market,
            names,
            pooled.years,
            pooled.logs[index, : len(names)],
            pooled.variances[index, : len(names)],
        )
        for index, (market, names) in enumerate(zip(pooled.markets, pooled.groups, strict=True))
    ]
    return leave_out(markets, settings(choices))


def summaries(trials: LeftOutTrials) -> list[tuple[str, Summary]]:
    """The summaries of all markets together (no key) and of each, of all trials and shared ones."""
    markets = sorted({trial.market for trial in trials.trials})
    return [
        (market, summary)
        for market in ("", *markets)
        for shared in (False, True)
        for summary in summarise(
            (trial for trial in trials.trials if market in ("", trial.market)), shared=shared
        )
    ]


def revised(published: Published) -> Revisions:
    """Older editions against later claims, each scope with its own data groups.

    Groups with identical series are one, and whether they are is decided scope by scope.
    """
    figures = defaultdict[Scope, list[Figure]](list)
    rates = defaultdict[Scope, list[Rate]](list)
    for figure in published.figures:
        figures[figure.scope].append(figure)
    for rate in published.rates:
        rates[rate.scope].append(rate)
    found = []
    for scope, of_scope in sorted(figures.items(), key=lambda item: _order(item[0])):
        alone = Published(figures=of_scope, rates=rates[scope], names=published.names)
        decided = {key: group for key, (group, _) in groups(alone, scope).items()}
        found.append(revisions(alone, decided))
    return Revisions(
        cases=tuple(case for one in found for case in one.cases),
        notices=tuple(dict.fromkeys(notice for one in found for notice in one.notices)),
    )


def _order(scope: Scope) -> tuple[str, str, str]:
    return scope.market, scope.segment, scope.place


@cache
def simulated() -> tuple[SimulationRow, ...]:
    """The simulation of a release: it rests on no figure, so it is made once in a process."""
    return tuple(report(AT_BUILD, SEED))


def failures(row: SimulationRow) -> tuple[frozenset[Failure], ...]:
    """How the intervals of a simulated design fail at each of its levels.

    *claims* and *truth* if fewer lie inside than the level says, by more than `ERRORS` standard
    errors √(level (1 - level)/n); *bias* if the median is off by more than as many of its own.
    """
    if row.claim is None or row.truth is None:
        return (frozenset(),) * len(row.levels)
    off = (
        row.bias is not None
        and row.bias_error is not None
        and abs(row.bias) > ERRORS * row.bias_error
    )
    found = []
    for level, claim, truth in zip(row.levels, row.claim, row.truth, strict=True):
        least = level - ERRORS * sqrt(level * (1 - level) / row.intervals)
        told: tuple[tuple[bool, Failure], ...] = (
            (claim < least, "claims"),
            (truth < least, "truth"),
            (off, "bias"),
        )
        found.append(frozenset(failure for fails, failure in told if fails))
    return tuple(found)
