"""Questions for these tests: one of every kind of parameter and of column, and some that fail."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from graph.landscape import (
    Answer,
    Asking,
    Column,
    Completeness,
    Evidence,
    Named,
    NotAnswerable,
    Parameter,
    Thing,
)

REPORT = Thing("https://w3id.org/therascape/source/first-report", "First (2025)", "source")
_QUERY = """SELECT ?who ?name { ?who a kg:Organisation ; rdfs:label ?name }
ORDER BY ?name"""
COLUMNS = (
    Column("who", "Who", "thing", "The organisation."),
    Column("with", "With", "things", "Others, besides it."),
    Column("note", "Note", "text", "Its name again."),
    Column("number", "Number", "integer", "Its place in order of names."),
    Column("value", "Value", "number", "A decimal, missing for the first."),
    Column("first", "First", "boolean", "Whether it is the first."),
    Column("since", "Since", "date", "A year."),
    Column("words", "Words", "texts", "Words of its name."),
    Column("evidence", "Evidence", "evidence", "Why."),
)


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    found = asking.rows(_QUERY)[: arguments["least"]]
    things = [Thing(str(row["who"]), str(row["name"]), "agent") for row in found]
    return Answer(
        question="everything",
        columns=COLUMNS,
        rows=[
            {
                "who": thing,
                "with": [other for other in things if other is not thing],
                "note": thing.label,
                "number": number,
                "value": Decimal(number) / 4 if number else None,
                "first": number == 0,
                "since": str(2020 + number),
                "words": thing.label.split(),
                "evidence": [Evidence("Launched there", "stated", REPORT, ("intro",))],
            }
            for number, thing in enumerate(things)
        ],
        understood=arguments,
        completeness=(Completeness(REPORT, "not stated", "It was read completely."),),
        sparql=_QUERY,
        notes=("This is made up.",),
    )


def _unanswerable(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    raise NotAnswerable(f"there is no {arguments['what']} in {asking.base}")


EVERYTHING = Named(
    "everything",
    "What can a question take?",
    "Takes one of everything.",
    (
        Parameter("company", "Company", "A company.", "entity", of=("agent",)),
        Parameter("others", "Others", "Companies.", "entity", of=("agent",), many=True),
        Parameter("level", "Level", "Of whom.", "choice", choices=("a", "b"), default="a"),
        Parameter("until", "Until", "The last day.", "date"),
        Parameter("least", "Least", "How many.", "integer", default=30, least=0, most=30),
        Parameter("deep", "Deep", "Whether deep.", "boolean", default=False),
        Parameter("words", "Words", "Anything.", "text", many=True),
    ),
    COLUMNS,
    _run,
)
UNANSWERABLE = Named(
    "unanswerable",
    "What is not there?",
    "Never answers.",
    (Parameter("what", "What", "Anything.", "text", required=True),),
    COLUMNS[:1],
    _unanswerable,
)
OWN_LIMIT = Named(
    "own-limit",
    "What has a limit of its own?",
    "Has a parameter that lists have too.",
    (Parameter("limit", "Limit", "A limit of its own.", "integer", default=2, least=1, most=3),),
    COLUMNS,
    lambda asking, arguments: _run(asking, {"least": arguments["limit"]}),
)
QUESTIONS = (EVERYTHING, UNANSWERABLE, OWN_LIMIT)
