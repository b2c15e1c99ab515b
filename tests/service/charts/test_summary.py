from dataclasses import replace

from service.charts.model import Band, BandYear, FanData, Point, Publisher
from service.charts.summary import point_in_words, summary, year_in_words
from tests.service.charts.drawn import band, data, publisher

NBSP = "\N{NO-BREAK SPACE}"


def test_the_main_facts_are_told() -> None:
    told = summary(data())
    assert told.startswith("A market, in USD billion. Where another publisher of comparable scope")
    assert "4 published figures for 2024 to 2031, from 10 (2024) to 30 (2030)." in told
    assert "Publishers: Alpha; Beta." in told
    assert "Forecast, consensus R1, 2024 to 2032." in told
    assert f"2032: k = 5; median 21.4; 50{NBSP}%{NBSP}17.9\u201325.7;" in told
    assert "prolonged beyond their printed years: 2028 to 2030." in told
    assert "All lines prolonged beyond their printed years: 2031 to 2032." in told
    assert "Data groups behind a year (k): 5." in told
    assert "borrowed" not in told
    assert "borrowed in part" in summary(data(band=band(borrowed=True)))


def test_without_a_band_the_reason_is_told() -> None:
    told = summary(data(band=None, no_band_reason="the scopes differ"))
    assert "No forecast band: the scopes differ." in told


def test_what_is_not_pooled_is_told_apart_with_its_reason() -> None:
    aside = replace(publisher("Gamma", "C"), pooled=False, reason="narrower scope")
    told = summary(data(publishers=[publisher(), aside]))
    assert "Publishers: Alpha. Shown, not pooled: Gamma (narrower scope)." in told


def test_a_long_list_is_cut_and_counted() -> None:
    many = [publisher(f"Publisher {n}", f"P{n}") for n in range(40)]
    told = summary(data(publishers=many))
    assert "Publisher 11; and 28 more." in told
    assert "Publisher 12;" not in told


def test_a_single_year_and_no_figure_have_sentences_too() -> None:
    lone = FanData("A", "USD", [Publisher("P", "P", [Point(2024, 7.0)])])
    assert "1 published figure for 2024, from 7 (2024) to 7 (2024)." in summary(lone)
    assert "No published figure is shown." in summary(FanData("A", "USD", []))


def test_numbers_that_are_none_are_not_told() -> None:
    row = BandYear(2030, 3, float("nan"), {50: (float("nan"), 2.0), 95: (1.0, float("inf"))})
    assert year_in_words(row) == "2030: k = 3"
    assert "nan" not in summary(data(band=Band([row])))


def test_two_values_have_a_range() -> None:
    row = BandYear(2030, 2, 8.0, {}, (7.0, 9.0))
    assert year_in_words(row) == "2030: k = 2; median 8; range of the values 7\u20139"


def test_a_figure_keeps_its_digits_and_its_word() -> None:
    point = Point(2024, 24.0, 0.005, "actual", "24.00")
    told = point_in_words(publisher(), point)
    assert told == (
        "Alpha, 2024: 24.00, rounded, ± 0.005, \u201cactual\u201d in the publisher's words"
    )
