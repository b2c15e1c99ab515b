"""A page that cannot be made: what went wrong is told on the page itself, with ways to go on."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request

from graph.errors import GraphError
from graph.query import DeadlineExceeded, MemoryExceeded, QueueFull, ResultTooLarge
from service.problems import Problem, describe
from service.wrong import note_problem

_STATES: tuple[tuple[tuple[type[GraphError], ...], str], ...] = (
    ((DeadlineExceeded,), "timeout"),
    ((MemoryExceeded, ResultTooLarge, QueueFull), "over-budget"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a page says instead of its content; `state` is the name of its look.

    `near` are values that may be meant instead of the one at fault, each with the parameters of an
    address that has it.
    """

    state: str
    problem: Problem
    near: tuple[tuple[str, str], ...] = ()


def failure_of(error: GraphError) -> Failure:
    """Return what a page says of an error."""
    problem = describe(error)
    state = next((name for kinds, name in _STATES if isinstance(error, kinds)), "error")
    near = problem.members.get("near") or problem.members.get("candidates")
    found = near if isinstance(near, list) else []
    name, wrong = str(problem.members.get("parameter", "")), getattr(error, "text", None)
    return Failure(state, problem, tuple((one, _instead(name, wrong, one)) for one in found))


def failed_page(template: str, error: GraphError, **values: Any) -> Response:
    """Return a page that tells of an error, with its status; it is told to the log and not kept."""
    failure = failure_of(error)
    note_problem(error, failure.problem)
    response = make_response(render_template(template, failure=failure, **values))
    response.status_code = failure.problem.kind.status
    response.headers.extend(failure.problem.headers)
    return response


def _instead(name: str, wrong: str | None, value: str) -> str:
    """The parameters of this address with another value for the one at fault."""
    kept = {key: [one for one in of if one] for key, of in request.args.lists()}
    others = [one for one in kept.get(name, ()) if wrong is not None and one.strip() != wrong]
    return urlencode({**kept, name: [*others, value]}, doseq=True)
