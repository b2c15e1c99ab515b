"""Questions with a name as a list, and the answer to one as a document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from graph.landscape import Answer, Column, Named, Parameter
from graph.release import Editions
from service.api.tables import Table, text_of
from service.served import served

QUESTION_COLUMNS = (
    Column("name", "Name", "text", "Its name in addresses."),
    Column("title", "Question", "text", "The question in words."),
    Column("doc", "About", "text", "What it answers, and how."),
    Column("parameters", "Parameters", "texts", "The names of what it takes."),
    Column("address", "Address", "text", "Where it is answered."),
)


def questions_table(questions: Iterable[Named]) -> Table:
    """Return questions as a table."""
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "doc": one.doc,
            "parameters": [parameter.name for parameter in one.parameters],
            "address": address_of(one.name),
        }
        for one in questions
    ]
    return Table(QUESTION_COLUMNS, rows)


def address_of(
    name: str, given: Mapping[str, Sequence[str]] | None = None, endpoint: str = "asked"
) -> str:
    """Return where the question of a name is answered, when asked with these parameters."""
    path = url_for(endpoint, name=name)  # with `release`, on a page that is kept to one
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{urlencode(given, doseq=True)}" if given else path


def before_rows(question: Named, answer: Answer) -> dict[str, Any]:
    """Return what the document of an answer has before its rows."""
    return {
        "question": question.name,
        "title": question.title,
        "understood": answer.understood,
    }


def after_rows(answer: Answer) -> dict[str, Any]:
    """Return what the document of an answer has after its rows."""
    return {
        "completeness": answer.completeness,
        "notes": answer.notes,
        "sparql": answer.sparql,
    }


def links_of(
    question: Named,
    answer: Answer,
    given: Mapping[str, Sequence[str]],
    editions: Editions = "current",
) -> dict[str, dict[str, str]]:
    """Return the links of an answer, as a member; `given` is what was asked with.

    `editions` are those that the client asks, which the links ask too.
    """
    asked = {"editions": ["all"]} if editions == "all" and "editions" not in given else {}
    csv = address_of(
        question.name, {**given, **(asked if _takes_editions(question) else {})}, "asked_csv"
    )
    query = {}
    if answer.sparql:
        # Without superseded editions, both are the same.
        whole = editions == "all" or (answer.editions == "all" and served().release.history)
        wish = "all" if whole else None
        query = {"sparql": url_for("sparql", query=answer.sparql, editions=wish)}
    return {"links": {"csv": csv, **query, "openapi": url_for("openapi_document")}}


def _takes_editions(question: Named) -> bool:
    """Whether it makes a difference to the question, and is no parameter of its own."""
    own = {parameter.name for parameter in question.parameters}
    return question.editions == "current" and "editions" not in own


def takes(parameter: Parameter) -> str:
    """Return in words which values a parameter takes."""
    match parameter.kind:
        case "choice":
            values = " or ".join(parameter.choices)
        case "entity":
            values = f"a name, an alias or an IRI of: {', '.join(parameter.of) or 'anything'}"
        case "date":
            values = "2025, 2025-08 or 2025-08-19"
        case "integer":
            values = f"a whole number from {parameter.least} to {parameter.most:,}"
        case "number":
            values = f"a number from {parameter.least} to {parameter.most:,}"
        case "boolean":
            values = "true or false"
        case _:
            values = "text"
    if parameter.many:
        values += "; may be given several times"
    if parameter.required:
        values += "; required"
    elif parameter.default not in (None, ()):
        values += f"; {text_of(parameter.default)} unless given"
    return values
