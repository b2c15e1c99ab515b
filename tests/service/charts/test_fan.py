import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.charts.fan import fan_chart
from service.charts.labels import Box
from service.charts.model import LEVELS, Band, BandYear, Extrapolated, FanData, Point, Publisher
from service.charts.paint import LIGHT, Theme
from service.charts.scale import Axis
from service.charts.shapes import FILLINGS, SHAPES, mark
from tests.examples import examples
from tests.service.charts.drawn import Drawn, band, corners, data, numbers, own, publisher, read

HOSTILE = st.text(st.characters(), max_size=60) | st.sampled_from(
    ["<script>alert(1)</script>", "\"'&]]>", "W" * 500, "\u202eشركة", "👩‍🔬🧬", "\x00\x1b", ""]
)
NUMBER = st.floats() | st.floats(0.1, 1000)
POSITIVE = st.floats(0.1, 1000)
YEAR = st.integers(2000, 2060)


def _publishers(number: st.SearchStrategy[float]) -> st.SearchStrategy[list[Publisher]]:
    line = st.lists(st.tuples(YEAR, number), max_size=6)
    point = st.builds(Point, YEAR, number, number, HOSTILE, HOSTILE)
    return st.lists(
        st.builds(
            Publisher,
            HOSTILE,
            HOSTILE,
            st.lists(point, max_size=4),
            line,
            st.lists(line, max_size=2),
            st.booleans(),
            HOSTILE,
        ),
        max_size=8,
    )


@st.composite
def _rows(draw: st.DrawFn, number: st.SearchStrategy[float]) -> list[BandYear]:
    out = []
    for year in draw(st.sets(st.integers(2015, 2040), max_size=12)):
        seven = sorted(draw(st.lists(number, min_size=7, max_size=7)))
        if not all(map(math.isfinite, seven)):
            seven = [math.nan] * 7
        pairs = {level: (seven[2 - n], seven[4 + n]) for n, level in enumerate(LEVELS)}
        kept = {level: pair for level, pair in pairs.items() if draw(st.booleans())}
        spread = pairs[80] if draw(st.booleans()) else None
        statuses: list[Extrapolated] = ["none", "some", "all"]
        status = draw(st.sampled_from(statuses))
        median = seven[3] if draw(st.booleans()) else None
        out.append(BandYear(year, draw(st.integers(0, 99)), median, kept, spread, status))
    return out


def _data(number: st.SearchStrategy[float]) -> st.SearchStrategy[FanData]:
    bands = st.builds(Band, _rows(number), HOSTILE, st.booleans())
    return st.builds(
        FanData, HOSTILE, HOSTILE, _publishers(number), st.none() | bands, HOSTILE, HOSTILE, HOSTILE
    )


def _check(drawn: Drawn) -> None:
    """What holds for every chart."""
    width, height = drawn.size
    whole = Box(0, 0, width, height)
    assert all(re.fullmatch(r"-?\d+(\.\d{1,2})?", number) for number in numbers(drawn))
    assert all(0 <= x <= width and 0 <= y <= height for x, y in drawn.points())
    for text, box in drawn.boxes():
        assert box.within(whole), text
    labels = [box for _, box in drawn.boxes(halo=True)]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(labels, 2))
    ids = [e.attrib["id"] for e in drawn.root.iter() if "id" in e.attrib]
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r"url\(#([^)]*)\)", drawn.text)) <= set(ids)
    assert set(drawn.root.get("aria-labelledby", "").split()) <= set(ids)
    assert not {e.tag.partition("}")[2] for e in drawn.root.iter()} & {"script", "a", "image"}
    assert not any(
        name.startswith("on") or name in {"href", "style"}
        for e in drawn.root.iter()
        for name in e.attrib
    )


@given(
    _data(NUMBER),
    st.fixed_dictionaries(
        {
            "width": st.integers(280, 1400),
            "height": st.integers(160, 600),
            "theme": st.sampled_from(["auto", "light", "dark"]),
            "axis": st.sampled_from(["auto", "linear", "log"]),
            "standalone": st.booleans(),
        }
    ),
)
@settings(max_examples=examples(60), deadline=None)
def test_any_data_make_a_sound_chart(given_: FanData, options: dict[str, Any]) -> None:
    text = fan_chart(given_, **options)
    _check(read(text, options["height"]))
    assert fan_chart(given_, **options) == text


@given(_data(POSITIVE), st.sampled_from(["linear", "log"]))
@settings(max_examples=examples(50), deadline=None)
def test_every_figure_and_curve_lies_in_the_plot(given_: FanData, axis: Axis) -> None:
    drawn = read(fan_chart(given_, axis=axis, theme="light"), 400)
    shown = [point for p in given_.publishers for point in p.points]
    if not shown:
        return
    plot = drawn.plot()
    marks = drawn.all("g")
    assert len(marks) == len(shown)
    for group in marks:
        shape = group.findall("{*}path") + group.findall("{*}circle")
        at = _middle(shape[0])
        assert plot.left <= at[0] <= plot.right
        assert plot.top - 1.5 <= at[1] <= plot.bottom + 1.5
    for path in drawn.all("path"):
        if path.get("fill") in {LIGHT[f"fan-{level}"] for level in LEVELS}:
            for x, y in corners(path):
                assert plot.left <= x <= plot.right
                assert plot.top - 0.01 <= y <= plot.bottom + 0.01


def _middle(shape: Element) -> tuple[float, float]:
    if "cx" in shape.attrib:
        return float(shape.attrib["cx"]), float(shape.attrib["cy"])
    at = corners(shape)
    xs, ys = [x for x, _ in at], [y for _, y in at]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


@pytest.mark.parametrize("axis", ["linear", "log"])
def test_bands_are_nested_around_the_median(axis: Axis) -> None:
    drawn = read(fan_chart(data(), axis=axis, theme="light"))
    sides = []
    for level in (95, 80, 50):
        (area,) = drawn.filled(LIGHT[f"fan-{level}"])
        half = len(area) // 2
        assert half == 9  # years, each with an upper and a lower corner
        sides.append((area[:half], area[: half - 1 : -1]))
    medians = {
        at for e in drawn.all("path") if e.get("stroke") == LIGHT["fan-median"] for at in corners(e)
    }
    for (x, y), *pairs in zip(
        sorted(medians), *[zip(*side, strict=True) for side in sides], strict=True
    ):
        heights = [upper[1] for upper, _ in pairs] + [y] + [low[1] for _, low in pairs[::-1]]
        assert heights == sorted(heights)
        assert len(set(heights)) == 7
        assert {at[0] for pair in pairs for at in pair} == {x}


def test_a_value_has_the_place_that_arithmetic_gives_it() -> None:
    one = publisher("A", "A", (2020, 10.0), (2030, 40.0))
    drawn = read(fan_chart(FanData("T", "U", [one]), axis="linear", theme="light"))
    plot = drawn.plot()
    (x0, y0), (x1, y1) = sorted(_middle(g.findall("{*}circle")[0]) for g in drawn.all("g"))
    assert (plot.bottom - y0) / (plot.bottom - plot.top) == pytest.approx(10 / 40, abs=0.001)
    assert (plot.bottom - y1) / (plot.bottom - plot.top) == pytest.approx(1, abs=0.001)
    assert x0 - plot.left == pytest.approx(plot.right - x1, abs=0.02)


def test_what_is_extrapolated_is_hatched_and_dashed_and_said() -> None:
    drawn = read(fan_chart(data(), theme="light"))
    assert [len(area) // 2 for area in drawn.filled("url(#fan-some)")] == [4]  # 2027 to 2030
    assert [len(area) // 2 for area in drawn.filled("url(#fan-all)")] == [3]  # 2030 to 2032
    words = drawn.words()
    assert "Some lines prolonged beyond" in words
    assert "All lines prolonged beyond" in words
    strokes = [e for e in drawn.all("path") if e.get("stroke") == LIGHT["fan-median"]]
    assert [e.get("stroke-dasharray") for e in strokes] == [None, "8 3", "2 3"]
    plain = replace(band(), years=band().years[:4])
    assert "prolonged" not in read(fan_chart(data(band=plain))).words()


def test_a_borrowed_band_is_dotted_and_dashed_and_said() -> None:
    drawn = read(fan_chart(data(band=band(borrowed=True)), theme="light"))
    assert len(drawn.filled("url(#fan-borrowed)")) == 1
    assert "Width borrowed in part" in drawn.words()
    plain = read(fan_chart(data(), theme="light"))
    assert not plain.filled("url(#fan-borrowed)")
    assert "borrowed" not in plain.words()


def test_nothing_is_drawn_across_a_year_without_interval() -> None:
    years = [row for row in band().years if row.year != 2028]
    drawn = read(fan_chart(data(band=Band(years)), theme="light"))
    assert [len(area) // 2 for area in drawn.filled(LIGHT["fan-95"])] == [4, 4]


def test_two_values_have_whiskers_and_one_has_its_path() -> None:
    rows = [BandYear(2024, 1, 8.0), BandYear(2025, 2, 9.0, {}, (8.0, 10.0)), BandYear(2026, 0)]
    drawn = read(fan_chart(data(band=Band(rows)), theme="light"))
    assert not drawn.filled(LIGHT["fan-95"])
    words = drawn.words()
    assert "Range of two values (k = 2), no interval" in words
    assert "One source (k = 1): its path alone" in words
    assert "intervals for" not in words
    upright = [e for e in drawn.all("line") if e.get("stroke") == LIGHT["fan-edge"]]
    assert len(upright) == 6  # a whisker and its ends, in the plot and in the key


@pytest.mark.parametrize("axis", ["linear", "log"])
def test_numbers_beside_the_plot_do_not_lie_upon_each_other(axis: Axis) -> None:
    near = {level: (10 - level / 1000, 10 + level / 1000) for level in LEVELS}
    rows = [BandYear(2020 + n, 5, 10.0, dict(near)) for n in range(4)]
    drawn = read(fan_chart(data(publishers=[], band=Band(rows)), axis=axis))
    plot = drawn.plot()
    beside = [(text, box) for text, box in drawn.boxes() if box.left > plot.right]
    assert len(beside) == 5
    assert beside[0][0] == "In 2023"
    assert beside[-1][0] == "Median 10"
    assert not any(a.overlaps(b) for (_, a), (_, b) in itertools.combinations(beside, 2))


def test_k_is_printed_for_each_year() -> None:
    rows = [BandYear(2020 + n, n + 3, 10.0) for n in range(10)]
    texts = [own(e) for e in read(fan_chart(data(band=Band(rows)))).all("text")]
    at = texts.index("k")
    assert texts[at + 1 : at + 11] == [str(n + 3) for n in range(10)]


def test_without_a_band_the_chart_says_why_and_has_no_k() -> None:
    drawn = read(fan_chart(data(band=None, no_band_reason="the scopes differ too much")))
    assert "No forecast band: the scopes differ too much." in drawn.words()
    assert "k" not in [own(e) for e in drawn.all("text")]


@pytest.mark.parametrize("width", [280, 360, 960, 2000])
def test_the_estimand_is_always_printed(width: int) -> None:
    for given_ in (data(), data(band=None), FanData("T", "U", [])):
        words = read(fan_chart(given_, width=width)).words()
        assert given_.estimand in words


def test_every_publisher_is_in_the_key_with_its_reason() -> None:
    aside = replace(publisher("Gamma", "C"), pooled=False, reason="narrower scope")
    drawn = read(fan_chart(data(publishers=[publisher(), aside])))
    texts = [own(e) for e in drawn.all("text")]
    assert texts.index("Published figures") < texts.index("Alpha")
    assert texts.index("Shown, not pooled") < texts.index("Gamma") < texts.index("narrower scope")
    assert "(C)" in texts


def test_forty_publishers_differ_in_shape_or_filling() -> None:
    assert len(SHAPES) >= 12
    assert len({mark(n) for n in range(40)}) == 40
    assert {mark(n).filling for n in range(12)} == {FILLINGS[0]}
    many = [publisher(f"Name {n}", f"P{n}", (2020, n + 1.0), (2030, n + 9.0)) for n in range(40)]
    drawn = read(fan_chart(data(publishers=many)))
    _check(drawn)
    texts = [own(e) for e in drawn.all("text")]
    assert {f"Name {n}" for n in range(40)} <= set(texts)


def test_a_cut_name_keeps_its_whole_in_a_tooltip() -> None:
    drawn = read(fan_chart(data(publishers=[publisher("W" * 500, "A")])))
    tooltips = [e.text for e in drawn.all("title")]
    assert "W" * 500 in tooltips
    assert any("W…" in own(e) for e in drawn.all("text"))


def test_a_hostile_name_is_text_and_nothing_else() -> None:
    text = fan_chart(data(publishers=[publisher("<script>alert('x')</script>", '"&')]))
    assert "<script" not in text
    assert "<script>alert('x')</script>" in read(text).words()


@pytest.mark.parametrize(
    "points",
    [
        [(2024, 5.0)],
        [(2024, 5.0), (2030, 5.0)],
        [(2024, 1e-12), (2030, 1e-11)],
        [(2024, 1e12), (2030, 3e15)],
        [(2024, 0.0), (2030, 0.0)],
        [(1950, 1.0), (2050, 9.0)],
        [(2024, -5.0), (2030, 5.0)],
    ],
)
@pytest.mark.parametrize("axis", ["auto", "linear", "log"])
def test_unusual_figures(points: Sequence[tuple[int, float]], axis: Axis) -> None:
    one = publisher("A", "A", *points)
    for width in (280, 960):
        _check(read(fan_chart(FanData("T", "U", [one]), width=width, axis=axis)))


def test_what_has_no_place_on_the_axis_is_counted() -> None:
    one = publisher("A", "A", (2024, 0.0), (2025, 5.0), (2026, math.nan))
    words = read(fan_chart(FanData("T", "U", [one]), axis="log")).words()
    assert "2 published figures have no place on this axis (zero or less" in words
    words = read(fan_chart(FanData("T", "U", [one]), axis="linear")).words()
    assert "1 published figure has no place on this axis." in words


def test_a_file_of_its_own_follows_its_reader() -> None:
    text = fan_chart(data())
    drawn = read(text)
    assert len(drawn.all("style")) == 1
    assert "prefers-color-scheme:dark" in text
    assert "@media print" in text
    assert "A market" in drawn.words()


def test_within_a_page_there_is_no_style_and_no_title_in_view() -> None:
    drawn = read(fan_chart(data(), standalone=False))
    assert not drawn.all("style")
    assert "A market" not in drawn.words()
    assert drawn.all("title")[0].text == "A market"
    assert 'fill="var(--ink, #12212b)"' in drawn.text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_forced_theme_has_colours_and_nothing_to_follow(theme: Theme) -> None:
    for standalone in (True, False):
        text = fan_chart(data(), theme=theme, standalone=standalone)
        assert "var(" not in text
        assert "class=" not in text
        assert "<style" not in text


def test_two_charts_in_a_page_share_no_id() -> None:
    one, other = (read(fan_chart(data(), prefix=p, standalone=False)) for p in ("a", "b"))
    ids = [{e.attrib["id"] for e in d.root.iter() if "id" in e.attrib} for d in (one, other)]
    assert not ids[0] & ids[1]


def test_the_description_is_the_summary() -> None:
    drawn = read(fan_chart(data()))
    (desc,) = drawn.all("desc")
    assert (desc.text or "").startswith("A market, in USD billion.")
    assert drawn.root.get("role") == "img"


@pytest.mark.parametrize(
    "wrong", [{"width": 100}, {"height": 10}, {"width": 10**6}, {"prefix": "1"}, {"prefix": 'a"'}]
)
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no size for a chart|cannot begin an id"):
        fan_chart(data(), **wrong)


def test_the_order_of_rows_does_not_matter() -> None:
    turned = Band(tuple(reversed(band().years)), "consensus R1")
    assert fan_chart(data(band=turned)) == fan_chart(data())
