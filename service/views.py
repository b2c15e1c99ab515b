"""The addresses of the service. Views are thin: read the request, one call, render."""

from time import perf_counter
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request

from ontology.vocabulary import prefixes
from service.assets import static_file
from service.documents import document
from service.kinds import KINDS
from service.negotiation import prefers_page
from service.notices import add_notices
from service.pages import Result, classes, first_examples, result_page
from service.problems import Problem
from service.served import served
from service.sparql import (
    METHODS,
    choice_for,
    program_response,
    read_call,
    read_parameters,
)
from service.text import excerpt
from service.version import version


def add_views(app: Flask) -> None:
    """Give the application its addresses."""
    app.add_url_rule("/", view_func=index)
    app.add_url_rule("/sparql", view_func=sparql, methods=METHODS, provide_automatic_options=False)
    app.add_url_rule("/examples", view_func=examples)
    app.add_url_rule("/docs/<name>", view_func=document)
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/problems", view_func=problems)
    app.add_url_rule("/static/<name>", view_func=static_file)


def index() -> str:
    """What this is, how much is in it, and where to begin."""
    return render_template(
        "index.html",
        sources=served().sources,
        counts=served().counts,
        classes=tuple(classes(served())),
        findings=served().findings,
        prefixes=sorted(prefixes().items()),
        endpoint=request.url_root + "sparql",
        **_few_examples(),
    )


def sparql() -> Response:
    """The endpoint of the SPARQL 1.1 Protocol; for people, a page with the query and its result."""
    if request.method == "OPTIONS":
        return _options()
    parameters = g.parameters = read_parameters(request, served().settings.max_body_bytes)
    if "query" not in parameters and request.method != "POST" and _for_people():
        return _query_page()
    call = read_call(request, parameters, served().base)
    started = perf_counter()
    answer = served().engine.evaluate(call.request)
    milliseconds = (perf_counter() - started) * 1000
    choice = choice_for(call, answer)
    notices = call.notices + answer.notices
    if choice.format:
        response = program_response(choice, answer)
    else:
        result = result_page(served(), answer, parameters, notices, milliseconds)
        response = _query_page(result)
    add_notices(response, notices)
    return response


def examples() -> str:
    """Every worked example, by kind."""
    return render_template("examples.html", examples=served().examples)


def health() -> Response:
    """Whether the service answers, with which release, on what."""
    release = served().release
    response = jsonify(
        status="ok",
        release=release.id,
        counts={name: served().counts[name] for name in ("statements", "triples")},
        sources=[source.get("slug") for source in served().sources],
        base=served().base,
        version=version(),
        versions=release.manifest.get("versions", {}),
        platform=list(served().platform_notes),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def problems() -> str:
    """Every type of problem, and what to do about it."""
    return render_template("problems.html", kinds=KINDS)


def problem_response(problem: Problem) -> Response:
    """Return a problem: a page for people, `application/problem+json` for programs."""
    if not _for_people():
        response = jsonify(problem.as_dict())
        response.content_type = "application/problem+json"
    elif request.path == "/sparql":
        response = _query_page(problem=problem)
    else:
        response = make_response(render_template("problem.html", problem=problem))
    response.status_code = problem.kind.status
    return response


def _query_page(result: Result | None = None, problem: Problem | None = None) -> Response:
    parameters: dict[str, list[str]] = g.get("parameters", {})
    query = "\n".join(parameters.get("query", ()))
    context: dict[str, Any] = {
        "query": query,
        "result": result,
        "problem": problem,
        "excerpt": excerpt(query, *problem.place) if problem else (),
        "default_graphs": parameters.get("default-graph-uri", ()),
        "named_graphs": parameters.get("named-graph-uri", ()),
        "prefixes": sorted(prefixes().items()),
        **_few_examples(),
    }
    return make_response(render_template("sparql.html", **context))


def _few_examples() -> dict[str, Any]:
    few, number = first_examples(served().examples), len(served().examples)
    return {"examples": few, "more_examples": number if number > len(few) else 0}


def _for_people() -> bool:
    named = g.get("parameters", {}).get("format", ())
    return "html" in named or prefers_page(request.headers.get("Accept"))


def _options() -> Response:
    response = Response(status=204)
    methods = ", ".join(METHODS)
    response.headers["Allow"] = methods
    response.headers["Accept-Post"] = "application/sparql-query, application/x-www-form-urlencoded"
    response.headers["Access-Control-Allow-Methods"] = methods
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response
