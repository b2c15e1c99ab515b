"""Requests, answers, changes and errors as frames, and back."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from graph.delta import Delta
from graph.errors import GraphError
from graph.journal import JournalError
from graph.network import NetworkError
from graph.query import Answer, EngineFailure, Formats, QueryError, Request
from graph.release import Editions, ReleaseError
from graph.template.frames import Frame
from graph.update import Body, Change, Effect, GraphWrite, Update


def request_frame(request: Request) -> Frame:
    """Return what asks a worker for an answer."""
    header = {
        "op": "query",
        "bindings": request.formats.bindings,
        "graph": request.formats.graph,
        "default_graphs": request.default_graphs,
        "named_graphs": request.named_graphs,
        "base_iri": request.base_iri,
        "editions": request.editions,
        "by_kind": request.by_kind,
    }
    return Frame(header, request.query.encode("utf-8", "surrogatepass"))


def read_request(frame: Frame) -> Request:
    """Return the request of a frame."""
    header = frame.header
    return Request(
        frame.body.decode("utf-8", "surrogatepass"),
        Formats(header["bindings"], header["graph"]),
        tuple(header["default_graphs"]),
        tuple(header["named_graphs"]),
        header["base_iri"],
        header["editions"],
        header["by_kind"],
    )


def answer_frame(answer: Answer) -> Frame:
    """Return what a worker sends back."""
    fields = dataclasses.asdict(dataclasses.replace(answer, body=b""))
    del fields["body"]
    return Frame(fields, answer.body)


def read_answer(frame: Frame) -> Answer:
    """Return the answer of a frame."""
    header = frame.header
    return Answer(
        form=header["form"],
        media_type=header["media_type"],
        body=frame.body,
        notices=tuple(header["notices"]),
        missing_graphs=tuple(header["missing_graphs"]),
        repeatable=header["repeatable"],
    )


def traversal_frame(call: str, arguments: Mapping[str, Any], editions: Editions) -> Frame:
    """Return what asks a worker for a call on the network."""
    header = {"op": "traverse", "editions": editions}
    return Frame(header, json.dumps({"call": call, "arguments": arguments}).encode())


def read_traversal(frame: Frame) -> tuple[str, Mapping[str, Any]]:
    """Return the call of a frame, and its arguments."""
    asked = json.loads(frame.body)
    return asked["call"], asked["arguments"]


def found_frame(found: Mapping[str, Any]) -> Frame:
    """Return what a worker sends back for a call."""
    return Frame({}, json.dumps(found, separators=(",", ":")).encode())


def read_found(frame: Frame) -> dict[str, Any]:
    """Return what a call gave."""
    found: dict[str, Any] = json.loads(frame.body)
    return found


def change_frame(change: Change) -> Frame:
    """Return what asks for a write."""
    header: dict[str, Any]
    if isinstance(change, Update):
        header = {
            "op": "change",
            "using_graphs": change.using_graphs,
            "using_named_graphs": change.using_named_graphs,
            "base_iri": change.base_iri,
        }
        return Frame(header, change.text.encode("utf-8", "surrogatepass"))
    header = {
        "op": "change",
        "method": change.method,
        "graph": change.graph,
        "base_iri": change.base_iri,
        "bodies": [(body.media_type, len(body.data)) for body in change.bodies],
    }
    return Frame(header, b"".join(body.data for body in change.bodies))


def read_change(frame: Frame) -> Change:
    """Return the change of a frame."""
    header = frame.header
    if "method" not in header:
        return Update(
            frame.body.decode("utf-8", "surrogatepass"),
            tuple(header["using_graphs"]),
            tuple(header["using_named_graphs"]),
            header["base_iri"],
        )
    method = cast("Literal['PUT', 'POST', 'DELETE']", header["method"])
    return GraphWrite(method, header["graph"], tuple(_bodies(frame)), header["base_iri"])


def effect_frame(effect: Effect) -> Frame:
    """Return what a worker found a change to do."""
    header = {
        "existed": effect.existed,
        "inserted": effect.inserted,
        "deleted": effect.deleted,
        "created": effect.delta.created,
        "dropped": effect.delta.dropped,
        "size": len(effect.delta.inserted),
    }
    return Frame(header, effect.delta.inserted + effect.delta.deleted)


def read_effect(frame: Frame) -> Effect:
    """Return the effect of a frame."""
    header, size = frame.header, frame.header["size"]
    delta = Delta(
        frame.body[:size], frame.body[size:], tuple(header["created"]), tuple(header["dropped"])
    )
    return Effect(delta, header["existed"], header["inserted"], header["deleted"])


def error_frame(error: Exception) -> Frame:
    """Return what tells of an error; one that is none of ours becomes an EngineFailure."""
    if type(error).__name__ not in ERRORS:
        error = EngineFailure(f"{type(error).__name__}: {error}")
    return Frame({"error": type(error).__name__, "args": error.args})


def read_error(header: Mapping[str, Any]) -> GraphError | None:
    """Return the error that a header tells of, or None."""
    name = header.get("error")
    if name is None:
        return None
    arguments = (tuple(a) if isinstance(a, list) else a for a in header["args"])
    return ERRORS[name](*arguments)


def _bodies(frame: Frame) -> Iterator[Body]:
    start = 0
    for media_type, size in frame.header["bodies"]:
        yield Body(media_type, frame.body[start : start + size])
        start += size


def _below(class_: type[GraphError]) -> Iterator[type[GraphError]]:
    yield class_
    for subclass in class_.__subclasses__():
        yield from _below(subclass)


#: Every error that may cross, by name.
ERRORS: Mapping[str, type[GraphError]] = {
    class_.__name__: class_
    for root in (QueryError, JournalError, ReleaseError, NetworkError)
    for class_ in _below(root)
}
