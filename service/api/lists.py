"""Lists over HTTP: read what the client wants, make the table, give the part of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request

from graph.landscape import Parameter
from service.api.paging import (
    TIMEOUT,
    page_of,
    read_editions,
    read_seconds,
    read_wish,
    shared_with,
    split,
)
from service.api.responses import csv_response, json_response, page_members, wants_csv
from service.api.tables import Table
from service.bodies import Parameters, read_query_string
from service.evaluation import here
from service.querypage import keep_parameters

LISTED = tuple(parameter for parameter in shared_with(()) if parameter is not TIMEOUT)
"""What lists take that are not evaluated, and so need no time."""


def read_given(
    own: Sequence[Parameter], shared: Sequence[Parameter] = LISTED
) -> tuple[Parameters, Parameters]:
    """Return the parameters of the request: those of this list, and those that it shares.

    Raises InvalidParameter and MalformedRequest.
    """
    given = keep_parameters(read_query_string(request))
    ours, others = split(given, own, shared)
    # Before any work, also where it turns out that they are not needed.
    read_wish(others)
    read_seconds(others)
    read_editions(others)
    return ours, others


def list_response(
    table: Table,
    shared: Parameters,
    name: str,
    *,
    head: Mapping[str, Any],
    tail: Mapping[str, Any],
    notes: tuple[str, ...] = (),
) -> Response:
    """Return the part of a table that the client wants, as JSON or CSV.

    `head` and `tail` are what the JSON has besides, before and after the rows. Raises
    InvalidParameter and NotAcceptable.
    """
    as_csv = wants_csv(shared, request.path)
    given = read_query_string(request)
    page = page_of(table, read_wish(shared), request.root_path + request.path, given, whole=as_csv)
    if as_csv:
        return csv_response(page, name, notes)
    return json_response({**head, **page_members(page), **tail}, page.links)


def repeatable(response: Response) -> Response:
    """Let an answer be kept, and return it."""
    here().storable = True
    return response
