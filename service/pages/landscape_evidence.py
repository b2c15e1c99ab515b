"""What stands behind a cell, a row or a column of the landscape, fact by fact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Response, make_response, render_template

from graph.description.fragment import at_text
from graph.errors import GraphError
from graph.landscape import Answer, Asking, Column, Evidence, Thing
from graph.landscape.grid import Grid
from graph.landscape.matrix import matrix
from graph.landscape.offered import offered
from graph.landscape.tellings import Telling, tellings
from graph.landscape.ties import PlayerPlace
from service.api.lists import list_response
from service.api.paging import OFFSET, read_parameters
from service.api.tables import Table
from service.pages.failing import failed_page
from service.pages.frame import Footnote
from service.pages.landscape import asked, reports_of
from service.pages.landscape_choices import EVIDENCE_PARAMETERS, Choices
from service.pages.landscape_model import facts_of, family_of, sections_of
from service.querypage import for_people, keep_parameters
from service.resources.addresses import here_or_there

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
class Item:
    """One telling of one fact for one tie."""

    tie: PlayerPlace
    evidence: Evidence
    telling: Telling

    @property
    def family(self) -> str:
        """The group of its kind of evidence."""
        return family_of(self.evidence.kind)

    @property
    def href(self) -> str | None:
        """Where the claim is opened."""
        return here_or_there(self.telling.claim.iri)

    @property
    def why(self) -> str | None:
        """Where the derived tie is explained."""
        return here_or_there(self.evidence.statement)

    @property
    def publisher(self) -> str | None:
        """The page of the publisher at these words; None where its address is not known."""
        return at_text(self.telling.address, max(self.telling.printed, key=len, default=""))

    @property
    def row(self) -> Mapping[str, Any]:
        """The item as data."""
        told = self.telling
        return {
            "player": self.tie.player,
            "place": self.tie.place,
            "kind": self.evidence.kind,
            "tie": self.evidence.tie,
            "claim": told.claim,
            "report": told.report,
            "section": told.section,
            "line": told.line,
            "manner": told.manner,
            "printed": told.printed,
            "publisher_page": self.publisher or "",
            "statement": self.evidence.statement,
        }


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
    items = found.items[offset : offset + SHOWN]
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
        items=tuple(_items(chosen, told)),
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


def _items(chosen: list[PlayerPlace], told: Mapping[str, tuple[Telling, ...]]) -> Iterator[Item]:
    for tie in chosen:
        seen = set()
        for evidence in tie.evidence:
            for fact in evidence.facts:
                for telling in told.get(fact, ()):
                    # Two statements of one kind may rest on one mention.
                    if (evidence.kind, telling) not in seen:
                        seen.add((evidence.kind, telling))
                        yield Item(tie, evidence, telling)
