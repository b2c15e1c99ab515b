"""What stands behind a cell, a row or a column of the landscape, fact by fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Response, make_response, render_template

from graph.errors import GraphError
from graph.landscape import Answer, Asking, Column, Thing
from graph.landscape.grid import Grid
from graph.landscape.matrix import matrix
from graph.landscape.offered import offered
from graph.landscape.tellings import tellings
from graph.landscape.ties import PlayerPlace
from service.api.lists import list_response
from service.api.paging import OFFSET, read_parameters
from service.api.tables import Table
from service.pages.failing import failed_page
from service.pages.frame import Footnote
from service.pages.landscape import asked, reports_of
from service.pages.landscape_choices import EVIDENCE_PARAMETERS, Choices
from service.pages.landscape_model import facts_of, sections_of
from service.pages.landscape_tellings import Item, items_of
from service.pages.saving import savable, saving
from service.querypage import for_people, keep_parameters

SHOWN = 100
_COLUMNS = (
    Column("player", "Player", "thing", "The organisation or the group."),
    Column("place", "Place", "thing", "The place that the report names."),
    Column("kind", "Evidence", "text", "The kind of evidence."),
    Column("tie", "Tie", "text", "Stated, or only implied."),
    Column("claim", "Claim", "thing", "What is told, and the claim that tells it."),
    Column("report", "Report", "thing", "The report that tells it."),
    Column("section", "Section", "text", "The section of the report."),
    Column("line", "Line", "integer", "The line of the section; 0 is its heading."),
    Column("manner", "Manner", "text", "Stated, estimated, projected, opinion …"),
    Column("printed", "As printed", "texts", "Words of the report."),
    Column("publisher_page", "Publisher's page", "text", "Where the publisher has it, if known."),
    Column("statement", "Statement", "text", "The derived statement: its page says why."),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """What was asked for: evidence of a player, in a column, or of all."""

    choices: Choices
    answer: Answer
    items: tuple[Item, ...]
    player: Thing | None
    place: str
    facts: int
    sections: int
    names: Mapping[str, str]


@savable
def landscape_evidence() -> Response:
    """The evidence behind a part of the matrix: a page for people, data for programs."""
    keep_parameters({})
    if not for_people():
        return landscape_evidence_data()
    try:
        found, shared = asked("landscape-evidence", EVIDENCE_PARAMETERS, _behind)
    except GraphError as error:
        return failed_page("landscape_evidence.html", error)
    offset = read_parameters(shared, (OFFSET,))["offset"]
    footnote = Footnote(
        reports=reports_of(found.answer),
        sections=found.sections,
        filters=found.choices.filters(found.names),
    )
    items = found.items if saving() else found.items[offset : offset + SHOWN]
    page = render_template(
        "landscape_evidence.html",
        failure=None,
        found=found,
        items=items,
        groups=[(tie, list(of)) for tie, of in groupby(items, key=lambda item: item.tie)],
        offset=offset,
        shown=SHOWN,
        footnote=footnote,
    )
    return make_response(page)


def landscape_evidence_data() -> Response:
    """The same as JSON or CSV."""
    found, shared = asked("landscape-evidence", EVIDENCE_PARAMETERS, _behind)
    return list_response(
        Table(_COLUMNS, [item.row for item in found.items]),
        {name: values for name, values in shared.items() if name != "editions"},
        "landscape-evidence",
        head={"understood": found.answer.understood},
        tail={"completeness": found.answer.completeness, "notes": found.answer.notes},
    )


def _behind(asking: Asking, values: Mapping[str, Any], editions: str) -> Behind:
    choices = Choices({**values, "sort": "total"}, editions)
    grid, answer = matrix(asking, choices.arguments)
    chosen = _chosen(grid, values.get("at"))
    evidence = [one for tie in chosen for one in tie.evidence]
    told = tellings(asking, facts_of(evidence), choices.arguments["report"])
    place = grid.place(values["at"]) if values.get("at") else None
    return Behind(
        choices=choices,
        answer=answer,
        items=tuple(items_of(chosen, told)),
        player=next((tie.player for tie in chosen), None) if values.get("player") else None,
        place=grid.titles[place] if place else "",
        facts=len(facts_of(evidence)),
        sections=sections_of(evidence),
        names={one.iri: one.label for of in offered(asking).values() for one in of},
    )


def _chosen(grid: Grid, at: str | None) -> list[PlayerPlace]:
    if at is None:
        return list(grid.found.ties)
    place = grid.place(at)
    return grid.within(place) if place else []
