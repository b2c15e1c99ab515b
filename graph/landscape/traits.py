"""What organisations work in, with the sources of it: the ground that rivals are compared on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from graph.landscape.answers import Evidence, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.evidence import evidence_of

DIMENSIONS = ("therapy type", "indication", "population", "place")
"""The ways in which organisations stand side by side; a population is a line of therapy, a state
of the disease or an age group."""

PLAYER_FACTS = (
    "ClinicalResult",
    "Deal",
    "Initiative",
    "Launch",
    "Milestone",
    "OrganisationActivity",
    "OrganisationProfile",
    "OrganisationRelation",
    "RegulatoryEvent",
    "TherapyProfile",
    "ValueChainRole",
)
"""The classes of facts that traits are read from."""

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that a player works in, by one source.

    `via` is the therapy, event or fact by which it is theirs; `sources` are the derived statements
    and facts that say so, as IRIs; `implied` holds if one of them only implies it. `group` is the
    group that the player counts to.
    """

    player: str
    dimension: str
    thing: str
    via: str
    group: str = ""
    implied: bool = False
    sources: tuple[str, ...] = ()


def nested(query: str, **parts: str) -> str:
    """Return a query with whole queries in the places `<<name>>`, each as a subquery."""
    for name, part in parts.items():
        query = query.replace(f"<<{name}>>", part.strip())
    return query


def traits_query(
    organisations: Iterable[str] | None = None, things: Iterable[str] | None = None
) -> str:
    """Return the query for the traits of organisations, or of all, and of things, or of all."""
    return filled(
        stored_query("traits"), organisations=_nodes(organisations), things=_nodes(things)
    )


def traits(
    asking: Asking,
    level: str,
    organisations: Iterable[str] | None = None,
    things: Iterable[str] | None = None,
) -> list[Trait]:
    """Return the traits of organisations, or of all, and of things, or of all.

    At the level `group` the player is the group that an organisation counts to. Raises the errors
    of graph.query.
    """
    rows = asking.rows(traits_query(organisations, things))
    found = [_trait(row, level) for row in rows]
    return sorted(found, key=lambda t: (t.player, t.dimension, t.thing, t.via, t.sources))


def _trait(row: Row, level: str) -> Trait:
    return Trait(
        player=str(row["group" if level == "group" else "org"]),
        dimension=str(row["dimension"]),
        thing=str(row["thing"]),
        via=str(row["via"]),
        group=str(row["group"]),
        implied=bool(row["implied"]),
        sources=tuple(str(row[name]) for name in ("tie", "source") if name in row),
    )


def wider(asking: Asking, things: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return what is wider than each thing; things without anything wider are left out."""
    found: dict[str, set[str]] = {}
    for some in _batches(things):
        for row in asking.rows(filled(stored_query("wider"), things=some)):
            found.setdefault(str(row["thing"]), set()).add(str(row["wider"]))
    return {thing: frozenset(above) for thing, above in found.items()}


def near(asking: Asking, things: Iterable[str]) -> frozenset[str]:
    """Return things with all that is wider or narrower than one of them."""
    found: set[str] = set()
    for some in _batches(things):
        rows = asking.rows(filled(stored_query("near"), things=some))
        found.update(str(row["near"]) for row in rows)
    return frozenset(found)


def named(asking: Asking, things: Iterable[str]) -> dict[str, Thing]:
    """Return each thing with its name, by its IRI; without a name, the end of the IRI is it."""
    wanted = list(dict.fromkeys(things))
    labels: dict[str, str] = {}
    for some in _batches(wanted):
        rows = asking.rows(filled(stored_query("names"), things=some))
        labels.update((str(row["thing"]), str(row["label"])) for row in rows)
    return {iri: as_thing(asking, iri, labels.get(iri, "")) for iri in wanted}


def as_thing(asking: Asking, iri: str, label: str = "") -> Thing:
    """Return an entity with the kind that its IRI tells."""
    parts = iri.removeprefix(asking.base).split("/")
    kind = parts[1] if parts[0] == "id" and len(parts) > 2 else parts[0] if len(parts) > 1 else ""
    return Thing(iri, label or parts[-1], kind)


def evidence_for(asking: Asking, sources: Iterable[str]) -> dict[str, list[Evidence]]:
    """Return the evidence of derived statements and of facts, by IRI, for `gathered`.

    A fact has one evidence for each report that tells it.
    """
    wanted = list(dict.fromkeys(sources))
    found = {iri: [one] for iri, one in evidence_of(asking, wanted).items()}
    by_fact: dict[tuple[str, str], list[Row]] = {}
    for some in _batches(iri for iri in wanted if iri not in found):
        for row in asking.rows(filled(stored_query("told"), facts=some)):
            by_fact.setdefault((str(row["fact"]), str(row["report"])), []).append(row)
    for (fact, report), of in by_fact.items():
        evidence = Evidence(
            kind=str(of[0]["kind"]),
            tie="stated",
            report=Thing(report, str(of[0]["reportLabel"]), "source"),
            sections=tuple(dict.fromkeys(str(row["section"]) for row in of if "section" in row)),
            facts=(fact,),
        )
        found.setdefault(fact, []).append(evidence)
    return found


def gathered(
    evidence: Mapping[str, Sequence[Evidence]], sources: Iterable[tuple[str, bool]]
) -> list[Evidence]:
    """Return the evidence of some sources, each once, in their order.

    Each source comes with whether it only implies what it is taken for. The tie of a derived
    statement is its own; a fact is implied where no use of it is stated.
    """
    implied: dict[str, bool] = {}
    for iri, only in sources:
        implied[iri] = only and implied.get(iri, True)
    return [
        replace(one, tie="implied") if only and not one.statement else one
        for iri, only in implied.items()
        for one in evidence.get(iri, ())
    ]


def _nodes(iris: Iterable[str] | None) -> list[NamedNode] | None:
    return None if iris is None else [NamedNode(iri) for iri in dict.fromkeys(iris)]


def _batches(iris: Iterable[str]) -> Iterable[list[NamedNode]]:
    nodes = _nodes(iris) or []
    for first in range(0, len(nodes), _AT_ONCE):
        yield nodes[first : first + _AT_ONCE]
