"""Questions in words: how they are understood, the answer where they are, and what is offered."""

from dataclasses import fields
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from graph.landscape import Column, Parameter
from graph.wording import Reading, Suggestion, Understanding, suggest, understand
from service.api.answering import answer_to, steps_of
from service.api.lists import list_response, read_given, repeatable
from service.api.paging import EDITIONS, TIMEOUT, Wish, page_of, read_editions, read_parameters
from service.api.questions import address_of, after_rows, before_rows, links_of
from service.api.responses import json_response, page_members
from service.api.tables import Table
from service.served import served

MOST_SUGGESTIONS = 20
SENTENCE = Parameter("q", "Question", "A question in words.", "text", required=True)
BEGUN = Parameter("q", "Text", "What was typed so far.", "text", required=True)
SUGGESTION_COLUMNS = (
    Column("text", "Text", "text", "What the text may become; an ellipsis is a missing value."),
    Column("kind", "Kind", "text", "A question, or an entity."),
    Column("question", "Question", "text", "The name of the question."),
    Column("complete", "Complete", "boolean", "Whether every value is there that is needed."),
    Column("address", "Address", "text", "Where a complete question is answered."),
    Column("iri", "IRI", "text", "The IRI of the entity."),
    Column("type_label", "Type", "text", "What the entity is, in words."),
)


def latest_ask() -> AnyResponse:
    """Where the present version of the API takes questions in words."""
    text = request.query_string.decode("ascii", "replace")
    return redirect(f"{url_for('in_words')}?{text}", 303)


def in_words() -> Response:
    """How a question in words is understood; where it is, with the first part of the answer."""
    own, shared = read_given((SENTENCE,), (TIMEOUT, EDITIONS))
    text = read_parameters(own, (SENTENCE,))["q"]
    editions = read_editions(shared)
    understanding = understand(text, served().search_of(editions), served().named)
    members = {**understanding_members(understanding), "answer": None}
    if understanding.status != "understood":
        return repeatable(json_response(members))
    (reading,) = understanding.readings
    found = served().question(reading.question)
    assert found is not None
    steps = steps_of(shared)
    answer = answer_to(found, reading.arguments, steps)
    path = url_for("asked", name=found.name)
    page = page_of(Table.of(answer), Wish(), path, reading.arguments, whole=False)
    members["answer"] = {
        **before_rows(found, answer),
        **page_members(page),
        **after_rows(answer),
        **links_of(found, answer, reading.arguments, steps.editions),
    }
    return json_response(members)


def suggestions() -> Response:
    """What a text that is being typed may become: questions that fit, and entities."""
    own, shared = read_given((BEGUN,))
    text = read_parameters(own, (BEGUN,))["q"]
    names = served().search_of(read_editions(shared))
    rows = [_suggestion(one) for one in suggest(text, names, served().named, MOST_SUGGESTIONS)]
    table = Table(SUGGESTION_COLUMNS, rows)
    return repeatable(list_response(table, shared, "suggest", head={"q": text}, tail={}))


def understanding_members(understanding: Understanding) -> dict[str, Any]:
    """Return an understanding as JSON has it: each reading has the address of its answer."""
    found = {one.name: getattr(understanding, one.name) for one in fields(understanding)}
    return {**found, "readings": [_reading(one) for one in understanding.readings]}


def _reading(reading: Reading) -> dict[str, Any]:
    found = {one.name: getattr(reading, one.name) for one in fields(reading)}
    return {**found, "address": address_of(reading.question, reading.arguments)}


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    row = {one.name: getattr(suggestion, one.name) for one in fields(suggestion)}
    address = None
    if suggestion.kind == "question" and suggestion.complete:
        address = address_of(suggestion.question, suggestion.arguments)
    columns = [column.name for column in SUGGESTION_COLUMNS]
    shown = {name: row.get(name) for name in columns} | {"address": address}
    return {name: None if value == "" else value for name, value in shown.items()}
