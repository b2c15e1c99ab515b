"""Players, places and evidence in the graph are those of two tables made by hand, row by row."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from tests.questions.expectations import answer

FOLDER = Path(__file__).parent / "ties"
LETTERS = {"CMI8447": "C", "6287": "T"}
Tie = tuple[str, ...]


@pytest.fixture(scope="module")
def decisions() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "decisions.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def ties(landscape_store: Store) -> set[Tie]:
    """Report, player, place, evidence, and whether it is stated, as the graph has them."""
    rows = answer(landscape_store, (FOLDER / "graph.rq").read_text("utf-8")).rows
    columns = ("player", "place", "evidence", "tie")
    return {(LETTERS[row["report"]], *(row[column] for column in columns)) for row in rows}


def read(table: str) -> list[Tie]:
    with (FOLDER / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            tuple(row[c] for c in ("report", "player", "place", "evidence", "tie")) for row in rows
        ]


def decided(table: str, decisions: dict[str, Any]) -> set[Tie]:
    """A table in the words of the graph, after the decisions on it, each of which must apply."""
    names, evidence = decisions["names"], decisions["evidence"]
    rows = {(r, names.get(p, p), names.get(w, w), e, t) for r, p, w, e, t in read(table)}
    found = set[Tie]()
    for decision in decisions["decision"]:
        if table in decision["tables"]:
            rows.remove(tuple(decision["was"]))
            found |= {tuple(decision["is"])} if "is" in decision else set()
    return found | {(r, p, w, evidence[e], t) for r, p, w, e, t in rows}


@pytest.mark.parametrize("table", ["first", "second"])
def test_the_graph_is_the_table(ties: set[Tie], decisions: dict[str, Any], table: str) -> None:
    expected = decided(table, decisions)
    assert sorted(expected - ties) == []
    assert sorted(ties - expected) == []


def test_the_tables_say_each_thing_once() -> None:
    for table in ("first", "second"):
        rows = [tie[:4] for tie in read(table)]
        assert len(set(rows)) == len(rows) > 90
