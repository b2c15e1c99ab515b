"""Two to five entities of one kind side by side, aspect by aspect, each with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from graph.landscape.answers import Answer, Column, Completeness, Evidence, No, Thing
from graph.landscape.asking import Asking, Row, filled, ordered, stored_query
from graph.landscape.completeness import completeness
from graph.landscape.errors import InvalidParameter
from graph.landscape.figures import MARKET_FACTS, completeness_with_figures
from graph.landscape.named import Named, Parameter
from graph.landscape.ties import LEVEL, level_slots
from graph.landscape.traits import (
    PLAYER_FACTS,
    as_thing,
    evidence_for,
    gathered,
    named,
    nested,
    traits_query,
    wider,
)

_EVENTS = ("ClinicalResult", "Deal", "Initiative", "Launch", "Milestone", "RegulatoryEvent")
_ASPECTS: Mapping[str, tuple[str, ...]] = {
    "player": PLAYER_FACTS,
    "place": PLAYER_FACTS,
    "therapy": ("TherapyProfile", *_EVENTS),
    "therapy type": ("TherapyProfile", *PLAYER_FACTS),
    "indication": ("TherapyProfile", *PLAYER_FACTS),
    "population": ("TherapyProfile", *_EVENTS),
    "target": ("TherapyProfile",),
    "role": ("OrganisationActivity", "ValueChainRole"),
    "event": _EVENTS,
    "publisher": ("MarketFigure", "GrowthRate"),
    "figure": MARKET_FACTS,
}
_OF_KIND = {
    "agent": (
        *("place", "therapy", "therapy type", "indication", "population"),
        *("role", "event", "figure"),
    ),
    "place": ("player", "therapy", "therapy type", "indication", "role", "event", "figure"),
    "therapy": ("player", "place", "therapy type", "indication", "population", "target", "event"),
    "concept": (
        *("player", "place", "therapy", "therapy type", "indication"),
        *("role", "event", "figure"),
    ),
    "market": ("publisher", "figure"),
}
# Things of these aspects lie in one another: what is told of the United States is told of a region
# around them.
_NESTED = ("place", "therapy type", "indication")
# Each of these is one thing that happened or was printed: another entity cannot lack it.
_SINGLE = ("event", "figure")
_FEWEST, _MOST = 2, 5
_NOTES = (
    (
        "A cell says whether the tie is stated or only implied; where nothing is told, what the "
        "silence of the reports means. A tie with a name in brackets is by what lies in it or is a "
        "kind of it, and is not counted as shared. An event or a figure is of those that it "
        "names: beside others the cell is empty."
    ),
    (
        "What is told of a place counts for the places around it, and of a kind of therapy or "
        "disease for the wider kinds. Figures are never rolled up, added or compared."
    ),
    "Being listed in a report is none of these aspects.",
)
_UNIT_NOTE = "The figures of an organisation are counts of unnamed things that are called its own."


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows are written with: names, evidence, what silence means, and what is wider."""

    kind: str
    things: Mapping[str, Thing]
    evidence: Mapping[str, list[Evidence]]
    silence: Mapping[str, No]
    wider: Mapping[str, frozenset[str]]


Cells = Mapping[tuple[str, str, str], Sequence[Evidence]]
"""Evidence by aspect, and by the IRIs of value and entity."""


def compare(asking: Asking, arguments: Mapping[str, Any]) -> tuple[Answer, Cells]:
    """Return the answer to the question `compare`, and the evidence of each of its cells.

    Raises InvalidParameter and the errors of graph.query.
    """
    level = str(arguments["level"])
    kind, entities, members = _entities(asking, arguments["entities"], level)
    query = _query(kind, entities, members, level)
    rows = ordered(asking.rows(query), "aspect", "value", "entity", "tie", "source")
    things = named(asking, [*entities, *(str(row["value"]) for row in rows)])
    sources = [iri for row in rows for iri, _ in _sources(row)]
    evidence = evidence_for(asking, sources)
    above = wider(asking, (str(row["value"]) for row in rows if row["aspect"] in _NESTED))
    silence = {aspect: _silence(asking, kind, aspect) for aspect in _OF_KIND[kind]}
    answer = Answer(
        question="compare",
        columns=_columns([things[iri] for iri in entities]),
        rows=_rows(entities, rows, _Known(kind, things, evidence, silence, above)),
        understood={**arguments, "entities": tuple(entities)},
        completeness=_completeness(asking, kind),
        sparql=nested(stored_query("compare"), facts=query),
        notes=[*_NOTES, _UNIT_NOTE] if kind == "agent" else _NOTES,
    )
    return answer, _cells(rows, evidence)


def _cells(rows: Sequence[Row], evidence: Mapping[str, Sequence[Evidence]]) -> Cells:
    sources: dict[tuple[str, str, str], list[tuple[str, bool]]] = {}
    for row in rows:
        key = (str(row["aspect"]), str(row["value"]), str(row["entity"]))
        sources.setdefault(key, []).extend(_sources(row))
    return {key: gathered(evidence, of) for key, of in sources.items()}


def _entities(asking: Asking, given: Sequence[str], level: str) -> tuple[str, list[str], list[str]]:
    """Return the kind of the entities, them, and all members of them where they are groups."""
    entities = members = list(dict.fromkeys(str(iri) for iri in given))
    kinds = {as_thing(asking, iri).type for iri in entities}
    if len(kinds) > 1:
        raise InvalidParameter(
            "entities", f"are of several kinds, {', '.join(sorted(kinds))}; give them of one"
        )
    kind = "".join(kinds)
    if entities and kind not in _OF_KIND:
        raise InvalidParameter("entities", f"{kind} is none of {', '.join(_OF_KIND)}")
    if kind == "agent" and level == "group":
        query = filled(stored_query("members"), organisation=[NamedNode(iri) for iri in entities])
        group_of = {str(row["member"]): str(row["group"]) for row in asking.rows(query)}
        members = list(group_of)
        entities = list(dict.fromkeys(group_of.get(iri, iri) for iri in entities))
    if not _FEWEST <= len(entities) <= _MOST:
        counted = f"{len(entities)} different {'groups' if level == 'group' else 'things'}"
        raise InvalidParameter("entities", f"{counted}; give {_FEWEST} to {_MOST}")
    return kind, entities, members


def _query(kind: str, entities: Sequence[str], members: Sequence[str], level: str) -> str:
    query = filled(
        stored_query(f"compare-{kind}"),
        entities=[NamedNode(iri) for iri in entities],
        organisations=[NamedNode(iri) for iri in members],
        **level_slots({"level": level}),
    )
    return nested(query, traits=traits_query(members if kind == "agent" else None))


def _sources(row: Row) -> list[tuple[str, bool]]:
    return [(str(row[name]), bool(row["implied"])) for name in ("tie", "source") if name in row]


def _rows(entities: Sequence[str], found: Sequence[Row], known: _Known) -> list[dict[str, Any]]:
    by_value: dict[tuple[str, str], list[Row]] = {}
    for one in found:
        by_value.setdefault((str(one["aspect"]), str(one["value"])), []).append(one)
    ties = {key: _ties(of) for key, of in by_value.items()}
    rows: list[dict[str, Any]] = []
    for (aspect, value), of in by_value.items():
        row: dict[str, Any] = {"aspect": aspect, "value": known.things[value]}
        for number, entity in enumerate(entities, 1):
            tie = ties[aspect, value].get(entity)
            row[f"entity_{number}"] = tie or _else(aspect, value, entity, ties, known)
        row["shared_by"] = len(ties[aspect, value])
        row["evidence"] = gathered(
            known.evidence, (source for way in of for source in _sources(way))
        )
        rows.append(row)
    order = _OF_KIND[known.kind]
    rows.sort(
        key=lambda r: (order.index(r["aspect"]), -r["shared_by"], r["value"].label, r["value"].iri)
    )
    return rows


def _else(
    aspect: str,
    value: str,
    entity: str,
    ties: Mapping[tuple[str, str], Mapping[str, str]],
    known: _Known,
) -> str | None:
    """Return what stands where a value is not told of an entity itself."""
    told = {
        one: of[entity] for (about, one), of in ties.items() if about == aspect and entity in of
    }
    if aspect in _SINGLE and told:
        return None
    within = sorted(
        (tie != "stated", known.things[one].label, tie)
        for one, tie in told.items()
        if value in known.wider.get(one, ())
    )
    return f"{within[0][2]} ({within[0][1]})" if within else known.silence[aspect]


def _ties(rows: Sequence[Row]) -> dict[str, str]:
    ties: dict[str, str] = {}
    for row in rows:
        entity = str(row["entity"])
        if not row["implied"] or entity not in ties:
            ties[entity] = "implied" if row["implied"] else "stated"
    return ties


def _classes(kind: str, aspect: str) -> tuple[str, ...]:
    if aspect == "figure" and kind in ("agent", "market"):
        # Of a market: those of it as a whole.
        return ("UnnamedGroup",) if kind == "agent" else _ASPECTS["publisher"]
    return _ASPECTS[aspect]


def _silence(asking: Asking, kind: str, aspect: str) -> No:
    """Return what it means that no report tells it: the weakest of their silences."""
    found = {one.no for one in completeness(asking, _classes(kind, aspect))}
    order: tuple[No, ...] = ("not yet recorded", "announced for the full report", "not stated")
    return next((no for no in order if no in found), "not yet recorded")


def _completeness(asking: Asking, kind: str) -> tuple[Completeness, ...]:
    classes = {name for aspect in _OF_KIND[kind] for name in _classes(kind, aspect)}
    others = sorted(classes - set(MARKET_FACTS))
    if classes.isdisjoint(MARKET_FACTS):
        return completeness(asking, others)
    return completeness_with_figures(asking, others)


def _columns(entities: Sequence[Thing]) -> tuple[Column, ...]:
    cells = [
        Column(f"entity_{number}", thing.label, "text", "Stated, implied, or the kind of no.")
        for number, thing in enumerate(entities, 1)
    ]
    return (*_COLUMNS[:2], *cells, *_COLUMNS[2:])


_COLUMNS = (
    Column("aspect", "Aspect", "text", "Place, therapy, role, event, publisher, figure…"),
    Column("value", "What", "thing", "What is told in this aspect."),
    Column("shared_by", "Shared by", "integer", "Of how many of the entities it is told."),
    Column("evidence", "Evidence", "evidence", "What says so, of all of them."),
)

COMPARE = Named(
    name="compare",
    title="Entities side by side",
    doc="What is told of two to five organisations, places, therapies, markets, or kinds of "
    "therapy or disease: where each stands, aspect by aspect.",
    parameters=(
        Parameter(
            "entities",
            "Entities",
            "two to five things of one kind",
            "entity",
            of=tuple(_OF_KIND),
            many=True,
            required=True,
        ),
        LEVEL,
    ),
    columns=_COLUMNS,
    run=lambda asking, arguments: compare(asking, arguments)[0],
)
QUESTIONS: tuple[Named, ...] = (COMPARE,)
