import numpy as np
import pytest

from graph.forecast.models.predictive import r0_predictive, r1_predictive
from graph.forecast.models.random_growth import estimate, predict
from graph.forecast.models.reference import reference

_YEARS = np.array([2020, 2030])
_LOGS = np.array([[1.0, 2.0], [1.3, 2.6], [0.7, 1.9], [np.nan, np.nan]])


def test_r0_is_a_shifted_and_scaled_student() -> None:
    found = r0_predictive(_LOGS, _YEARS, [2020, 2025])
    values = np.array([1.0, 1.3, 0.7])
    assert found.location[0] == pytest.approx(1.0)
    assert found.scale[0] == pytest.approx(values.std(ddof=1) * np.sqrt(4 / 3))
    assert found.df.tolist() == [2, 2]
    assert found.k.tolist() == [3, 3]


@pytest.mark.parametrize("level", [0.2, 0.8, 0.95, 0.999])
def test_bounds_are_those_of_the_model(level: float) -> None:
    band = reference(_LOGS, _YEARS, [2023], (level,))
    lower, upper = r0_predictive(_LOGS, _YEARS, [2023]).bounds(level)
    assert np.exp(lower) == pytest.approx(band.lower[0])
    assert np.exp(upper) == pytest.approx(band.upper[0])
    logs = _LOGS[None]
    stages = estimate(logs, np.where(np.isnan(logs), np.nan, 1e-6), _YEARS)
    prediction = predict(stages, [2023, 2031], (0.95, level))
    found = r1_predictive(prediction)
    lower, upper = found.bounds(level)
    assert np.exp(lower) == pytest.approx(prediction.lower[1])
    assert np.exp(upper) == pytest.approx(prediction.upper[1])
    assert found.k.tolist() == [[3, 3]]


def test_two_paths_have_no_scale_and_none_no_location() -> None:
    found = r0_predictive(_LOGS[2:], _YEARS, [2020])
    assert found.location == pytest.approx([0.7])
    assert np.isnan(found.scale).all()
    assert np.isnan(r0_predictive(_LOGS, _YEARS, [2031]).location).all()


def test_equal_values_have_a_scale_of_nothing() -> None:
    found = r0_predictive(np.full((3, 2), 1.5), _YEARS, [2020])
    assert found.scale.tolist() == [0.0]
