"""The first page: where to begin, and what there is at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import current_app, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from graph.description import schema_org_json
from graph.errors import GraphError
from graph.landscape import read_arguments
from graph.landscape.grid import evidence_of
from graph.landscape.matrix import matrix
from ontology.terms import terms
from ontology.vocabulary import NAMESPACE
from service.api.answering import steps_of
from service.api.naming import resolver
from service.evaluation import here
from service.pages.changes import last_step
from service.pages.frame import Footnote
from service.pages.landscape_choices import PARAMETERS, Choices
from service.pages.landscape_model import LEVELS, Cell, Model, model_of, sections_of
from service.pages.results import FINDINGS
from service.pages.saving import savable
from service.pages.snippets import snippets
from service.querypage import keep_parameters
from service.resources.home import home_document
from service.served import Served, served

_QUESTIONS = 3
_FINDINGS = 3
_ROWS, _COLUMNS = 8, 8
_MOST = 500  # rows that are looked at
_PATIENCE = {"timeout": ["10"]}  # seconds: nobody waits longer for a page to begin with
_KINDS = (
    *("Organisation", "Therapy", "Technology", "Place", "Event", "RegulatoryEvent", "Launch"),
    *("Deal", "Initiative", "MarketFigure", "GrowthRate", "MarketShare", "Claim", "Mention"),
    *("DerivedStatement", "Finding", "Forecast"),
)
#: Where each number of the landscape has its evidence: without it, there is no matrix here.
_EVIDENCE = "landscape_evidence"


@dataclass(frozen=True, slots=True)
class Top:
    """A part of the landscape: the places with most players, and the players with most ties there.

    `players` and `places` are how many there are in all, at `address`.
    """

    model: Model
    players: int
    places: int
    address: str
    footnote: Footnote


@savable
def home() -> AnyResponse | str:
    """The first page for people."""
    keep_parameters({})
    now = served()
    top, failed = _top_or_not()
    here().storable = not failed
    questions = [one for one in now.examples if one.id != FINDINGS]
    return render_template(
        "index.html",
        top=top,
        failed=failed,
        levels=LEVELS,
        reports=now.reports,
        figure_pages=now.figure_pages,
        superseded=now.superseded,
        counts=now.counts,
        kinds=_kinds(now),
        questions=questions[:_QUESTIONS],
        more_questions=len(now.examples) if len(now.examples) > _QUESTIONS else 0,
        findings=now.findings[:_FINDINGS],
        more_findings=max(len(now.findings) - _FINDINGS, 0),
        findings_query=next((one.query for one in now.examples if one.id == FINDINGS), ""),
        step=last_step(),
        snippets=snippets(request.url_root)[:_QUESTIONS],
        endpoint=f"{request.url_root}sparql",
        schema=schema_org_json(home_document(now, request.url_root)),
    )


def _top_or_not() -> tuple[Top | None, bool]:
    """The matrix, or that it could not be had now: the rest of the page does not wait for it."""
    if _EVIDENCE not in current_app.view_functions:
        return None, False
    try:
        return _top(), False
    except GraphError as error:
        here().log["problem"] = type(error).__name__
        return None, True


def _top() -> Top | None:
    steps = steps_of(_PATIENCE)
    chosen = read_arguments(PARAMETERS, {}, resolver(lambda: served().search))
    choices = Choices(chosen | {"rows": "group"})
    grid, answer = matrix(steps.asking(served().base), choices.arguments)
    whole = model_of(grid, choices, 0, _MOST)
    if not whole.rows:
        return None
    footnote = Footnote(
        reports=len(answer.completeness),
        sections=sections_of(evidence_of(grid.found.ties)),
        filters=choices.filters({}),
    )
    return Top(
        model=_upper_left(whole),
        players=whole.total,
        places=len(whole.columns),
        address=choices.address("landscape"),
        footnote=footnote,
    )


def _upper_left(whole: Model) -> Model:
    """The columns that have most players, and the rows that have most in these columns.

    What is equal stays in the order of the landscape, so that the same data give the same picture.
    """
    order = sorted(range(len(whole.columns)), key=lambda at: -whole.columns[at].number)
    chosen = order[:_COLUMNS]
    rows = [
        replace(row, cells=tuple(row.cells[at] for at in chosen), unnamed=()) for row in whole.rows
    ]
    rows.sort(key=lambda row: (-_filled(row.cells), -sum(cell.number for cell in row.cells)))
    columns = tuple(whole.columns[at] for at in chosen)
    return replace(whole, columns=columns, rows=tuple(rows[:_ROWS]))


def _filled(cells: Iterable[Cell]) -> int:
    return sum(cell.number > 0 for cell in cells)


def _kinds(now: Served) -> list[tuple[str, str, str, int]]:
    """Name in code, IRI, name in words and count of the kinds of things that readers ask for."""
    names = {term.iri: term.label for term in terms()}
    counts = now.counts["classes"]
    found = ((f"{NAMESPACE}{name}", name) for name in _KINDS)
    return [(f"kg:{n}", iri, names.get(iri, n), counts[iri]) for iri, n in found if iri in counts]
