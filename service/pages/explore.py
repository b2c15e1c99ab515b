"""Explore: one selection of ties as lanes, as a network, and as a table; the same as data."""

from typing import Any

from flask import Response, make_response, render_template, request

from graph.errors import GraphError
from graph.landscape import Column, Thing
from graph.landscape.lanes import LANES
from service.api.answering import steps_of
from service.api.network import GRAPHML
from service.api.questions import address_of, after_rows
from service.api.responses import CSV, json_response
from service.api.tables import Table, write_csv
from service.bodies import read_query_string
from service.charts.footnote import with_footnote
from service.evaluation import here, note
from service.explore.drawing import GROUND, INK2
from service.explore.state import State, read_state
from service.pages.explore_model import MOST_ROWS, Selection, selection_of
from service.pages.failing import failed_page
from service.pages.network_view import page_of
from service.pages.saving import savable
from service.querypage import for_people, keep_parameters
from service.served import served

_PICTURE = "image/svg+xml"
_BY_NAME = {column.name: column for column in LANES.columns}
_TIES = (
    _BY_NAME["start"],
    Column("relation", "Relation", "text", "What the first is to the second."),
    *(_BY_NAME[name] for name in ("end", "tie", "evidence")),
)


@savable
def explore() -> Response:
    """The selection: a page for people, the same as data for programs."""
    keep_parameters({})
    if not for_people():
        return explore_json()
    try:
        found = _asked()
    except GraphError as error:
        return failed_page("explore.html", error)
    shown = found.shown
    number = {id(row): at for at, row in enumerate(found.rows, 1)}
    return make_response(
        render_template(
            "explore.html",
            failure=None,
            found=found,
            state=found.state,
            fields=found.fields(),
            lanes=found.lanes if found.state.view == "lanes" else None,
            rows=shown[:MOST_ROWS],
            number=len(shown),
            numbers=[number[id(row)] for row in shown[:MOST_ROWS]],
            footnote=found.footnote,
            page_of=page_of,
            question=address_of(LANES.name, _of_question(found.state)),
        )
    )


def explore_json() -> Response:
    """The ties of the selection, or the network with its places, as JSON."""
    found = _asked()
    if found.network is not None:
        return json_response({"understood": found.state.query(), **found.network.document()})
    return json_response(
        {
            "question": LANES.name,
            "understood": {**found.answer.understood, "focus": found.state.focus or None},
            "columns": found.answer.columns,
            "total": len(found.shown),
            "rows": found.shown,
            **after_rows(found.answer),
        }
    )


def explore_csv() -> Response:
    """The ties as CSV: those of the network, where that is the view."""
    found = _asked()
    if found.network is not None:
        rows = [
            {
                "start": Thing(tie.start.iri, tie.start.label, tie.start.what),
                "relation": tie.words,
                "end": Thing(tie.end.iri, tie.end.label, tie.end.what),
                "tie": "stated" if tie.stated else "implied",
                "evidence": tie.evidence,
            }
            for tie in found.network.network.ties
        ]
        table = Table(_TIES, rows)
    else:
        table = Table(tuple(found.answer.columns), found.shown)
    response = Response(write_csv(table), content_type=f"{CSV}; charset=utf-8; header=present")
    return _named(response, "explore.csv")


def explore_svg() -> Response:
    """The picture as a file: the network where that is the view, else the lanes."""
    found = _asked()
    drawn = found.network.svg if found.network is not None else found.svg(found.lanes)
    # As text: `Markup` would escape what is put into it.
    whole = str(drawn).replace('href="/', f'href="{request.host_url}')
    line = " · ".join(found.footnote.parts())
    whole = with_footnote(whole, line, ink=INK2, ground=GROUND)
    return _named(Response(whole, content_type=_PICTURE), "explore.svg")


def explore_graphml() -> Response:
    """What the picture shows as GraphML, with places."""
    from graph.network.exchange import to_graphml  # noqa: PLC0415 - brings networkx

    found = _asked(view="network")
    assert found.network is not None
    response = Response(to_graphml(found.network.exchanged()), content_type=GRAPHML)
    return _named(response, "explore.graphml")


def _asked(**changes: Any) -> Selection:
    """Return what the address selects. Raises InvalidParameter and the errors of graph.query."""
    given = {
        name: kept
        for name, values in read_query_string(request).items()
        if (kept := [value for value in values if value])
    }
    shared: dict[str, list[str]] = {
        name: given.pop(name) for name in ("timeout", "editions") if name in given
    }
    keep_parameters(given)
    steps = steps_of(shared)
    state = read_state(given)
    if changes:
        state = State({**state.values, **changes}, state.columns, state.pins)
    note("question", f"explore {request.query_string.decode('ascii', 'replace')}")
    found = selection_of(steps.asking(served().base), state)
    here().storable = steps.repeatable
    return found


def _of_question(state: State) -> dict[str, list[str]]:
    """The parameters of the question that the selection is the answer to."""
    query = state.query()
    names = ("therapy", "place", "tie", "active", "report")
    chosen = {name: query[name] for name in names if name in query}
    if "region" not in state.columns:
        chosen.pop("place", None)
    listed = {name: one if isinstance(one, list) else [one] for name, one in chosen.items()}
    return {"columns": list(state.columns), **listed}


def _named(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
