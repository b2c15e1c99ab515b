"""A source names its series; the dates decide the order, and what cannot be ordered is told."""

import shutil
from pathlib import Path

import pytest

from graph.editions import editions
from graph.problems import Problem
from graph.sources.landscape import read_landscape, read_what_is_sound
from ontology.namespaces import DCT, SCHEMA
from tests.editions.made import NEW, OLD, SERIES, add_series, make_pair
from tests.landscape import spoil
from tests.landscape.made import IRIS, make


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Seeds of one's own, to be spoilt."""
    return make_pair(tmp_path)


def problems(seeds: Path) -> list[Problem]:
    return read_what_is_sound(seeds=seeds)[1]


def dated(seeds: Path, source: str, line: str) -> None:
    path = seeds / source / "source.toml"
    kept = [
        text
        for text in path.read_text("utf-8").splitlines()
        if not text.startswith(("published", "updated"))
    ]
    path.write_text("\n".join([kept[0], *filter(None, [line]), *kept[1:]]) + "\n", "utf-8")


def test_the_later_date_is_the_current_edition(own: Path) -> None:
    found = editions(read_landscape(seeds=own))
    assert [[source.slug for source in chain] for chain in found.chains.values()] == [[OLD, NEW]]
    assert found.superseded == {OLD}
    assert (found.replaces(NEW), found.replaced_by(NEW)) == (OLD, None)
    assert (found.replaces(OLD), found.replaced_by(OLD)) == (None, NEW)


def test_an_update_counts_before_the_first_publication(own: Path) -> None:
    dated(own, OLD, 'published = "2024-06"\nupdated = "2025-11-03"')
    assert editions(read_landscape(seeds=own)).superseded == {NEW}


def test_three_editions_replace_each_other_in_turn(own: Path) -> None:
    third = spoil.add_page(own, "acme-page", "pg")
    text = (third / "source.toml").read_text("utf-8").replace("acme-press", "acme-insights")
    (third / "source.toml").write_text(text, "utf-8")
    add_series(third)
    dated(own, "acme-page", "published = 2024-12-01")
    found = editions(read_landscape(seeds=own))
    assert [(old.slug, new.slug) for old, new in found.pairs()] == [
        (OLD, "acme-page"),
        ("acme-page", NEW),
    ]
    assert found.superseded == {OLD, "acme-page"}
    # Without the last, the one before it is current again.
    assert editions(read_landscape(seeds=own, exclude=[NEW])).superseded == {OLD}


def test_nothing_is_superseded_without_a_series() -> None:
    assert editions(read_landscape(seeds=spoil.SEEDS)).superseded == frozenset()


def test_the_series_is_a_thing_with_a_publisher(own: Path) -> None:
    series = IRIS.thing("series", SERIES)
    said = {(quad.predicate, quad.object, quad.graph_name) for quad in make(own).quads}
    for slug in (OLD, NEW):
        assert (SCHEMA.isPartOf, series, IRIS.graph(slug)) in said
    publisher = IRIS.thing("agent", "acme-insights")
    assert any(
        quad.subject == series and quad.predicate == DCT.publisher and quad.object == publisher
        for quad in make(own).claimed
    )


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        (NEW, "", "has no date, so its place is not known"),
        (NEW, 'published = "2024-06"', "do not say which edition"),
        (NEW, 'published = "2024"', "do not say which edition"),
        (NEW, 'published = "2024-06-30"', "do not say which edition"),
        (NEW, 'published = "../2025-06"', "do not say which edition"),
        (OLD, 'published = "2024-01/.."', "do not say which edition"),
    ],
)
def test_editions_that_cannot_be_ordered_are_told(
    own: Path, source: str, line: str, words: str
) -> None:
    dated(own, source, line)
    (problem,) = problems(own)
    assert words in problem.message
    assert problem.file.endswith("source.toml")
    assert problem.column == "series"
    assert problem.line
    assert "series" in problem.remedy


def test_a_series_has_one_publisher(own: Path) -> None:
    add_series(own / "acme-brief")
    dated(own, "acme-brief", 'published = "2023"')
    (problem,) = problems(own)
    assert "is published by acme-insights" in problem.message
    assert "data_group" in problem.remedy


def test_a_series_that_is_not_registered_is_told_with_near_ones(own: Path) -> None:
    path = own / NEW / "source.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(f'series = "{SERIES}"', 'series = "lumen-graft-outlok"'), "utf-8")
    (problem,) = problems(own)
    assert problem.message == "there is no series 'lumen-graft-outlok'"
    assert SERIES in problem.remedy


def test_a_series_may_be_merged_into_another(own: Path) -> None:
    register = own / "reference" / "series.csv"
    register.write_text(
        register.read_text("utf-8") + "lumen-outlooks,Outlooks on lumen,acme-insights,,\n", "utf-8"
    )
    path = own / NEW / "source.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(f'series = "{SERIES}"', 'series = "lumen-outlooks"'), "utf-8")
    assert editions(read_landscape(seeds=own)).superseded == frozenset()
    retired = own / "reference" / "retired.csv"
    rows = spoil.cells(retired)
    cells = {
        "entity": "series:lumen-outlooks",
        "replaced_by": f"series:{SERIES}",
        "reason": "one series under a new name",
    }
    spoil.write(retired, [*rows, [cells.get(column, "") for column in rows[0]]])
    assert editions(read_landscape(seeds=own)).superseded == {OLD}


def test_a_series_may_stand_beside_the_rows_of_a_source(own: Path) -> None:
    shutil.move(own / "reference" / "series.csv", own / OLD / "series.csv")
    assert editions(read_landscape(seeds=own)).superseded == {OLD}
