import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.wording.dates import date_at, day_after, day_before, in_words
from graph.wording.tokens import tokens

dates = st.dates(datetime.date(1901, 1, 1), datetime.date(2198, 12, 31)).flatmap(
    lambda day: st.sampled_from([day.isoformat()[:length] for length in (4, 7, 10)])
)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025", "2025"),
        ("2025-08", "2025-08"),
        ("2025-08-19", "2025-08-19"),
        ("August 2025", "2025-08"),
        ("Sept 2025", "2025-09"),
        ("19 August 2025", "2025-08-19"),
        ("August 19, 2025", "2025-08-19"),
        ("the 19th of August 2025", None),
        ("19th of August 2025", "2025-08-19"),
        ("1 aug. 2025", "2025-08-01"),
        ("31 February 2025", None),
        ("29 February 2024", "2024-02-29"),
        ("2025-13", None),
        ("19/08/2025", None),
        ("08 2025", None),
        ("1492", None),
        ("\u0662\u0660\u0662\u0665", None),
    ],
)
def test_dates_are_read(text: str, date: str | None) -> None:
    words = tokens(text)
    assert date_at(words, 0) == (None if date is None else (len(words), date))


@given(dates)
def test_a_date_in_words_is_that_date(date: str) -> None:
    words = tokens(in_words(date))
    assert date_at(words, 0) == (len(words), date)


@given(dates)
def test_nothing_lies_between_a_date_and_its_neighbours(date: str) -> None:
    assert day_before(date) < date < day_after(date)
    assert day_after(day_before(date)) == date == day_before(day_after(date))


def test_neighbours_are_as_precise() -> None:
    assert day_before("2025") == "2024"
    assert day_before("2025-01") == "2024-12"
    assert day_after("2024-02") == "2024-03"
    assert day_before("2024-03-01") == "2024-02-29"
