"""Each kind of calibration as RDF: trials and summaries, cases, and simulated designs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Context, Decimal
from typing import Literal as OneOf

from pyoxigraph import NamedNode, Quad

from graph.figures.model import Figure
from graph.figures.units import scale
from graph.forecast.calibration.leave_out import Settings
from graph.forecast.calibration.revisions import RevisionCase, Revisions
from graph.forecast.calibration.simulation import SimulationRow
from graph.forecast.calibration.trials import LeftOutTrials, Omission, Summary, Trial
from graph.forecast.calibration.writing import LEAVE_ONE_OUT, REVISION, SIMULATION, Writer
from graph.forecast.rounding import published as digits
from graph.forecast.selection import Selection
from graph.forecast.writing import Told, year_literal
from ontology.namespaces import KG, PROV
from ontology.vocabulary import expand

Failure = OneOf["claims", "truth", "bias"]

_BORROWED = "R1 borrowed"
#: Of models as trials and simulations name them: the concept.
MODELS: Mapping[str, str] = {
    "R0": "model-r0",
    "R1": "model-r1",
    _BORROWED: "model-r1",
    "another-path": "baseline-another-path",
    "median-by-factor": "baseline-median-by-factor",
}
_PERIOD = NamedNode(expand("sdmx-dimension:refPeriod"))
_UNIT = NamedNode(expand("sdmx-attribute:unitMeasure"))
_LEAST = Decimal(1).scaleb(-12)
_EXACT = Context(prec=400)  # half to even, as by default


def left_out_quads(
    writer: Writer,
    trials: LeftOutTrials,
    summaries: Iterable[tuple[str, Summary]],
    selections: Mapping[str, Selection],
    settings: Settings,
) -> Iterator[Quad]:
    """One trial for each group, year, model and level; and summaries by market (or no key)."""
    used = [
        figure.key
        for selection in selections.values()
        for member in selection.members
        for figure in member.figures
    ]
    notes = [trials.statement, *(_not_tried(writer, one) for one in trials.omissions)]
    parameters = {"n": trials.n, "settings": asdict(settings)}
    yield from writer.activity(LEAVE_ONE_OUT, parameters, notes, used)
    for trial in trials.trials:
        yield from _trial(writer, trial)
    for market, summary in summaries:
        yield from _summary(writer, market, summary)


def revised_quads(writer: Writer, found: Revisions) -> Iterator[Quad]:
    """Every case, with the figures that it rests on."""
    index = _by_publication(writer.published.figures)
    used = [figure.key for case in found.cases for figure in _figures(index, case)]
    parameters = {"n": found.n, "groups": found.groups}
    yield from writer.activity(REVISION, parameters, [found.note, *found.notices], used)
    for case in found.cases:
        yield from _case(writer, case, _figures(index, case))


def simulated_quads(
    writer: Writer,
    rows: Iterable[tuple[SimulationRow, Sequence[frozenset[Failure]]]],
    note: str,
    *,
    n: int,
    seed: int,
) -> Iterator[Quad]:
    """Every design, model and number of groups at each level, with how it fails there."""
    yield from writer.activity(SIMULATION, {"n": n}, [note], seed=seed)
    for row, failures in rows:
        for index, failed in enumerate(failures):
            yield from _simulated(writer, row, index, failed)


def in_logs(number: float) -> Decimal:
    """A difference of logarithms to six digits, and to twelve decimals at most.

    What should cancel out leaves last bits that processors differ in: they are no digits.
    """
    return digits(_EXACT.quantize(Decimal(number), _LEAST).normalize(_EXACT))


def _not_tried(writer: Writer, one: Omission) -> str:
    names = map(writer.published.name, (one.market, one.group))
    told = (*names, one.year, one.model)
    return f"Not tried: {', '.join(str(part) for part in told if part)}: {one.reason}."


def _trial(writer: Writer, trial: Trial) -> Iterator[Quad]:
    level = Decimal(str(trial.level))
    yield from writer.result(
        LEAVE_ONE_OUT,
        ["trial", trial.market, trial.group, str(trial.year), trial.model, str(level)],
        [
            (KG.triedMarket, NamedNode(trial.market)),
            (KG.leftOutGroup, NamedNode(trial.group)),
            (_PERIOD, year_literal(trial.year)),
            (KG.triedYear, writer.concept(f"tried-year-{trial.which}")),
            (KG.forecastModel, writer.concept(MODELS[trial.model])),
            (KG.probability, level),
            (KG.pooledGroups, trial.k),
            (KG.borrowed, trial.borrowed),
            *_scores(trial),
        ],
    )


def _summary(writer: Writer, market: str, summary: Summary) -> Iterator[Quad]:
    level = Decimal(str(summary.level))
    trials = "shared" if summary.shared else "all"
    yield from writer.result(
        LEAVE_ONE_OUT,
        [trials, market, summary.model, summary.which, str(level)],
        [
            (KG.triedMarket, NamedNode(market) if market else None),
            (KG.triedYear, writer.concept(f"tried-year-{summary.which}")),
            (KG.forecastModel, writer.concept(MODELS[summary.model])),
            (KG.probability, level),
            (KG.trialCount, summary.n),
            (KG.sharedTrials, summary.shared),
            *_scores(summary),
        ],
    )


def _scores(one: Trial | Summary) -> Told:
    return (
        (KG.insideCount, in_logs(one.inside)),
        (KG.intervalWidth, in_logs(one.width)),
        (KG.intervalScore, in_logs(one.score)),
        (KG.crps, in_logs(one.crps)),
    )


def _case(writer: Writer, case: RevisionCase, figures: Sequence[Figure]) -> Iterator[Quad]:
    scope = case.scope
    unit = next(f.unit for f in figures if f.publication.key == case.later)
    ones = -scale(unit)[1]
    said, printed = (digits(Decimal(v).scaleb(ones)) for v in (case.said, case.printed))
    subject = [scope.market, scope.segment, scope.place, case.measure, case.counted]
    # One publication may print a scope under two relations: then the values tell the cases apart.
    values = [str(said), str(printed)]
    yield from writer.result(
        REVISION,
        [*subject, case.older, case.later, str(case.year), *values],
        [
            (KG.triedMarket, NamedNode(scope.market)),
            *((KG.triedPart, NamedNode(part)) for part in (scope.segment, scope.place) if part),
            (_PERIOD, year_literal(case.year)),
            (KG.olderEdition, NamedNode(case.older)),
            (KG.laterEdition, NamedNode(case.later)),
            (KG.ownEdition, case.whose == "own"),
            (_UNIT, writer.concept(unit)),
            (KG.saidValue, said),
            (KG.laterValue, printed),
            (KG.claimRatio, digits(case.ratio)),
            (KG.logDifference, in_logs(case.log_difference)),
            (KG.interpolated, case.interpolated),
            *((PROV.wasDerivedFrom, NamedNode(figure.key)) for figure in figures),
        ],
    )


_Index = Mapping[tuple[object, ...], Sequence[Figure]]


def _by_publication(figures: Iterable[Figure]) -> _Index:
    """What a publication prints of a scope, as a case names it, in the order of years."""
    found: dict[tuple[object, ...], list[Figure]] = {}
    for figure in figures:
        if figure.value is not None and figure.year is not None:
            named = (figure.publication.key, figure.scope, scale(figure.unit)[0], figure.measure)
            found.setdefault(named, []).append(figure)
    return {
        key: sorted(told, key=lambda figure: (figure.year or 0, figure.key))
        for key, told in found.items()
    }


def _figures(index: _Index, case: RevisionCase) -> list[Figure]:
    """What a case rests on: the path of the older edition, and the later value."""
    subject = (case.scope, case.counted, case.measure)
    older, later = index[case.older, *subject], index[case.later, *subject]
    return [*older, *(figure for figure in later if figure.year == case.year)]


def _simulated(
    writer: Writer, row: SimulationRow, index: int, failed: frozenset[Failure]
) -> Iterator[Quad]:
    level = Decimal(str(row.levels[index]))
    rates = (
        (KG.claimCoverage, row.claim),
        (KG.claimCoverageError, row.claim_error),
        (KG.truthCoverage, row.truth),
        (KG.truthCoverageError, row.truth_error),
        (KG.intervalWidth, row.width),
    )
    yield from writer.result(
        SIMULATION,
        [row.design, row.model, str(row.k), str(level)],
        [
            (KG.calibrationDesign, writer.concept(f"design-{row.design}")),
            (KG.forecastModel, writer.concept(MODELS[row.model])),
            (KG.borrowed, row.model == _BORROWED),
            (KG.pooledGroups, row.k),
            (KG.countedGroups, row.counted),
            (KG.probability, level),
            (KG.trialCount, row.n),
            (KG.intervalCount, row.intervals),
            *((rate, _three(told[index])) for rate, told in rates if told is not None),
            (KG.medianBias, _three(row.bias)),
            (KG.medianBiasError, _three(row.bias_error)),
            *((KG.intervalFailure, writer.concept(f"failure-{one}")) for one in sorted(failed)),
        ],
    )


def _three(number: float | None) -> Decimal | None:
    """A number that was rounded to three decimals, by its shortest digits; no sign before 0."""
    return None if number is None else digits(Decimal(str(number)))
