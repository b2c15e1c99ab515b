"""Invented names: one for each number, and nobody takes one for a real one."""

from hypothesis import given
from hypothesis import strategies as st

from graph.synthetic.names import label, slug, word
from graph.terms import is_slug

NUMBERS = st.integers(0, 10**9)


@given(NUMBERS, NUMBERS)
def test_no_two_words_are_alike(one: int, other: int) -> None:
    assert (word(one) == word(other)) == (one == other)


def test_no_two_of_the_first_words_are_alike() -> None:
    assert len({word(number) for number in range(20_000)}) == 20_000


@given(NUMBERS)
def test_names_say_that_they_are_invented(number: int) -> None:
    assert label(number, "cel").startswith("Synthetic ")
    assert is_slug(slug(number, "-insights"))
