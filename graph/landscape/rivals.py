"""Who competes with a company: by what both work in, for whom and where, and why.

Being listed together, and what both take part in together, is no rivalry. How it is weighed is told
in `graph.landscape.weights`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.landscape.answers import Answer, Column, Evidence, Thing
from graph.landscape.asking import Asking, filled, stored_query
from graph.landscape.completeness import completeness
from graph.landscape.errors import NotAnswerable
from graph.landscape.named import Named, Parameter
from graph.landscape.ties import LEVEL
from graph.landscape.traits import (
    DIMENSIONS,
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
from graph.landscape.weights import Match, by_dimension, matches

_NOTES = (
    (
        "A weight adds the best match of each dimension: therapy type and indication 3 each if the "
        "same is stated of both, 2 if it is only implied of one, 1 if one is wider than the other; "
        "population (line of therapy, state of the disease, age group) 2 or 1, only with a shared "
        "indication; place 2 or 1, and 1 if one lies in the other. The most is 10."
    ),
    (
        "A therapy type or an indication must be shared. Dimensions are matched across all that is "
        "told of a player, not within one product."
    ),
    (
        "Being listed together does not count, nor do a therapy, an event or a deal that both take "
        "part in: these are partners. Nor does what a technology serves."
    ),
    "The world, and other places that lie in nothing, set nobody beside anybody.",
)


@dataclass(frozen=True, slots=True)
class _Names:
    things: Mapping[str, Thing]
    types: Mapping[str, tuple[str, str]]
    evidence: Mapping[str, list[Evidence]]
    together: Mapping[str, set[str]]


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    level, company = str(arguments["level"]), str(arguments["company"])
    group, members = _group(asking, company)
    own = members if level == "group" else [company]
    mine = traits(asking, level, own)
    about = near(asking, (trait.thing for trait in mine))
    others = [t for t in traits(asking, level, things=about) if t.group != group] if mine else []
    joint = _joint(asking, level, own)
    shared = _shared(asking, mine, others, joint)
    types = _types(asking, shared)
    kinds = _kinds(asking, arguments["players"])
    kept = {
        rival: found
        for rival, found in shared.items()
        if (kinds is None or types.get(rival, ("", ""))[0] in kinds)
        and sum(by_dimension(found).values()) >= arguments["least"]
    }
    names = _names(asking, kept, types, joint)
    rows = [_row(rival, found, names) for rival, found in kept.items()]
    rows.sort(key=lambda row: (-row["weight"], row["rival"].label, row["rival"].iri))
    used = {**arguments, "company": group if level == "group" else company}
    notes = list(_NOTES)
    if not mine:
        notes.append("Nothing is recorded of what this company works in, for whom or where.")
    return Answer(
        question="competitors",
        columns=_COLUMNS,
        rows=rows,
        understood=used,
        completeness=completeness(asking, PLAYER_FACTS),
        sparql=_sparql(own, group, level, kinds, int(arguments["least"])),
        notes=notes,
    )


def _group(asking: Asking, company: str) -> tuple[str, list[str]]:
    query = filled(stored_query("members"), organisation=[NamedNode(company)])
    rows = asking.rows(query)
    if not rows:
        raise NotAnswerable(f"{company} is no organisation with a group; build the release again")
    return str(rows[0]["group"]), [str(row["member"]) for row in rows]


def _shared(
    asking: Asking, mine: list[Trait], others: list[Trait], joint: Mapping[str, set[str]]
) -> dict[str, list[Match]]:
    above = wider(asking, [trait.thing for trait in (*mine, *others)])
    by_player: dict[str, list[Trait]] = {}
    for trait in others:
        by_player.setdefault(trait.player, []).append(trait)
    found = {
        player: matches(mine, theirs, above, joint.get(player, frozenset()))
        for player, theirs in by_player.items()
    }
    return {player: some for player, some in found.items() if some}


def _joint(asking: Asking, level: str, own: Sequence[str]) -> dict[str, set[str]]:
    query = filled(stored_query("joint"), organisations=[NamedNode(iri) for iri in own])
    found: dict[str, set[str]] = {}
    for row in asking.rows(query):
        player = str(row["group" if level == "group" else "org"])
        found.setdefault(player, set()).add(str(row["joint"]))
    return found


def _types(asking: Asking, players: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    query = filled(stored_query("organisations"), organisations=[NamedNode(iri) for iri in players])
    return {
        str(row["organisation"]): (str(row.get("type", "")), str(row.get("typeLabel", "")))
        for row in asking.rows(query)
    }


def _kinds(asking: Asking, players: str) -> frozenset[str] | None:
    return frozenset({f"{asking.base}id/concept/org-company"}) if players == "companies" else None


def _names(
    asking: Asking,
    shared: Mapping[str, Sequence[Match]],
    types: Mapping[str, tuple[str, str]],
    joint: Mapping[str, set[str]],
) -> _Names:
    found = [match for some in shared.values() for match in some]
    ends = [iri for match in found for iri in (match.mine, match.theirs)]
    both = [iri for rival in shared for iri in joint.get(rival, ())]
    things = named(asking, [*shared, *ends, *both])
    sources = [iri for match in found for iri, _ in match.sources]
    return _Names(things, types, evidence_for(asking, sources), joint)


def _row(rival: str, found: Sequence[Match], names: _Names) -> dict[str, Any]:
    parts = by_dimension(found)
    row: dict[str, Any] = {
        "rival": names.things[rival],
        "type": names.types.get(rival, ("", ""))[1],
        "weight": sum(parts.values()),
    }
    for dimension in DIMENSIONS:
        name = dimension.replace(" ", "_")
        of = [match for match in found if match.dimension == dimension]
        row[f"by_{name}"] = parts.get(dimension, 0)
        row[name] = [names.things[iri] for iri in dict.fromkeys(match.theirs for match in of)]
    row["together"] = [names.things[iri] for iri in sorted(names.together.get(rival, ()))]
    row["why"] = list(dict.fromkeys(_why(match, names.things) for match in found))
    sources = (source for match in found for source in match.sources)
    row["evidence"] = gathered(names.evidence, sources)
    return row


def _why(match: Match, things: Mapping[str, Thing]) -> str:
    theirs, mine = things[match.theirs].label, things[match.mine].label
    how = "only implied" if match.implied else "stated of both"
    if match.mine != match.theirs:
        theirs = f"{theirs} beside {mine}, one wider than the other"
    return f"{match.dimension}: {theirs}, {how}: {match.points}"


def _sparql(
    own: Sequence[str], group: str, level: str, kinds: frozenset[str] | None, least: int
) -> str:
    ours = [NamedNode(iri) for iri in own]
    query = filled(
        stored_query("rivals"),
        level=[Literal(level)],
        group=[NamedNode(group)],
        kinds=None if kinds is None else [NamedNode(iri) for iri in sorted(kinds)],
        least=[Literal(least)],
    )
    joint = filled(stored_query("joint"), organisations=ours)
    return nested(query, mine=traits_query(own), theirs=traits_query(), joint=joint)


_COLUMNS = (
    Column("rival", "Competitor", "thing", "Who shares a therapy type or a disease."),
    Column("type", "Type", "text", "What kind of organisation it is."),
    Column("weight", "Weight", "integer", "What is shared, added up: 1 to 10."),
    Column("therapy_type", "Therapy types", "things", "Its therapy types of the best match."),
    Column("by_therapy_type", "By therapy type", "integer", "Their part of the weight: 0 to 3."),
    Column("indication", "Indications", "things", "Its diseases of the best match."),
    Column("by_indication", "By indication", "integer", "Their part of the weight: 0 to 3."),
    Column("population", "Population", "things", "Lines of therapy, states, ages in common."),
    Column("by_population", "By population", "integer", "Their part of the weight: 0 to 2."),
    Column("place", "Places", "things", "Its places of the best match."),
    Column("by_place", "By place", "integer", "Their part of the weight: 0 to 2."),
    Column("together", "Together", "things", "What both take part in; it does not count."),
    Column("why", "Why", "texts", "Each match with its points."),
    Column("evidence", "Evidence", "evidence", "What says so, of both sides."),
)

COMPETITORS = Named(
    name="competitors",
    title="Competitors of a company",
    doc="Who works in the same therapy types and diseases, for the same people and in the same "
    "places, weighed and explained; never by being listed together.",
    parameters=(
        Parameter("company", "Company", "the company", "entity", of=("agent",), required=True),
        LEVEL,
        Parameter(
            "players",
            "Players",
            "companies only, or hospitals, institutes and others too",
            "choice",
            choices=("companies", "all"),
            default="companies",
        ),
        Parameter(
            "least", "Least weight", "from which weight on", "integer", default=1, least=1, most=10
        ),
    ),
    columns=_COLUMNS,
    run=_run,
)
QUESTIONS: tuple[Named, ...] = (COMPETITORS,)
