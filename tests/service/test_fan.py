"""Forecasts as what a chart shows."""

from dataclasses import replace
from itertools import chain

import pytest

from graph.figures.model import Figure, Published
from graph.forecast.choices import Choices
from graph.forecast.forecasting import forecasts
from service.charts.fan import fan_chart
from service.charts.model import FanData
from service.fan import fan_of
from tests.graph.forecast.made import MARKET, figure, publication, published, series

THREE = (
    series("A", (2024, "17.6"), (2025, "21.84"), (2033, "65.4")),
    series("B", (2024, "21.85"), (2034, "119.3")),
    series("C", (2023, "24.67"), (2032, "133.62")),
)


def fan(*figures: list[Figure], choices: Choices | None = None) -> FanData:
    given = published(*figures)
    return fan_of(given, forecasts(given, choices)[MARKET])


def test_the_band_is_that_of_the_forecast() -> None:
    given = published(*THREE)
    one = forecasts(given, Choices(model="R0"))[MARKET]
    shown = fan_of(given, one, unit="US dollars", note="a note")
    assert (shown.title, shown.unit, shown.note) == (MARKET, "US dollars", "a note")
    assert shown.band is not None
    assert shown.band.method == "reference consensus R0"
    for row, year in zip(shown.band.years, one.years, strict=True):
        assert (row.year, row.k, row.median) == (year.year, year.k, float(year.median))
        assert row.extrapolated == year.extrapolated
        expected = {
            50: 0.5, 80: 0.8, 95: 0.95,
        }  # fmt: skip
        by_level = {i.level: (float(i.lower), float(i.upper)) for i in year.intervals}
        assert row.intervals == {
            name: by_level[level] for name, level in expected.items() if level in by_level
        }
        assert row.spread == (tuple(map(float, year.spread)) if year.spread else None)
    assert fan_of(given, one).unit == "usd-billion"


@pytest.mark.parametrize("level", [0.501, 0.9, 0.949, 0.955])
def test_other_levels_are_not_drawn_as_those_of_a_chart(level: float) -> None:
    band = fan(*THREE, choices=Choices(levels=(level,))).band
    assert band is not None
    assert all(row.intervals == {} for row in band.years)
    assert all(row.median for row in band.years)


def test_each_publisher_has_its_points_a_mark_and_a_path() -> None:
    shown = fan(*THREE, series("D", (2026, "30.0")))
    assert [p.mark for p in shown.publishers] == ["A", "B", "C", "D"]
    assert all(p.pooled and not p.reason for p in shown.publishers)
    first, *_, single = shown.publishers
    assert [(p.year, p.value, p.printed) for p in first.points] == [
        (2024, 17.6, "17.6"),
        (2025, 21.84, "21.84"),
        (2033, 65.4, "65.4"),
    ]
    assert first.points[0].half_unit == pytest.approx(0.05)
    assert [first.path[0][0], first.path[-1][0]] == [2024, 2033]
    assert single.path == ()


def test_prolonged_lines_begin_where_the_path_ends() -> None:
    for shown in fan(*THREE).publishers:
        path = dict(shown.path)
        before, after = shown.prolonged if len(shown.prolonged) == 2 else ((), shown.prolonged[0])
        if before:
            assert before[-1] == shown.path[0]
            assert not set(dict(before)) - {shown.path[0][0]} & set(path)
        assert after[0] == shown.path[-1]
        assert after[-1][0] == 2036  # two years beyond the last printed one
    assert all(p.prolonged == () for p in fan(*THREE, choices=Choices(model="R0")).publishers)


def test_what_is_not_pooled_is_shown_with_its_reason() -> None:
    narrow = [replace(f, relation="narrower") for f in series("D", (2025, "3.0"))]
    euros = [figure(publication("E"), 2025, "9.0", unit="eur-billion")]
    nothing = [figure(publication("F"), None, "9.0"), figure(publication("F"), 2024, "")]
    shown = fan(*THREE, narrow, euros, nothing)
    (out,) = [p for p in shown.publishers if not p.pooled]
    assert (out.name, out.mark, out.reason) == ("D", "D", "its scope is narrower than the market's")
    assert [point.value for point in out.points] == [3.0]


def test_without_a_band_the_reason_and_the_paths_are_shown() -> None:
    wide = [replace(one, relation="broader") for one in THREE[0]]
    shown = fan(wide, *THREE[1:], choices=Choices(scope="any"))
    assert shown.band is None
    assert "there is none" in shown.no_band_reason
    assert [bool(p.path) for p in shown.publishers] == [True, True, True]
    assert "<svg" in fan_chart(shown)
    single = fan(series("A", (2024, "5.0")))
    assert "nothing tells how the market changes" in single.no_band_reason
    none = fan([figure(publication("A"), 2024, "")])
    assert none.publishers == ()
    assert "<svg" in fan_chart(none)


def test_borrowed_variance_is_marked() -> None:
    donors = [
        series(n, (2024, f"{9 + i}.3"), (2030, f"{20 + 3 * i}.1"), market="full")
        for i, n in enumerate("VWXYZ")
    ]
    given = published(THREE[0], *donors)
    found = forecasts(given)
    bands = {key: fan_of(given, one).band for key, one in found.items()}
    assert {key: band.borrowed for key, band in bands.items() if band} == {
        MARKET: True,
        "full": False,
    }


def test_marks_are_unique_however_many_there_are() -> None:
    many = [series(f"P{n}", (2024, f"1{n}.{n % 10}1"), (2030, f"3{n}.7")) for n in range(60)]
    odd = [figure(publication(f"Q{n} page"), 2024, "5.0", relation="broader") for n in range(30)]
    shown = fan(*many, odd)
    marks = [p.mark for p in shown.publishers]
    assert len(marks) == len(set(marks)) == 90
    assert marks[25:28] == ["Z", "A2", "B2"]


def test_magnitudes_are_one_on_the_axis() -> None:
    million = [
        figure(publication("D"), year, printed, unit="usd-million")
        for year, printed in ((2024, "18000"), (2030, "50000"))
    ]
    (last,) = [p for p in fan(*THREE, million).publishers if p.name == "D"]
    assert [point.value for point in last.points] == [18.0, 50.0]
    assert [point.printed for point in last.points] == ["18000", "50000"]


def test_scenarios_can_be_drawn() -> None:
    for choices in (Choices(cap=-50.0), Choices(damping=0.1, beyond=30)):
        shown = fan(*THREE, choices=choices)
        assert shown.band is not None
        assert "<svg" in fan_chart(shown)


def test_names_cannot_add_markup() -> None:
    given = published(*THREE)
    named = Published(figures=given.figures, names={MARKET: "<script>\x00]]>&amp;", "A": '"><a'})
    text = fan_chart(fan_of(named, forecasts(named)[MARKET]))
    assert "<script" not in text
    assert "\x00" not in text
    assert '"><a' not in text


def test_every_mark_of_a_pooled_group_is_that_of_its_publisher() -> None:
    shown = fan(*THREE)
    names = list(chain.from_iterable((p.name,) * len(p.points) for p in shown.publishers))
    assert names == ["A", "A", "A", "B", "B", "C", "C"]
