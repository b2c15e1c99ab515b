"""Forecasts as what a fan chart shows."""

from itertools import chain
from string import ascii_uppercase

from graph.figures.model import Figure, Published
from graph.forecast.courses import Course, courses
from graph.forecast.limits import ESTIMAND_SENTENCE
from graph.forecast.results import Forecast, Year
from service.charts.model import LEVELS, Band, BandYear, FanData, Point, Publisher

_SHOWN = {level / 100: level for level in LEVELS}
_METHODS = {"R0": "reference consensus R0", "R1": "consensus R1"}


def fan_of(published: Published, one: Forecast, *, unit: str = "", note: str = "") -> FanData:
    """Return a forecast with its figures, pooled and not, as a chart shows it.

    `unit` is for people, and that of the forecast if it is empty. Figures in another unit cannot
    stand on the same axis and are left out, and so are other levels than those of charts.
    """
    years = one.years
    return FanData(
        title=published.name(one.market),
        unit=unit or one.unit,
        publishers=tuple(_publishers(published, one)),
        band=Band(
            years=tuple(map(_band_year, years)),
            method=_METHODS[one.choices.model],
            borrowed=any(year.borrowed for year in years),
        )
        if years
        else None,
        estimand=ESTIMAND_SENTENCE,
        no_band_reason="" if years else " ".join(one.notes),
        note=note,
    )


def _publishers(published: Published, one: Forecast) -> list[Publisher]:
    lines = {course.group: course for course in courses(one)}
    out: dict[tuple[str, str], list[Figure]] = {}
    for left in one.selection.left_out:
        figure = left.figure
        if figure.value and figure.year and figure.unit == one.unit:
            out.setdefault((figure.publication.title, left.reason), []).append(figure)
    pooled = [
        (
            published.name(member.publication.publisher),
            [
                Point(
                    point.year,
                    float(point.value),
                    float(point.half_unit),
                    point.figures[0].manner,
                    point.figures[0].value.printed if point.figures[0].value else "",
                )
                for point in member.points
            ],
            lines.get(member.key),
        )
        for member in one.selection.members
    ]
    marks = _marks(len(pooled) + len(out))
    found = [
        Publisher(
            name=name,
            mark=mark,
            points=points,
            path=course.path if course else (),
            prolonged=_prolonged(course.path, course.earlier, course.later) if course else (),
        )
        for mark, (name, points, course) in zip(marks, pooled, strict=False)
    ]
    found += [
        Publisher(
            name=title, mark=mark, points=[_point(f) for f in figures], pooled=False, reason=reason
        )
        for mark, ((title, reason), figures) in zip(marks[len(pooled) :], out.items(), strict=True)
    ]
    return found


def _prolonged(path: Course, earlier: Course, later: Course) -> tuple[Course, ...]:
    before = ((*earlier, path[0]),) if earlier and path else ()
    return (*before, *(((path[-1], *later),) if later and path else ()))


def _point(figure: Figure) -> Point:
    assert figure.year is not None
    assert figure.value is not None
    value = figure.value
    return Point(
        figure.year, float(value.value), float(value.half_unit), figure.manner, value.printed
    )


def _marks(count: int) -> list[str]:
    """A, B … Z, A2, B2 …"""
    rounds = (
        f"{letter}{number if number > 1 else ''}"
        for number in range(1, count // len(ascii_uppercase) + 2)
        for letter in ascii_uppercase
    )
    return [mark for mark, _ in zip(chain(rounds), range(count), strict=False)]


def _band_year(year: Year) -> BandYear:
    return BandYear(
        year=year.year,
        k=year.k,
        median=float(year.median),
        intervals={
            _SHOWN[interval.level]: (float(interval.lower), float(interval.upper))
            for interval in year.intervals
            if interval.level in _SHOWN
        },
        spread=(float(year.spread[0]), float(year.spread[1])) if year.spread else None,
        extrapolated=year.extrapolated,
    )
