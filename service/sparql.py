"""The SPARQL 1.1 Protocol: from a request over HTTP to one for the engine, and back.

Parameters may stand in the address and in a form; `query` must occur once in all. Every answer is
complete before its first byte is sent, and carries its length.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from flask import Request as HttpRequest
from flask import Response
from werkzeug.exceptions import RequestEntityTooLarge

from graph.query import Answer, Formats, NotAcceptable, Request, UpdateRefused
from service.kinds import BodyTooLarge, MalformedRequest, UnsupportedBody
from service.negotiation import (
    FORMATS,
    HTML,
    Choice,
    Form,
    choose_format,
    named_format,
    parse_accept,
)
from service.results import JSON_RESULTS, N_TRIPLES

FORM_BODY = "application/x-www-form-urlencoded"
QUERY_BODY = "application/sparql-query"
UPDATE_BODY = "application/sparql-update"
METHODS = ("GET", "HEAD", "OPTIONS", "POST")

_UPDATE_PARAMETERS = ("update", "using-graph-uri", "using-named-graph-uri")
_READ_ONLY = (
    "this endpoint answers queries and takes no updates; the graph changes by building a new "
    "release (`therascape build`)"
)
_MOST_PARAMETERS = 1000

Parameters = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as understood: what to ask, and how each form of answer is to be written.

    `choices` has None for a form that the client does not accept. `notices` are added to those
    of the answer.
    """

    request: Request
    choices: Mapping[Form, Choice | None]
    notices: tuple[str, ...]


def read_parameters(http: HttpRequest, max_body_bytes: int) -> Parameters:
    """Return the parameters of the address and of a form, and the body of a direct POST as `query`.

    The application's MAX_CONTENT_LENGTH must be greater than `max_body_bytes`.

    Raises MalformedRequest, UnsupportedBody, BodyTooLarge, UpdateRefused.
    """
    found = _decode(http.query_string, "the address")
    if http.method == "POST":
        for name, values in _body(http, max_body_bytes).items():
            found.setdefault(name, []).extend(values)
    if any(name in found for name in _UPDATE_PARAMETERS):
        raise UpdateRefused(_READ_ONLY)
    return found


def read_call(http: HttpRequest, parameters: Parameters, base_iri: str) -> Call:
    """Return what the parameters and the `Accept` header ask for.

    `format` names a format and beats `Accept`; one that is not known is left aside with a notice.
    Raises MalformedRequest.
    """
    queries = parameters.get("query", [])
    if len(queries) != 1:
        raise MalformedRequest(
            f"there must be exactly one `query`, and there are {len(queries)}"
            if queries
            else "there is no `query`; try /sparql?query=ASK{}"
        )
    choices, notices = _choices(http, parameters.get("format", []))
    request = Request(
        query=queries[0],
        formats=Formats(
            bindings=_engine_type(choices["bindings"], JSON_RESULTS),
            graph=_engine_type(choices["graph"], N_TRIPLES),
        ),
        default_graphs=tuple(parameters.get("default-graph-uri", ())),
        named_graphs=tuple(parameters.get("named-graph-uri", ())),
        base_iri=base_iri,
    )
    return Call(request, choices, notices)


def choice_for(call: Call, answer: Answer) -> Choice:
    """Return how this answer is to be written. Raises NotAcceptable."""
    form: Form = "graph" if answer.form == "graph" else "bindings"
    choice = call.choices[form]
    if choice is None:
        raise NotAcceptable(form, tuple(f.media_type for f in FORMATS if f.form == form))
    return choice


def program_response(choice: Choice, answer: Answer) -> Response:
    """Return the answer as the engine wrote it, under the media type that was asked for."""
    response = Response(answer.body, content_type=content_type(choice.media_type))
    if choice.format is not None:
        name = f'inline; filename="result.{choice.format.extension}"'
        response.headers["Content-Disposition"] = name
    return response


def content_type(media_type: str) -> str:
    """Return the media type with its charset, where it is one of text."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _decode(text: bytes, place: str) -> dict[str, list[str]]:
    try:
        return parse_qs(
            text.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        raise MalformedRequest(
            f"{place} has parameters that are not UTF-8, percent-encoded ({error.reason})"
        ) from None
    except ValueError:
        raise MalformedRequest(f"{place} has more than {_MOST_PARAMETERS} parameters") from None


def _body(http: HttpRequest, limit: int) -> dict[str, list[str]]:
    kind = http.mimetype
    if kind == UPDATE_BODY:
        raise UpdateRefused(_READ_ONLY)
    if kind not in (FORM_BODY, QUERY_BODY):
        raise UnsupportedBody(
            f"the body has the Content-Type {kind!r}" if kind else "the body has no Content-Type"
        )
    charset = http.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedBody(f"the body is said to be in {charset!r}")
    coding = http.headers.get("Content-Encoding", "identity")
    if coding.lower() != "identity":
        raise UnsupportedBody(f"the body is said to be coded with {coding!r}")
    data = _read(http, limit)
    if kind == FORM_BODY:
        return _decode(data, "the form")
    try:
        return {"query": [data.decode()]}
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"byte {error.start} of the query is not UTF-8") from None


def _read(http: HttpRequest, limit: int) -> bytes:
    try:
        data = http.get_data(cache=False)
    except RequestEntityTooLarge:
        data = None
    # Of a body without a length, werkzeug returns what fits as if that were all.
    if data is None or len(data) > limit:
        raise BodyTooLarge(f"the body has more than {limit:,} bytes")
    if http.content_length not in (None, len(data)):
        raise MalformedRequest("the body ended before its Content-Length")
    return data


def _choices(
    http: HttpRequest, names: list[str]
) -> tuple[dict[Form, Choice | None], tuple[str, ...]]:
    if "html" in names:
        page = Choice(None, HTML)
        return {"bindings": page, "graph": page}, ()
    for name in names:
        named = {form: named_format(name, form) for form in ("bindings", "graph")}
        if any(named.values()):
            return {"bindings": named["bindings"], "graph": named["graph"]}, ()
    accept = parse_accept(http.headers.get("Accept"))
    chosen = {
        "bindings": choose_format(accept, "bindings"),
        "graph": choose_format(accept, "graph"),
    }
    unknown = tuple(f"format {name!r} is not known; Accept decided" for name in names if name)
    return {"bindings": chosen["bindings"], "graph": chosen["graph"]}, unknown


def _engine_type(choice: Choice | None, for_page: str) -> str | None:
    if choice is None:
        return None
    return choice.format.media_type if choice.format else for_page
