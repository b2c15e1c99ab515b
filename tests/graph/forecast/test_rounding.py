import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.forecast.rounding import natural_log, published, published_each


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (15.280625, "15.2806"),
        (math.exp(math.log(15.280625)), "15.2806"),
        (math.nextafter(15.28065, 0), "15.2806"),  # a tie but for a last bit: to even
        (math.nextafter(15.28065, 16), "15.2806"),
        (15.28075, "15.2808"),
        (math.nextafter(15.28075, 0), "15.2808"),
        (Decimal("15.2806500001"), "15.2807"),
        (Decimal("15.28065000001"), "15.2806"),  # the thirteenth digit does not tell
        (1.5, "1.5"),
        (1.5000000000000002, "1.5"),
        (100, "100"),
        (1234565.0, "1234560"),
        (1234575.0, "1234580"),
        (999999.5, "1000000"),
        (0.000123456789, "0.000123457"),
        (-2.5, "-2.5"),
        (0.0, "0"),
        (-0.0, "0"),
        (1e22, "1" + 22 * "0"),
    ],
)
def test_six_digits_by_way_of_twelve(number: float | Decimal, text: str) -> None:
    assert f"{published(number):f}" == text
    assert str(published(number)) == text or "E" in str(published(number))


@given(st.floats(1e-5, 1e15))
def test_the_last_bits_do_not_show(number: float) -> None:
    short = published(number)
    again = float(short)
    assert published(short) == short
    assert abs(again - number) <= 6e-6 * number
    # What has six digits keeps them through a logarithm and back.
    assert str(published(math.exp(math.log(again)))) == str(short)
    for near in (math.nextafter(again, 0), math.nextafter(again, math.inf)):
        assert str(published(near)) == str(short)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, Decimal("NaN")])
def test_what_is_not_finite_is_not_published(number: float | Decimal) -> None:
    with pytest.raises(ValueError, match="finite"):
        published(number)


def test_nan_stands_for_no_number() -> None:
    assert published_each(np.array([1.25, np.nan])) == [Decimal("1.25"), None]
    with pytest.raises(ValueError, match="finite"):
        published_each([math.inf])


@given(st.decimals("1e-17", "999999999999999999", places=10).filter(lambda d: d > 0))
def test_logarithms_are_the_nearest_float(value: Decimal) -> None:
    expected = math.log(value)
    assert natural_log(value) == pytest.approx(expected, rel=1e-15, abs=1e-16)


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity"])
def test_what_has_no_logarithm_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="above zero"):
        natural_log(Decimal(value))
