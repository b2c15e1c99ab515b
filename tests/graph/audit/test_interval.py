"""Arithmetic with rounded digits: the bounds hold whatever the digits stood for."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from graph.audit.interval import Interval, annual_growth, fraction, percentage, ratio, rounded
from graph.numbers import parse_measure

positive = st.decimals(min_value="0.1", max_value=10_000, places=2)


def printed(number: Decimal) -> Interval:
    return rounded(parse_measure(f"{number:f}"))


def test_growth_of_figures_that_others_have_worked_out() -> None:
    growth = annual_growth(printed(Decimal("7.64")), printed(Decimal("20.45")), 7)
    assert round(growth.value, 2) == Decimal("15.10")
    assert annual_growth(printed(Decimal(100)), printed(Decimal(121)), 2).value == 10


def test_half_a_unit_of_the_last_printed_digit_is_the_bound() -> None:
    assert rounded(parse_measure("24.0")) == Interval(
        Decimal("24.0"), Decimal("23.95"), Decimal("24.05")
    )


@given(positive, positive, st.integers(1, 30), st.integers(-50, 50), st.integers(-50, 50))
def test_what_was_rounded_lies_within_the_bounds(
    start: Decimal, end: Decimal, years: int, first: int, last: int
) -> None:
    one, other = printed(start), printed(end)
    exact_start, exact_end = start + Decimal(first) / 10_000, end + Decimal(last) / 10_000
    growth = annual_growth(one, other, years)
    exact = 100 * ((float(exact_end) / float(exact_start)) ** (1 / years) - 1)
    slack = 1e-6 * (abs(exact) + 100)
    assert float(growth.lowest) - slack <= exact <= float(growth.highest) + slack
    assert growth.lowest <= growth.value <= growth.highest
    for function in (percentage, ratio, fraction):
        result = function(one, other)
        assert result.lowest <= result.value <= result.highest


@given(positive, positive)
def test_a_growth_rate_leads_from_start_to_end(start: Decimal, end: Decimal) -> None:
    growth = annual_growth(printed(start), printed(end), 5).value
    assert abs(start * (1 + growth / 100) ** 5 - end) < Decimal("1e-9")


@given(positive)
def test_rounding_keeps_six_digits_and_never_narrows(number: Decimal) -> None:
    wide = ratio(printed(number), printed(Decimal(7)))
    short = wide.rounded()
    assert short.lowest <= wide.lowest
    assert wide.highest <= short.highest
    assert len(short.value.as_tuple().digits) <= 6


def test_intervals_meet_when_one_number_can_be_both() -> None:
    assert printed(Decimal("15.1")).meets(Interval(Decimal(15), Decimal(15), Decimal("15.05")))
    assert not printed(Decimal("15.1")).meets(printed(Decimal("15.3")))
