from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.charts.markup import escaped, number, tag
from service.charts.text import clean, cut, width, wrap

HOSTILE = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[31m", "a b [31m"),
        ("  two\t\n lines ", "two lines"),
        ("\ud800x\uffff\U0001ffff", "\ufffdx\ufffd\ufffd"),
        ("a\u202eb\u2066c\u200b", "abc"),
        ("10\u00a0%", "10\u00a0%"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 3),
        ("\u00a0", ""),
    ],
)
def test_text_is_made_safe(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(HOSTILE)
def test_any_text_comes_back_from_xml(text: str) -> None:
    element = ElementTree.fromstring(tag("text", {"data": text}, escaped(text)).encode())
    assert (element.text or "") == clean(text) == element.get("data")
    assert clean(clean(text)) == clean(text)


@given(HOSTILE, st.floats(20, 400))
def test_cut_text_has_room_and_is_a_beginning(text: str, room: float) -> None:
    text = clean(text)
    short = cut(text, room, 13)
    assert width(short, 13) <= room
    assert short == text or text.startswith(short.removesuffix("…"))


@given(HOSTILE, st.floats(40, 400), st.integers(1, 5))
def test_wrapped_lines_have_room(text: str, room: float, most: int) -> None:
    lines = wrap(text, room, 13, most=most)
    assert len(lines) <= most
    assert all(width(line, 13) <= room for line in lines)


def test_words_stay_whole_and_in_order() -> None:
    text = "where another publisher would put its figure"
    lines = wrap(text, 120, 13)
    assert len(lines) > 1
    assert " ".join(lines) == text


def test_a_composed_character_is_not_cut_in_two() -> None:
    family = "👩\u200d🔬" * 10
    assert not cut(family, 100, 13).removesuffix("…").endswith(("\u200d", "👩"))


def test_wide_letters_are_counted_as_wide() -> None:
    assert width("iiii", 13) < width("nnnn", 13) < width("WWWW", 13) < width("市市市市", 13)
    assert width("\ufdfa", 10) > 50  # one character as wide as a sentence


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.005, "1"), (2.346, "2.35"), (-0.001, "0"), (100.0, "100")]
)
def test_coordinates_have_two_decimals_at_most(value: float, text: str) -> None:
    assert number(value) == text
