"""Parts of markets, through forecasts."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.figures.model import Published, Scope, Share
from graph.forecast.choices import Choices
from graph.forecast.dividing import DRAWS, SEED
from graph.forecast.forecasting import forecasts
from graph.forecast.models.parts import Whole, parts, rounded_share
from graph.forecast.results import Forecast, Part
from tests.graph.forecast.made import MARKET, publication, published, series, share

FIGURES = (
    series("A", (2024, "17.6"), (2033, "65.4")),
    series("B", (2024, "21.85"), (2034, "119.3")),
    series("C", (2023, "24.67"), (2032, "133.62")),
    series("D", (2023, "14.2"), (2032, "99.1")),
    series("E", (2022, "12.2"), (2034, "121.5")),
)
OF = publication("A")


def forecast(*shares: Share, choices: Choices | None = None) -> Forecast:
    return forecasts(published(*FIGURES, shares=shares), choices)[MARKET]


def keys(found: Forecast) -> list[tuple[str, int]]:
    return [(part.key, part.year.year) for part in found.parts]


def part(found: Forecast, key: str) -> Part:
    return next(one for one in found.parts if one.key == key)


def test_a_known_share_of_a_median_is_that_share() -> None:
    found = forecast(share(OF, "x", "40.0000000"))
    (whole,) = (year for year in found.years if year.year == 2025)
    x, rest = part(found, "x"), part(found, "")
    assert float(x.year.median) == pytest.approx(0.4 * float(whole.median), rel=1e-4)
    assert float(rest.year.median) == pytest.approx(0.6 * float(whole.median), rel=1e-4)
    for own, of_whole in zip(x.year.intervals, whole.intervals, strict=True):
        assert float(own.lower) == pytest.approx(0.4 * float(of_whole.lower), rel=1e-3)
        assert float(own.upper) == pytest.approx(0.4 * float(of_whole.upper), rel=1e-3)
    assert x.shares == ("A/x",)
    assert rest.shares == ("A/x",)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 999), min_size=1, max_size=5).filter(lambda s: sum(s) <= 1000),
    st.floats(0.01, 1.5),
    st.sampled_from([2.0, 4.0, 9.0]),
)
def test_in_each_draw_parts_sum_to_the_whole_and_shares_come_back(
    tenths: list[int], scale: float, df: float
) -> None:
    shares = [share(OF, str(n), f"{tenth / 10:.1f}") for n, tenth in enumerate(tenths)]
    made = parts(
        Whole(2025, 31.0, scale, df),
        [rounded_share(one, one.key) for one in shares],
        number=DRAWS,
        seed=SEED,
        keep_draws=True,
    )
    assert made.draws is not None
    assert made.draws_of_whole is not None
    sums = made.draws.sum(axis=1)
    assert abs(sums / made.draws_of_whole - 1).max() <= 1e-9
    percent = 100 * made.draws[:, :-1] / made.draws_of_whole[:, None]
    for n, tenth in enumerate(tenths):
        assert abs(percent[:, n] - tenth / 10).max() <= 0.05 + 1e-9  # within its rounding


def test_a_share_of_another_year_needs_the_assumption() -> None:
    later = share(OF, "x", "40", 2060)
    assert forecast(later).parts == ()
    carried = forecast(later, choices=Choices(shares="constant-share"))
    assert {year for _, year in keys(carried)} == {year.year for year in carried.years}
    assert {one.assumption for one in carried.parts} == {"constant-share"}


def test_a_share_without_year_makes_no_part() -> None:
    assert forecast(share(OF, "x", "40", None)).parts == ()


def test_parts_of_parts_are_left_out() -> None:
    both = replace(share(OF, "x", "40"), scope=Scope(MARKET, "x", "Brazil"), key="both")
    assert forecast(both).parts == ()
    nested = Published(
        figures=[one for some in FIGURES for one in some],
        shares=[share(OF, "x", "40"), share(OF, "y", "10")],
        nested=frozenset({"y"}),
    )
    assert keys(forecasts(nested)[MARKET]) == [("x", 2025), ("", 2025)]


def test_one_part_with_two_shares_is_said() -> None:
    twice = replace(share(OF, "x", "41"), key="again")
    found = forecast(share(OF, "x", "40"), twice)
    assert found.parts == ()
    assert "one part has several shares" in found.notes[-1]
    same = replace(share(OF, "x", "40"), key="again")
    assert len(forecast(share(OF, "x", "40"), same).parts) == 2


def test_what_two_editions_divide_is_divided_once() -> None:
    old = replace(publication("B old", "2023-01"), title="same title")
    new = replace(publication("B new", "2024-01"), title="same title")
    shares = (share(old, "x", "40"), share(old, "z", "9"), share(new, "x", "30.0"))
    found = forecast(*shares)
    assert keys(found) == [("x", 2025), ("", 2025)]
    assert part(found, "x").shares == ("B new/x",)
    assert "divides a part of them, so none is taken" in found.notes[-1]
    earliest = forecast(*shares, choices=Choices(editions="earliest"))
    assert sorted(keys(earliest)) == [("", 2025), ("x", 2025), ("z", 2025)]
    undated = share(publication("A undated"), "x", "50.0")
    assert part(forecast(*shares, undated), "x").shares == ("B new/x",)


def test_publications_divide_apart_whatever_they_are_called() -> None:
    one = replace(publication("B one"), title="same title")
    two = replace(publication("B two"), title="same title")
    found = forecast(share(one, "x", "60.0"), share(two, "y", "70.0"))
    assert [key for key, _ in keys(found)] == ["x", "", "y", ""]


@pytest.mark.parametrize("name", ["A", "A page"])
def test_what_is_left_out_on_request_divides_nothing(name: str) -> None:
    shares = (share(publication("A page"), "x", "40"),)
    assert forecast(*shares).parts
    assert forecast(*shares, choices=Choices(without=frozenset({name}))).parts == ()


def test_a_bound_beyond_all_numbers_makes_no_known_whole() -> None:
    choices = Choices(levels=(0.999_999_999_999_999,), prior_weight=0)
    two = published(FIGURES[0], FIGURES[2], shares=(share(OF, "x", "40.00"),))
    found = forecasts(two, choices)[MARKET]
    assert found.years
    assert all(one.year.intervals == () or one.year.intervals[0].upper > Decimal(1000)
               for one in found.parts)  # fmt: skip


def test_the_order_of_shares_changes_nothing() -> None:
    shares = [share(OF, name, f"{10 + n}.5") for n, name in enumerate("wxyz")]
    assert forecast(*shares).parts == forecast(*reversed(shares)).parts
