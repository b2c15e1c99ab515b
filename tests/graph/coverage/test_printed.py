import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.coverage.printed import printed_forms
from graph.dates import parse_date


def printed(form: str, text: str) -> bool:
    return all(re.search(each, text, re.IGNORECASE) for each in printed_forms(parse_date(form)))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("2024", "in 2024."),
        ("2024", "2024-2031"),
        ("2024-08", "in August 2024"),
        ("2024-08", "in August, 2024"),
        ("2024-08", "Aug. 2024"),
        ("2024-08", "AUGUST OF 2024"),
        ("2024-08", "on 5 August 2024"),
        ("2024-09", "Sept. 2024"),
        ("2024-05", "May 2024"),
        ("2024-08-05", "August 5, 2024"),
        ("2024-08-05", "Aug 05, 2024"),
        ("2024-08-05", "August 5th 2024"),
        ("2024-08-05", "5 August 2024"),
        ("2024-08-05", "the 5th of August, 2024"),
        ("2024-08-05", "2024-08-05"),
        ("2023-33", "first quarter of 2023"),
        ("2023-33", "Q1 2023"),
        ("2023-36", "4Q, 2023"),
        ("2023-34", "2023, Q2"),
        ("2023-40", "the first half of 2023"),
        ("2023-41", "H2 2023"),
        ("2021/2022", "between 2021 and 2022"),
        ("2021-01/2022", "from January 2021 to 2022"),
        ("../2024-06", "by June 2024"),
        ("2020-01/..", "since January 2020"),
    ],
)
def test_a_date_is_seen_as_reports_print_it(form: str, text: str) -> None:
    assert printed(form, text)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("2024", "in 2025"),
        ("2024", "12024 units, 20245 boxes"),
        ("2024-08", "in August 2025"),
        ("2024-08", "in 2024, not in August"),
        ("2024-03", "Marching 2024"),
        ("2024-08-05", "August 15, 2024"),
        ("2024-08-05", "15 August 2024"),
        ("2024-08-01", "August 11, 2024"),
        ("2024-08-05", "in August 2024"),
        ("2023-33", "second quarter of 2023"),
        ("2023-33", "first half of 2023"),
        ("2023-33", "in 2023"),
        ("2023-40", "Q1 2023"),
        ("2021/2022", "in 2021"),
        ("../2024-06", "by July 2024"),
    ],
)
def test_another_date_is_not_taken_for_it(form: str, text: str) -> None:
    assert not printed(form, text)


MONTHS = "January February March April May June July August September October November December"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_each_day_is_seen_where_it_is_printed_and_no_other(day: date, other: date) -> None:
    name = MONTHS.split()[day.month - 1]
    for text in (
        f"On {name} {day.day}, {day.year} Acme",
        f"On {day.day} {name} {day.year}, Acme",
        f"On {name[:3]} {day.day:02}, {day.year} Acme",
    ):
        assert printed(day.isoformat(), text)
        assert printed(f"{day:%Y}", text)
        assert printed(other.isoformat(), text) == (other == day)
