"""Forecasts of markets, held against plain computations by hand and with scipy."""

import math
import statistics
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from graph.figures.model import Figure, Published, Rate
from graph.forecast.choices import Choices, InvalidChoice
from graph.forecast.forecasting import MIXED, NO_FIGURES, NO_GROWTH, forecasts
from graph.forecast.results import Forecast
from graph.numbers import parse_measure
from tests.graph.forecast.made import MARKET, figure, publication, published, series, share

R0 = Choices(model="R0")
THREE = (
    series("A", (2024, "17.6"), (2025, "21.84"), (2033, "65.4")),
    series("B", (2024, "21.85"), (2034, "119.3")),
    series("C", (2023, "24.67"), (2032, "133.62")),
)


def only(data: Published, choices: Choices | None = None) -> Forecast:
    return forecasts(data, choices)[MARKET]


def by_hand(
    paths: list[dict[int, float]], year: int
) -> tuple[float, dict[float, tuple[float, float]]]:
    """R0 with the standard library and scipy's t."""
    logs = []
    for path in paths:
        years = sorted(path)
        if not years[0] <= year <= years[-1]:
            continue
        low = max(y for y in years if y <= year)
        high = min(y for y in years if y >= year)
        part = 0.0 if low == high else (year - low) / (high - low)
        logs.append((1 - part) * math.log(path[low]) + part * math.log(path[high]))
    mean, k = statistics.fmean(logs), len(logs)
    bounds = {}
    if k > 2:
        s = statistics.stdev(logs)
        for level in (0.5, 0.8, 0.95):
            half = stats.t.ppf((1 + level) / 2, k - 1) * s * math.sqrt(1 + 1 / k)
            bounds[level] = (math.exp(mean - half), math.exp(mean + half))
    return math.exp(mean), bounds


def test_r0_is_what_a_plain_computation_gives() -> None:
    paths = [
        {2024: 17.6, 2025: 21.84, 2033: 65.4},
        {2024: 21.85, 2034: 119.3},
        {2023: 24.67, 2032: 133.62},
    ]
    found = only(published(*THREE), R0)
    assert [year.year for year in found.years] == list(range(2023, 2035))
    for year in found.years:
        median, bounds = by_hand(paths, year.year)
        assert float(year.median) == pytest.approx(median, rel=1e-5)
        assert {i.level for i in year.intervals} == set(bounds)
        for interval in year.intervals:
            lower, upper = bounds[interval.level]
            assert float(interval.lower) == pytest.approx(lower, rel=1e-5)
            assert float(interval.upper) == pytest.approx(upper, rel=1e-5)


def test_k_says_what_can_be_told() -> None:
    years = {year.year: year for year in only(published(*THREE), R0).years}
    assert (years[2023].k, years[2023].status) == (1, "one source")
    assert (years[2024].k, years[2024].status) == (3, "interval")
    assert (years[2033].k, years[2033].status) == (2, "range of two")
    assert years[2033].spread is not None
    assert years[2033].spread[0] == Decimal("65.4")
    assert years[2033].intervals == ()
    assert (years[2034].k, years[2034].median) == (1, Decimal("119.3"))


def test_a_stated_rate_is_never_a_data_point() -> None:
    data = published(*THREE)
    rate = Rate(
        key="rate",
        publication=publication("A"),
        scope=data.figures[0].scope,
        from_year=2025,
        to_year=2040,
        value=parse_measure("24.1"),
    )
    for choices in (R0, Choices()):
        assert only(replace(data, rates=[rate]), choices).years == only(data, choices).years


@pytest.mark.parametrize("choices", [R0, Choices()])
def test_rows_of_a_group_twice_change_nothing(choices: Choices) -> None:
    once, twice = only(published(*THREE), choices), only(published(*THREE, *THREE), choices)
    assert once.years == twice.years


@pytest.mark.parametrize("choices", [R0, Choices()])
def test_rows_that_cannot_be_compared_change_nothing(choices: Choices) -> None:
    odd = publication("D")
    rows = [
        figure(odd, 2025, ""),
        figure(odd, None, "5.0"),
        figure(odd, 2025, "1.8", unit="eur-billion"),
    ]
    found = only(published(*THREE, rows), choices)
    assert found.years == only(published(*THREE), choices).years
    assert len(found.selection.left_out) == len(rows)


def test_no_forecast_without_figures() -> None:
    assert forecasts(Published()) == {}
    found = only(published([figure(publication("A"), 2025, "")]))
    assert found.years == ()
    assert found.notes == (NO_FIGURES,)


def test_without_growth_there_is_no_forecast() -> None:
    found = only(published(series("A", (2025, "4.0")), series("B", (2026, "5.0"))))
    assert found.years == ()
    assert NO_GROWTH in found.notes


def test_scopes_that_differ_make_no_band() -> None:
    narrow: list[Figure] = [replace(f, relation="narrower") for f in THREE[0]]
    found = only(published(narrow, *THREE[1:]), Choices(scope="any"))
    assert found.years == ()
    assert MIXED in found.notes


def test_r1_goes_on_beyond_the_last_year_and_says_so() -> None:
    found = only(published(*THREE), Choices(beyond=3))
    assert found.years[-1].year == 2037
    marks = {year.year: year.extrapolated for year in found.years}
    assert (marks[2024], marks[2023], marks[2037]) == ("none", "some", "all")
    assert {year.k for year in found.years} == {3}


def test_a_market_with_few_groups_borrows_from_others() -> None:
    donors = [
        series(f"D{n}", (2025, f"{10 + n}.0"), (2030, f"{20 + 3 * n}.0"), market="well covered")
        for n in range(6)
    ]
    alone = series("A", (2025, "3.72"), (2034, "58.0"))
    found = only(published(alone, *donors))
    assert all(year.borrowed and year.k == 1 and year.intervals for year in found.years)
    own = only(published(alone, *donors), Choices(prior_weight=0))
    assert all(not year.borrowed and year.status == "one source" for year in own.years)
    assert [y.median for y in own.years] == [y.median for y in found.years]


def test_a_scenario_changes_only_what_is_beyond_the_last_printed_year() -> None:
    plain = only(published(*THREE), Choices(beyond=5))
    damped = only(published(*THREE), Choices(beyond=5, damping=0.5))
    for one, other in zip(plain.years, damped.years, strict=True):
        assert (one.median == other.median) == (one.year <= 2034)
    with pytest.raises(InvalidChoice, match="R0"):
        forecasts(published(*THREE), Choices(model="R0", cap=5.0))


def test_parts_are_told_in_the_year_of_their_share_with_the_rest() -> None:
    of = publication("A")
    shares = (share(of, "x", "40.0"), share(of, "y", "25.0"))
    found = only(published(*THREE, shares=shares))
    whole = next(year for year in found.years if year.year == 2025)
    assert [(part.key, part.year.year) for part in found.parts] == [
        ("x", 2025),
        ("y", 2025),
        ("", 2025),
    ]
    for part, percent in zip(found.parts, (40, 25, 35), strict=True):
        assert float(part.year.median) == pytest.approx(
            float(whole.median) * percent / 100, rel=1e-3
        )
        assert part.year.k == whole.k
    everywhere = only(published(*THREE, shares=shares), Choices(shares="constant-share"))
    assert {part.year.year for part in everywhere.parts} == {y.year for y in everywhere.years}
    assert {part.assumption for part in everywhere.parts} == {"", "constant-share"}


def test_shares_of_more_than_all_make_no_parts_and_it_is_said() -> None:
    of = publication("A")
    shares = (share(of, "x", "70.0"), share(of, "y", "45.0"))
    found = only(published(*THREE, shares=shares))
    assert found.parts == ()
    assert any("115" in note for note in found.notes)


def test_a_part_of_one_source_has_no_interval() -> None:
    data = published(THREE[0], shares=(share(publication("A"), "x", "40.0"),))
    (part, _) = only(data).parts
    assert part.year.intervals == ()
    assert part.year.median == Decimal("8.736")  # 40 % of 21.84


@pytest.mark.parametrize("weight", [0.0, 4.0])
def test_one_source_is_followed_through_its_points(weight: float) -> None:
    donors = [
        series(f"D{n}", (2025, f"{10 + n}.0"), (2030, f"{20 + 3 * n}.0"), market="another")
        for n in range(6)
    ]
    alone = series("A", (2024, "3.72"), (2025, "5.25"), (2034, "58"))
    found = only(published(alone, *donors), Choices(prior_weight=weight))
    years = {year.year: year for year in found.years}
    assert [str(years[y].median) for y in (2024, 2025, 2034)] == ["3.72", "5.25", "58"]
    growth = [math.log(years[y + 1].median / years[y].median) for y in (2025, 2026, 2033)]
    assert growth == pytest.approx([math.log(58 / 5.25) / 9] * 3, rel=1e-4)
    assert years[2035].extrapolated == "all"
    assert years[2035].median > years[2034].median
    for year in found.years:
        for interval in year.intervals:
            assert interval.lower < year.median < interval.upper


values = st.decimals("0.1", "999", places=2)


@given(
    st.lists(st.tuples(values, values), min_size=1, max_size=6),
    st.sampled_from([R0, Choices()]),
)
def test_bounds_enclose_the_median_and_widen_with_the_level(
    pairs: list[tuple[Decimal, Decimal]], choices: Choices
) -> None:
    data = published(
        *(series(f"P{n}", (2024, f"{a}"), (2030, f"{b}")) for n, (a, b) in enumerate(pairs))
    )
    for year in only(data, choices).years:
        inner = year.median, year.median
        for interval in year.intervals:
            assert interval.lower <= inner[0] <= inner[1] <= interval.upper
            inner = interval.lower, interval.upper
