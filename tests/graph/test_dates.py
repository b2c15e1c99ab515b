import calendar
import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import parse_date


@pytest.mark.parametrize(
    ("form", "earliest", "latest", "precision"),
    [
        ("2025", "2025-01-01", "2025-12-31", "year"),
        ("2025-01", "2025-01-01", "2025-01-31", "month"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2023-02", "2023-02-01", "2023-02-28", "month"),
        ("2100-02", "2100-02-01", "2100-02-28", "month"),
        ("2000-02-29", "2000-02-29", "2000-02-29", "day"),
        ("2025-33", "2025-01-01", "2025-03-31", "quarter"),
        ("2025-34", "2025-04-01", "2025-06-30", "quarter"),
        ("2025-35", "2025-07-01", "2025-09-30", "quarter"),
        ("2025-36", "2025-10-01", "2025-12-31", "quarter"),
        ("2025-40", "2025-01-01", "2025-06-30", "half-year"),
        ("2025-41", "2025-07-01", "2025-12-31", "half-year"),
        ("2024/2025", "2024-01-01", "2025-12-31", "interval"),
        ("2024-06/2024", "2024-06-01", "2024-12-31", "interval"),
        ("2024-02/2024-02-29", "2024-02-01", "2024-02-29", "interval"),
        ("2023-36/2024-33", "2023-10-01", "2024-03-31", "interval"),
        ("../2025-08-05", None, "2025-08-05", "not-after"),
        ("../2024-02", None, "2024-02-29", "not-after"),
        ("2024-01/..", "2024-01-01", None, "not-before"),
        ("0001", "0001-01-01", "0001-12-31", "year"),
        ("9999-12-31", "9999-12-31", "9999-12-31", "day"),
    ],
)
def test_bounds_are_inclusive(
    form: str, earliest: str | None, latest: str | None, precision: str
) -> None:
    found = parse_date(form)
    assert found.form == form
    assert found.earliest == (date.fromisoformat(earliest) if earliest else None)
    assert found.latest == (date.fromisoformat(latest) if latest else None)
    assert found.precision == precision


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("", "is not a date"),
        ("25", "is not a date"),
        ("20255", "is not a date"),
        ("2025-1", "is not a date"),
        ("2025-01-1", "is not a date"),
        ("2025/01", "is not a date"),
        ("05.08.2025", "is not a date"),
        ("August 2025", "is not a date"),
        ("2025-08-05T00:00:00", "is not a date"),
        ("2025-08-05Z", "is not a date"),
        ("-2025", "is not a date"),
        ("0000", "is not a date"),
        ("2025\n", "is not a date"),
        (" 2025", "is not a date"),
        # Digits of other scripts are digits to Python, and no date to anybody else.
        ("\u0662\u0660\u0662\u0665", "is not a date"),
        ("\uff12\uff10\uff12\uff15", "is not a date"),
        ("2025-00", "has no month 0"),
        ("2025-13", "has no month 13"),
        ("2025-32", "has no month 32"),
        ("2025-37", "has no month 37"),
        ("2025-42", "has no month 42"),
        ("2025-33-01", "has no month 33"),
        ("2025-02-29", "no day of the calendar"),
        ("2100-02-29", "no day of the calendar"),
        ("2025-04-31", "no day of the calendar"),
        ("2025-04-00", "no day of the calendar"),
        ("2025/2024", "ends before it begins"),
        ("2024-07/2024-40", "ends before it begins"),
        ("../..", "is not a date"),
        ("..", "is not a date"),
        ("/", "is not a date"),
        ("2024/", "is not a date"),
        ("/2024", "is not a date"),
        ("2024/2025/2026", "is not a date"),
        ("../2024/2025", "is not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_what_can_be_written(form: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        parse_date(form)
    if reason != "ends before it begins":
        assert "2024/2025" in str(refused.value)


years = st.integers(1, 9999).map(lambda year: f"{year:04}")
months = st.builds("{}-{:02}".format, years, st.sampled_from([*range(1, 13), *range(33, 37), 40]))
days = st.dates().map(date.isoformat)
parts = st.one_of(years, months, days)


@given(parts)
def test_a_form_comes_back_as_it_was_given(form: str) -> None:
    found = parse_date(form)
    assert found.form == form
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= found.latest


@given(st.dates())
def test_a_day_lies_within_its_month_its_quarter_its_half_and_its_year(day: date) -> None:
    year = f"{day.year:04}"
    quarter, half = 33 + (day.month - 1) // 3, 40 + (day.month - 1) // 6
    for form in (year, f"{year}-{day.month:02}", f"{year}-{quarter}", f"{year}-{half}"):
        found = parse_date(form)
        assert found.earliest is not None
        assert found.latest is not None
        assert found.earliest <= day <= found.latest
        # Bounds are the first day of a month and the last one.
        last = calendar.monthrange(found.latest.year, found.latest.month)[1]
        assert (found.earliest.day, found.latest.day) == (1, last)


@given(parts, parts)
def test_an_interval_covers_both_its_ends_or_is_refused(first: str, last: str) -> None:
    begin, end = parse_date(first), parse_date(last)
    assert begin.earliest is not None
    assert end.latest is not None
    if begin.earliest > end.latest:
        with pytest.raises(ValueError, match="ends before it begins"):
            parse_date(f"{first}/{last}")
        return
    found = parse_date(f"{first}/{last}")
    assert (found.form, found.earliest, found.latest) == (
        f"{first}/{last}",
        begin.earliest,
        end.latest,
    )
    assert parse_date(f"../{last}").latest == end.latest
    assert parse_date(f"{first}/..").earliest == begin.earliest


@given(st.text(max_size=12))
def test_any_other_text_is_refused_and_never_breaks(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_date(text).form == text
