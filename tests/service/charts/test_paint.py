import re
from pathlib import Path

import pytest

from service.charts.paint import DARK, LIGHT, OWN, PRINT, Paint, page_style, style
from tests.contrast import contrast, luminance

SHEET = Path(__file__).parents[3] / "web" / "styles" / "parts" / "tokens.css"


THEMES = pytest.mark.parametrize("colours", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])


@THEMES
def test_words_and_marks_can_be_told_from_the_background(colours: dict[str, str]) -> None:
    for token in ("ink", "ink2", "fan-median"):
        assert contrast(colours[token], colours["bg"]) >= 4.5, token
    for token in ("published", "aside", "fan-edge"):
        assert contrast(colours[token], colours["bg"]) >= 3, token
    for band in ("fan-95", "fan-80", "fan-50"):
        assert contrast(colours["fan-median"], colours[band]) >= 3, band
        # A mark has a rim of the background: one of the two stands off the band.
        rim = contrast(colours["bg"], colours[band])
        assert max(contrast(colours["published"], colours[band]), rim) >= 1.9, band


@THEMES
def test_bands_grow_darker_or_lighter_inwards_for_print_without_colour(
    colours: dict[str, str],
) -> None:
    steps = [luminance(colours[name]) for name in ("bg", "fan-95", "fan-80", "fan-50")]
    assert steps == sorted(steps, reverse=steps[0] > 0.5)
    assert all(contrast(colours[a], colours[b]) > 1.15 for a, b in _pairs)


_pairs = [("bg", "fan-95"), ("fan-95", "fan-80"), ("fan-80", "fan-50")]


def test_the_tokens_that_pages_share_are_those_of_the_pages() -> None:
    sheet = SHEET.read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", sheet)
    for side, colours in enumerate((LIGHT, DARK), 1):
        page = {pair[0]: pair[side] for pair in pairs}
        assert {name: page[name] for name in colours} == colours


def test_all_themes_have_the_same_tokens() -> None:
    assert LIGHT.keys() == DARK.keys() == PRINT.keys()


def test_a_colour_is_written_for_where_it_stands() -> None:
    assert Paint("light", True)(fill="ink") == {"fill": "#12212b"}
    assert Paint("dark", False)(fill="ink") == {"fill": "#e6edf1"}
    assert Paint("auto", True)(fill="ink", stroke="bg") == {
        "class": "f-ink s-bg",
        "fill": "#12212b",
        "stroke": "#fff",
    }
    assert Paint("auto", False)(stroke="bg") == {"fill": "none", "stroke": "var(--bg, #fff)"}


def test_the_rules_stay_within_their_chart() -> None:
    for rule in re.findall(r"([^{}]+)\{[^{}]*\}", style("one")):
        assert all("#one" in part for part in rule.split(",") if "media" not in part)
    assert "url" not in style("one")


def test_a_page_needs_only_what_it_does_not_have() -> None:
    assert set(re.findall(r"--([\w-]+):", page_style())) == set(OWN)
