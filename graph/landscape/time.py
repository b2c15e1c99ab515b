"""What happened to an entity and when: events in the order of their first possible day."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.dates import parse_date
from graph.landscape.answers import Answer, Column, Thing
from graph.landscape.asking import Asking, Iri, Row, filled, stored_query
from graph.landscape.completeness import completeness
from graph.landscape.errors import InvalidParameter
from graph.landscape.named import Named, Parameter
from graph.landscape.time_slots import entity_slots, filter_slots
from graph.landscape.why import thing
from ontology.namespaces import KG, XSD
from ontology.terms import terms
from ontology.vocabulary import contract

#: Events in one query for their details; each is one IRI of its text.
_AT_ONCE = 500
#: Kinds of events as choices, with the names of their classes.
KINDS: Mapping[str, str] = {
    re.sub(r"(?<!^)(?=[A-Z])", "-", term.name).lower(): term.name
    for term in terms()
    if KG.Event.value in term.parents
}
_OF_CLASS = {name: kind for kind, name in KINDS.items()}
_DATED, _ENDING, _UNDATED = "dated", "only its last day is known", "undated"
#: How a sentence goes on with what a property leads to, in this order.
_PHRASES = {
    "kg:organisation": "by {}",
    "kg:party": "between {}",
    "kg:applicant": "applicant {}",
    "kg:regulator": "regulator {}",
    "kg:place": "in {}",
    "kg:indication": "for {}",
    "kg:publishedIn": "published in {}",
}
_Details = dict[str, dict[str, Thing]]


def timeline(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    """Return events, those of an entity if one is given, by their first possible day.

    Those without one come last. An event that two reports tell has two rows, each with the date of
    its report. Raises InvalidParameter for a period that ends before it begins, and the errors of
    graph.query.
    """
    first, last = _period(arguments)
    classes = [KINDS[kind] for kind in arguments["kind"] or KINDS]
    reports = [str(report) for report in arguments["report"]]
    query = filled(
        stored_query("timeline"),
        classes=[getattr(KG, name) for name in classes],
        reports=[NamedNode(report) for report in reports] or None,
        **entity_slots(arguments),
        **filter_slots(arguments),
        **{"from": _day(first), "until": _day(last)},
    )
    found = asking.rows(query)
    details = _details(asking, dict.fromkeys(str(row["event"]) for row in found))
    rows = [
        _shown(row, details[str(row["event"]), str(row["report"])], first, last) for row in found
    ]
    return Answer(
        question=TIMELINE.name,
        columns=TIMELINE.columns,
        rows=rows,
        understood=dict(arguments) | {"kind": tuple(arguments["kind"] or KINDS)},
        completeness=completeness(asking, classes, reports),
        sparql=query,
        notes=_notes(rows, bool(first or last)),
    )


def _period(arguments: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The first and the last day of the period as ISO dates."""
    start, end = arguments["from"], arguments["until"]
    first = str(parse_date(start).earliest) if start else None
    last = str(parse_date(end).latest) if end else None
    if first and last and last < first:
        raise InvalidParameter("until", f"{last} lies before the beginning, {first}")
    return first, last


def _day(day: str | None) -> list[Literal] | None:
    return None if day is None else [Literal(day, datatype=XSD.date)]


def _details(asking: Asking, events: Iterable[str]) -> dict[tuple[str, str], _Details]:
    """What a report says of an event, by both: values by property, each as a Thing."""
    found: dict[tuple[str, str], _Details] = {}
    nodes = [NamedNode(event) for event in events]
    for start in range(0, len(nodes), _AT_ONCE):
        some = nodes[start : start + _AT_ONCE]
        for row in asking.rows(filled(stored_query("timeline-details"), events=some)):
            value, name = str(row["value"]), contract(str(row["property"]))
            label = str(
                row.get("label", contract(value) if isinstance(row["value"], Iri) else value)
            )
            of_event = found.setdefault((str(row["event"]), str(row["report"])), {})
            of_event.setdefault(name, {}).setdefault(value, thing(value, label))
    return found


def _shown(row: Row, details: _Details, first: str | None, last: str | None) -> dict[str, Any]:
    kind = contract(str(row["class"])).removeprefix("kg:")
    earliest, latest = row.get("earliest"), row.get("latest")
    dating = _DATED if earliest else _ENDING if latest else _UNDATED
    surely = (first is None or (earliest is not None and str(earliest) >= first)) and (
        last is None or (latest is not None and str(latest) <= last)
    )
    return {
        "dating": dating,
        "date": row.get("date"),
        "precision": row.get("precision"),
        "earliest": earliest,
        "latest": latest,
        "in_period": surely if first or last else None,
        "event": thing(str(row["event"]), str(row["label"])),
        "sentence": _sentence(_OF_CLASS[kind], details),
        "kind": _OF_CLASS[kind],
        "type": _labels(details, "dct:type") or None,
        "organisations": _of_kind(details, "agent"),
        "therapies": _of_kind(details, "therapy"),
        "technologies": _of_kind(details, "technology"),
        "therapy_types": tuple(details.get("kg:therapyType", {}).values()),
        "places": _of_kind(details, "place"),
        "indications": tuple(details.get("kg:indication", {}).values()),
        "implied": tuple(value.label for value in details.get("kg:impliedProperty", {}).values()),
        "report": thing(str(row["report"]), str(row["reportLabel"])),
        "sections": tuple(details.get("kg:statedIn", {}).values()),
        "printed": tuple(value.label for value in details.get("kg:printed", {}).values()),
    }


def _of_kind(details: _Details, kind: str) -> tuple[Thing, ...]:
    values = (value for of_property in details.values() for value in of_property.values())
    found = {value.iri: value for value in values if value.type == kind}
    return tuple(sorted(found.values(), key=lambda value: (value.label, value.iri)))


def _labels(details: _Details, *properties: str) -> str:
    values = [value.label for name in properties for value in details.get(name, {}).values()]
    return ", ".join(dict.fromkeys(values))


def _sentence(kind: str, details: _Details) -> str:
    """The event in words of ours, put together from what the report says."""
    head = _labels(details, "kg:initiative") or _labels(details, "dct:type", "kg:outcome")
    amount = _labels(details, "kg:valueAsPrinted", "sdmx-attribute:unitMeasure").replace(", ", " ")
    what = _labels(details, "kg:launched", "kg:therapy", "kg:technology")
    of = ", ".join(part for part in (what, amount, _labels(details, "kg:assessment")) if part)
    parts = [f"{head or kind.replace('-', ' ')}: {of}" if of else head or kind.replace("-", " ")]
    for name, phrase in _PHRASES.items():
        if told := _labels(details, name):
            parts.append(phrase.format(" and ".join(told.split(", ")) if "party" in name else told))
    return ", ".join(parts)


def _notes(rows: Sequence[Mapping[str, Any]], bounded: bool) -> list[str]:
    notes = []
    if apart := sum(row["dating"] != _DATED for row in rows):
        notes.append(f"{apart} of {len(rows)} rows have no first day and stand last.")
    if bounded and (perhaps := sum(not row["in_period"] for row in rows)):
        notes.append(f"{perhaps} of {len(rows)} rows may lie in the period, and may not.")
    tellings: dict[str, set[Any]] = {}
    for row in rows:
        tellings.setdefault(row["event"].iri, set()).add(row["date"])
    if differing := sum(len(dates) > 1 for dates in tellings.values()):
        notes.append(f"{differing} events are dated differently by different reports.")
    return notes


TIMELINE = Named(
    name="timeline",
    title="What happened, and when?",
    doc=(
        "The events of an organisation, a place, a therapy or a technology, or all of them, in the"
        " order of the first day on which they may have been. Events of which only the last day is"
        " known, and those without a date, stand last."
    ),
    parameters=(
        Parameter(
            "entity",
            "Of what",
            "An organisation, a place, a therapy or a technology; without one, every event.",
            "entity",
            of=("agent", "place", "therapy", "technology"),
        ),
        Parameter("place", "Place", "Only events in this place.", "entity", of=("place",)),
        Parameter(
            *("organisation", "Organisation", "Only events that this organisation takes part in."),
            kind="entity",
            of=("agent",),
        ),
        Parameter(
            "therapy",
            "Therapy or therapy type",
            "Only events that concern this therapy, or this therapy type and what is narrower.",
            "entity",
            of=("therapy", "concept"),
        ),
        Parameter("from", "From", "Leave out what was surely over before this date.", "date"),
        Parameter("until", "Until", "Leave out what surely began after this date.", "date"),
        Parameter(
            "kind",
            "Kind of event",
            "Only events of these kinds.",
            "choice",
            choices=tuple(KINDS),
            many=True,
        ),
        Parameter(
            "subplaces",
            "With places in it",
            "Of a place: events in the places that lie in it too.",
            "boolean",
            default=True,
        ),
        Parameter(
            "level",
            "Level",
            "Of an organisation: its own events, or those of its whole group.",
            "choice",
            choices=("organisation", "group"),
            default="organisation",
        ),
        Parameter(
            "report", "Report", "Only what these reports tell.", "entity", of=("source",), many=True
        ),
    ),
    columns=(
        Column("dating", "Dating", "text", f"{_DATED}, {_ENDING}, or {_UNDATED}."),
        Column(
            "date", "Date", "text", "The date in ISO 8601-2, as precise as the report gives it."
        ),
        Column("precision", "Precision", "text", "How precisely the report gives it."),
        Column("earliest", "First possible day", "date", "Empty where only the end is known."),
        Column("latest", "Last possible day", "date", "Empty where only the beginning is known."),
        Column(
            "in_period",
            "Surely in the period",
            "boolean",
            "False where the bounds of the date leave it open; empty without a period.",
        ),
        Column("event", "Event", "thing", "The event."),
        Column("sentence", "In words", "text", "What happened, put together from what is said."),
        Column("kind", "Kind", "text", "Kind of event."),
        Column("type", "Type", "text", "What exactly it is, within its kind."),
        Column("organisations", "Organisations", "things", "Who takes part, in any role."),
        Column("therapies", "Therapies", "things", "Therapies concerned."),
        Column("technologies", "Technologies", "things", "Technologies concerned."),
        Column("therapy_types", "Therapy types", "things", "Therapy types that it names itself."),
        Column("places", "Places", "things", "Where, as the report names it."),
        Column("indications", "Indications", "things", "Diseases concerned."),
        Column("implied", "Only implied", "texts", "Properties that the report only implies."),
        Column("report", "Report", "thing", "The report that tells it so."),
        Column("sections", "Sections", "things", "Where the report tells it."),
        Column("printed", "As printed", "texts", "The words that this rests on, as printed."),
    ),
    run=timeline,
)

QUESTIONS: tuple[Named, ...] = (TIMELINE,)
