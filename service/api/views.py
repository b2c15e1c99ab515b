"""The addresses of the API. Views are thin: read the parameters, one call, a table."""

from difflib import get_close_matches

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from graph.search.search import MAX_LIMIT
from service.api.answering import answer_to, steps_of
from service.api.encoding import as_json
from service.api.lists import list_response, read_given, repeatable
from service.api.naming import KIND, Q, hits_table
from service.api.openapi import document
from service.api.paging import read_editions, read_parameters, shared_with
from service.api.questions import after_rows, before_rows, links_of, questions_table, takes
from service.api.responses import JSON
from service.api.tables import Table
from service.evaluation import here
from service.querypage import for_people, keep_parameters
from service.served import served


def latest() -> AnyResponse:
    """Where the present version of the API is."""
    return redirect(url_for("api"), 303)


def api() -> Response:
    """What can be asked: a page for people, a list for programs."""
    keep_parameters({})
    if not for_people():
        return questions()
    here().storable = True
    others = [
        (path, operation["get"]["summary"])
        for path, operation in document()["paths"].items()
        if not path.startswith("/api/v1/questions/") and not path.endswith(".csv")
    ]
    page = render_template(
        "api.html",
        questions=served().named,
        shared=shared_with(()),
        takes=takes,
        others=others,
        root=request.url_root,
    )
    return make_response(page)


def openapi_document() -> Response:
    """The description of the API for programs."""
    read_given((), ())
    return repeatable(Response(as_json(document()), content_type=JSON))


def questions() -> Response:
    """Every question with a name."""
    _, shared = read_given(())
    links = {"openapi": url_for("openapi_document"), "documentation": url_for("api")}
    table = questions_table(served().named)
    return repeatable(list_response(table, shared, "questions", head={}, tail={"links": links}))


def asked(name: str) -> Response:
    """The answer to a question with a name."""
    found = served().question(name)
    if found is None:
        near = get_close_matches(name, [one.name for one in served().named])
        hint = f"; did you mean {', '.join(near)}?" if near else ";"
        abort(404, f"no question is called {name!r}{hint} {url_for('questions')} lists them")
    own, shared = read_given(found.parameters, shared_with(found.parameters))
    steps = steps_of(shared)
    answer = answer_to(found, own, steps)
    return list_response(
        Table.of(answer),
        shared,
        name,
        head=before_rows(found, answer),
        tail=after_rows(answer) | links_of(found, answer, own, steps.editions),
        notes=tuple(answer.notes),
    )


def search() -> Response:
    """What is called so, or nearly so: the best first."""
    own, shared = read_given((Q, KIND))
    read = read_parameters(own, (Q, KIND))
    names = served().search_of(read_editions(shared))
    table = hits_table(names.find(read["q"], read["kind"], MAX_LIMIT))
    response = list_response(table, shared, "search", head={"q": read["q"]}, tail={})
    return repeatable(response)
