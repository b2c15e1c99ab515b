"""Numbers that data groups print alike, and when that makes one group of two."""

import time

import pytest

from graph.figures.copies import groups, identical_series, matches
from graph.figures.model import Figure, Publication, Published, Scope
from tests.graph.audit.printed import MARKET, figure, publication, rate

A, B = publication("A", "2025"), publication("B", "2024")
A_AGAIN = publication("A", "2026")


def kinds(published: Published) -> list[str]:
    return [match.kind for match in matches(published)]


def test_a_value_of_three_digits_that_two_groups_print() -> None:
    (match,) = matches(Published([figure(2024, "12.30", A), figure(2024, "12.3", B)]))
    assert (match.kind, match.year, match.scope) == ("value", 2024, MARKET)
    assert [p.title for p in match.publications] == ["B", "A"]  # the earlier edition first


def test_what_is_no_match() -> None:
    one = figure(2024, "12.3", A)
    others = [
        figure(2024, "12.3", A_AGAIN),  # the same group
        figure(2025, "12.3", B),  # another year
        figure(2024, "12.4", B),
        figure(2024, "12.3", B, scope=Scope("skin")),
        figure(2024, "12.3", B, unit="eur-billion"),
    ]
    assert [kinds(Published([one, other])) for other in others] == [[]] * len(others)
    assert kinds(Published([figure(2024, "58", A), figure(2024, "58", B)])) == []
    assert kinds(Published([figure(2024, "0.058", A), figure(2024, "0.058", B)])) == []


def test_millions_match_billions() -> None:
    pair = [figure(2024, "1.23", A), figure(2024, "1230", B, unit="usd-million")]
    assert kinds(Published(pair)) == ["value"]


def test_a_rate_of_three_digits_whatever_its_period() -> None:
    rates = [rate("24.1", 2025, 2033, A), rate("24.1", None, 2023, B)]
    assert kinds(Published(rates=rates)) == ["rate"]
    assert kinds(Published(rates=[rate("24", of=A), rate("24", of=B)])) == []


def series(of: Publication, *values: str) -> list[Figure]:
    return [figure(2024 + n, value, of) for n, value in enumerate(values)]


def test_identical_series_make_one_group_led_by_the_first() -> None:
    published = Published([*series(A, "12.3", "14.5"), *series(B, "12.3", "14.5")])
    (match,) = identical_series(published)
    assert match.kind == "series"
    assert len(match.numbers) == 4
    found = groups(published, MARKET)
    assert found[B.key] == ("B", "")
    assert found[A.key] == ("B", "the whole series is printed alike by B, which comes first")


def test_series_that_differ_or_are_too_short_or_too_round_stay_apart() -> None:
    for one, other in (
        (("12.3", "14.5"), ("12.3", "14.6")),
        (("12.3", "14.5"), ("12.3", "14.5", "16.7")),
        (("12.3",), ("12.3",)),
        (("12", "14"), ("12", "14")),
    ):
        published = Published([*series(A, *one), *series(B, *other)])
        assert list(identical_series(published)) == []
        assert [group for group, _ in groups(published, MARKET).values()] == ["B", "A"]


def test_groups_unite_through_what_they_share() -> None:
    c = publication("C", "2023")
    published = Published(
        [
            *series(A, "12.3", "14.5"),
            *series(B, "12.3", "14.5"),
            *series(A_AGAIN, "12.4", "14.6"),
            *series(c, "12.4", "14.6"),
        ]
    )
    assert {group for group, _ in groups(published, MARKET).values()} == {"C"}


@pytest.mark.parametrize("part", [5, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_a_hundred_thousand_figures_are_compared_by_key(part: int) -> None:
    others = [publication(f"P{n}") for n in range(50_000 // part)]
    figures = [figure(y, "12.3", of) for of in others for y in (2024, 2025)]
    began = time.process_time()
    assert len(list(matches(Published(figures)))) == 2
    assert len(list(identical_series(Published(figures)))) == 1
    assert {group for group, _ in groups(Published(figures), MARKET).values()} == {"P0"}
    assert time.process_time() - began < 20 / part
