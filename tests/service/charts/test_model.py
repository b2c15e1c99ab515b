import math

import pytest

from service.charts.model import Band, BandYear, Interval, Point, Publisher


@pytest.mark.parametrize(
    ("median", "bounds"),
    [
        (11.0, {50: (5.0, 10.0)}),
        (4.0, {95: (5.0, 10.0)}),
        (7.0, {50: (4.0, 8.0), 80: (5.0, 9.0)}),
        (None, {50: (4.0, 12.0), 95: (3.0, 11.0)}),
        (7.0, {80: (9.0, 5.0)}),
    ],
)
def test_a_band_that_contradicts_itself_is_refused(
    median: float | None, bounds: dict[int, Interval | None]
) -> None:
    with pytest.raises(ValueError, match="2030: the median or an interval"):
        BandYear(2030, 5, median, bounds)


def test_bounds_may_meet_and_may_be_missing() -> None:
    row = BandYear(2030, 5, 7.0, {50: (7.0, 7.0), 80: None, 95: (7.0, 9.0)})
    assert row.interval(50) == (7.0, 7.0)
    assert row.interval(80) is None


def test_what_is_not_finite_is_not_given() -> None:
    row = BandYear(2030, 5, math.nan, {50: (math.nan, 2.0), 95: (1.0, math.inf)})
    assert row.interval(50) is None
    assert row.interval(95) is None


def test_other_levels_years_and_spreads_are_refused() -> None:
    with pytest.raises(ValueError, match="90 is not one of the levels"):
        BandYear(2030, 5, 7.0, {90: (6.0, 8.0)})
    with pytest.raises(ValueError, match="begins above its end"):
        BandYear(2030, 2, 7.0, {}, (8.0, 6.0))
    with pytest.raises(ValueError, match="0 is not a year"):
        Point(0, 1.0)
    with pytest.raises(ValueError, match="10000 is not a year"):
        Publisher("A", "A", [], [(10000, 1.0)])
    with pytest.raises(ValueError, match="more than once"):
        Band([BandYear(2030, 1), BandYear(2030, 2)])
