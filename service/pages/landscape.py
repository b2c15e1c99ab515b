"""Who is active where: the matrix of players and places, and the evidence behind each cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import Response, make_response, render_template, request

from graph.errors import GraphError
from graph.landscape import Answer, Asking, Parameter
from graph.landscape.grid import Grid, evidence_of
from graph.landscape.matrix import MATRIX, matrix
from graph.landscape.offered import offered
from graph.landscape.tellings import Telling, tellings
from service.api.answering import having, steps_of
from service.api.lists import list_response
from service.api.paging import OFFSET, SHARED, SORT, read_parameters, split
from service.api.questions import after_rows, before_rows, links_of
from service.api.tables import Table
from service.bodies import Parameters, read_query_string
from service.charts.matrix import matrix_chart
from service.pages.failing import failed_page
from service.pages.frame import Footnote
from service.pages.landscape_choices import (
    COLUMNS,
    PARAMETERS,
    Choices,
    definition_options,
    options,
)
from service.pages.landscape_model import (
    LEVELS,
    Model,
    facts_of,
    in_order,
    model_of,
    sections_of,
)
from service.pages.landscape_picture import blank, picture_of
from service.pages.landscape_tellings import within
from service.pages.saving import savable, saving
from service.querypage import for_people, keep_parameters

SHOWN = 100
"""Rows on a page; data are complete, and so is the page as a file."""
_ALL = 10_000
MOST_COLUMNS = 60
_SHARED = tuple(one for one in SHARED if one is not SORT)
_WIDTHS = {"wide": 1160, "narrow": 360}
_WIDTH = Parameter(
    *("width", "Width", "For a page, or for a phone."),
    kind="choice",
    choices=tuple(_WIDTHS),
    default="wide",
)
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Read:
    """A request as it was read: what was chosen, and the answer to that."""

    choices: Choices
    grid: Grid
    answer: Answer
    names: Mapping[str, str]
    fields: Mapping[str, Any]
    told: Mapping[str, tuple[Telling, ...]]


@savable
def landscape() -> Response:
    """The matrix: a page for people, the same as data for programs."""
    keep_parameters({})
    if not for_people():
        return landscape_data()
    try:
        read, shared = asked("landscape", PARAMETERS, _read)
    except GraphError as error:
        return failed_page("landscape.html", error)
    offset = read_parameters(shared, (OFFSET,))["offset"]
    model = model_of(read.grid, read.choices, offset, _ALL if saving() else SHOWN)
    return make_response(render_template("landscape.html", **_values(read, model, offset)))


def landscape_data() -> Response:
    """The same as JSON or CSV: what the question `matrix` answers, in the order of the page."""
    read, shared = asked("landscape", PARAMETERS, _read)
    answer = replace(read.answer, rows=in_order(read.answer, read.grid, read.choices))
    links = links_of(MATRIX, answer, {}, read.choices.editions)["links"]  # type: ignore[arg-type]
    links["csv"] = read.choices.address("landscape_csv")
    return list_response(
        Table.of(answer),
        {name: values for name, values in shared.items() if name != "editions"},
        "landscape",
        head=before_rows(MATRIX, answer),
        tail={**after_rows(answer), "links": links},
        notes=tuple(answer.notes),
    )


def landscape_svg() -> Response:
    """The matrix as a picture that can be kept, for a page or for a phone."""

    def drawn(asking: Asking, values: Mapping[str, Any], editions: str) -> str:
        read = _read(asking, values, editions)
        model = model_of(read.grid, read.choices, 0, SHOWN)
        picture = picture_of(model, read.choices, _footnote(read), reports_of(read.answer))
        return matrix_chart(picture, _WIDTHS[values["width"]])

    chart, _ = asked("landscape", (*PARAMETERS, _WIDTH), drawn)
    response = Response(chart, content_type="image/svg+xml")
    response.headers["Content-Disposition"] = 'inline; filename="landscape.svg"'
    # It has a style of its own and nothing else; the policy of pages has no place for that.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def asked(
    name: str,
    parameters: tuple[Parameter, ...],
    make: Callable[[Asking, Mapping[str, Any], str], _Made],
) -> tuple[_Made, Parameters]:
    """Return what is made of the request, and what it says that every list takes.

    A field that was left empty counts as one that is not there. Raises InvalidParameter and what
    the question raises besides.
    """
    given = keep_parameters(_filled(read_query_string(request)))
    own, shared = split(given, parameters, _SHARED)
    steps = steps_of(shared)
    made = having(
        name, parameters, own, steps, lambda asking, values: make(asking, values, steps.editions)
    )
    return made, shared


def reports_of(answer: Answer) -> int:
    """Return how many reports were asked."""
    return len(answer.completeness)


def _filled(given: Parameters) -> dict[str, list[str]]:
    kept = {name: [value for value in values if value] for name, values in given.items()}
    return {name: values for name, values in kept.items() if values}


def _read(asking: Asking, values: Mapping[str, Any], editions: str) -> Read:
    choices = Choices(values, editions)
    grid, answer = matrix(asking, choices.arguments)
    fields = offered(asking)
    names = {one.iri: one.label for of in fields.values() for one in of}
    facts = facts_of(evidence_of(grid.found.ties)) if saving() else ()
    told = tellings(asking, facts, choices.arguments["report"])
    return Read(choices, grid, answer, names, fields, told)


def _footnote(read: Read) -> Footnote:
    return Footnote(
        reports=reports_of(read.answer),
        sections=sections_of(evidence_of(read.grid.found.ties)),
        filters=read.choices.filters(read.names),
    )


def _values(read: Read, model: Model, offset: int) -> dict[str, Any]:
    """Return what the template is given."""
    links = links_of(MATRIX, read.answer, {}, read.choices.editions)["links"]  # type: ignore[arg-type]
    model, behind = within(model, read.grid.found.ties, read.told) if saving() else (model, ())
    return {
        "failure": None,
        "behind": behind,
        "choices": read.choices,
        "model": model,
        "answer": read.answer,
        "footnote": _footnote(read),
        "reports": reports_of(read.answer),
        "levels": LEVELS,
        "blank": blank(reports_of(read.answer)),
        "offset": offset,
        "shown": SHOWN,
        "too_wide": len(model.columns) > MOST_COLUMNS,
        "query": links.get("sparql", ""),
        "fields": {
            "show": definition_options(),
            "cols": [(name, title) for name, (title, _) in COLUMNS.items()],
            "therapy": options(read.fields["therapy"], "All therapy types"),
            "indication": options(read.fields["indication"], "All indications"),
            "role": options(read.fields["role"], "All types"),
            "report": options(read.fields["report"], "All reports"),
        },
    }
