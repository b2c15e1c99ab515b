"""The course of each publisher."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.figures.model import Figure
from graph.forecast.choices import Choices
from graph.forecast.courses import Course, Courses, courses
from graph.forecast.forecasting import forecasts
from tests.graph.forecast.made import MARKET, published, series

A = series("A", (2024, "4.0"), (2026, "9.0"), (2029, "9.0"))
B = series("B", (2023, "5.0"), (2031, "20.0"))


def of(*figures: list[Figure], choices: Choices | None = None) -> dict[str, Courses]:
    found = forecasts(published(*figures), choices or Choices())[MARKET]
    return {course.group: course for course in courses(found)}


def years(course: Course) -> list[int]:
    return [year for year, _ in course]


def test_growth_is_constant_between_printed_neighbours() -> None:
    path = dict(of(A, B)["A"].path)
    assert list(path) == [2024, 2025, 2026, 2027, 2028, 2029]
    assert list(path.values()) == pytest.approx([4, 6, 9, 9, 9, 9])  # 6² = 4 · 9


def test_beyond_its_years_a_course_goes_on_with_its_line() -> None:
    course = of(A, B, choices=Choices(beyond=1))["A"]
    # By hand, about the mean year 2026 + 1/3: the slope of ln 4, ln 9, ln 9 over -7/3, -1/3, 8/3.
    slope = (-7 * math.log(4) - math.log(9) + 8 * math.log(9)) / 3 / ((49 + 1 + 64) / 9)
    assert years(course.earlier) == [2023]
    assert years(course.later) == [2030, 2031, 2032]
    assert course.earlier[0][1] == pytest.approx(4 * math.exp(-slope))
    assert course.later[-1][1] == pytest.approx(9 * math.exp(3 * slope))


def test_r0_prolongs_nothing() -> None:
    for course in of(A, B, choices=Choices(model="R0")).values():
        assert (course.earlier, course.later) == ((), ())
        assert course.path


def test_one_year_makes_no_course() -> None:
    assert list(of(A, series("C", (2025, "7.0")))) == ["A"]
    assert of(series("C", (2025, "7.0"))) == {}


def test_nothing_pooled_has_no_courses() -> None:
    assert of(series("A", (2025, ""))) == {}


def test_paths_are_told_where_there_is_no_band() -> None:
    narrow = [replace(one, relation="narrower") for one in B]
    found = of(A, narrow, choices=Choices(scope="any"))
    assert years(found["B"].path) == list(range(2023, 2032))
    assert found["A"].later == ()


values = st.dictionaries(st.integers(2015, 2035), st.integers(1, 10**6), min_size=2, max_size=5)


@given(values, values)
def test_a_course_meets_what_is_printed(one: dict[int, int], other: dict[int, int]) -> None:
    found = of(
        series("A", *((year, str(n)) for year, n in one.items())),
        series("B", *((year, str(n)) for year, n in other.items())),
    )
    for group, printed in (("A", one), ("B", other)):
        # Whole series that are alike are one group.
        if course := found.get(group):
            told = course.earlier + course.path + course.later
            assert all(later - first == 1 for first, later in pairwise(years(told)))
            path = dict(course.path)
            assert (min(path), max(path)) == (min(printed), max(printed))
            assert all(path[year] == pytest.approx(n) for year, n in printed.items())
