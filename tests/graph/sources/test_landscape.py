"""A user's folders beside the shipped seeds, and what does not depend on rows and files."""

import random
from pathlib import Path

import pytest

from graph.problems import InvalidSeeds
from graph.sources.landscape import read_landscape, shipped
from graph.sources.records import Reference
from tests.landscape.spoil import BRIEF, OUTLOOK, SEEDS, add, cells, copied, write

SOURCE = """\
version = 1
title = "Own Notes"
short_title = "Own Notes"
publisher = "own-house"
id_prefix = "own"
licence_note = "Invented."

[tables]
sections = { rows = 1, complete = true }
launches = { rows = 1, complete = true }
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's folder: an organisation, a place, an alias, and a source that needs them."""
    files = {
        "reference/organisations.csv": "slug,label,type\nown-house,Own House,publisher\n",
        "reference/places.csv": "slug,label,type,within\nestland,Estland,country,world\n",
        "reference/aliases.csv": "entity,alias,decision\nagent:brightcell,Bright Cell,spelling\n",
        "own-notes/source.toml": SOURCE,
        "own-notes/sections.csv": "slug,label,heading\nall,All,Notes\n",
        "own-notes/launches.csv": (
            "id,event,kind,launched,organisations,place,section,paragraph,stated,printed\n"
            "own-launch-1,lumicel-launch-estland,therapy-launch,therapy:lumicel,brightcell,"
            "estland,all,1,stated,Bright Cell launched Lumicel in Estland\n"
        ),
    }
    for name, text in files.items():
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "mine"


def test_a_users_folder_stands_beside_the_shipped_seeds(own: Path) -> None:
    landscape = read_landscape((own,), seeds=SEEDS)
    assert [source.slug for source in landscape.sources] == [BRIEF, OUTLOOK, "own-notes"]
    names = {record.subject for record in landscape.registers if record.table.role == "register"}
    assert {Reference("agent", "own-house"), Reference("place", "estland")} <= names
    aliases = [record for record in landscape.registers if record.table.role == "aliases"]
    assert [r.text("alias") for r in aliases if r.text("entity") == "agent:brightcell"] == [
        "Bright Cell"
    ]


def test_the_same_seeds_without_the_folder_are_as_they_were(own: Path) -> None:
    alone, both = read_landscape(seeds=SEEDS), read_landscape((own,), seeds=SEEDS)
    assert alone.sources == both.sources[:2]
    assert set(map(repr, alone.registers)) < set(map(repr, both.registers))


def test_registers_may_stand_in_the_source_folder_too(own: Path) -> None:
    (own / "reference" / "places.csv").rename(own / "own-notes" / "places.csv")
    landscape = read_landscape((own,), seeds=SEEDS)
    (place,) = [record for record in landscape.registers if record.key == "estland"]
    assert place.source == "own-notes"


def test_problems_of_a_users_folder_are_told_by_the_path_that_was_given(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own / "reference" / "people.csv").write_text("slug,label\nBo,Bo\n", "utf-8")
    monkeypatch.chdir(own.parent)
    with pytest.raises(InvalidSeeds) as caught:
        read_landscape((Path("mine"),), seeds=SEEDS)
    assert [problem.file for problem in caught.value.problems] == ["mine/reference/people.csv"]


def test_a_user_cannot_take_a_slug_that_is_shipped(own: Path) -> None:
    path = own / "reference" / "organisations.csv"
    path.write_text(path.read_text("utf-8") + "brightcell,Bright,company\n", "utf-8")
    with pytest.raises(InvalidSeeds) as caught:
        read_landscape((own,), seeds=SEEDS)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert "already used in seeds/reference/organisations.csv:4" in problem.message


def test_a_further_mention_keeps_its_place_however_rows_are_ordered(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    path = seeds / OUTLOOK / "mentions.csv"
    for section, paragraph in (("title", "1"), ("events", "2"), ("market-size", "3")):
        add(path, "ao-fig-1", claim="ao-fig-1", section=section, paragraph=paragraph)
    orders = []
    for seed in range(4):
        head, *rows = cells(path)
        random.Random(seed).shuffle(rows)
        write(path, [head, *rows])
        (_, outlook) = read_landscape(seeds=seeds).sources
        orders.append(
            [
                (r.text("section"), r.one("paragraph"))
                for r in outlook.further_mentions()["ao-fig-1"]
            ]
        )
    title, market, events = "section:title", "section:market-size", "section:events"
    assert orders == 4 * [[(title, 1), (market, 3), (market, 5), (events, 2)]]


def test_the_shipped_seeds_are_found_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (shipped() / "reference").is_dir()
