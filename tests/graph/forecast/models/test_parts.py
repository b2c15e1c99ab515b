from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from graph.figures.model import Publication, Scope, Share
from graph.forecast.models.parts import (
    REMAINDER,
    AssumptionNeeded,
    InvalidParts,
    Parts,
    RoundedShare,
    SharesExceedWhole,
    Whole,
    parts,
    rounded_share,
)
from graph.numbers import Measure, parse_measure

_WHOLE = Whole(2024, 20.0, 0.4, 3.0)


def _shares(*printed: str, year: int | None = 2024) -> list[RoundedShare]:
    measures = [parse_measure(one) for one in printed]
    return [
        RoundedShare(f"part {n}", float(one.value), float(one.half_unit), year)
        for n, one in enumerate(measures)
    ]


def _drawn(whole: Whole, shares: Sequence[RoundedShare], **others: object) -> Parts:
    return parts(whole, shares, keep_draws=True, **others)  # type: ignore[arg-type]


def _sums_to_whole(found: Parts) -> bool:
    assert found.draws is not None
    assert found.draws_of_whole is not None
    difference = np.abs(found.draws.sum(axis=1) - found.draws_of_whole)
    return bool(np.all(difference <= 1e-9 * found.draws_of_whole))


def test_shares_of_a_known_whole_by_hand() -> None:
    # 25 % ± 0.5 of 200: uniform from 49 to 51; 80 % of that lies from 49.2 to 50.8.
    found = parts(Whole(2024, 200.0, 0.0, 2.0), _shares("25"), levels=(0.8,))
    assert found.keys == ("part 0", REMAINDER)
    assert found.medians == pytest.approx([50.0, 150.0], rel=1e-9)
    assert found.lower == pytest.approx(np.array([[49.2, 149.2]]), rel=1e-9)
    assert found.upper == pytest.approx(np.array([[50.8, 150.8]]), rel=1e-9)
    assert found.conditioned == 0
    assert found.assumption is None


def test_the_whole_has_the_quantiles_of_its_distribution() -> None:
    share = [RoundedShare("all but none", 50.0, 0.0, 2024)]
    found = parts(_WHOLE, share, levels=(0.5, 0.95))
    reach = stats.t(3).ppf([0.75, 0.975])
    assert found.medians == pytest.approx([10.0, 10.0], rel=1e-6)
    assert found.upper[:, 0] == pytest.approx(10 * np.exp(0.4 * reach), rel=1e-5)
    assert found.lower[:, 1] == pytest.approx(10 * np.exp(-0.4 * reach), rel=1e-5)


def test_medians_and_bounds_do_not_add() -> None:
    shares = [RoundedShare("a", 40.0, 10.0, 2024), RoundedShare("b", 10.0, 10.0, 2024)]
    found = parts(_WHOLE, shares, levels=(0.95,))
    whole = 20 * np.exp(0.4 * stats.t(3).ppf(0.975))
    assert found.upper[0].sum() > whole * 1.01


@given(
    st.lists(st.decimals(0, 30, places=1), min_size=1, max_size=6),
    st.floats(0.01, 1e6),
    st.floats(0, 2),
    st.floats(0.6, 200) | st.just(np.inf),
    st.integers(0, 2**32),
)
@settings(max_examples=40, deadline=None)
def test_parts_sum_to_the_whole_in_every_draw(
    printed: list[Decimal], median: float, scale: float, df: float, seed: int
) -> None:
    whole = Whole(2024, median, scale, df)
    shares = _shares(*(f"{one:f}" for one in printed))
    if sum(share.percent - share.half_unit for share in shares) > 100:
        with pytest.raises(SharesExceedWhole):
            parts(whole, shares, number=300)
        return
    found = _drawn(whole, shares, number=300, seed=seed)
    assert found.draws is not None
    assert found.draws_of_whole is not None
    assert _sums_to_whole(found)
    assert np.all(found.draws >= 0)
    of_whole = 100 * found.draws / found.draws_of_whole[:, None]
    for number, share in enumerate(shares):
        assert np.all(np.abs(of_whole[:, number] - share.percent) <= share.half_unit + 1e-6)


def test_shares_above_the_whole_are_an_error() -> None:
    with pytest.raises(SharesExceedWhole, match=r"103 %.*at least 102 %"):
        parts(_WHOLE, _shares("60", "43"))
    with pytest.raises(SharesExceedWhole):
        parts(_WHOLE, _shares("101"))


def test_shares_of_exactly_the_whole_leave_a_remainder_of_rounding_only() -> None:
    found = _drawn(_WHOLE, _shares("60", "40"), number=4000)
    assert found.draws is not None
    assert found.draws_of_whole is not None
    assert _sums_to_whole(found)
    left = 100 * found.draws[:, 2] / found.draws_of_whole
    # Uniform on the square, given a sum of at most 100: what is left has density 1 - r on (0, 1)
    # twice over, so a mean of a third.
    assert found.conditioned == pytest.approx(2000, abs=150)
    assert left.min() >= 0
    assert left.max() <= 1
    assert left.mean() == pytest.approx(1 / 3, abs=0.02)


def test_shares_that_fit_only_at_their_lowest() -> None:
    found = _drawn(_WHOLE, _shares("60.5", "39.6"), number=500)
    assert _sums_to_whole(found)
    assert found.conditioned == 500
    assert found.medians[2] == pytest.approx(0, abs=1e-9)
    assert found.medians[0] == pytest.approx(20 * 0.6045, rel=1e-3)


def test_a_condition_that_nearly_no_draw_meets() -> None:
    # Ten shares of 10.4 ± 0.5, 99 at least: rejection would need some 10! draws for each.
    shares = [RoundedShare(str(n), 10.4, 0.5, 2024) for n in range(10)]
    found = _drawn(_WHOLE, shares, number=2000)
    assert found.draws is not None
    assert found.draws_of_whole is not None
    assert _sums_to_whole(found)
    # Uniform on the simplex of 10 offsets with a sum of at most 1: each has a mean of 1/11.
    offsets = 100 * found.draws[:, :10] / found.draws_of_whole[:, None] - 9.9
    assert offsets.mean(axis=0) == pytest.approx(np.full(10, 1 / 11), abs=0.012)
    assert offsets.std() == pytest.approx(np.sqrt(10 / (11**2 * 12)), rel=0.05)


def test_an_exact_total_in_decimals_that_are_not_binary() -> None:
    shares = [
        RoundedShare(str(n), percent, 0.0, 2024) for n, percent in enumerate((33.3, 33.3, 33.4))
    ]
    found = _drawn(_WHOLE, shares, number=100)
    assert _sums_to_whole(found)
    assert found.medians[3] == pytest.approx(0, abs=1e-9)


def test_shares_are_ordered_apart_from_the_whole_and_from_each_other() -> None:
    found = _drawn(_WHOLE, _shares("30", "30"), number=4000)
    assert found.draws is not None
    assert found.draws_of_whole is not None
    of_whole = found.draws[:, :2] / found.draws_of_whole[:, None]
    ranks = np.column_stack((np.arange(4000), of_whole))
    correlations = stats.spearmanr(ranks).statistic
    assert np.all(np.abs(correlations - np.eye(3)) < 0.06)
    # Stratified: each of the 4000 strata of the rounding is met once.
    strata = np.sort(np.floor((of_whole[:, 0] * 100 - 29.5) * 4000 + 1e-6).astype(int))
    assert strata.tolist() == list(range(4000))


def test_the_seed_decides() -> None:
    one, again, other = (
        _drawn(_WHOLE, _shares("30", "70"), seed=seed, number=200).draws for seed in (7, 7, 8)
    )
    assert one is not None
    assert np.array_equal(one, again)  # type: ignore[arg-type]
    assert not np.array_equal(one, other)  # type: ignore[arg-type]


@pytest.mark.parametrize("year", [2023, 2025, None])
def test_another_year_needs_a_named_assumption(year: int | None) -> None:
    shares = _shares("30", year=year)
    with pytest.raises(AssumptionNeeded, match="constant-share"):
        parts(_WHOLE, shares)
    found = parts(_WHOLE, shares, assumption="constant-share")
    assert found.assumption == "constant-share"
    assert found.year == 2024


def test_an_assumption_that_was_not_needed_is_not_told() -> None:
    assert parts(_WHOLE, _shares("30"), assumption="constant-share").assumption is None


def test_an_assumption_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidParts, match="no assumption"):
        parts(_WHOLE, _shares("30"), assumption="shrinking")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "whole",
    [
        Whole(2024, 0.0, 0.1, 3.0),
        Whole(2024, float("nan"), 0.1, 3.0),
        Whole(2024, 1.0, float("nan"), 3.0),
        Whole(2024, 1.0, -0.1, 3.0),
        Whole(2024, 1.0, 0.1, 0.0),
        Whole(2024, float("inf"), 0.1, 1.0),
    ],
)
def test_a_whole_without_distribution_has_no_parts(whole: Whole) -> None:
    with pytest.raises(InvalidParts, match="no predictive distribution"):
        parts(whole, _shares("30"))


@pytest.mark.parametrize(
    ("percent", "half_unit"), [(-1.0, 0.5), (float("nan"), 0.5), (5.0, -0.5), (5.0, float("inf"))]
)
def test_what_is_no_share_is_refused(percent: float, half_unit: float) -> None:
    with pytest.raises(InvalidParts, match="no share"):
        parts(_WHOLE, [RoundedShare("x", percent, half_unit, 2024)])


def test_other_arguments_that_cannot_be() -> None:
    share = _shares("30")
    with pytest.raises(InvalidParts, match="twice"):
        parts(_WHOLE, share * 2)
    with pytest.raises(InvalidParts, match="no shares"):
        parts(_WHOLE, [])
    with pytest.raises(InvalidParts, match="level"):
        parts(_WHOLE, share, levels=(80,))
    with pytest.raises(InvalidParts, match="draws"):
        parts(_WHOLE, share, number=0)


def test_tails_that_no_number_can_hold_leave_the_bounds_alone() -> None:
    found = _drawn(Whole(2024, 1.0, 1.0, 0.6), _shares("50"), number=2000, levels=(0.5,))
    assert found.draws is not None
    assert np.all(np.isfinite(found.draws))
    expected = np.exp(stats.t(0.6).ppf(0.75))
    assert found.upper[0, 0] == pytest.approx(expected / 2, rel=0.02)


def test_a_known_whole_has_no_tails_however_few_its_degrees() -> None:
    found = _drawn(Whole(2024, 3.0, 0.0, 0.01), _shares("50"), number=2000)
    assert found.draws_of_whole == pytest.approx(np.full(2000, 3.0))


def test_shares_and_values_round_trip() -> None:
    """A share of zero width times the whole, divided by the whole, is the share."""
    found = _drawn(_WHOLE, [RoundedShare("x", 12.5, 0.0, 2024)], number=50)
    assert found.draws is not None
    assert found.draws_of_whole is not None
    assert 100 * found.draws[:, 0] / found.draws_of_whole == pytest.approx(np.full(50, 12.5))


def test_a_printed_share() -> None:
    publication = Publication("p", "A page", "Acme", "acme")
    measure: Measure = parse_measure("33.0")
    share = Share("s", publication, Scope("gene", "viral"), 2023, measure)
    assert rounded_share(share, "viral") == RoundedShare("viral", 33.0, 0.05, 2023)
