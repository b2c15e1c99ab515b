from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from graph.wording.tokens import normalised, tokens


def _keys(text: str) -> list[str]:
    return [token.key for token in tokens(normalised(text))]


def test_signs_that_change_nothing_are_no_words() -> None:
    assert _keys("Who is in \u201cS\u00e3o Paulo\u201d (Brazil)?") == [
        *("who", "is", "in", "sao", "paulo", "brazil")
    ]
    assert _keys("CAR-T, Brazil!") == ["car", "t", "brazil"]


def test_signs_that_may_change_something_are_words() -> None:
    assert _keys("players -hospitals") == ["players", "-", "hospitals"]
    assert _keys("!Brazil") == ["!", "brazil"]
    assert _keys("Johnson & Johnson") == ["johnson", "and", "johnson"]
    assert _keys("a \u2260 b") == ["a", "\u2260", "b"]


def test_endings_with_an_apostrophe_are_words_of_their_own() -> None:
    assert _keys("Kite\u2019s rivals aren't here") == ["kite", "'s", "rivals", "are", "not", "here"]


def test_dates_and_addresses_are_one_word() -> None:
    assert _keys("2025-08-19 Peru [place/peru]") == ["2025-08-19", "peru", "[place/peru]"]
    assert _keys("CAR T [segment/th6287-car-t]")[-1] == "[segment/th6287-car-t]"


def test_a_decomposed_accent_is_part_of_its_word() -> None:
    assert _keys("Sa\u0303o") == ["sao"]


@given(st.text())
def test_no_letter_or_digit_is_lost(text: str) -> None:
    text = normalised(text)
    found = tokens(text)
    covered = {place for token in found for place in range(token.start, token.end)}
    assert all(place in covered for place, sign in enumerate(text) if sign.isalnum())
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(token.start < token.end and token.key for token in found)
