import math

import pytest

from graph.dates import parse_date
from graph.figures.model import Figure, Publication, Published, Scope, ScopeRelation
from graph.forecast.calibration.revisions import RevisionCase, revisions, value_on_path
from graph.numbers import parse_measure

_MARKET = Scope("gene-therapy")


def _edition(
    key: str,
    edition: str | None,
    values: dict[int, str],
    *,
    group: str = "acme",
    unit: str = "usd-billion",
    relation: ScopeRelation = "unknown",
    scope: Scope = _MARKET,
    measure: str = "revenue",
) -> list[Figure]:
    publication = Publication(
        key, f"Page {key}", group, group, edition=parse_date(edition) if edition else None
    )
    return [
        Figure(
            f"{key}-{n}",
            publication,
            scope,
            year,
            parse_measure(value),
            unit,
            measure=measure,
            relation=relation,
        )
        for n, (year, value) in enumerate(values.items())
    ]


def _of(*editions: list[Figure]) -> tuple[RevisionCase, ...]:
    return revisions(Published([figure for edition in editions for figure in edition])).cases


def test_a_claim_of_the_same_group_two_years_later() -> None:
    found = _of(
        _edition("old", "2022-03", {2020: "4", 2024: "16"}),
        _edition("new", "2024", {2022: "10", 2030: "50"}),
    )
    (case,) = found
    # Constant growth from 4 to 16 passes 8 in the middle; 2030 is outside of the older path.
    assert (case.year, case.whose, case.interpolated) == (2022, "own", True)
    assert case.said == pytest.approx(8e9)
    assert case.printed == 10e9
    assert case.ratio == pytest.approx(1.25)
    assert case.log_difference == pytest.approx(math.log(1.25))
    assert (case.older, case.older_edition) == ("old", "2022-03")
    assert (case.later, case.later_edition) == ("new", "2024")


def test_another_group_and_a_printed_year() -> None:
    (case,) = _of(
        _edition("old", "2022", {2020: "4", 2024: "16"}),
        _edition("new", "2023", {2024: "8"}, group="zeta"),
    )
    assert (case.whose, case.group, case.later_group) == ("other", "acme", "zeta")
    assert not case.interpolated
    assert case.ratio == 0.5


def test_single_years_are_paths_of_one_point() -> None:
    assert len(_of(_edition("a", "2020", {2024: "2"}), _edition("b", "2021", {2024: "3"}))) == 1
    assert not _of(_edition("a", "2020", {2024: "2"}), _edition("b", "2021", {2025: "3"}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2022", "2022"),
        ("2022-05-08", "2022-05-08"),
        ("2022", "2022-05"),
        ("2022", "2021/2023"),
        ("../2022", "2022"),
    ],
)
def test_editions_with_overlapping_dates_have_no_order(one: str, other: str) -> None:
    assert not _of(_edition("a", one, {2024: "2"}), _edition("b", other, {2024: "3"}))


def test_every_later_edition_counts_and_none_that_is_earlier() -> None:
    found = _of(
        _edition("c", "2023", {2024: "4"}),
        _edition("a", "2021", {2024: "2"}),
        _edition("b", "2022", {2024: "3"}),
    )
    assert [(case.older, case.later) for case in found] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_an_edition_without_date_is_told_and_not_used() -> None:
    published = Published([*_edition("a", None, {2024: "2"}), *_edition("b", "2022", {2024: "3"})])
    found = revisions(published)
    assert found.n == 0
    assert found.notices == ("Page a: its edition has no date, so it is neither older nor later",)


def test_units_of_one_currency_compare_and_currencies_do_not() -> None:
    old = _edition("a", "2021", {2024: "2500"}, unit="usd-million")
    (case,) = _of(old, _edition("b", "2022", {2024: "5"}))
    assert case.ratio == pytest.approx(2.0)
    assert not _of(old, _edition("b", "2022", {2024: "5"}, unit="eur-billion"))
    assert not _of(old, _edition("b", "2022", {2024: "5"}, measure="sales"))
    assert not _of(old, _edition("b", "2022", {2024: "5"}, scope=Scope("gene-therapy", "viral")))


@pytest.mark.parametrize(
    ("one", "other", "group", "counts"),
    [
        ("unknown", "same", "zeta", True),
        ("unknown", "narrower", "zeta", False),
        ("narrower", "narrower", "zeta", False),  # each may be narrower in its own way
        ("narrower", "narrower", "acme", True),
        ("broader", "same", "acme", False),
    ],
)
def test_scopes_that_are_known_to_differ_are_not_compared(
    one: ScopeRelation, other: ScopeRelation, group: str, counts: bool
) -> None:
    found = _of(
        _edition("a", "2021", {2024: "2"}, relation=one),
        _edition("b", "2022", {2024: "3"}, relation=other, group=group),
    )
    assert bool(found) is counts


def test_values_that_cannot_be_used_are_told() -> None:
    figures = [
        *_edition("a", "2021", {2024: "0", 2026: "8"}),
        *_edition("b", "2022", {2024: "3", 2026: "4"}),
        *_edition("c", "2023", {2024: "3"}, unit=""),
        Figure(
            "d", _edition("d", "2023", {1: "1"})[0].publication, _MARKET, None, None, "usd-billion"
        ),
    ]
    found = revisions(Published(figures))
    assert [(case.older, case.later, case.year) for case in found.cases] == [("a", "b", 2026)]
    assert len(found.notices) == 3
    assert any("logarithm" in notice for notice in found.notices)


def test_several_values_for_a_year_are_left_out_and_equal_ones_count_once() -> None:
    twice = _edition("a", "2021", {2024: "2"}) + _edition("a", "2021", {2024: "2.0"})
    later = _edition("b", "2022", {2024: "3"})
    assert len(_of(twice, later)) == 1
    differing = Published([*twice, *_edition("a", "2021", {2024: "2.5"}), *later])
    found = revisions(differing)
    assert found.n == 0
    assert found.notices == ("Page a: prints 2 different values for 2024",)


def test_a_decision_on_groups_makes_another_one_its_own() -> None:
    figures = Published(
        [
            *_edition("a", "2021", {2024: "2"}),
            *_edition("b", "2022", {2024: "3"}, group="affiliate"),
            *_edition("c", "2023", {2024: "4"}, group="affiliate"),
        ]
    )
    found = revisions(figures, {"b": "acme"})
    assert [(case.later, case.whose) for case in found.cases] == [
        ("b", "own"),
        ("c", "other"),
        ("c", "other"),
    ]
    assert (found.n, found.groups) == (3, 1)
    assert "not a coverage" in found.note


def test_no_path_goes_beyond_its_printed_years() -> None:
    amounts = {2020: 1.0, 2024: 16.0, 2026: 4.0}
    assert value_on_path(amounts, 2019) is None
    assert value_on_path(amounts, 2027) is None
    assert value_on_path({}, 2020) is None
    assert value_on_path(amounts, 2024) == (16.0, False)
    value = value_on_path(amounts, 2025)
    assert value is not None
    assert value[0] == pytest.approx(8.0)
