"""The SPARQL 1.1 Graph Store HTTP Protocol: reading and writing whole graphs.

A graph is named by `?graph=IRI`, `?default`, or directly by the address that it has here: in a
store of one's own (`--empty`) that address is its IRI, and otherwise `/store/NAME` is the graph
`<base>graph/NAME`.
"""

import uuid
from dataclasses import dataclass
from functools import partial
from typing import Literal, cast

from flask import Response, request
from pyoxigraph import NamedNode
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from graph.query import MEDIA_TYPES, Formats, NotExpressible, Request
from graph.terms import InvalidIri, Iris
from graph.update import Body, GraphNotFound, GraphWrite
from service.bodies import (
    Parameters,
    check_charset,
    check_coding,
    read_body,
    read_query_string,
    too_large,
)
from service.evaluation import ask, ask_logged, here, note, write
from service.headers import WRITE
from service.negotiation import FORMATS
from service.querypage import answered
from service.refusals import MalformedRequest, PreconditionFailed, UnsupportedBody
from service.representation import CODINGS, encode, etag, expects, has_already
from service.results import N_TRIPLES
from service.served import served
from service.sparql import Call, choices_for, formats_for, read_timeout

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
#: What a graph holds, asked of it as the default graph of a dataset.
EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"

_FORM = "multipart/form-data"
_BODIES = MEDIA_TYPES["graph"]
_BY_EXTENSION = {f.extension: f.media_type for f in FORMATS if f.form == "graph"}
_UNKNOWN = ("", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about: the graph, None for the default graph; `new` if it is to be made."""

    graph: str | None
    new: bool = False

    def __str__(self) -> str:
        return "the default graph" if self.graph is None else f"<{self.graph}>"

    @property
    def datasets(self) -> tuple[str, ...]:
        """The default graphs of a query about it."""
        return () if self.graph is None else (self.graph,)


def store() -> Response:
    """The graph store, and graphs named by a parameter."""
    return _respond(None)


def stored(name: str) -> Response:  # noqa: ARG001 - read as it was sent
    """A graph named by its own address."""
    return _respond(_last_of(here().raw_path))


def _respond(name: str | None) -> Response:
    parameters = read_query_string(request)
    target = _target(parameters, name)
    if request.method in ("GET", "HEAD"):
        return _read(target, parameters)
    return _write(target, parameters)


def _target(parameters: Parameters, name: str | None) -> Target:
    """Return what the address names. Raises MalformedRequest."""
    graphs, defaults = parameters.get("graph", []), parameters.get("default", [])
    named = len(graphs) + len(defaults) + (name is not None)
    if named > 1:
        raise MalformedRequest("the address names more than one graph")
    if name is not None:
        return Target(_direct(name))
    if graphs:
        return Target(_absolute(graphs[0]))
    if any(defaults):
        raise MalformedRequest("`default` takes no value: /store?default")
    if defaults:
        return Target(None)
    if request.method == "POST":
        return Target(_minted(), new=True)
    raise MalformedRequest("name a graph: /store?graph=IRI, /store?default, or /store/NAME")


def _direct(name: str) -> str:
    if served().settings.empty:
        return _absolute(request.host_url.rstrip("/") + here().raw_path)
    try:
        return Iris(served().base).graph(name).value
    except InvalidIri:
        raise MalformedRequest(
            f"{name!r} is no name of a graph: use a-z, 0-9 and single hyphens, or name the graph "
            "with ?graph=IRI"
        ) from None


def _minted() -> str:
    name = uuid.uuid4().hex
    if served().settings.empty:
        return _absolute(request.host_url + here().raw_path.strip("/") + "/" + name)
    return Iris(served().base).graph(name).value


def _absolute(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise MalformedRequest(f"`graph` must be an absolute IRI: {error}") from None


def _last_of(raw_path: str) -> str:
    """Return what follows `/store/` in the path, as it was sent."""
    return raw_path.split("/", 2 + request.root_path.count("/"))[-1]


def _read(target: Target, parameters: Parameters) -> Response:
    choices, notices = choices_for(request, parameters)
    asked = Request(
        EVERYTHING, formats_for(choices), default_graphs=target.datasets, base_iri=served().base
    )
    call = Call(asked, choices, notices, read_timeout(parameters))
    evaluated = ask_logged(call.request, call.seconds)
    note("GET", str(target))
    if target.graph in evaluated.answer.missing_graphs:
        raise GraphNotFound(target.graph)
    page = {"query": [EVERYTHING], "default-graph-uri": list(target.datasets)}
    return answered(call, evaluated, page, "graph")


def _write(target: Target, parameters: Parameters) -> Response:
    note(request.method, str(target))
    author = served().access.writer(request.authorization)
    seconds = read_timeout(parameters)
    # An address that the method table admits; DELETE has no bodies.
    method = cast("Literal['PUT', 'POST', 'DELETE']", request.method)
    bodies = () if method == "DELETE" else _bodies(method)
    change = GraphWrite(method, target.graph, bodies, target.graph or request.base_url)
    written = write(change, author, seconds, partial(_check_conditions, target))
    created = method != "DELETE" and written.existed is False
    response = Response(status=201 if created else 204)
    if target.new and target.graph is not None:
        response.headers["Location"] = target.graph
    response.headers[WRITE] = str(written.number)
    return response


def _bodies(method: str) -> tuple[Body, ...]:
    limit = served().settings.max_graph_bytes
    kind = request.mimetype
    offered = (*_BODIES, _FORM) if method == "POST" else _BODIES
    if kind == _FORM and method == "POST":
        check_coding(request, offered)
        return _parts(limit)
    if kind not in _BODIES:
        message = f"the body has the Content-Type {kind!r}" if kind else "there is no Content-Type"
        raise UnsupportedBody(message, offered)
    check_coding(request, offered)
    return (Body(kind, read_body(request, limit, "max_graph_bytes")),)


def _parts(limit: int) -> tuple[Body, ...]:
    """Return the files of a form; their types are those of the parts, or follow from the names."""
    request.max_content_length = limit + 1
    try:
        files = [file for _, file in request.files.items(multi=True)]
        fields = list(request.form)
    except RequestEntityTooLarge:
        raise too_large(limit, "max_graph_bytes") from None
    if fields:
        raise MalformedRequest(f"the part {fields[0]!r} of the form is no file")
    if not files:
        raise MalformedRequest("the form has no file")
    bodies = tuple(Body(_type_of(file), file.read()) for file in files)
    if sum(len(body.data) for body in bodies) > limit:
        raise too_large(limit, "max_graph_bytes")
    return bodies


def _type_of(file: FileStorage) -> str:
    kind = file.mimetype
    if kind in _UNKNOWN:
        kind = _BY_EXTENSION.get(str(file.filename).rpartition(".")[2].lower(), kind)
    if kind not in _BODIES:
        raise UnsupportedBody(f"the file {file.filename!r} has the Content-Type {kind!r}", _BODIES)
    check_charset(file.mimetype_params, _BODIES)
    return kind


def _check_conditions(target: Target) -> None:
    """Hold If-Match and If-None-Match against the graph as it is. Raises PreconditionFailed."""
    wanted, unwanted = (request.headers.get(name) for name in ("If-Match", "If-None-Match"))
    if wanted is None and unwanted is None:
        return
    tags = _Tags(target)
    if wanted is not None and not tags.match(wanted, weak=False):
        raise PreconditionFailed("the graph is not the one that If-Match names")
    if unwanted is not None and tags.match(unwanted, weak=True):
        raise PreconditionFailed("the graph is there, as If-None-Match does not want it")


class _Tags:
    """The entity tags of a graph: one for each type and coding in which it can be read."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def match(self, header: str, *, weak: bool) -> bool:
        """Whether a header names one of them; `*` names any graph that there is."""
        if header.strip() == "*":
            return self._body(N_TRIPLES) is not None
        for media_type in _BODIES:
            body = self._body(media_type)
            if body is None:
                return False
            for tag in (etag(body), *(etag(encode(body, coding)) for coding in CODINGS)):
                if has_already(header, tag) if weak else expects(header, tag):
                    return True
        return False

    def _body(self, media_type: str) -> bytes | None:
        asked = Request(EVERYTHING, Formats(None, media_type), self._target.datasets)
        try:
            answer = ask(asked).answer
        except NotExpressible:
            return b""  # nobody can have read it in this type
        return None if self._target.graph in answer.missing_graphs else answer.body
