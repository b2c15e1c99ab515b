"""Figures as arrays."""

import math

import numpy as np
import pytest

from graph.figures.model import Figure
from graph.forecast.choices import Choices
from graph.forecast.panel import Panel, panel
from graph.forecast.selection import select
from tests.graph.forecast.made import figure, publication, published, series


def made(*figures: list[Figure]) -> Panel:
    found = panel(select(published(*figures), Choices()))
    assert found is not None
    return found


def test_each_figure_stands_in_its_place() -> None:
    found = made(
        series("B", (2030, "8.0"), (2025, "4.00")),
        series("A", (2027, "5")),
        series("C", (2025, "7.0"), market="another"),
    )
    assert found.markets == ("a market", "another")
    assert found.groups == (("A", "B"), ("C",))
    assert found.years.tolist() == [2025, 2027, 2030]
    nan = math.nan
    expected = [
        [[nan, math.log(5), nan], [math.log(4), nan, math.log(8)]],
        [[math.log(7), nan, nan], [nan, nan, nan]],
    ]
    np.testing.assert_allclose(found.logs, expected, rtol=1e-15)
    np.testing.assert_array_equal(np.isnan(found.variances), np.isnan(found.logs))


@pytest.mark.parametrize(
    ("printed", "half_unit"), [("24", 0.5), ("24.0", 0.05), ("24.00", 0.005), ("240", 0.5)]
)
def test_the_digits_printed_give_the_variance(printed: str, half_unit: float) -> None:
    found = made(series("A", (2025, printed)))
    assert found.variances[0, 0, 0] == pytest.approx((half_unit / float(printed)) ** 2 / 3)


def test_other_magnitudes_are_rounded_as_they_are_printed() -> None:
    million = [figure(publication("B"), 2025, "4100", unit="usd-million")]
    found = made(series("A", (2025, "4.0")), series("C", (2025, "4.0")), million)
    assert found.logs[0, 1, 0] == pytest.approx(math.log(4.1), rel=1e-14)
    assert found.variances[0, 1, 0] == pytest.approx((0.5 / 4100) ** 2 / 3)


def test_nothing_pooled_makes_no_arrays() -> None:
    nothing = [figure(publication("A"), 2025, "")]
    assert panel(select(published(nothing), Choices())) is None
    assert panel({}) is None


def test_only_markets_in_which_something_is_pooled_are_there() -> None:
    nothing = [figure(publication("A"), 2025, "", market="empty")]
    assert made(nothing, series("B", (2025, "4.0"))).markets == ("a market",)
