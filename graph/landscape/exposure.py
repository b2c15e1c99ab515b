"""The segments, places and markets that a player or a place stands in, with the printed figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.landscape.answers import Answer, Column, Evidence, Thing
from graph.landscape.asking import Asking, Row, filled, ordered, stored_query
from graph.landscape.errors import InvalidParameter
from graph.landscape.figures import Figure, completeness_with_figures, figures
from graph.landscape.named import Named, Parameter
from graph.landscape.ties import LEVEL
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

_WORDS = {"therapy type": "works in", "indication": "works on", "place": "is active in"}
_NOTES = (
    (
        "A figure is of the whole segment, place or market: no part of it is the player's or the "
        "place's own, and figures are never added."
    ),
    (
        "What is told of a kind of therapy or disease leads to the segments of the wider kinds, "
        "never to those of narrower ones; a place leads to the places around it, but not to the "
        "world. A figure of a regional market counts only for players active in that region."
    ),
    (
        "That a player is active in a place does not say that it sells what the market there is "
        "of: the chain tells by what it stands there. Being listed leads nowhere."
    ),
)


@dataclass(frozen=True, slots=True)
class _Known:
    things: Mapping[str, Thing]
    figures: Mapping[str, Figure]
    evidence: Mapping[str, list[Evidence]]


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    level, entity = str(arguments["level"]), str(arguments["entity"])
    kind = as_thing(asking, entity).type
    if kind == "agent":
        entity, own = _organisations(asking, entity, level)
        query, found = _of_agent(own), _ways_of_agent(asking, own)
    elif kind == "place":
        query = filled(stored_query("exposure-place"), entity=[NamedNode(entity)])
        found = asking.rows(query)
    else:
        raise InvalidParameter("entity", f"is a {kind or 'thing'}; give an organisation or a place")
    via = str(arguments["via"])
    led = ordered(found, "standsIn", "figure", "thing", "by", "tie", "source")
    ways = [way for way in led if via == "any" or str(way["by"]).startswith(via)]
    by_row: dict[tuple[str, str], list[Row]] = {}
    for way in ways:
        by_row.setdefault((str(way["standsIn"]), str(way["figure"])), []).append(way)
    ends = [str(way[name]) for way in ways for name in ("standsIn", "figure", "market", "thing")]
    printed = figures(asking, (figure for _, figure in by_row))
    sources = [iri for way in ways for iri, _ in _sources(way)]
    known = _Known(
        named(asking, [entity, *ends]), printed, evidence_for(asking, [*sources, *printed])
    )
    rows = [_row(entity, key, of, known) for key, of in by_row.items()]
    rows.sort(key=_order)
    return Answer(
        question="market-exposure",
        columns=_COLUMNS,
        rows=rows,
        understood={**arguments, "entity": entity},
        completeness=completeness_with_figures(asking, PLAYER_FACTS if kind == "agent" else ()),
        sparql=_sparql(query, via),
        notes=_NOTES,
    )


def _sparql(ways: str, via: str) -> str:
    query = filled(stored_query("exposure"), via=None if via == "any" else [Literal(via)])
    return nested(query, ways=ways)


def _organisations(asking: Asking, entity: str, level: str) -> tuple[str, list[str]]:
    """Return whose exposure it is, and the organisations of that."""
    if level != "group":
        return entity, [entity]
    query = filled(stored_query("members"), organisation=[NamedNode(entity)])
    rows = asking.rows(query)
    if not rows:
        return entity, [entity]
    return str(rows[0]["group"]), [str(row["member"]) for row in rows]


def _of_agent(own: Sequence[str]) -> str:
    return nested(
        stored_query("exposure-agent"),
        traits=traits_query(own),
        ways=filled(stored_query("exposure-ways"), things=None),
        scopes=_scopes(own),
    )


def _scopes(own: Sequence[str]) -> str:
    return filled(stored_query("exposure-scopes"), organisations=[NamedNode(iri) for iri in own])


def _ways_of_agent(asking: Asking, own: Sequence[str]) -> list[Row]:
    """Return the rows of `_of_agent`, put together here.

    Virtuoso loses rows where queries with parts like these are joined, and gets each right.
    """
    told = [row for row in asking.rows(traits_query(own)) if row["dimension"] != "population"]
    above = wider(asking, (str(row["thing"]) for row in told))
    leading = {str(row["thing"]) for row in told}.union(*above.values())
    by_thing: dict[str, list[Row]] = {}
    query = filled(stored_query("exposure-ways"), things=[NamedNode(iri) for iri in leading])
    for way in asking.rows(query):
        by_thing.setdefault(str(way["wider"]), []).append(way)
    counts = {(row.get("org"), row["scope"]) for row in asking.rows(_scopes(own))}
    return [
        {**trait, **way}
        for trait in told
        for one in {str(trait["thing"]), *above.get(str(trait["thing"]), ())}
        for way in by_thing.get(one, ())
        if {(trait["org"], way["scope"]), (None, way["scope"])} & counts
    ]


def _sources(way: Row) -> list[tuple[str, bool]]:
    return [(str(way[name]), bool(way["implied"])) for name in ("tie", "source") if name in way]


def _row(entity: str, key: tuple[str, str], ways: Sequence[Row], known: _Known) -> dict[str, Any]:
    stands_in, figure = key
    said = known.figures[figure]
    stated = [way for way in ways if not way["implied"]]
    sure = {_way(way) for way in stated}
    told = [*stated, *(way for way in ways if _way(way) not in sure)]
    sources = (source for way in ways for source in _sources(way))
    return {
        "stands_in": known.things[stands_in],
        "by": " / ".join(sorted({str(way["by"]) for way in ways})),
        "figure": known.things[figure],
        "kind": said.kind,
        "value": said.value,
        "period": said.period,
        "market": known.things[str(ways[0]["market"])],
        "tie": "stated" if stated and not said.implied else "implied",
        "fit": said.fit,
        "chain": sorted({_chain(entity, way, known) for way in told}),
        "evidence": gathered(known.evidence, [*sources, (figure, said.implied)]),
    }


def _way(way: Row) -> tuple[str, ...]:
    return tuple(str(way[name]) for name in ("dimension", "thing", "by"))


def _chain(entity: str, way: Row, known: _Known) -> str:
    def name(column: str) -> str:
        return known.things[str(way[column])].label

    said = known.figures[str(way["figure"])]
    if "source" in way:
        tie = ", only implied" if way["implied"] else ""
        how = _WORDS[str(way["dimension"])]
        steps = [f"{known.things[entity].label} {how} {name('thing')}{tie}"]
    else:
        steps = [known.things[entity].label]
        if str(way["thing"]) != entity:
            steps.append(f"lies in {name('thing')}")
    match str(way["by"]):
        case "segment":
            steps.append(f"segment {name('standsIn')}{f' (fit: {said.fit})' if said.fit else ''}")
        case "place" if way["standsIn"] != way["thing"]:
            steps.append(f"in {name('standsIn')}")
        case "market of the segment":
            steps.append("a segment of the market")
        case _:
            pass
    printed = [text for text in (said.kind, said.value, said.period) if text]
    return " → ".join([*steps, name("market"), " ".join(printed)])


def _order(row: Mapping[str, Any]) -> tuple[object, ...]:
    kinds = ("share", "market value", "growth rate")
    rank = kinds.index(row["kind"]) if row["kind"] in kinds else len(kinds)
    return rank, row["stands_in"].label, row["period"], row["figure"].iri, row["stands_in"].iri


_COLUMNS = (
    Column("stands_in", "Stands in", "thing", "The segment, place or market."),
    Column("by", "By", "text", "By which of them: segment, place, market, market of the segment."),
    Column("figure", "Figure", "thing", "The printed fact."),
    Column("kind", "Kind", "text", "Market value, share, growth rate, or the kind of ranking."),
    Column("value", "Value", "text", "The digits as printed with their unit; none in a ranking."),
    Column("period", "Period", "text", "The year, or the first and last year."),
    Column("market", "Market", "thing", "The market that the figure is of."),
    Column("tie", "Tie", "text", "Implied if every chain is, or the market of the figure."),
    Column("fit", "Fit", "text", "How well the segment fits the shared concept."),
    Column("chain", "Chain", "texts", "Each way that leads there."),
    Column("evidence", "Evidence", "evidence", "What says so, and who prints the figure."),
)

EXPOSURE = Named(
    name="market-exposure",
    title="Market exposure of a company or a place",
    doc="The segments, places and markets that it stands in, with the printed values, shares, "
    "growth rates and rankings of each and the chain that leads there.",
    parameters=(
        Parameter(
            "entity",
            "Company or place",
            "an organisation or a place",
            "entity",
            of=("agent", "place"),
            required=True,
        ),
        Parameter(
            "via",
            "Via",
            "only what it stands in by a segment, a place or a market",
            "choice",
            choices=("any", "segment", "place", "market"),
            default="any",
        ),
        LEVEL,
    ),
    columns=_COLUMNS,
    run=_run,
)
QUESTIONS: tuple[Named, ...] = (EXPOSURE,)
