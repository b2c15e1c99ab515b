import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.forecast.models.paths import Floats
from graph.forecast.models.reference import LEVELS, Band, reference
from tests.graph.forecast import plain

NONE = np.nan
ALL = ("k", "median", "lower", "upper", "least", "greatest")


def _random(seed: int, markets: int, groups: int = 8, years: int = 11) -> Floats:
    random = np.random.default_rng(seed)
    logs = random.normal(3, 0.4, (markets, groups, 1)) + random.normal(
        0.15, 0.1, (markets, groups, years)
    )
    logs[random.random(logs.shape) < random.uniform(0, 1, (markets, 1, 1))] = NONE
    return logs


def _same(one: Band, other: Band) -> bool:
    return all(np.array_equal(getattr(one, n), getattr(other, n), equal_nan=True) for n in ALL)


def test_by_hand() -> None:
    # Three groups double every year from 1, 2 and 4: the logarithms are 0, 1 and 2 times ln 2.
    logs = np.log([[1.0, 2.0, 4.0], [2.0, NONE, 8.0], [4.0, 8.0, NONE], [NONE, 5.0, NONE]])
    band = reference(logs, [2020, 2021, 2022], [2019, 2020, 2021, 2022], [0.95])
    assert band.k.tolist() == [0, 3, 3, 2]
    assert band.median == pytest.approx([NONE, 2, 4, np.sqrt(32)], nan_ok=True)
    # s is ln 2, t with 2 degrees of freedom 4.302652729911275
    times = 2 ** (4.302652729911275 * np.sqrt(4 / 3))
    assert band.lower[0] == pytest.approx([NONE, 2 / times, 4 / times, NONE], nan_ok=True)
    assert band.upper[0] == pytest.approx([NONE, 2 * times, 4 * times, NONE], nan_ok=True)
    assert band.least == pytest.approx([NONE, 1, 2, 4], nan_ok=True)
    assert band.greatest == pytest.approx([NONE, 4, 8, 8], nan_ok=True)


def test_one_source_stands_for_itself() -> None:
    band = reference(np.log([[3.0, 6.0], [NONE, 9.0]]), [2020, 2022], [2020, 2021, 2022])
    assert band.k.tolist() == [1, 1, 1]
    assert band.median == pytest.approx([3, 3 * np.sqrt(2), 6])
    for part in (band.lower, band.upper, band.least, band.greatest):
        assert np.isnan(part).all()


def test_equal_figures_have_bounds_equal_to_the_median() -> None:
    band = reference(np.log(np.full((3, 2), 7.64)), [2020, 2021], [2020])
    assert (band.lower == band.median).all()
    assert (band.upper == band.median).all()


@pytest.mark.parametrize("level", LEVELS)
def test_it_equals_a_plain_loop(level: float) -> None:
    years = [2020, 2021, 2022, 2024, 2025, 2026, 2030, 2031, 2032, 2033, 2035]
    at = list(range(2018, 2038))
    logs = _random(3, 150)
    band = reference(logs, years, at, [level])
    assert set(np.unique(band.k)) >= {0, 1, 2, 3, 8}
    for market in range(len(logs)):
        rows = np.array(plain.reference(logs[market], years, at, level)).T
        found = (band.k, band.median, band.lower[0], band.upper[0], band.least, band.greatest)
        for ours, theirs in zip(found, rows, strict=True):
            assert ours[market] == pytest.approx(theirs, rel=1e-12, nan_ok=True)


def test_neither_chunks_nor_threads_change_a_bit() -> None:
    logs, years = _random(4, 9001, 4, 5), np.arange(2020, 2025)
    whole = reference(logs, years, years)
    assert _same(whole, reference(logs, years, years, threads=2))
    for market in (0, 4095, 4096, 9000):
        alone = reference(logs[market], years, years)
        for name in ALL:
            part = getattr(whole, name)[..., market, :]
            assert np.array_equal(part, getattr(alone, name), equal_nan=True), name


def test_shapes() -> None:
    logs, years = _random(5, 6).reshape(2, 3, 8, 11), np.arange(11)
    band = reference(logs, years, [3, 4], (0.5, 0.9))
    assert band.k.shape == band.median.shape == band.least.shape == (2, 3, 2)
    assert band.lower.shape == band.upper.shape == (2, 2, 3, 2)
    assert reference(logs, years, [], ()).lower.shape == (0, 2, 3, 0)
    assert reference(logs[:0], years, years).median.shape == (0, 3, 11)


def test_single_figures_and_absent_groups_change_nothing() -> None:
    logs, years = _random(6, 50), np.arange(11)
    single = np.full((50, 1, 11), NONE)
    single[:, 0, 4] = 9.0
    more = np.concatenate([single, logs, np.full((50, 2, 11), NONE)], axis=1)
    assert _same(reference(more, years, years), reference(logs, years, years))


@given(st.permutations(range(5)), st.floats(0.01, 1e6))
def test_neither_order_nor_unit_matters(order: list[int], unit: float) -> None:
    logs, years = _random(7, 5, 5, 6), np.arange(6)
    one = reference(logs, years, years)
    other = reference(logs[:, order] + np.log(unit), years, years)
    assert np.array_equal(one.k, other.k)
    for name in ALL[1:]:
        expected = getattr(one, name) * unit
        assert getattr(other, name) == pytest.approx(expected, rel=1e-11, nan_ok=True)


@given(st.lists(st.floats(-700, 700), min_size=3, max_size=6))
def test_hostile_spreads_keep_their_order(values: list[float]) -> None:
    logs = np.repeat(np.array(values)[:, None], 2, axis=1)
    band = reference(logs, [2020, 2021], [2020])
    lower, upper = band.lower[:, 0].tolist(), band.upper[:, 0].tolist()
    ordered = [*reversed(lower), float(band.median[0]), *upper]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, NONE])
def test_no_level_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        reference(np.zeros((1, 1)), [2020], [2020], [level])


def test_the_logarithm_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        reference([[0.0, -np.inf]], [2020, 2021], [2020])
