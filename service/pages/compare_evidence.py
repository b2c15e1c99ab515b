"""What stands behind a cell of the comparison, telling by telling."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, url_for

from graph.errors import GraphError
from graph.landscape import Answer, Asking, Column, Parameter
from service.api.lists import list_response
from service.api.tables import Table
from service.pages.compare import ENTITIES, OWN, answer_to, asked, of_list, state_of, told_of
from service.pages.compare_model import TITLES, entities_of
from service.pages.failing import failed_page
from service.pages.frame import Footnote
from service.pages.landscape_choices import short_name
from service.pages.landscape_tellings import Told
from service.pages.saving import savable
from service.querypage import for_people, keep_parameters

_BEHIND = (
    *OWN,
    Parameter("aspect", "Aspect", "Of which rows.", "choice", choices=tuple(TITLES)),
    # Events and figures have no names to be found by: these are the ends of their IRIs, compared.
    Parameter("value", "What", "In which row, as `kind/slug`.", "text"),
    Parameter("of", "Of", "Of which entity.", "entity", of=ENTITIES.of),
)
_COLUMNS = (
    Column("claim", "Claim", "thing", "What is told, and the claim that tells it."),
    Column("report", "Report", "thing", "The report that tells it."),
    Column("section", "Section", "text", "The section of the report."),
    Column("line", "Line", "integer", "The line of the section; 0 is its heading."),
    Column("manner", "Manner", "text", "Stated, estimated, projected, opinion …"),
    Column("printed", "As printed", "texts", "Words of the report."),
    Column("publisher_page", "Publisher's page", "text", "Where the publisher has it, if known."),
)


@dataclass(frozen=True, slots=True)
class _Behind:
    """A request as it was read, and what is told of that."""

    values: Mapping[str, Any]
    state: Mapping[str, Any]
    answer: Answer
    items: tuple[Told, ...]


@savable
def compare_evidence() -> Response:
    """The evidence behind a cell: a page for people, data for programs."""
    keep_parameters({})
    if not for_people():
        return compare_evidence_data()
    try:
        read, _ = asked("compare-evidence", _BEHIND, _behind)
    except GraphError as error:
        return failed_page("compare_evidence.html", error)
    things = [*(row["value"] for row in read.answer.rows), *entities_of(read.answer)]
    names = {short_name(one.iri): one.label for one in things}
    parts = [names.get(read.state.get(name, ""), "") for name in ("of", "value")]
    return make_response(
        render_template(
            "compare_evidence.html",
            failure=None,
            items=read.items,
            title=", ".join(filter(None, parts)) or "Evidence",
            back=url_for("compare", **_only(read.state, "ids", "level")),
            state=read.state,
            footnote=Footnote(
                reports=len({item.telling.report.iri for item in read.items}),
                sections=len({(i.telling.report.iri, i.telling.section) for i in read.items}),
            ),
        )
    )


def compare_evidence_data() -> Response:
    """The same as JSON or CSV."""
    read, shared = asked("compare-evidence", _BEHIND, _behind)
    return list_response(
        Table(_COLUMNS, [item.row for item in read.items]),
        of_list(shared),
        "compare-evidence",
        head={"understood": read.values},
        tail={"completeness": read.answer.completeness, "notes": read.answer.notes},
    )


def _only(state: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: state[name] for name in (*names, "editions") if name in state}


def _behind(asking: Asking, values: Mapping[str, Any]) -> _Behind:
    answer, cells = answer_to(asking, values)
    wanted = (values["aspect"], values["value"], values["of"] and short_name(values["of"]))
    evidence = [
        one
        for (aspect, value, entity), of in cells.items()
        if all(
            wish in (None, had)
            for wish, had in zip(
                wanted, (aspect, short_name(value), short_name(entity)), strict=True
            )
        )
        for one in of
    ]
    found = told_of(asking, evidence)
    return _Behind(values, state_of(asking, values), answer, found)
