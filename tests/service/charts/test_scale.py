import math
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.charts.scale import Axis, digits, make_scale, year_ticks

ANY = st.floats(allow_nan=True, allow_infinity=True)


def test_values_close_together_have_a_linear_axis_from_zero() -> None:
    scale = make_scale([7.0, 183.0], "auto", 6)
    assert not scale.log
    assert list(scale.ticks) == [0, 50, 100, 150, 200]
    assert scale.labels() == ("0", "50", "100", "150", "200")


def test_the_axis_is_logarithmic_from_a_ratio_above_thirty() -> None:
    assert not make_scale([1.0, 30.0], "auto", 6).log
    assert make_scale([1.0, 30.1], "auto", 6).log
    assert not make_scale([1.0, 1000.0], "linear", 6).log
    assert not make_scale([0.0, 1000.0], "auto", 6).log
    assert not make_scale([-1.0, 1000.0], "auto", 6).log


def test_logarithmic_ticks_are_round() -> None:
    assert make_scale([1.0, 1e12], "log", 7).ticks == (1.0, 1e2, 1e4, 1e6, 1e8, 1e10, 1e12)
    assert make_scale([6.0, 60.0], "log", 7).ticks == (10, 20, 30, 50)


def test_ticks_have_as_many_decimals_as_tell_them_apart() -> None:
    assert make_scale([0.1, 0.4], "linear", 4).labels() == ("0.0", "0.1", "0.2", "0.3", "0.4")
    assert make_scale([0.01, 0.09], "linear", 4).labels()[1] == "0.025"
    assert make_scale([2e12], "linear", 4).labels() == (
        "0",
        "5\u00d710¹¹",
        "10¹²",
        "1.5\u00d710¹²",
        "2\u00d710¹²",
    )
    assert make_scale([-40.0, 40.0], "linear", 4).labels() == (
        "\u221240",
        "\u221220",
        "0",
        "20",
        "40",
    )


def test_half_way_on_a_logarithmic_axis_is_the_geometric_mean() -> None:
    scale = make_scale([1.0, 100.0], "log", 6)
    assert scale.height(10.0) == pytest.approx(0.5)
    assert make_scale([0.0, 100.0], "linear", 5).height(50.0) == pytest.approx(0.5)


@given(st.lists(ANY, max_size=20), st.sampled_from(["auto", "linear", "log"]), st.integers(2, 12))
def test_every_value_that_is_shown_lies_between_the_ends(
    values: list[float], axis: Axis, most: int
) -> None:
    scale = make_scale(values, axis, most)
    shown = sorted(value for value in values if scale.shows(value))
    heights = [scale.height(value) for value in shown]
    assert all(0 <= height <= 1 for height in heights)
    assert heights == sorted(heights)
    assert scale.low < scale.high
    assert len(scale.labels()) == len(scale.ticks) <= most + 3
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert not any("nan" in label or "inf" in label.lower() for label in scale.labels())


@given(st.lists(st.floats(1e-90, 1e90), min_size=1, max_size=9), st.sampled_from(["auto", "log"]))
def test_ticks_differ_and_so_do_their_labels(values: list[float], axis: Axis) -> None:
    scale = make_scale(values, axis, 8)
    assert len(set(scale.labels())) == len(scale.ticks)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (93.4, "93.4"),
        (119.3, "119"),
        (1234.0, "1,230"),
        (0.012345, "0.0123"),
        (24.0, "24"),
        (-2.5, "\u22122.5"),
        (12_345_678.0, "1.23\u00d710⁷"),
        (1e-7, "10⁻⁷"),
        (999.6, "1,000"),
    ],
)
def test_numbers_for_people(value: float, text: str) -> None:
    assert digits(value) == text


@given(st.floats(1e-99, 1e99))
def test_digits_are_right_to_three_figures(value: float) -> None:
    text = digits(value).replace(",", "")
    plain = unicodedata.normalize("NFKC", text.replace("10", "10^")).replace("\u2212", "-")
    found = re.fullmatch(r"(?:([\d.]+)\u00d7)?10\^(-?\d+)", plain)
    power = found and not text.isascii()
    read = float(found[1] or 1) * 10.0 ** int(found[2]) if found and power else float(text)
    assert math.isclose(read, value, rel_tol=0.0051)


@given(st.integers(1, 9000), st.integers(0, 900), st.floats(10, 3000), st.floats(5, 60))
def test_year_labels_have_room(first: int, span: int, room: float, label: float) -> None:
    ticks = year_ticks(first, first + span, room, label)
    assert ticks
    assert all(first <= year <= first + span for year in ticks)
    if len(ticks) > 1:
        assert (ticks[1] - ticks[0]) / span * room >= label - 1e-9
