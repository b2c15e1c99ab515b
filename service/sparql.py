"""The SPARQL 1.1 Protocol: from a request over HTTP to one for the engine, and back.

Parameters may stand in the address and in a form; there must be exactly one query or one update in
all, and an update comes by POST. Every answer is complete before its first byte is sent, and
carries its length.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import Request as HttpRequest
from flask import Response

from graph.query import Answer, Formats, NotAcceptable, Request
from graph.release import Editions
from graph.update import Update
from service.bodies import (
    FORM_BODY,
    Parameters,
    check_coding,
    read_body,
    read_form,
    read_query_string,
)
from service.negotiation import (
    FORMATS,
    HTML,
    Choice,
    Form,
    choose_format,
    named_format,
    parse_accept,
)
from service.refusals import MalformedRequest, UnsupportedBody
from service.results import JSON_RESULTS, N_TRIPLES

QUERY_BODY = "application/sparql-query"
UPDATE_BODY = "application/sparql-update"
BODIES = (QUERY_BODY, UPDATE_BODY, FORM_BODY)
METHODS = ("GET", "HEAD", "OPTIONS", "POST")

_QUERY_DATASET = ("default-graph-uri", "named-graph-uri")
_UPDATE_DATASET = ("using-graph-uri", "using-named-graph-uri")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Call:
    """A request as understood: what to ask, and how each form of answer is to be written.

    `choices` has None for a form that the client does not accept. `notices` are added to those
    of the answer. `seconds` is the time that the client gives it.
    """

    request: Request
    choices: Mapping[Form, Choice | None]
    notices: tuple[str, ...] = ()
    seconds: float | None = None


def read_parameters(http: HttpRequest, max_body_bytes: int) -> Parameters:
    """Return the parameters of the address and of a form; the body of a direct POST is one too.

    Raises MalformedRequest, UnsupportedBody, BodyTooLarge.
    """
    found = read_query_string(http)
    if "update" in found:
        raise MalformedRequest("an update is sent by POST, in the body: not in the address")
    if http.method == "POST":
        for name, values in _body(http, max_body_bytes).items():
            found.setdefault(name, []).extend(values)
    return found


def read_call(http: HttpRequest, parameters: Parameters, base_iri: str) -> Call:
    """Return the query, and how the parameters and the `Accept` header want its answer.

    `format` names a format and beats `Accept`; one that is not known is left aside with a notice.
    Raises MalformedRequest.
    """
    query = _only("query", parameters)
    _refuse(_UPDATE_DATASET, parameters, "a query names its graphs with default-graph-uri")
    choices, notices = choices_for(http, parameters)
    request = Request(
        query=query,
        formats=formats_for(choices),
        default_graphs=tuple(parameters.get("default-graph-uri", ())),
        named_graphs=tuple(parameters.get("named-graph-uri", ())),
        base_iri=base_iri,
        editions=read_editions(parameters),
    )
    return Call(request, choices, notices, read_timeout(parameters))


def read_update(parameters: Parameters, base_iri: str) -> Update:
    """Return the update. Raises MalformedRequest."""
    text = _only("update", parameters)
    _refuse(("editions",), parameters, "an update is of current editions; name graphs with USING")
    _refuse(_QUERY_DATASET, parameters, "an update names its graphs with using-graph-uri")
    return Update(
        text=text,
        using_graphs=tuple(parameters.get("using-graph-uri", ())),
        using_named_graphs=tuple(parameters.get("using-named-graph-uri", ())),
        base_iri=base_iri,
    )


def read_timeout(parameters: Parameters) -> float | None:
    """Return the seconds that the client gives the work; None for no such wish.

    Raises MalformedRequest.
    """
    values = parameters.get("timeout")
    if values is None:
        return None
    if len(values) != 1 or not _SECONDS.fullmatch(values[0]) or not float(values[0]):
        raise MalformedRequest(
            "`timeout` is one number of seconds, greater than 0, such as 5 or 0.5"
        )
    return float(values[0])


def read_editions(parameters: Parameters) -> Editions:
    """Return which editions of reports the default graph of a query has. Raises MalformedRequest.

    A dataset that the request or the query names has what it names, whatever this says.
    """
    values = parameters.get("editions", ["current"])
    if values == ["all"]:
        return "all"
    if values != ["current"]:
        raise MalformedRequest("`editions` is given once, and is `current` or `all`")
    return "current"


def choices_for(
    http: HttpRequest, parameters: Parameters
) -> tuple[Mapping[Form, Choice | None], tuple[str, ...]]:
    """Return how each form of answer is to be written, and remarks on what was not understood."""
    names = parameters.get("format", [])
    if "html" in names:
        page = Choice(None, HTML)
        return {"bindings": page, "graph": page}, ()
    for name in names:
        named = {form: named_format(name, form) for form in ("bindings", "graph")}
        if any(named.values()):
            return {"bindings": named["bindings"], "graph": named["graph"]}, ()
    unknown = tuple(f"format {name!r} is not known; Accept decided" for name in names if name)
    return _accepted(http.headers.get("Accept")), unknown


@lru_cache(maxsize=128)  # most clients send one of few headers
def _accepted(header: str | None) -> Mapping[Form, Choice | None]:
    accept = parse_accept(header)
    return {
        "bindings": choose_format(accept, "bindings"),
        "graph": choose_format(accept, "graph"),
    }


def formats_for(choices: Mapping[Form, Choice | None]) -> Formats:
    """Return what the engine is to write for these choices."""
    return Formats(
        bindings=_engine_type(choices["bindings"], JSON_RESULTS),
        graph=_engine_type(choices["graph"], N_TRIPLES),
    )


def choice_for(call: Call, answer: Answer) -> Choice:
    """Return how this answer is to be written. Raises NotAcceptable."""
    form: Form = "graph" if answer.form == "graph" else "bindings"
    choice = call.choices[form]
    if choice is None:
        raise NotAcceptable(form, tuple(f.media_type for f in FORMATS if f.form == form))
    return choice


def program_response(choice: Choice, answer: Answer, name: str = "result") -> Response:
    """Return the answer as the engine wrote it, under the media type that was asked for."""
    response = Response(answer.body, content_type=content_type(choice.media_type))
    if choice.format is not None:
        disposition = f'inline; filename="{name}.{choice.format.extension}"'
        response.headers["Content-Disposition"] = disposition
    return response


def content_type(media_type: str) -> str:
    """Return the media type with its charset, where it is one of text."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _only(name: str, parameters: Parameters) -> str:
    """Return the one query or update that there must be."""
    found = {n: len(parameters.get(n, ())) for n in ("query", "update")}
    total = sum(found.values())
    if not total:
        raise MalformedRequest("there is no `query`; try /sparql?query=ASK{}")
    if all(found.values()):
        raise MalformedRequest("there is a `query` and an `update`; send one of them")
    if total > 1:
        raise MalformedRequest(f"there must be exactly one `{name}`, and there are {total}")
    return parameters[name][0]


def _refuse(names: tuple[str, ...], parameters: Parameters, instead: str) -> None:
    """Refuse parameters that would have no effect: the request would mean something else."""
    for name in names:
        if name in parameters:
            raise MalformedRequest(f"`{name}` has no meaning here: {instead}")


def _body(http: HttpRequest, limit: int) -> Mapping[str, list[str]]:
    kind = http.mimetype
    if kind not in BODIES:
        message = f"the body has the Content-Type {kind!r}" if kind else "there is no Content-Type"
        raise UnsupportedBody(message, BODIES)
    check_coding(http, BODIES)
    data = read_body(http, limit, "max_body_bytes")
    if kind == FORM_BODY:
        return read_form(data, "the form")
    name = "query" if kind == QUERY_BODY else "update"
    try:
        return {name: [data.decode()]}
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"byte {error.start} of the {name} is not UTF-8") from None


def _engine_type(choice: Choice | None, for_page: str) -> str | None:
    if choice is None:
        return None
    return choice.format.media_type if choice.format else for_page
