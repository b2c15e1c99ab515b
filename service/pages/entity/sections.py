"""What stands on the page of a thing besides its tables of facts: events, ties, derived facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from graph.description import Description, Reading
from graph.description.facts import Fact, facts_of
from graph.landscape import Answer, Evidence, Thing
from ontology.namespaces import KG, RDF
from ontology.vocabulary import contract
from service.api.asking import Steps
from service.pages.dates import date_in_words
from service.pages.entity.asking import Given, answer_on
from service.pages.entity.picture import Picture, events_in, picture
from service.pages.entity.rows import SHOWN, Link, Row, Stated, Table, stated_by
from service.resources.addresses import here_or_there

_WIDE, _NARROW = 960, 340
_SECTIONS = 2  # that a cell names; it says how many more there are


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events of a thing: a picture in two widths, and the same as a table."""

    wide: Picture | None
    narrow: Picture | None
    table: Table
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """A direct edge that a rule derived: `derived` are the statements that say why."""

    text: str
    thing: Link
    whys: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class NamedIn:
    """Sections of a report in which the thing is called by name."""

    report: Link
    sections: tuple[Link, ...]


def timeline(steps: Steps, reading: Reading, node: str) -> Timeline | None:
    """Return the events of a thing; None where there are none. Raises the errors of graph.query."""
    given = {"entity": [node]}
    answer = answer_on(steps, "timeline", given)
    if answer is None or not answer.rows:
        return None
    shown = answer.rows[:SHOWN]
    facts = facts_of(reading, (row["event"].iri for row in shown))
    rows = tuple(_event(row, facts.get(row["event"].iri)) for row in shown)
    hrefs = {row["event"].iri: here_or_there(row["event"].iri) for row in answer.rows}
    events = events_in(answer.rows, hrefs)
    number = len(answer.rows)
    table = Table(
        *("_events", "Events", ""),
        ("What happened", ("Date", "date"), "Who"),
        rows,
        number,
        _more("timeline", given) if number > SHOWN else None,
    )
    return Timeline(picture(events, _WIDE), picture(events, _NARROW), table, tuple(answer.notes))


def places_of(steps: Steps, node: str) -> Table | None:
    """Return the ties of an organisation to places, stated ones first."""
    given = {"player": [node], "active": ["any-tie"]}
    title, lead = "Ties by place", "A tie is there only where a report states or implies it."
    return _ties(steps, "places-of", given, "place", ("_ties", title, lead, "Place"))


def players_in(steps: Steps, given: Given, title: str) -> Table | None:
    """Return the players that have a tie, stated ones first; by what `given` says."""
    lead = "What reports state, then what they only imply. Being listed in a report is no tie."
    given = given | {"active": ["any-tie"]}
    return _ties(steps, "players-in", given, "player", ("_players", title, lead, "Player"))


def findings(steps: Steps, market: str) -> Table | None:
    """Return what was computed from the figures of a market."""
    given = {"market": [market]}
    answer = answer_on(steps, "findings", given)
    if answer is None or not answer.rows:
        return None
    rows = tuple(
        Row(
            ((Link(row["text"], here_or_there(row["finding"].iri)),), (Link(row["title"]),)),
            tuple(
                Stated(report.label, "", None, here_or_there(report.iri), None, "")
                for report in row["reports"]
            ),
            row["finding"].iri,
            row["text"],
            why=here_or_there(row["finding"].iri),
        )
        for row in answer.rows[:SHOWN]
    )
    lead = "Computed from printed figures, and corrected nowhere."
    number = len(answer.rows)
    more = _more("findings", given) if number > SHOWN else None
    columns = ("Finding", "Verdict")
    return Table("_findings", "Do the figures fit?", lead, columns, rows, number, more)


def edges(
    description: Description, names: Mapping[str, str], skip: tuple[str, ...] = ()
) -> tuple[Edge, ...]:
    """Return the derived edges from and to a thing, but for those that other sections show.

    `skip` are properties by contracted name.
    """
    node, found = description.node, []
    for edge, behind in description.derived.items():
        name = contract(edge.predicate.value)
        if name in ("kg:namedIn", "kg:listedIn", *skip):
            continue
        outward = edge.subject == node
        other = edge.object if outward else edge.subject
        iri = str(getattr(other, "value", other))
        called = names.get(edge.predicate.value, name)
        text = called if outward else f"{called} (the other way round)"
        thing = Link(names.get(iri, iri), here_or_there(iri))
        whys = (Link(names.get(one.value, ""), here_or_there(one.value)) for one in behind)
        found.append(Edge(text, thing, tuple(whys)))
    return tuple(sorted(found, key=lambda edge: (edge.text, edge.thing.text)))


def named_in(description: Description, names: Mapping[str, str]) -> tuple[NamedIn, ...]:
    """Return in which sections of which reports a thing is called by name."""
    found: dict[str, list[Link]] = {}
    for triple in description.of(description.node):
        if triple.predicate == KG.namedIn:
            iri = str(getattr(triple.object, "value", ""))
            link = Link(names.get(iri, iri.partition("#")[2]), here_or_there(iri))
            found.setdefault(iri.partition("#")[0], []).append(link)
    return tuple(
        NamedIn(Link(names.get(report, report), here_or_there(report)), tuple(sections))
        for report, sections in sorted(found.items())
    )


def same_as(description: Description, names: Mapping[str, str]) -> tuple[Link, ...]:
    """Return the confirmed links outward, each by what the other side calls the thing."""
    found = []
    for node in description.fragments:
        if KG.OutwardLink not in description.values(node, RDF.type):
            continue
        status = [value.value for value in description.values(node, KG.linkStatus)]
        targets = description.values(node, RDF.object)
        if not status or not status[0].endswith("/link-confirmed") or not targets:
            continue
        iri = targets[0].value
        label = next((v.value for v in description.values(node, KG.labelThere)), names.get(iri, ""))
        found.append(Link(_dataset(iri, label), here_or_there(iri)))
    return tuple(dict.fromkeys(found))


def why_sets(steps: Steps, statement: str) -> Answer | None:
    """Return the sets of claims that suffice for the edge of a derived statement."""
    return answer_on(steps, "why", {"statement": [statement]})


def _dataset(iri: str, label: str) -> str:
    """The other dataset by its host, and what it calls the thing."""
    host = iri.partition("://")[2].partition("/")[0].removeprefix("www.")
    return f"{label} ({host})" if label else host


def _event(row: Mapping[str, Any], fact: Fact | None) -> Row:
    iri = row["event"].iri
    who = _links((*row["organisations"], *row["therapies"], *row["technologies"]))
    date = date_in_words(str(row["date"])) if row["date"] else row["dating"]
    told = stated_by(fact) if fact else ()
    # Of what several reports tell, each has its own row and its own date.
    of_report = tuple(one for one in told if one.report == row["report"].label) or told
    return Row(
        (
            (Link(row["sentence"], here_or_there(iri)),),
            (Link(str(date)),),
            who,
        ),
        of_report,
        iri,
        row["sentence"],
    )


def _ties(
    steps: Steps, question: str, given: Given, what: str, words: tuple[str, str, str, str]
) -> Table | None:
    answer = answer_on(steps, question, given)
    if answer is None or not answer.rows:
        return None
    ordered = sorted(answer.rows, key=lambda row: (row["tie"] != "stated", row[what].label))
    anchor, title, lead, head = words
    # Where all ties are to the place itself, a column would say nothing.
    own = (
        {*given.get("place", ()), ordered[0]["place"].iri} if len(given.get("place", ())) else None
    )
    with_place = what == "player" and {row["place"].iri for row in ordered} != own
    columns = (head, *(("Place",) if with_place else ()), "Tie", "Evidence")
    rows = tuple(_tie(row, what, with_place=with_place) for row in ordered[:SHOWN])
    more = _more(question, given) if len(ordered) > SHOWN else None
    return Table(anchor, title, lead, columns, rows, len(ordered), more)


def _tie(row: Mapping[str, Any], what: str, *, with_place: bool) -> Row:
    thing = row[what]
    kinds: dict[str, Evidence] = {}
    for one in row["evidence"]:
        if one.kind not in kinds or one.tie == "stated":
            kinds[one.kind] = one
    marks = tuple(
        Link(f"{kind} ({one.tie})", here_or_there(one.statement) if one.statement else None)
        for kind, one in sorted(kinds.items())
    )
    place = (_links((row["place"],)),) if with_place else ()
    stated = _by_report(row["evidence"])
    cells = (_links((thing,)), *place, (Link(row["tie"]),), marks)
    first = row["evidence"][0].statement if row["evidence"] else thing.iri
    about = f"{row['player'].label}, {row['place'].label}"
    return Row(cells, stated, first, about, why=here_or_there(first))


def _by_report(evidence: Iterable[Evidence]) -> tuple[Stated, ...]:
    """Who states a tie: each report once, with the first of its facts and its first sections."""
    found: dict[str, list[Evidence]] = {}
    for one in evidence:
        found.setdefault(one.report.label, []).append(one)
    told = []
    for report, of in found.items():
        facts = [fact for one in of for fact in one.facts]
        parts = list(dict.fromkeys(section for one in of for section in one.sections))
        href = here_or_there(facts[0]) if facts else None
        more = max(0, len(parts) - _SECTIONS)
        told.append(Stated(report, ", ".join(parts[:_SECTIONS]), None, href, None, "", more))
    return tuple(told)


def _links(things: Iterable[Thing]) -> tuple[Link, ...]:
    return tuple(Link(thing.label, here_or_there(thing.iri)) for thing in things)


def _more(question: str, given: Given) -> str:
    parameters: dict[str, Any] = {name: values for name, values in given.items() if values}
    return url_for("asked_csv", name=question, **parameters)
