"""The verdict on a stated rate, by hand: for figures in print, and for every way to go wrong."""

from decimal import Decimal, getcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.audit import findings
from graph.figures.table import read_table
from tests.graph.audit.printed import figure, found, publication, rate, verdict

FIXTURE = Path(__file__).with_name("published-figures.csv")
#: Publisher, rate, stated years; then by hand: verdict, years compared, growth to two decimals.
VERDICTS = [
    ("Reed Intelligence", "24.1", (2025, 2033), "contradicted", (2025, 2033), "14.69"),
    ("Nova One Advisor", "18.5", (2025, 2034), "of-another-period", (2024, 2034), "18.50"),
    ("Straits Research", "22.7", (2024, 2032), "undetermined", (2024, 2032), None),
    ("Healthcare Web Wire (Towards Healthcare data)", "24", (2023, 2032), "of-another-period",
     (2022, 2032), "23.49"),
    ("Mordor Intelligence", "25.67", (2025, 2030), "contradicted", (2025, 2030), "29.68"),
    ("Coherent Market Insights (syndicated)", "21.9", (2018, 2026), "not-checkable",
     (2018, 2026), None),
    ("Coherent Market Insights", "28.7", (2023, 2030), "undetermined", (2023, 2030), None),
    ("The Business Research Company", "3.61", (2019, 2020), "consistent", (2019, 2020), "3.59"),
    ("The Business Research Company", "24.1", (None, 2023), "of-another-period", (2020, 2023),
     "24.11"),
    ("The Business Research Company / Reportlinker", "30.2", (2021, 2022), "consistent",
     (2021, 2022), "30.24"),
    ("The Business Research Company / Reportlinker", "25.6", (None, 2026), "of-another-period",
     (2022, 2026), "25.60"),
    ("Astute Analytica", "17.5", (2026, 2035), "undetermined", (2026, 2035), None),
    ("Emergen Research", "16.3", (None, 2028), "not-checkable", (None, 2028), None),
    ("Towards Healthcare", "22.45", (2025, 2034), "consistent", (2025, 2034), "22.44"),
    ("TechSci Research", "10.04", (2026, 2031), "of-another-period", (2025, 2031), "10.04"),
    ("Strategic Market Research", "21.6", (2024, 2030), "consistent", (2024, 2030), "21.75"),
    ("Mordor Intelligence (cell-based immunotherapy)", "14.98", (2025, 2030), "consistent",
     (2025, 2030), "15.00"),
    ("Reanin", "15.3", (2024, 2031), "consistent", (2024, 2031), "15.30"),
    ("Nova One Advisor", "22.45", (2022, 2030), "undetermined", (2022, 2030), None),
    ("Research and Markets", "6.71", (None, 2032), "of-another-period", (2025, 2032), "6.72"),
]  # fmt: skip
#: What an unprinted year would need, and the growth a year from the neighbour, by hand.
NEEDED = [
    ("Straits Research", 2024, "26.01", "5.43"),  # 133.62 / 1.227^8, over 24.67 in 2023
    ("Coherent Market Insights", 2030, "132.76", None),  # 22.7 * 1.287^7
    ("Astute Analytica", 2026, "42.89", "8.40"),  # 183.1 / 1.175^9, from 36.5 in 2024
    ("Nova One Advisor", 2022, "7.52", "21.69"),  # 38.01 / 1.2245^8, over 6.18 in 2021
]


def test_every_rate_in_print_has_the_verdict_worked_out_by_hand() -> None:
    published = read_table(FIXTURE)
    assert len(published.rates) == len(VERDICTS)
    verdicts = [f for f in findings(published) if f.kind.startswith("rate-")]
    told = [
        (
            stated.publication.title,
            stated.value.printed,
            (stated.from_year, stated.to_year),
            finding.kind.removeprefix("rate-"),
            (finding.from_year, finding.to_year),
            f"{finding.result.value:.2f}" if finding.result else None,
        )
        for stated, finding in zip(published.rates, verdicts, strict=True)
    ]
    assert told == VERDICTS
    assert not any(finding.weak for finding in verdicts)


def test_what_unprinted_years_in_print_would_need() -> None:
    found = [f for f in findings(read_table(FIXTURE)) if f.kind == "rate-undetermined"]
    told = [
        (
            finding.needed_year,
            f"{finding.needed.value:.2f}" if finding.needed else None,
            f"{finding.step.value:.2f}" if finding.step else None,
        )
        for finding in found
    ]
    assert told == [row[1:] for row in NEEDED]


def test_the_severity_of_the_contradictions_in_print() -> None:
    found = [f for f in findings(read_table(FIXTURE)) if f.kind == "rate-contradicted"]
    # 21.84 * 1.241^8 / 65.4 and 22.3 * 1.2567^5 / 81.8.
    assert [f"{f.severity.value:.3f}" for f in found if f.severity] == ["1.879", "0.854"]
    assert [f.other_periods for f in found] == [((2024, 2025),), ()]


def test_the_first_year_of_a_publisher_is_presented_as_its_period() -> None:
    (only,) = [f for f in findings(read_table(FIXTURE)) if f.kind == "first-year-as-period"]
    assert only.result is not None
    assert f"{only.result.value:.2f}" == "24.09"
    assert only.text.endswith("that of the whole period is 14.69 % (14.68 to 14.71)")


def test_a_rate_of_a_period_with_one_year_missing_is_never_contradicted() -> None:
    one = verdict(rate("50", 2025, 2030), figure(2024, "10.0"), figure(2030, "11.0"))
    assert one.kind == "rate-undetermined"
    assert one.agrees is None
    other = verdict(rate("50", None, 2030), figure(2024, "10.0"), figure(2030, "11.0"))
    assert other.kind == "rate-not-checkable"
    assert "its first year is not stated, and no two printed years have this growth" in other.text


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (2030, 2024, "a period from 2030 to 2024 has no length"),
        (2024, 2024, "a period from 2024 to 2024 has no length"),
        (2031, 2032, "2031, 2032 are not printed; printed are 2024, 2030"),
        (None, None, "no year is stated, and no two printed years have this growth"),
        (2024, None, "its last year is not stated, and no two printed years"),
    ],
)
def test_why_a_rate_cannot_be_checked(first: int | None, last: int | None, reason: str) -> None:
    told = verdict(rate("50", first, last), figure(2024, "10.0"), figure(2030, "11.0"))
    assert told.kind == "rate-not-checkable"
    assert reason in told.text


@pytest.mark.parametrize("printed", ["-100", "-100.0", "-250"])
def test_a_rate_that_leaves_nothing(printed: str) -> None:
    told = verdict(rate(printed, 2024, 2030), figure(2024, "10.0"), figure(2030, "11.0"))
    assert told.kind == "rate-not-checkable"
    assert "nothing is left" in told.text


def test_a_falling_market_is_checked_like_any_other() -> None:
    # 10 * 0.9^2 = 8.1
    told = verdict(rate("-10.0", 2024, 2026), figure(2024, "10.0"), figure(2026, "8.1"))
    assert told.kind == "rate-consistent"


def test_a_rate_printed_as_a_whole_number_stands_for_what_rounds_to_it() -> None:
    # 100 to 149 in two years is 22.07 %: 22 and 22.1 are that, 22.2 and 22.0 are not.
    figures = figure(2024, "100.00"), figure(2026, "149.00")
    kinds = [verdict(rate(r, 2024, 2026), *figures).kind for r in ("22", "22.1", "22.2", "22.0")]
    assert kinds == ["rate-consistent", "rate-consistent", "rate-contradicted", "rate-contradicted"]


def test_the_bounds_of_rounding_belong_to_the_interval() -> None:
    # From 10.0 (at most 10.05) to 12.1 (at least 12.05) is 19.9005 % or more.
    figures = figure(2024, "10.0"), figure(2025, "12.1")
    assert verdict(rate("19.90", 2024, 2025), *figures).kind == "rate-consistent"
    assert verdict(rate("19.89", 2024, 2025), *figures).kind == "rate-contradicted"


def test_intervals_that_touch_in_one_number_fit() -> None:
    # At most 9.55 * 1.0955 = 10.462025, at least 9.45 * 1.0945 = 10.343025.
    ends = ("10.46203", "10.46204", "10.34302", "10.34301")
    told = [verdict(rate("9.5", 2024, 2025), figure(2024, "9.5"), figure(2025, e)) for e in ends]
    assert [finding.agrees for finding in told] == [True, False, True, False]


def test_a_comparison_of_few_digits_is_weak() -> None:
    told = verdict(rate("20.0", 2024, 2025), figure(2024, "5"), figure(2025, "6"))
    assert told.kind == "rate-consistent"
    assert told.weak
    assert "weak, as the printed digits leave" in told.text
    # 10.0 and 12.0 in a year leave 2.2 points, in two years 1.
    assert verdict(rate("20.0", 2024, 2025), figure(2024, "10.0"), figure(2025, "12.0")).weak
    assert not verdict(rate("9.5", 2024, 2026), figure(2024, "10.0"), figure(2026, "12.0")).weak


def test_a_word_that_blurs_widens_nothing_and_is_told() -> None:
    blurred = figure(2025, "13.0", approximation="nearly")
    told = verdict(rate("20.0", 2024, 2025), figure(2024, "10.0"), blurred)
    assert told.kind == "rate-contradicted"
    assert "nearly 13.0 in 2025" in told.text


def test_of_a_year_that_is_printed_twice_every_value_is_tried() -> None:
    figures = [figure(2024, "9.00"), figure(2024, "10.00"), figure(2025, "11.00")]
    assert verdict(rate("10.0", 2024, 2025), *figures).kind == "rate-consistent"
    assert verdict(rate("22.2", 2024, 2025), *figures).kind == "rate-consistent"
    told = verdict(rate("15.0", 2024, 2025), *figures)
    assert told.kind == "rate-contradicted"
    assert "none of 2 combinations of values fits" in told.text
    (twice,) = found("year-printed-twice", figures)
    assert twice.agrees is False


def test_millions_and_billions_are_one_currency_and_euros_another() -> None:
    start = figure(2024, "500", unit="usd-million")
    told = verdict(rate("20.0", 2024, 2025), start, figure(2025, "0.600"))
    assert told.kind == "rate-consistent"
    assert "500 usd-million in 2024 and 0.600 usd-billion in 2025" in told.text
    euro = figure(2025, "0.600", unit="eur-billion")
    assert verdict(rate("20.0", 2024, 2025), start, euro).kind != "rate-consistent"


def test_figures_of_another_publication_count_for_nothing() -> None:
    other = publication("Other")
    told = verdict(rate("50", 2024, 2025), figure(2024, "10.0"), figure(2025, "11.0", other))
    assert told.kind == "rate-undetermined"


@given(
    st.integers(1_000, 99_999),
    st.integers(-30, 60),
    st.integers(1, 12),
    st.integers(0, 3),
)
def test_a_rate_that_made_the_end_is_never_contradicted(
    start: int, percent: int, years: int, digits: int
) -> None:
    getcontext().prec = 40
    exact = Decimal(start) / 100 * (1 + Decimal(percent) / 100) ** years
    end = figure(2020 + years, f"{exact:.{digits}f}")
    if end.value and end.value.value > 0:
        told = verdict(
            rate(str(percent), 2020, 2020 + years), figure(2020, f"{start / 100:.2f}"), end
        )
        assert told.kind == "rate-consistent"
        assert told.severity is not None
        assert told.severity.lowest <= 1 <= told.severity.highest


@given(st.data())
def test_nothing_is_contradicted_where_a_stated_year_is_not_printed(data: st.DataObject) -> None:
    years = data.draw(st.lists(st.integers(2020, 2030), min_size=1, max_size=6, unique=True))
    value = st.integers(1, 999).map(str)
    figures = [figure(year, data.draw(value)) for year in years]
    stated = st.one_of(st.none(), st.integers(2018, 2032))
    rated = rate(data.draw(st.integers(-99, 99).map(str)), data.draw(stated), data.draw(stated))
    told = verdict(rated, *figures)
    both = rated.from_year in years and rated.to_year in years
    if told.kind in ("rate-contradicted", "rate-consistent"):
        assert both
    for first, last in told.other_periods:
        assert first in years
        assert last in years
        assert first < last
