"""The page with a query on it: empty, with a result, or with a problem."""

from typing import Any

from flask import Response, g, make_response, render_template, request

from ontology.vocabulary import prefixes
from service.bodies import Parameters
from service.evaluation import Evaluated
from service.negotiation import prefers_page
from service.notices import add_notices
from service.pages.results import Result, few_examples, result_page
from service.problems import Problem
from service.served import served
from service.sparql import Call, choice_for, program_response
from service.text import excerpt


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
        result = result_page(served(), answer, parameters, notices, evaluated.milliseconds)
        response = query_page(result)
    add_notices(response, notices)
    return response


def query_page(result: Result | None = None, problem: Problem | None = None) -> Response:
    """Return the page; the query on it is that of the request."""
    parameters = kept_parameters()
    query = asked_text()
    context: dict[str, Any] = {
        "query": query,
        "result": result,
        "problem": problem,
        "excerpt": excerpt(query, *problem.place) if problem else (),
        "default_graphs": parameters.get("default-graph-uri", ()),
        "named_graphs": parameters.get("named-graph-uri", ()),
        "editions": next(iter(parameters.get("editions", ())), ""),
        "prefixes": sorted(prefixes().items()),
        **few_examples(served().examples),
    }
    return make_response(render_template("sparql.html", **context))
