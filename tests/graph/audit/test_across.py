"""Findings on figures beside each other: of one publication, of one data group, of several."""

import time

import pytest

from graph.audit import findings
from graph.figures.model import Published, Scope, Superlative
from tests.graph.audit.printed import MARKET, figure, found, publication, rate, share

PART = Scope("part")
PARENTS = {"part": "grafts"}


def test_the_groups_of_a_year_are_told_in_one_finding() -> None:
    figures = [figure(2024, v, publication(n)) for n, v in (("A", "2.0"), ("B", "5.0"), ("C", "4"))]
    (only,) = found("figures-differ", figures)
    assert only.result is not None
    assert only.result.value == 2.5
    assert only.text.endswith("5.0 (B) is 2.50 times 2.0 (A), of 3 figures of 3 data groups")
    assert len(only.rests_on) == len(only.publications) == 3


def test_editions_of_a_group_are_revisions_in_their_order() -> None:
    editions = [publication("Acme", year) for year in ("2025", "2023", "2024")]
    values = ("9.0", "6.0", "6.0")
    figures = [figure(2030, v, of) for v, of in zip(values, editions, strict=True)]
    same, changed = found("revision", figures)
    assert (same.agrees, changed.agrees) == (True, False)
    assert "stays from 6.0 (Acme, 2023) to 6.0 (Acme, 2024), 1.00 times" in same.text
    assert "is revised from 6.0 (Acme, 2024) to 9.0 (Acme, 2025), 1.50 times" in changed.text
    assert found("figures-differ", figures) == []


def test_a_part_that_exceeds_the_whole_of_another_publisher() -> None:
    other = publication("Other")
    figures = [figure(2024, "3.0", scope=PART), figure(2024, "2.0", other)]
    (only,) = found("part-exceeds-whole", figures, parents=PARENTS)
    assert only.text == "part, 2024: 3.0 (Acme) is 150.0 % of 2.0 (Other), grafts"
    # Within the whole nothing is said of two publishers: they may mean different things.
    figures = [figure(2024, "1.0", scope=PART), figure(2024, "2.0", other)]
    assert found("part-exceeds-whole", figures, parents=PARENTS) == []
    assert found("part-of-figure", figures, parents=PARENTS) == []


def test_a_segment_is_a_part_of_its_market() -> None:
    figures = [figure(2024, "3.0", scope=Scope("grafts", "skin")), figure(2024, "2.0")]
    (only,) = found("part-exceeds-whole", figures)
    assert only.agrees is False
    assert only.text.startswith("skin, grafts, 2024: 3.0 is 150.0 % of 2.0")


def test_markets_that_are_parts_of_each_other_do_not_go_round_for_ever() -> None:
    figures = [figure(2024, "3.0", scope=PART), figure(2024, "2.0")]
    circle = {"part": "grafts", "grafts": "part"}
    assert len(found("part-exceeds-whole", figures, parents=circle)) == 1


def test_the_drift_of_a_part_across_the_reports_of_a_group() -> None:
    old, new = publication("Acme", "2023"), publication("Acme", "2025")
    figures = [
        figure(2023, "1.0", old, scope=PART), figure(2023, "10.0", old),
        figure(2025, "3.0", new, scope=PART), figure(2025, "12.0", new),
    ]  # fmt: skip
    (only,) = found("part-drift", figures, parents=PARENTS)
    assert only.result is not None
    assert only.result.value == 15  # from 10 % to 25 %
    assert only.unit == "percentage-points"
    # Lowest: 2.95 / 12.05 less 1.05 / 9.95.
    assert f"{only.result.lowest:.3f}" == "13.929"
    assert len(only.rests_on) == 4
    assert (only.from_year, only.to_year) == (2023, 2025)


def test_a_share_amounts_to_its_part_of_the_figure_with_rounding() -> None:
    (only,) = found("share-of-figure", [figure(2024, "20.0")], shares=[share("50", 2024, "skin")])
    assert only.result is not None
    assert only.result.value == 10
    assert f"{only.result.lowest:.5f}" == "9.87525"  # 49.5 % of 19.95
    assert f"{only.result.highest:.5f}" == "10.12525"
    assert only.unit == "usd-billion"


def test_shares_of_no_figure_and_shares_above_the_whole() -> None:
    shares = [share("60", 2024, "a", dimension="by"), share("42", 2024, "b", dimension="by")]
    assert len(found("share-without-figure", shares=shares)) == 2
    (over,) = found("shares-exceed-whole", shares=shares)
    assert over.text == "grafts, 2024, by by: 2 shares are 102 % together"
    assert found("shares-exceed-whole", shares=shares, nested=frozenset({"b"})) == []


def test_one_share_of_three_markets_is_told_along_a_chain() -> None:
    shares = [share("58", 2024, "a", market) for market in ("one", "two", "three")]
    assert len(found("share-of-two-markets", shares=shares)) == 2
    assert found("share-of-two-markets", shares=[shares[0], share("58", 2025, "a", "two")]) == []
    assert found("share-of-two-markets", shares=[shares[0], share("58", None, "a", "two")]) != []


def test_fastest_growing_without_a_rate() -> None:
    segment = Scope("grafts", "skin")
    calls = [Superlative(f"call {n}", publication(), segment) for n in (1, 2)]
    (only,) = found("fastest-without-rate", superlatives=calls)
    assert only.rests_on == ("call 1", "call 2")
    assert found("fastest-without-rate", rates=[rate("9", scope=MARKET)], superlatives=calls)
    assert not found("fastest-without-rate", rates=[rate("9", scope=segment)], superlatives=calls)


def test_the_first_year_beside_the_rate_of_the_whole_period() -> None:
    figures = [figure(2024, "10.00"), figure(2025, "15.00"), figure(2030, "37.32")]
    (beside,) = found("first-year-growth", figures, [rate("20.0", 2025, 2030)])
    assert "is 50.00 %" in beside.text
    assert "more than the 20.0 % a year" in beside.text
    assert beside.agrees is None
    (presented,) = found("first-year-as-period", figures, [rate("50.0", 2025, 2030)])
    assert "that of the whole period is 20.00 %" in presented.text
    # Where the period cannot be tested nothing is presented as anything.
    assert found("first-year-as-period", figures, [rate("50.0", 2026, 2030)]) == []


def test_matching_numbers_are_told_with_all_who_print_them() -> None:
    groups = [publication(name) for name in ("A", "B", "C")]
    figures = [figure(2024, "12.3", of) for of in groups]
    (only,) = found("matching-numbers", figures)
    assert only.text == "grafts, 2024: 12.3 is printed alike by A and B and C"
    (series,) = found(
        "identical-series", [figure(y, "12.3", of) for of in groups[:2] for y in (2024, 2025)]
    )
    assert "2024 to 2025: the whole series is printed alike by A and B" in series.text


@pytest.mark.parametrize("part", [5, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_a_hundred_thousand_figures_take_seconds(part: int) -> None:
    """Whatever they have in common: one year, one publication and year, one long series each."""
    others = [publication(f"P{n}") for n in range(30_000 // part)]
    figures = [figure(2024, f"{n + 100}.5", of) for n, of in enumerate(others)]
    figures += [figure(2025, f"{n + 100}.5") for n in range(30_000 // part)]
    figures += [figure(2030, f"{n + 100}.5") for n in range(20_000 // part)]
    long = [Scope(f"market {n}") for n in range(70 // part)]
    figures += [figure(1900 + y, f"{y + 9}.5", scope=of) for of in long for y in range(290)]
    rates = [rate("7.3", 2025, 2030)]
    rates += [rate("7.3", 1899, 2200, scope=of) for of in long]
    began = time.process_time()
    kinds = {finding.kind for finding in findings(Published(figures, rates))}
    assert time.process_time() - began < 40 / part
    assert {"figures-differ", "year-printed-twice", "rate-consistent"} <= kinds
