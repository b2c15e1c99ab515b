from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from graph.forecast.calibration.markets import (
    AT,
    DESIGNS,
    GROWTH,
    GROWTH_DEVIATION,
    LEVEL_DEVIATION,
    YEARS,
    Draws,
    make_markets,
)

_DESIGNS = {design.name: design for design in DESIGNS}
_AT = int(np.flatnonzero(YEARS == AT)[0])


def test_draws_are_uniform_and_normal() -> None:
    draws = Draws(1, "test")
    uniform = draws.uniform(4, 5000).ravel()
    assert uniform.min() > 0
    assert uniform.max() < 1
    assert stats.kstest(uniform, "uniform").pvalue > 0.001
    assert stats.kstest(draws.normal(20_000), "norm").pvalue > 0.001


def test_draws_are_those_of_their_seed_and_words() -> None:
    one = Draws(1, "a", 3).normal(5)
    assert np.array_equal(one, Draws(1, "a", 3).normal(5))
    for other in (Draws(2, "a", 3), Draws(1, "b", 3), Draws(1, "a", 4)):
        assert not np.array_equal(one, other.normal(5))
    # On a grid, so that last bits of logarithms change nothing.
    assert np.array_equal(one * 2.0**30, np.round(one * 2.0**30))


def test_the_stream_stays_the_same_for_good() -> None:
    # What is published rests on it: another version of numpy must not change a count.
    found = Draws(0, "balanced", 3).uniform(2)
    assert found == pytest.approx([0.38373482, 0.59453265], abs=1e-8)


def test_balanced_markets_have_the_stated_moments() -> None:
    made = make_markets(_DESIGNS["balanced"], 4, 20_000, 1)
    assert made.logs.shape == (20_000, 4, len(YEARS))
    assert np.isnan(made.logs[:, :, 1:-1]).all()
    growth = (made.logs[:, :, -1] - made.logs[:, :, 0]) / 10
    assert growth.mean() == pytest.approx(GROWTH, abs=0.001)
    assert growth.std() == pytest.approx(GROWTH_DEVIATION, rel=0.02)
    middle = (made.logs[:, :, -1] + made.logs[:, :, 0]) / 2  # 2025
    assert middle.std() == pytest.approx(LEVEL_DEVIATION, rel=0.02)
    assert made.truth == pytest.approx(np.full(20_000, 0.45))
    deviation = np.hypot(LEVEL_DEVIATION, 3 * GROWTH_DEVIATION)
    assert (made.claim - made.truth).mean() == pytest.approx(0, abs=0.015)
    assert (made.claim - made.truth).std() == pytest.approx(deviation, rel=0.02)


def test_horizons_end_in_different_years() -> None:
    made = make_markets(_DESIGNS["horizons"], 4, 8000, 1)
    printed = ~np.isnan(made.logs)
    assert (printed.sum(axis=2) == 2).all()
    assert printed[:, :, 1:].mean(axis=(0, 1)) == pytest.approx(np.full(4, 0.25), abs=0.02)


def test_informative_horizons_are_those_of_growth() -> None:
    made = make_markets(_DESIGNS["informative-horizons"], 4, 4000, 1)
    last = len(YEARS) - 1 - np.argmax(~np.isnan(made.logs[..., ::-1]), axis=-1)
    end = np.take_along_axis(made.logs, last[..., None], axis=-1)[..., 0]
    growth = (end - made.logs[..., 0]) / (YEARS[last] - YEARS[0])
    means = [growth[last == index].mean() for index in range(1, len(YEARS))]
    assert all(np.diff(means) > 0.01)
    assert means[0] < GROWTH - 0.02


def test_copies_are_copies() -> None:
    made = make_markets(_DESIGNS["copied"], 3, 50, 1)
    assert made.logs.shape[1] == 6
    assert np.array_equal(made.logs[:, :3], made.logs[:, 3:], equal_nan=True)


def test_another_scope_lowers_some_groups_and_no_claim() -> None:
    design = _DESIGNS["mixed-scopes"]
    made = make_markets(design, 4, 5000, 1)
    plain = make_markets(replace(design, offset=0.0), 4, 5000, 1)
    lower = plain.logs[..., 0] - made.logs[..., 0]
    assert set(np.unique(np.round(lower, 9))) == {0.0, 0.9}
    assert (lower > 0.5).mean() == pytest.approx(0.3, abs=0.02)
    assert np.array_equal(made.claim, plain.claim)


def test_a_common_shift_moves_publishers_and_not_the_truth() -> None:
    design = _DESIGNS["common-bias"]
    made = make_markets(design, 4, 5000, 1)
    plain = make_markets(replace(design, common=0.0), 4, 5000, 1)
    shift = made.claim - plain.claim
    assert shift.std() == pytest.approx(0.5, rel=0.05)
    assert made.logs[:, :, 0] - plain.logs[:, :, 0] == pytest.approx(
        np.repeat(shift[:, None], 4, axis=1)
    )
    assert np.array_equal(made.truth, plain.truth)


def test_heavy_tails_are_those_of_three_degrees() -> None:
    made = make_markets(_DESIGNS["heavy-tails"], 3, 20_000, 1)
    middle = (made.logs[:, 0, -1] + made.logs[:, 0, 0]) / 2
    standard = middle / (LEVEL_DEVIATION / np.sqrt(3))
    assert stats.kstest(standard, "t", args=(3,)).pvalue > 0.001


@pytest.mark.parametrize(("k", "single"), [(3, 1), (5, 1), (6, 2), (8, 2)])
def test_one_group_in_three_prints_one_year(k: int, single: int) -> None:
    made = make_markets(_DESIGNS["single-years"], k, 10, 1)
    printed = (~np.isnan(made.logs)).sum(axis=2)
    assert (printed == 1).sum(axis=1).tolist() == [single] * 10
    assert (printed == 2).sum(axis=1).tolist() == [k - single] * 10


def test_designs_have_names_of_their_own() -> None:
    assert len({design.name for design in DESIGNS}) == len(DESIGNS)
    assert all(design.text.endswith(".") for design in DESIGNS)
