"""Entities side by side: sections of rows, a cell for each entity, events on one axis."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import url_for

from graph.landscape import Answer, Evidence, Thing
from graph.landscape.compare import Cells
from graph.landscape.dated import Dated
from graph.landscape.evidence import marks
from graph.landscape.figures import Figure
from service.charts.lanes import Event, Lanes
from service.pages.landscape_choices import short_name
from service.pages.landscape_model import FAMILIES, facts_of, family_of
from service.resources.addresses import here_or_there

TITLES = {
    "player": ("Players", "company"),
    "place": ("Places", "region"),
    "therapy": ("Therapies", "therapy"),
    "therapy type": ("Therapy types", "therapy-type"),
    "indication": ("Indications", "indication"),
    "population": ("Populations", "indication"),
    "target": ("Targets", "therapy-type"),
    "role": ("Roles", "company"),
    "event": ("Events", "event"),
    "publisher": ("Publishers", "company"),
    "figure": ("Figures", "statement"),
}
_TOLD = ("stated", "implied")


@dataclass(frozen=True, slots=True)
class CompareCell:
    """What is told of one entity in a row; without `href` nothing is, and `text` says which no."""

    text: str
    href: str = ""
    label: str = ""
    marks: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class CompareRow:
    """A value of an aspect; `about` says more of it, such as what a figure is printed as."""

    label: str
    href: str | None
    about: str
    cells: tuple[CompareCell, ...]


@dataclass(frozen=True, slots=True)
class CompareSection:
    """The rows of an aspect."""

    aspect: str
    title: str
    kind: str
    rows: tuple[CompareRow, ...]


def entities_of(answer: Answer) -> tuple[Thing, ...]:
    """Return what is compared, in order."""
    titles = [one.title for one in answer.columns if one.name.startswith("entity_")]
    iris = answer.understood["entities"]
    return tuple(
        Thing(iri, title, short_name(iri).split("/", maxsplit=1)[0])
        for iri, title in zip(iris, titles, strict=True)
    )


def sections_of(
    answer: Answer, cells: Cells, figures: Mapping[str, Figure], state: Mapping[str, Any]
) -> tuple[CompareSection, ...]:
    """Return the rows of an answer by aspect, in its order."""
    entities = entities_of(answer)
    found = []
    for aspect, rows in groupby(answer.rows, key=lambda row: str(row["aspect"])):
        title, kind = TITLES[aspect]
        made = tuple(_row(row, entities, cells, figures, state) for row in rows)
        found.append(CompareSection(aspect, title, kind, made))
    return tuple(found)


def lanes_of(answer: Answer, cells: Cells, when: Sequence[Dated]) -> Lanes:
    """Return the events of each entity that have a bound, for one axis; the first told each."""
    dates: dict[str, Dated] = {}
    for one in when:
        if one.earliest or one.latest:
            dates.setdefault(one.event.iri, one)
    return tuple(
        (
            entity.label,
            tuple(_event(one) for iri, one in dates.items() if ("event", iri, entity.iri) in cells),
        )
        for entity in entities_of(answer)
    )


def dates_of(when: Sequence[Dated]) -> dict[str, str]:
    """Return the dates of each event as its reports tell them, by the address of its page."""
    found: dict[str, dict[str, None]] = {}
    for one in when:
        found.setdefault(here_or_there(one.event.iri) or "", {})[one.date] = None
    return {href: "; ".join(filter(None, dates)) for href, dates in found.items()}


def conflicts_of(when: Sequence[Dated]) -> list[tuple[str, list[dict[str, str | None]]]]:
    """Return the events that reports date differently, with what each says."""
    ordered = sorted(when, key=lambda one: (one.event.iri, one.report.label))
    found = []
    for _, of in groupby(ordered, key=lambda one: one.event.iri):
        told = list(of)
        if len({one.date for one in told}) > 1:
            rows = [
                {
                    "value": one.date or "not dated",
                    "report": one.report.label,
                    "place": "",
                    "href": here_or_there(one.event.iri),
                }
                for one in told
            ]
            found.append((told[0].event.label, rows))
    return found


def _event(one: Dated) -> Event:
    first, last = (
        datetime.date.fromisoformat(day) if day else None for day in (one.earliest, one.latest)
    )
    told = f"{one.date}: {one.event.label}"
    return Event(one.event.label, told, first, last, here_or_there(one.event.iri) or "#event")


def _row(
    row: Mapping[str, Any],
    entities: Sequence[Thing],
    cells: Cells,
    figures: Mapping[str, Figure],
    state: Mapping[str, Any],
) -> CompareRow:
    value: Thing = row["value"]
    figure = figures.get(value.iri)
    about = " · ".join(filter(None, (figure.kind, figure.value, figure.period))) if figure else ""
    made = []
    for number, entity in enumerate(entities, 1):
        told = row[f"entity_{number}"] or ""
        evidence = cells.get((row["aspect"], value.iri, entity.iri), ())
        made.append(_cell((row["aspect"], value, entity), told, evidence, state))
    return CompareRow(value.label, here_or_there(value.iri), about, tuple(made))


def _cell(
    at: tuple[str, Thing, Thing],
    told: str,
    evidence: Sequence[Evidence],
    state: Mapping[str, Any],
) -> CompareCell:
    aspect, value, entity = at
    if told not in _TOLD or not evidence:
        return CompareCell(told)
    families = {family_of(kind) for kind in marks(evidence)}
    number = len(facts_of(evidence))
    href = url_for(
        "compare_evidence",
        **state,
        aspect=aspect,
        value=short_name(value.iri),
        of=short_name(entity.iri),
    )
    return CompareCell(
        text=told,
        href=href,
        label=f"{told}, {number} {'fact' if number == 1 else 'facts'}: {entity.label},"
        f" {value.label}",
        marks=tuple(name for name in FAMILIES if name in families) if aspect == "place" else (),
        number=number,
    )
