import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.forecast.models.paths import Floats, between, lines_of, total

NONE = np.nan
figures = st.lists(st.one_of(st.none(), st.floats(-5, 5)), min_size=1, max_size=8)


def _logs(values: list[float | None]) -> Floats:
    return np.array([[NONE if value is None else value for value in values]])


def test_growth_is_constant_between_printed_years() -> None:
    logs = np.log([[10.0, NONE, 40.0, NONE]])
    found = np.exp(between(logs, [2024, 2027, 2028, 2030], np.arange(2023, 2032)))
    expected = [NONE, 10, 10 * 4**0.25, 20, 10 * 4**0.75, 40, NONE, NONE, NONE]
    assert found[0] == pytest.approx(expected, nan_ok=True)


def test_one_printed_year_is_a_path_of_that_year() -> None:
    logs = _logs([None, 2.5, None])
    assert np.array_equal(between(logs, [2020, 2021, 2022], [2021, 2020]), [[2.5, NONE]], True)
    assert lines_of([[NONE, 1.0, NONE], [0.0, NONE, 0.0], [NONE] * 3]).tolist() == [
        False,
        True,
        False,
    ]


@given(figures)
def test_printed_values_stay_to_the_last_bit(values: list[float | None]) -> None:
    logs = _logs(values)
    years = 2020 + np.arange(len(values))
    printed = ~np.isnan(logs)
    assert np.array_equal(between(logs, years, years)[printed], logs[printed])


@given(figures)
def test_it_equals_numpy_between_the_ends(values: list[float | None]) -> None:
    printed = [(2000 + 3 * i, v) for i, v in enumerate(values) if v is not None]
    years = 2000 + 3 * np.arange(len(values))
    at = np.arange(1995, 2030)
    expected = np.full(len(at), NONE)
    if printed:
        x, y = zip(*printed, strict=True)
        expected = np.interp(at, x, y, left=NONE, right=NONE)
    assert between(_logs(values), years, at)[0] == pytest.approx(expected, abs=1e-13, nan_ok=True)


def test_leading_axes_are_markets() -> None:
    random = np.random.default_rng(1)
    logs = random.normal(size=(2, 3, 4, 5))
    logs[random.random(logs.shape) < 0.5] = NONE
    years, at = np.array([1, 2, 4, 7, 9]), np.arange(10)
    found = between(logs, years, at)
    assert found.shape == (2, 3, 4, 10)
    for place in np.ndindex(2, 3):
        assert np.array_equal(found[place], between(logs[place], years, at), equal_nan=True)
    assert between(np.zeros((0, 4, 5)), years, at).shape == (0, 4, 10)


def test_sums_do_not_depend_on_layout() -> None:
    terms = np.random.default_rng(2).normal(size=(50, 40))
    whole = total(terms)
    assert np.array_equal(whole, total(np.asfortranarray(terms)))
    assert np.array_equal(whole[:1], total(terms[:, :1]))
    assert whole[3] == sum(terms[:, 3].tolist())
    with pytest.raises(ValueError, match="nothing"):
        total([])


@pytest.mark.parametrize(
    ("logs", "years", "says"),
    [
        ([[1.0, 2.0]], [2020], "do not fit"),
        ([1.0, 2.0], [2020, 2021], "do not fit"),
        ([[1.0, 2.0]], [2021, 2020], "ascend"),
        ([[1.0, 2.0]], [2020, 2020], "ascend"),
        ([[1.0, 2.0]], [2020.0, 2021.0], "integers"),
        ([[1.0, 2.0]], [2, 2021], "apart"),
        ([[1.0, -np.inf]], [2020, 2021], "above zero"),
        (np.zeros((0, 2)), [2020, 2021], "no groups"),
        (np.zeros((2, 0)), [], "no groups"),
    ],
)
def test_what_makes_no_sense_is_refused(logs: object, years: list[int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        between(logs, years, [2020])  # type: ignore[arg-type]
