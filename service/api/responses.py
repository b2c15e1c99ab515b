"""Answers in the format that a client wants: JSON or CSV, each naming the release."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from graph.query import NotAcceptable
from service.api.encoding import as_json
from service.api.paging import Page
from service.api.tables import write_csv
from service.bodies import Parameters
from service.negotiation import HTML, choose, parse_accept
from service.notices import add_notices
from service.served import served

JSON, CSV = "application/json", "text/csv"
_CSV_TYPE = f"{CSV}; charset=utf-8; header=present"


def wants_csv(given: Parameters, path: str) -> bool:
    """Whether the client wants CSV: by the address, by `format`, or else by `Accept`.

    A browser gets JSON. Raises NotAcceptable.
    """
    if path.endswith(".csv"):
        return True
    if named := [name for name in given.get("format", ()) if name]:
        return named == ["csv"]
    chosen = choose(parse_accept(request.headers.get("Accept")), (JSON, CSV, HTML))
    if chosen is None:
        raise NotAcceptable("bindings", (JSON, CSV))
    return chosen == CSV


def json_response(document: Mapping[str, Any], links: str = "") -> Response:
    """Return a document that begins with the release; `links` is for the header Link."""
    response = Response(as_json({"release": served().release.id, **document}), content_type=JSON)
    if links:
        response.headers.add("Link", links)
    return response


def csv_response(page: Page, name: str, notes: tuple[str, ...] = ()) -> Response:
    """Return the rows of a page as CSV; `name` is that of the file, `notes` go into a header."""
    response = Response(write_csv(page.table), content_type=_CSV_TYPE)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.csv"'
    if page.links:
        response.headers.add("Link", page.links)
    add_notices(response, notes)
    return response


def page_members(page: Page) -> dict[str, Any]:
    """Return the members that every list has, in order."""
    return {
        "columns": page.table.columns,
        "total": page.total,
        "limit": page.limit,
        "offset": page.offset,
        "next": page.next,
        "previous": page.previous,
        "rows": page.table.rows,
    }
