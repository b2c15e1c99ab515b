"""The OpenAPI 3.1 document, made from the tables that the addresses themselves use.

Parameters come from `Parameter`, columns from `Column`, errors from the table of problems, the
shapes of things from their classes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from graph.landscape import Column, Completeness, Named, Parameter
from graph.network.edges import NODE_KINDS
from graph.wording import Suggestion, Understanding
from service.api.chart import CHART_PARAMETERS, SVG, forecast_chart
from service.api.lists import LISTED
from service.api.naming import HIT_COLUMNS, KIND, Q, hits_table
from service.api.network import GRAPHML, NETWORK_PARAMETERS
from service.api.paging import EDITIONS, SECONDS, SORT, TIMEOUT, shared_with
from service.api.questions import QUESTION_COLUMNS
from service.api.responses import CSV, JSON
from service.api.schemas import (
    SHARED,
    Schema,
    first_sentence,
    of_class,
    of_list,
    of_order,
    of_parameter,
    of_problem,
    of_type,
    reference,
)
from service.api.wording import BEGUN, SENTENCE, SUGGESTION_COLUMNS
from service.headers import QUERY_ID, RELEASE
from service.kinds import INTERNAL, KINDS
from service.negotiation import PROBLEM
from service.served import served
from service.version import version

_VERSION = "3.1.0"
# What a question may end with besides an answer.
_FAILURES = (400, 404, 406, 409, 500, 503, 504, 507)
_TEXT: Schema = {"type": "string"}
_LINKS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_LINK = {
    "description": "The parts of the list before and after this one (RFC 8288).",
    "schema": {"type": "string"},
}


_DESCRIPTION = """\
Every answer names the release that it is from, in `release` and in the header `Therascape-Release`.
Lists come in parts (`limit`, `offset`, `next`, `previous`), in any order (`sort`), and as CSV at
the same address with `.csv` after it. Errors are `application/problem+json` and name the parameter
and the remedy. Entities are given by IRI, as `kind/slug`, or by a name or an alias of theirs."""


def document() -> dict[str, Any]:
    """Return the document for the application that answers this request."""
    return {
        "openapi": _VERSION,
        "info": {
            "title": "Therascape",
            "version": version(),
            "summary": "Questions with a name about a competitive landscape, with their evidence.",
            "description": _DESCRIPTION,
        },
        "servers": [{"url": url_for("index").rstrip("/") or "/"}],
        "paths": dict(_paths()),
        "components": {
            "schemas": {
                **{class_.__name__: of_class(class_) for class_ in SHARED},
                "Problem": of_problem(KINDS),
            },
            "responses": {str(status): _problem(status) for status in _FAILURES},
        },
    }


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address does; `content` has the schema of each media type that it answers in."""

    name: str
    title: str
    doc: str
    parameters: Sequence[Parameter]
    content: Mapping[str, Schema]
    path: tuple[str, ...] = ()
    columns: Sequence[Column] = ()

    @property
    def as_csv(self) -> "Operation":
        """The same list as CSV."""
        content = {CSV: self.content[CSV]}
        title = f"{self.title} (CSV)"
        return replace(self, name=f"{self.name}.csv", title=title, content=content)


def _paths() -> Iterator[tuple[str, Schema]]:
    for one in (*_lists(), *_others()):
        yield f"/api/v1/{one.name}", {"get": _described(one)}
        if CSV in one.content:
            yield f"/api/v1/{one.name}.csv", {"get": _described(one.as_csv)}


def _lists() -> Iterator[Operation]:
    text = {"q": {"type": "string"}}
    yield Operation(
        *("questions", "Every question with a name", "What each takes, and where it is answered."),
        LISTED,
        _tabular(of_list(QUESTION_COLUMNS, {"links": _LINKS})),
        columns=QUESTION_COLUMNS,
    )
    for one in served().named:
        parameters = (*one.parameters, *shared_with(one.parameters))
        name = f"questions/{one.name}"
        content = _tabular(_answer(one))
        yield Operation(name, one.title, one.doc, parameters, content, columns=one.columns)
    yield Operation(
        *("search", "What is called so, or nearly so", first_sentence(hits_table)),
        (Q, KIND, *LISTED),
        _tabular(of_list(HIT_COLUMNS, text)),
        columns=HIT_COLUMNS,
    )
    yield Operation(
        *("suggest", "What a text that is being typed may become", first_sentence(Suggestion)),
        (BEGUN, *LISTED),
        _tabular(of_list(SUGGESTION_COLUMNS, text)),
        columns=SUGGESTION_COLUMNS,
    )


def _others() -> Iterator[Operation]:
    yield Operation(
        *("ask", "A question in words", first_sentence(Understanding)),
        (SENTENCE, TIMEOUT, EDITIONS),
        {JSON: _understanding()},
    )
    yield Operation(
        *("questions/forecast.svg", "A forecast as a chart", first_sentence(forecast_chart)),
        (*CHART_PARAMETERS, TIMEOUT),
        {SVG: _TEXT},
    )
    path, title = "things/{kind}/{slug}/network", "The part of the network around a thing"
    parameters = (*NETWORK_PARAMETERS, TIMEOUT, EDITIONS)
    node_link = {"type": "object", "required": ["release", "graph", "nodes", "edges"]}
    written = (
        ("json", "node-link JSON", {JSON: node_link}),
        ("graphml", "GraphML", {GRAPHML: _TEXT}),
    )
    for ending, form, content in written:
        doc = f"For algorithms of your own, as {form}."
        yield Operation(
            *(f"{path}.{ending}", f"{title} ({form})", doc, parameters, content),
            path=("kind", "slug"),
        )


def _tabular(schema: Schema) -> Mapping[str, Schema]:
    return {JSON: schema, CSV: _TEXT}


def _answer(question: Named) -> Schema:
    return of_list(
        question.columns,
        {
            "question": {"const": question.name},
            "title": {"type": "string"},
            "understood": {"type": "object", "description": "The value of every parameter."},
            "completeness": of_type(Sequence[Completeness]),
            "notes": of_type(Sequence[str]),
            "sparql": of_type(str | None),
            "links": _LINKS,
        },
    )


def _understanding() -> Schema:
    schema = of_class(Understanding)
    of_reading = schema["properties"]["readings"]["items"]
    of_reading["properties"]["address"] = {"type": "string", "format": "uri-reference"}
    members = {"release": {"type": "string"}, "answer": {"type": ["object", "null"]}}
    schema["properties"] = members | schema["properties"]
    schema["required"] = [*members, *schema["required"]]
    return schema


def _described(one: Operation) -> Schema:
    tag = one.name.partition("/")[0].removesuffix(".csv")
    return {
        "operationId": one.name.replace("/", "-").replace(".", "-").translate(_NO_BRACES),
        "summary": one.title,
        "description": one.doc,
        "tags": [tag],
        "parameters": [*map(_in_path, one.path), *(_in_query(p, one) for p in one.parameters)],
        "responses": {
            "200": {
                "description": "Complete.",
                "headers": _headers(),
                "content": {kind: {"schema": schema} for kind, schema in one.content.items()},
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in _FAILURES},
        },
    }


_NO_BRACES = str.maketrans("", "", "{}")


def _in_query(parameter: Parameter, operation: Operation) -> Schema:
    kinds = f" ({', '.join(parameter.of)})" if parameter.of else ""
    listed: Schema = {"style": "form", "explode": True} if parameter.many else {}
    schema = of_parameter(parameter)
    if parameter is SORT:
        listed, schema = {"style": "form", "explode": False}, of_order(operation.columns)
    elif parameter is TIMEOUT:
        schema = {"type": "string", "pattern": f"^({SECONDS})$"}
    return {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.title}{kinds}. {parameter.doc}",
        "required": parameter.required,
        **listed,
        "schema": schema,
    }


_IN_PATH: Mapping[str, Schema] = {
    "kind": {"type": "string", "enum": list(NODE_KINDS)},
    "slug": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
}


def _in_path(name: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": "As in the IRI of the thing.",
        "schema": _IN_PATH[name],
    }


def _headers() -> Schema:
    return {
        RELEASE: {"description": "The release.", "schema": {"const": served().release.id}},
        QUERY_ID: {"description": "What ends the request.", "schema": {"type": "string"}},
        "Link": _LINK,
    }


def _problem(status: int) -> Schema:
    titles = [kind.title for kind in KINDS if kind.status == status] or [INTERNAL.title]
    return {
        "description": "; ".join(titles),
        "content": {PROBLEM: {"schema": reference("Problem")}},
    }
