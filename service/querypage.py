"""The page with a query on it: empty, with a result, or with a problem."""

from functools import cache
from importlib.resources import files
from typing import Any

from flask import Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ontology.vocabulary import prefixes
from service.bodies import Parameters
from service.evaluation import Evaluated
from service.negotiation import prefers_page
from service.notices import add_notices
from service.pages.query.result import Result, result_page
from service.pages.query.schema import known
from service.pages.results import asked_at
from service.problems import Problem
from service.served import served
from service.sparql import Call, choice_for, program_response
from service.text import excerpt

# What a query is asked of, and how, stays when its text is changed.
_KEPT = ("default-graph-uri", "named-graph-uri", "editions", "release", "timeout")
_STATES = {
    "deadline-exceeded": "timeout",
    "memory-exceeded": "over-budget",
    "result-too-large": "over-budget",
    "queue-full": "over-budget",
    "query-cancelled": "stale",
}


def keep_parameters(parameters: Parameters) -> Parameters:
    """Keep the parameters of the request for the pages that tell about it, and return them."""
    g.parameters = parameters
    return parameters


def asked_text() -> str:
    """Return the query or the update of the request, as far as there is one."""
    parameters = kept_parameters()
    return "\n".join((*parameters.get("query", ()), *parameters.get("update", ())))


def kept_parameters() -> Parameters:
    """Return the parameters of the request, as far as they were read."""
    found: Parameters = g.get("parameters", {})
    return found


def for_people() -> bool:
    """Whether a person is likely to read the answer."""
    named = kept_parameters().get("format", ())
    return "html" in named or prefers_page(request.headers.get("Accept"))


def answered(
    call: Call, evaluated: Evaluated, parameters: Parameters, name: str = "result"
) -> Response:
    """Return an answer as its reader wants it; `name` is that of the file it may be kept in.

    Raises NotAcceptable.
    """
    answer = evaluated.answer
    choice = choice_for(call, answer)
    notices = call.notices + answer.notices
    if choice.format:
        response = program_response(choice, answer, name)
    else:
        keep_parameters(parameters)
        result = result_page(served(), call, answer, parameters, evaluated.milliseconds)
        response = query_page(result)
    add_notices(response, notices)
    return response


def query_page(result: Result | None = None, problem: Problem | None = None) -> Response:
    """Return the page; the query on it is that of the request."""
    parameters = kept_parameters()
    query = asked_text()
    context: dict[str, Any] = {
        "query": query or ("" if result or problem else _to_begin_with()),
        "result": result,
        "problem": problem,
        "excerpt": excerpt(query, *problem.place) if problem else (),
        "state": _STATES.get(problem.kind.name, "error") if problem else "",
        "default_graphs": parameters.get("default-graph-uri", ()),
        "named_graphs": parameters.get("named-graph-uri", ()),
        "hidden": [(name, value) for name in _KEPT for value in parameters.get(name, ())],
        "editions": next(iter(parameters.get("editions", ())), ""),
        "asked_release": next(iter(parameters.get("release", ())), ""),
        "prefixes": sorted(prefixes().items()),
        "schema": {kind: known(served().release, kind) for kind in ("class", "property")},
        "every_example": served().examples,
    }
    return make_response(render_template("sparql.html", **context))


@cache
def _to_begin_with() -> str:
    """Return a question that one can see whole, to run and to change."""
    return files("service.pages.query").joinpath("begin.rq").read_text("utf-8").strip()


def query_address() -> AnyResponse:
    """Lead from the address that people guess to the page, with whatever is asked."""
    asked = request.args.to_dict(flat=False)
    return redirect(asked_at(asked) if asked else url_for("sparql"), 303)
