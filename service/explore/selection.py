"""From the ties of a selection to lanes: what is drawn, in which order, and what is in focus."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from graph.landscape import Evidence, Thing
from service.explore.model import Lane, Lanes, Line, Node
from service.explore.order import ordered

Row = Mapping[str, Any]
Href = Callable[[str], str]

MOST_NODES, USUAL = 300, 40
"""Things in a picture, and in one column of it unless all are asked for."""


def lanes_of(
    columns: Sequence[str],
    rows: Sequence[Row],
    node: Callable[[Thing, str], Node],
    line: Callable[[int, Row], Line],
    *,
    focus: str = "",
    whole: bool = False,
) -> Lanes:
    """Return the lanes of ties, which are the rows of the question `lanes`.

    Of a column the things with the most ties are drawn, those on the path in focus before all;
    `whole` draws as many as there may be in a picture.
    """
    path = path_of(columns, rows, focus)
    most = MOST_NODES // len(columns)
    room = most if whole else min(most, USUAL)
    drawn: list[dict[str, Node]] = []
    left_out: list[int] = []
    for kind in columns:
        things = _things(kind, rows)
        ties = _ties(kind, rows)
        ranked = sorted(
            things.values(),
            key=lambda one, by=ties: (one.iri not in path, -by[one.iri], _name(one)),  # type: ignore[misc]
        )
        taken = ranked[:room]
        drawn.append({one.iri: node(one, kind) for one in taken})
        left_out.append(len(ranked) - len(taken))
    lines = [
        line(number, row)
        for number, row in enumerate(rows)
        if row["start"].iri in drawn[columns.index(row["start_column"])]
        and row["end"].iri in drawn[columns.index(row["end_column"])]
    ]
    return Lanes(_lanes(columns, drawn, left_out, rows), lines, focus if path else "", path)


def path_of(columns: Sequence[str], rows: Sequence[Row], focus: str) -> frozenset[str]:
    """Return what one gets to from a thing, going left and right; empty if it is not there."""
    found: set[str] = set()
    for pairs, near, far in (
        (list(pairwise(columns)), "start", "end"),
        (list(reversed(list(pairwise(columns)))), "end", "start"),
    ):
        reached: set[str] = set()
        for first, last in pairs:
            of = [row for row in rows if (row["start_column"], row["end_column"]) == (first, last)]
            met = {row[far].iri for row in of if row[near].iri in reached | {focus}}
            reached |= met
        found |= reached
    known = any(focus in (row["start"].iri, row["end"].iri) for row in rows)
    return frozenset(found | {focus}) if known else frozenset()


def on_path(rows: Iterable[Row], path: frozenset[str]) -> list[Row]:
    """Return the ties on a path; all of them where there is none."""
    return [row for row in rows if not path or {row["start"].iri, row["end"].iri} <= path]


def sections_of(rows: Iterable[Row]) -> int:
    """Return in how many sections of reports the evidence stands."""
    return len(
        {(one.report.iri, at) for row in rows for one in row["evidence"] for at in one.sections}
    )


def words_of(row: Row) -> str:
    """Return a tie in words: its ends, the kinds of evidence, and whether it is only implied."""
    evidence: Sequence[Evidence] = row["evidence"]
    kinds = ", ".join(dict.fromkeys(one.kind for one in evidence))
    only = "" if row["tie"] == "stated" else ", only implied"
    return f"{row['start'].label}, {row['end'].label}: {kinds}{only}"


def _lanes(
    columns: Sequence[str],
    drawn: Sequence[Mapping[str, Node]],
    left_out: Sequence[int],
    rows: Sequence[Row],
) -> list[Lane]:
    links: list[list[tuple[str, str]]] = [[] for _ in columns[1:]]
    for row in rows:
        place = columns.index(row["start_column"])
        if row["start"].iri in drawn[place] and row["end"].iri in drawn[place + 1]:
            links[place].append((row["start"].iri, row["end"].iri))
    names = {iri: one.label for column in drawn for iri, one in column.items()}
    order = ordered([list(column) for column in drawn], links, names)
    return [
        Lane(kind, [drawn[place][iri] for iri in order[place]], left_out[place])
        for place, kind in enumerate(columns)
    ]


def _things(kind: str, rows: Iterable[Row]) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for row in rows:
        for side in ("start", "end"):
            if row[f"{side}_column"] == kind:
                found.setdefault(row[side].iri, row[side])
    return found


def _ties(kind: str, rows: Iterable[Row]) -> Counter[str]:
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        for side in ("start", "end"):
            if row[f"{side}_column"] == kind:
                found[row[side].iri] += 1
    return Counter(found)


def _name(thing: Thing) -> tuple[str, str]:
    return thing.label.casefold(), thing.iri
