"""Numbers by chance: the same everywhere, in bounds, skewed."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from graph.synthetic.draw import Draw


def test_the_first_numbers_are_those_of_every_machine() -> None:
    draw = Draw(1, 100, 0)
    assert [draw.below(1000) for _ in range(6)] == [423, 750, 729, 409, 439, 969]


@given(st.integers(0, 2**40), st.integers(1, 2**40))
def test_numbers_are_in_bounds(seed: int, count: int) -> None:
    draw = Draw(seed)
    assert all(0 <= draw.below(count) < count for _ in range(20))
    assert all(0 <= draw.skewed(count) < count for _ in range(20))


@given(st.integers(0, 1000), st.integers(1, 50), st.integers(0, 60))
def test_some_are_distinct_and_in_order(seed: int, count: int, wanted: int) -> None:
    some = Draw(seed).some(count, wanted)
    assert some == sorted(set(some))
    assert len(some) == min(count, wanted)


def test_small_numbers_come_far_more_often() -> None:
    draw = Draw(7)
    drawn = Counter(draw.skewed(10_000) for _ in range(20_000))
    assert drawn[0] > 1000
    assert sum(drawn[n] for n in range(100)) > 8000
    assert sum(drawn[n] for n in range(5000, 10_000)) > 500
