"""Where a report prints a value, a share or growth, and the reports name few players or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.landscape.answers import Answer, Column, Evidence, Thing
from graph.landscape.asking import Asking, Row, Terms, filled, ordered, stored_query
from graph.landscape.figures import Figure, completeness_with_figures, figures
from graph.landscape.named import Named, Parameter
from graph.landscape.ties import LEVEL, level_slots
from graph.landscape.traits import (
    PLAYER_FACTS,
    Trait,
    evidence_for,
    gathered,
    named,
    near,
    nested,
    traits,
    traits_query,
    wider,
)

_KEY = ("market", "segment", "scope", "of")
_EVERYONE = ""
_NOTES = (
    (
        "A player is counted where any source says that it works in the therapy type or disease "
        "of the segment, or in a kind of it, and that it is active in the place, be it implied, "
        "and even if no source says both at once. One of whom only a wider kind is told, such as "
        "cell therapy, is not counted for the kinds of it."
    ),
    (
        "Few players in the reports is no statement that there are few: the reports name examples. "
        "Unnamed players that a report counts are counted nowhere, and neither are listed ones."
    ),
    (
        "Only segments by therapy type and by disease are looked at: for cell sources, vectors, "
        "end users and services the reports do not say which players work in them."
    ),
    (
        "Of a place with a figure of its own, each segment of the same report is looked at; the "
        "figure is of the place, not of the segment there."
    ),
)


@dataclass(frozen=True, slots=True)
class _Known:
    things: Mapping[str, Thing]
    figures: Mapping[str, Figure]
    traits: Mapping[tuple[str, str], Sequence[Trait]]
    evidence: Mapping[str, list[Evidence]]


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    most = int(arguments["most"])
    found, told = _found(asking, arguments)
    by_key: dict[tuple[str, ...], list[Row]] = {}
    for row in found:
        by_key.setdefault(tuple(str(row[name]) for name in _KEY), []).append(row)
    thin = {
        key: of
        for key, of in by_key.items()
        if len({row["player"] for row in of if "player" in row}) <= most
    }
    known = _known(asking, told, [row for of in thin.values() for row in of])
    rows = [_row(of, known) for of in thin.values()]
    rows.sort(
        key=lambda r: (
            r["players"],
            r["of"] != "segment",
            r["place"].label,
            r["segment"].label,
            r["market"].iri,
        )
    )
    count = filled(stored_query("thin-count"), most=[Literal(most)])
    return Answer(
        question="thinly-covered",
        columns=_COLUMNS,
        rows=rows,
        understood=dict(arguments),
        completeness=completeness_with_figures(
            asking, ("Segment", *PLAYER_FACTS), arguments["report"]
        ),
        sparql=nested(count, rows=_query(asking, arguments)),
        notes=_NOTES,
    )


def _query(asking: Asking, arguments: Mapping[str, Any]) -> str:
    companies = arguments["players"] == "companies"
    query = filled(
        stored_query("thin"),
        kinds=[NamedNode(_company(asking))] if companies else None,
        **level_slots(arguments),
    )
    return nested(
        query,
        figures=_figures(asking, arguments),
        traits=traits_query(),
        scopes=stored_query("thin-scopes"),
    )


def _company(asking: Asking) -> str:
    return f"{asking.base}id/concept/org-company"


def _figures(asking: Asking, arguments: Mapping[str, Any]) -> str:
    def given(iris: Iterable[str]) -> Terms | None:
        return [NamedNode(iri) for iri in iris] or None

    schemes = (f"{asking.base}id/scheme/{name}" for name in ("therapy-type", "indication"))
    return filled(
        stored_query("thin-figures"),
        reports=given(arguments["report"]),
        schemes=given(schemes),
        concept=given([arguments["concept"]] if arguments["concept"] else []),
        place=given([arguments["place"]] if arguments["place"] else []),
    )


def _found(asking: Asking, arguments: Mapping[str, Any]) -> tuple[list[Row], list[Trait]]:
    """Return the rows of `_query`, put together here, and the traits of the players in them.

    Virtuoso cannot join the parts of that query.
    """
    printed = asking.rows(_figures(asking, {**arguments, "concept": None, "place": None}))
    for asked, column in (("concept", "concept"), ("place", "scope")):
        if arguments[asked]:
            inside = _inside(asking, arguments[asked])
            printed = [row for row in printed if row[column] in inside]
    printed = ordered(printed, *_KEY, "concept", "figure")
    concepts = {str(row["concept"]) for row in printed}
    level = str(arguments["level"])
    told = traits(asking, level, things=near(asking, concepts)) if printed else []
    told = [trait for trait in told if trait.dimension in ("therapy type", "indication")]
    if arguments["players"] == "companies":
        companies = _companies(asking, (trait.player for trait in told))
        told = [trait for trait in told if trait.player in companies]
    above = wider(asking, (trait.thing for trait in told))
    by_concept: dict[str, dict[tuple[str, str], None]] = {}
    for trait in told:
        for concept in concepts & {trait.thing, *above.get(trait.thing, ())}:
            by_concept.setdefault(concept, {})[trait.player, trait.thing] = None
    somewhere = _somewhere(asking, level)
    rows: list[Row] = []
    for row in printed:
        there = somewhere.get(str(row["scope"]), set())
        works = by_concept.get(str(row["concept"]), {})
        players = [pair for pair in works if {pair[0], _EVERYONE} & there]
        rows += [{**row, "player": player, "thing": thing} for player, thing in players] or [row]
    return rows, told


def _inside(asking: Asking, whole: str) -> set[str]:
    query = filled(stored_query("inside"), whole=[NamedNode(whole)])
    return {str(row["part"]) for row in asking.rows(query)}


def _companies(asking: Asking, players: Iterable[str]) -> set[str]:
    nodes = [NamedNode(iri) for iri in dict.fromkeys(players)]
    query = filled(stored_query("organisations"), organisations=nodes)
    rows = asking.rows(query)
    return {str(row["organisation"]) for row in rows if row.get("type") == _company(asking)}


def _somewhere(asking: Asking, level: str) -> dict[str, set[str]]:
    """Return who is in each place: players, or _EVERYONE."""
    found: dict[str, set[str]] = {}
    for row in asking.rows(stored_query("thin-scopes")):
        player = row.get("group" if level == "group" else "org", _EVERYONE)
        found.setdefault(str(row["scope"]), set()).add(str(player))
    return found


def _known(asking: Asking, told: Sequence[Trait], rows: Sequence[Row]) -> _Known:
    names = (*_KEY[:3], "concept", "figure", "player")
    iris = [str(row[name]) for row in rows for name in names if name in row]
    printed = figures(asking, (str(row["figure"]) for row in rows))
    works = {(str(row["player"]), str(row["thing"])) for row in rows if "player" in row}
    of_players: dict[tuple[str, str], list[Trait]] = {}
    for trait in told:
        if (trait.player, trait.thing) in works:
            of_players.setdefault((trait.player, trait.thing), []).append(trait)
    sources = [iri for of in of_players.values() for trait in of for iri in trait.sources]
    evidence = evidence_for(asking, [*sources, *printed])
    return _Known(named(asking, iris), printed, of_players, evidence)


def _row(rows: Sequence[Row], known: _Known) -> dict[str, Any]:
    first = rows[0]
    printed = list(dict.fromkeys(str(row["figure"]) for row in rows))
    printed.sort(key=lambda iri: (known.figures[iri].kind, known.figures[iri].period, iri))
    players = {str(row["player"]) for row in rows if "player" in row}
    works = {(str(row["player"]), str(row["thing"])) for row in rows if "player" in row}
    named_in = sorted(works, key=lambda pair: known.things[pair[0]].label)
    sources = [(iri, known.figures[iri].implied) for iri in printed]
    for trait in (trait for pair in named_in for trait in known.traits[pair]):
        sources += [(iri, trait.implied) for iri in trait.sources]
    return {
        "segment": known.things[str(first["segment"])],
        "concept": known.things[str(first["concept"])],
        "place": known.things[str(first["scope"])],
        "market": known.things[str(first["market"])],
        "of": str(first["of"]),
        "stated": [_words(known.figures[iri]) for iri in printed],
        "figures": [known.things[iri] for iri in printed],
        "players": len(players),
        "named": sorted((known.things[iri] for iri in players), key=lambda t: (t.label, t.iri)),
        "evidence": gathered(known.evidence, sources),
    }


def _words(figure: Figure) -> str:
    words = " ".join(text for text in (figure.kind, figure.value, figure.period) if text)
    return f"{words} (its market is only implied)" if figure.implied else words


_COLUMNS = (
    Column("segment", "Segment", "thing", "The segment, by therapy type or disease."),
    Column("concept", "Shared concept", "thing", "The therapy type or disease it is mapped to."),
    Column("place", "Place", "thing", "Where: of the figure, else of the market."),
    Column("market", "Market", "thing", "The market that it divides."),
    Column("of", "Figure of", "text", "Whether the figures are of the segment or of the place."),
    Column("stated", "Stated", "texts", "Value, share, growth rate or ranking, as printed."),
    Column("figures", "Figures", "things", "The printed facts."),
    Column("players", "Players", "integer", "How many the reports name for it there."),
    Column("named", "Named", "things", "Who they are."),
    Column("evidence", "Evidence", "evidence", "Who prints the figures, and what names players."),
)

THIN = Named(
    name="thinly-covered",
    title="Where the reports name few players",
    doc="Segments, and places by segment, with a printed market value, share or growth where the "
    "reports name few players or none; only of reports that were read completely for both.",
    parameters=(
        Parameter(
            "most", "Most players", "how many players are few", "integer", default=2, most=100
        ),
        Parameter("place", "Place", "only there, and in the places in it", "entity", of=("place",)),
        Parameter(
            "concept",
            "Therapy type or disease",
            "only this, and the kinds of it",
            "entity",
            of=("concept",),
        ),
        Parameter(
            "report", "Report", "only figures of these reports", "entity", of=("source",), many=True
        ),
        Parameter(
            "players",
            "Players",
            "all players, or companies only",
            "choice",
            choices=("all", "companies"),
            default="all",
        ),
        LEVEL,
    ),
    columns=_COLUMNS,
    run=_run,
)
QUESTIONS: tuple[Named, ...] = (THIN,)
