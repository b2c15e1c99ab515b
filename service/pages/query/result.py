"""A result for the page: as a table, and in the other views that it can be shown in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import request
from pyoxigraph import NamedNode

from graph.description import Reading, names_of
from graph.query import Answer, QueryCancelled, QueryError
from ontology.vocabulary import NAMESPACE
from service.bodies import Parameters
from service.evaluation import here, job_within
from service.negotiation import FORMATS, Form
from service.pages.frame import Footnote
from service.pages.query.chart import Chart, chart_of
from service.pages.query.columns import (
    FIRST,
    NONE,
    SECOND,
    VALUE,
    Columns,
    Told,
    for_chart,
    for_matrix,
    for_network,
)
from service.pages.query.matrix import Matrix, matrix_of
from service.pages.query.network import Network, network_of
from service.pages.query.snippets import Snippet, snippets
from service.pages.results import Cell, asked_at, cell_of
from service.results import Rows, Term, is_true, number_columns, read_rows
from service.served import Served
from service.sparql import Call

#: What the address says of the page alone, and no program needs.
OF_THE_PAGE = ("view", FIRST, SECOND, VALUE)
# Rows that a picture is made of, and characters of the answer as it came.
_MOST_ROWS, _MOST_RAW = 10_000, 100_000
_VIEWS = {
    "table": "Table",
    "matrix": "Matrix",
    "chart": "Chart",
    "network": "Network",
    "raw": "Raw",
}
_FIELDS = {
    "matrix": ((FIRST, "Rows"), (SECOND, "Columns"), (VALUE, "Cells")),
    "chart": ((FIRST, "Along"), (SECOND, "Series"), (VALUE, "Height")),
    "network": ((FIRST, "From"), (SECOND, "To")),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field to choose a column with: pairs of value and text, and what is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Result:
    """A result for a page. `boolean` is set for ASK only; `numeric` tells columns of numbers.

    `tabs` are the views that it has: text, address, and whether it is this one. `picture` is what
    the view shows besides rows; `raw` the answer as it came, `used` the rows pictures are made of.
    """

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    total: int
    boolean: bool | None
    downloads: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    milliseconds: float
    view: str
    tabs: tuple[tuple[str, str, bool], ...]
    choices: tuple[Choice, ...]
    picture: Matrix | Chart | Network | None
    raw: str
    used: int
    shares: tuple[tuple[str, str], ...]
    snippets: tuple[Snippet, ...]
    footnote: Footnote

    @property
    def has_names(self) -> bool:
        """Whether something in the table is shown by its name."""
        return any(cell is not None and cell.short for row in self.rows for cell in row)


def result_page(
    served: Served, call: Call, answer: Answer, address: Parameters, milliseconds: float
) -> Result:
    """Return what a page shows of an answer; `address` has the parameters that led to it."""
    boolean, rows = None, Rows((), (), 0)
    if answer.form == "boolean":
        boolean = is_true(answer)
    else:
        rows = read_rows(answer, max(_MOST_ROWS, served.settings.shown_rows))
    offered = views(rows, answer.form)
    wanted = next(iter(address.get("view", ())), "table")
    view = wanted if wanted in offered else "table"
    # The table has fewer rows than pictures may have.
    shown = rows.rows[: served.settings.shown_rows] if view == "table" else rows.rows
    release = next(iter(address.get("release", ())), "")
    told = Told(rows, _names(served, call, shown), served.base, release)
    picture, chosen = _picture(view, told, answer.form, address)
    notices = call.notices + answer.notices
    if wanted != view:
        notices += (f"this result has no view {wanted[:40]!r}; here is the table",)
    return Result(
        columns=rows.columns,
        numeric=tuple(number_columns(rows.rows)) or (False,) * len(rows.columns),
        rows=tuple(
            tuple(cell_of(term, served.base, told.names, release) for term in row) for row in shown
        )
        if view == "table"
        else (),
        total=rows.total,
        boolean=boolean,
        downloads=_downloads(answer, address),
        notices=notices,
        milliseconds=milliseconds,
        view=view,
        tabs=tuple(
            (text, _at(address, view=name), name == view)
            for name, text in _VIEWS.items()
            if name in offered
        ),
        choices=_choices(view, told, answer.form, chosen),
        picture=picture,
        raw=_raw(answer) if view == "raw" else "",
        used=len(rows.rows),
        shares=_shares(served, address),
        snippets=snippets(f"{request.url_root}sparql", call.request.query, address, answer.form),
        footnote=_footnote(rows, answer, address),
    )


def views(rows: Rows, form: str) -> tuple[str, ...]:
    """Return the views that a result has, the table first."""
    if form == "boolean":
        return ("table", "raw")
    told = Told(rows, {}, "")
    found = ["table"]
    if form == "graph":
        found += ["network"] if rows.rows else []
        return (*found, "raw")
    width = len(rows.columns)
    if rows.rows and width > 1:
        found += ["matrix", "chart"]
    elif rows.rows and width:
        found.append("chart")
    if sum(told.linked) > 1:
        found.append("network")
    return (*found, "raw")


def _picture(
    view: str, told: Told, form: str, given: Parameters
) -> tuple[Matrix | Chart | Network | None, Columns | None]:
    match view:
        case "matrix":
            chosen = for_matrix(told, given)
            return matrix_of(told, chosen), chosen
        case "chart":
            chosen = for_chart(told, given)
            return chart_of(told, chosen), chosen
        case "network" if form == "graph":
            return network_of(told, None), None
        case "network":
            chosen = for_network(told, given)
            return network_of(told, chosen), chosen
        case _:
            return None, None


def _choices(view: str, told: Told, form: str, chosen: Columns | None) -> tuple[Choice, ...]:
    if chosen is None or form == "graph":
        return ()
    columns = told.rows.columns
    found = []
    for name, label in _FIELDS[view]:
        at = getattr(chosen, name)
        options = [(column, column) for column in columns]
        if name == VALUE:
            options = [(NONE, "number of rows"), *options]
        elif name == SECOND and view == "chart":
            options = [(NONE, "none"), *options]
        found.append(Choice(name, label, tuple(options), NONE if at is None else columns[at]))
    return tuple(found)


def _names(
    served: Served, call: Call, rows: Iterable[tuple[Term | None, ...]]
) -> Mapping[str, str]:
    """What the things of a result are called; nothing where the engine has no time for that."""
    iris = {term.value for row in rows for term in row if term is not None and term.kind == "iri"}
    # Terms of the vocabulary are what a query calls them.
    nodes = [NamedNode(iri) for iri in sorted(iris) if not iri.startswith(NAMESPACE)]
    if not nodes:
        return {}
    reading = Reading(
        served.engine, served.base, job_within(call.seconds), editions=call.request.editions
    )
    try:
        return names_of(reading, nodes)
    except QueryCancelled:
        raise
    except QueryError:
        here().storable = False  # next time there may be names
        return {}


def _at(address: Parameters, **changed: str) -> str:
    """The address of this page with other parameters; those of a picture do not go on."""
    kept = {name: values for name, values in address.items() if name not in OF_THE_PAGE}
    if changed.get("view") == "table":
        del changed["view"]
    return asked_at({**kept, **{name: [value] for name, value in changed.items()}})


def _downloads(answer: Answer, address: Parameters) -> tuple[tuple[str, str], ...]:
    form: Form = "graph" if answer.form == "graph" else "bindings"
    return tuple(
        (f.title, _at(address, format=f.name)) for f in FORMATS if f.form == form and f.shown
    )


def _shares(served: Served, address: Parameters) -> tuple[tuple[str, str], ...]:
    """The same of this release for ever, and of whichever is the latest, as whole addresses."""
    root = request.url_root.rstrip("/")
    kept = {name: values for name, values in address.items() if name != "release"}
    under = len(request.root_path)
    pinned = {**kept, "release": [served.release.id]}
    return tuple(
        (text, root + asked_at(parameters)[under:])
        for text, parameters in (("This release", pinned), ("Latest release", kept))
    )


def _raw(answer: Answer) -> str:
    text = answer.body.decode(errors="replace")
    return text if len(text) <= _MOST_RAW else f"{text[:_MOST_RAW]}…"


def _footnote(rows: Rows, answer: Answer, address: Parameters) -> Footnote:
    said = [("Editions", "all")] if address.get("editions") == ["all"] else []
    said += [("Graph", graph) for graph in address.get("default-graph-uri", ())]
    if answer.form != "boolean":
        what = "triples" if answer.form == "graph" else "rows"
        said.append(("Result", f"{rows.total:,} {what}"))
    return Footnote(filters=tuple(said))
