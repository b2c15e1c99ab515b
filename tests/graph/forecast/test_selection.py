"""What is pooled, what is not, and the reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from graph.figures.model import Figure, Published, Scope
from graph.forecast.choices import Choices
from graph.forecast.selection import Selection, select
from tests.graph.forecast.made import MARKET, figure, publication, published, series


def only(*figures: list[Figure], choices: Choices | None = None) -> Selection:
    found = select(published(*figures), choices or Choices())
    assert list(found) == [MARKET]
    return found[MARKET]


def reasons(selection: Selection) -> dict[str, str]:
    return {left.figure.key: left.reason for left in selection.left_out}


def points(selection: Selection) -> dict[str, list[tuple[int, Decimal]]]:
    return {m.key: [(p.year, p.value) for p in m.points] for m in selection.members}


def test_points_stand_in_the_order_of_years() -> None:
    selection = only(series("A", (2030, "8.0"), (2025, "4.0")))
    assert points(selection) == {"A": [(2025, Decimal("4.0")), (2030, Decimal("8.0"))]}
    assert selection.unit == "usd-billion"
    assert selection.left_out == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": None}, "no value"),
        ({"year": None}, "no year"),
        ({"unit": "eur-billion"}, "EUR"),
        ({"unit": "patients"}, "patients is no amount"),
        ({"unit": ""}, "its unit is no amount"),
        ({"relation": "narrower"}, "narrower"),
        ({"relation": "broader"}, "broader"),
    ],
)
def test_what_cannot_be_compared_is_left_out_with_its_reason(
    change: dict[str, object], reason: str
) -> None:
    odd = replace(figure(publication("B"), 2026, "5.0"), **change)  # type: ignore[arg-type]
    selection = only(series("A", (2025, "4.0"), (2030, "8.0")), series("C", (2025, "4.1")), [odd])
    assert reason in reasons(selection)[odd.key]
    assert "B" not in points(selection)


def test_zero_has_no_logarithm() -> None:
    selection = only(
        series("A", (2025, "4.0"), (2030, "8.0")), series("B", (2025, "0"), (2026, "1.0"))
    )
    assert [left.reason for left in selection.left_out] == ["a value of zero has no logarithm"]
    assert points(selection)["B"] == [(2026, Decimal("1.0"))]


def test_magnitudes_are_brought_to_the_unit_that_most_use() -> None:
    million = [figure(publication("B"), 2025, "4100", unit="usd-million")]
    selection = only(series("A", (2025, "4.0")), series("C", (2025, "4.2")), million)
    (point,) = next(m.points for m in selection.members if m.key == "B")
    assert selection.unit == "usd-billion"
    assert point.value == Decimal("4.1")
    assert point.half_unit == Decimal("0.0005")


def test_a_group_counts_once_with_its_latest_edition() -> None:
    old = series("A old", (2024, "4.0"), (2029, "8.0"), edition="2023-05")
    new = series("A new", (2025, "5.0"), (2030, "9.0"), edition="2024-05")
    selection = only(old, new)
    assert points(selection) == {"A": [(2025, Decimal("5.0")), (2030, Decimal("9.0"))]}
    assert set(reasons(selection).values()) == {"another edition of the same data is pooled: A new"}
    earliest = only(old, new, choices=Choices(editions="earliest"))
    assert points(earliest)["A"][0] == (2024, Decimal("4.0"))


def test_an_undated_edition_is_as_old_as_what_it_does_not_project() -> None:
    dated = series("A dated", (2021, "4.0"), (2030, "9.0"), edition="2022-03")
    undated = [
        figure(publication("A undated"), 2024, "5.0", manner="actual"),
        figure(publication("A undated"), 2034, "9.0", manner="Projected"),
    ]
    assert points(only(dated, undated))["A"][0] == (2024, Decimal("5.0"))
    older = [replace(undated[0], year=2019, key="older"), undated[1]]
    assert points(only(dated, older))["A"][0] == (2021, Decimal("4.0"))


def test_what_others_spread_on_the_same_day_is_the_same_edition() -> None:
    own = [figure(publication("A page", "2024-06-01"), 2024, "5.1")]
    spread = [figure(publication("B page", "2024-06-01", group="A"), 2029, "10.3")]
    assert points(only(own, spread)) == {"A": [(2024, Decimal("5.1")), (2029, Decimal("10.3"))]}
    undated = [figure(publication("B page", group="A"), 2029, "10.3", manner="projected")]
    assert points(only(own, undated)) == {"A": [(2024, Decimal("5.1"))]}


def test_an_edition_with_two_years_comes_before_a_later_one_with_one() -> None:
    path = series("A old", (2024, "4.0"), (2029, "8.0"), edition="2023-05")
    single = series("A new", (2025, "5.0"), edition="2024-05")
    assert points(only(path, single))["A"][0] == (2024, Decimal("4.0"))


def test_editions_after_a_day_are_left_out() -> None:
    old = series("A old", (2024, "4.0"), (2029, "8.0"), edition="2023-05")
    new = series("A new", (2025, "5.0"), (2030, "9.0"), edition="2024-05")
    selection = only(old, new, choices=Choices(as_of=date(2023, 12, 31)))
    assert points(selection)["A"][0] == (2024, Decimal("4.0"))
    assert set(reasons(selection).values()) == {"its edition is later than 2023-12-31"}


def test_the_same_row_twice_is_one_point_and_two_values_are_told() -> None:
    once = series("A", (2025, "4.0"), (2030, "8.0"))
    assert points(only(once, once)) == points(only(once))
    both = only(once, series("A", (2025, "16.0")))
    year, value = points(both)["A"][0]
    assert (year, round(value, 9)) == (2025, Decimal(8))  # √(4 · 16)
    assert "4.0, 16.0" in both.notices[0]


def test_whole_series_that_are_alike_count_once() -> None:
    one = series("A", (2025, "4.01"), (2030, "8.02"))
    copy = series("B", (2025, "4.01"), (2030, "8.02"))
    assert list(points(only(one, copy))) == ["A"]
    apart = only(one, copy, choices=Choices(one_per="publisher"))
    assert list(points(apart)) == ["A", "B"]


@pytest.mark.parametrize("name", ["B", "B page"])
def test_publishers_groups_and_publications_are_left_out_on_request(name: str) -> None:
    selection = only(
        series("A", (2025, "4.0"), (2030, "8.0")),
        series("B page", (2025, "4.4"), (2030, "8.4")),
        choices=Choices(without=frozenset({name})),
    )
    assert list(points(selection)) == ["A"]
    assert set(reasons(selection).values()) == {"left out on request"}


def test_scopes_that_differ_are_pooled_on_request_only_and_make_no_band() -> None:
    narrow = [replace(f, relation="narrower") for f in series("B", (2025, "1.0"), (2030, "2.0"))]
    wide = series("A", (2025, "4.0"), (2030, "8.0"))
    assert not only(wide, narrow).mixed
    selection = only(wide, narrow, choices=Choices(scope="any"))
    assert selection.mixed
    assert list(points(selection)) == ["A", "B"]
    assert list(points(only(wide, narrow, choices=Choices(scope="same")))) == []


def test_figures_of_segments_and_places_are_no_figures_of_the_market() -> None:
    of_place = replace(series("A", (2025, "1.0"))[0], scope=Scope(MARKET, place="Brazil"))
    assert select(Published(figures=[of_place]), Choices()) == {}


def test_pages_of_one_publisher_and_one_day_are_one_edition() -> None:
    one = replace(publication("A page", "2024-05"), key="A page 1")
    two = replace(publication("A page", "2024-05"), key="A page 2")
    later = publication("A later", "2025-05")
    pages = [figure(one, 2025, "4.0"), figure(two, 2030, "8.0")]
    assert [year for year, _ in points(only(pages))["A"]] == [2025, 2030]
    newer = [figure(later, 2026, "5.0"), figure(later, 2031, "9.0")]
    assert [year for year, _ in points(only(pages, newer))["A"]] == [2026, 2031]
    apart = only(pages, choices=Choices(one_per="publication"))
    assert list(points(apart)) == ["A page 1", "A page 2"]


def test_the_currency_that_most_use_comes_before_its_magnitude() -> None:
    units = ("eur-billion", "eur-billion", "usd-billion", "usd-billion", "usd-million")
    figures = [
        [figure(publication(name), 2025, f"{n + 3}.1", unit=unit)]
        for n, (name, unit) in enumerate(zip("ABCDE", units, strict=True))
    ]
    assert only(*figures).unit == "usd-billion"
    assert sorted(points(only(*figures))) == ["C", "D", "E"]
