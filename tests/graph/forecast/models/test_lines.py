import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.forecast.models.lines import fitted, reference_year, rounding_variance

NONE = np.nan


def test_rounding_is_uniform() -> None:
    # "24" is 24 ± 0.5
    assert rounding_variance(24, 0.5) == pytest.approx((0.5 / 24) ** 2 / 3, rel=1e-15)
    draws = np.log(24 + np.random.default_rng(1).uniform(-0.5, 0.5, 100_000))
    assert rounding_variance(24, 0.5) == pytest.approx(draws.var(), rel=0.02)


def test_a_line_by_hand() -> None:
    # Covered most: 2020 to 2024 by both, the middle one is 2022.
    logs = [[[1.0, NONE, 2.0, NONE], [0.0, 2.0, 4.0, NONE]]]
    lines = fitted(logs, np.full((1, 2, 4), 0.03), [2020, 2022, 2024, 2026])
    assert lines.year.tolist() == [2022]
    assert lines.points.tolist() == [[2, 3]]
    assert lines.first.tolist() == [[2020, 2020]]
    assert lines.last.tolist() == [[2024, 2024]]
    assert lines.growth[0] == pytest.approx([0.25, 1.0])
    assert lines.level[0] == pytest.approx([1.5, 2.0])
    # v/n in the mean year; v/Σ(t - t̄)² for the growth; both sums are 8
    assert lines.level_variance[0] == pytest.approx([0.015, 0.01])
    assert lines.growth_variance[0] == pytest.approx([0.03 / 8, 0.03 / 8])
    assert lines.covariance[0] == pytest.approx([0, 0], abs=1e-18)


def test_a_single_figure_is_its_own_level() -> None:
    lines = fitted([[NONE, 3.0], [NONE, NONE]], np.full((2, 2), 0.5), [2020, 2023])
    assert lines.level[0] == 3
    assert lines.level_variance[0] == 0.5
    assert lines.first[0] == lines.last[0] == 2023
    assert np.isnan(lines.growth).all()
    assert np.isnan([lines.level[1], lines.level_variance[1], lines.first[1], lines.last[1]]).all()
    assert not lines.has_growth.any()


@given(st.integers(0, 2**32 - 1))
def test_it_is_the_least_squares_line_with_its_errors_propagated(seed: int) -> None:
    random = np.random.default_rng(seed)
    years = np.sort(random.choice(np.arange(2015, 2040), 7, replace=False))
    logs, v = random.normal(size=(5, 4, 7)), random.uniform(1e-6, 1, (5, 4, 7))
    logs[random.random(logs.shape) < 0.4] = NONE
    lines = fitted(logs, v, years)
    for m, g in np.ndindex(5, 4):
        there = ~np.isnan(logs[m, g])
        if there.sum() < 2:
            continue
        x = np.stack([np.ones(there.sum()), years[there] - lines.year[m]], axis=1)
        weights = np.linalg.inv(x.T @ x) @ x.T
        coefficients = weights @ logs[m, g, there]
        covariance = weights @ np.diag(v[m, g, there]) @ weights.T
        found = (lines.level[m, g], lines.growth[m, g])
        assert found == pytest.approx(coefficients, rel=1e-9, abs=1e-9)
        assert lines.level_variance[m, g] == pytest.approx(covariance[0, 0], rel=1e-9)
        assert lines.growth_variance[m, g] == pytest.approx(covariance[1, 1], rel=1e-9)
        assert lines.covariance[m, g] == pytest.approx(covariance[0, 1], rel=1e-8, abs=1e-10)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(2020, 2024)], 2022),
        ([(2020, 2023)], 2021),  # the lower of two middle ones
        ([(2020, 2030), (2025, 2030), (2028, 2034)], 2029),
        ([(2020, 2021), (2030, 2031)], 2021),  # four tie
        ([(2020, 2024), (2034, 2034)], 2022),  # a single figure does not count,
        ([(2020, 2020), (2020, 2020), (2034, 2034)], 2020),  # unless there is nothing else
    ],
)
def test_the_reference_year(spans: list[tuple[int, int]], expected: int) -> None:
    years = np.arange(2018, 2036)
    logs = np.full((len(spans), len(years)), NONE)
    for group, span in enumerate(spans):
        logs[group, [year - 2018 for year in span]] = 1.0
    assert reference_year(logs, years) == expected
    assert reference_year(np.stack([logs, np.full_like(logs, NONE)]), years).tolist() == [
        expected,
        pytest.approx(NONE, nan_ok=True),
    ]


@pytest.mark.parametrize("v", [NONE, -1e-9, np.inf])
def test_a_printed_figure_needs_its_rounding(v: float) -> None:
    with pytest.raises(ValueError, match="variance of a printed figure"):
        fitted([[1.0, 2.0]], [[0.1, v]], [2020, 2021])
    assert fitted([[1.0, NONE]], [[0.1, v]], [2020, 2021]).level[0] == 1
