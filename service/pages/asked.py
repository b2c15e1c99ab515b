"""A question in words that was written into the search: how it is read, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from graph.errors import GraphError
from graph.landscape import Answer, Column, Thing
from graph.wording import Reading, understand
from service.api.answering import answer_to, steps_of
from service.api.questions import address_of, links_of
from service.api.tables import text_of
from service.evaluation import here
from service.pages.dates import date_in_words
from service.resources.addresses import here_or_there
from service.served import served

MOST = 50
"""Rows on a page; data are complete."""
_FEWEST_WORDS = 2
_IN_EVIDENCE = ("marks", "reports", "sections")

Link = tuple[str, str | None]
"""Text, and where it leads, if it does."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: links in each cell, and the evidence for it."""

    cells: tuple[tuple[Link, ...], ...]
    evidence: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was understood: `sentence` says how. Without `answer` it had none now."""

    sentence: str
    title: str
    csv: str
    json: str
    query: str = ""
    answer: Answer | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[Line, ...] = ()
    total: int = 0
    evident: bool = False


def asked_in(text: str) -> Asked | None:
    """Return what a text asks, with the answer; None where it is not understood for sure.

    A name is no question, and what a word is left over of is none that could be answered.
    """
    if len(text.split()) < _FEWEST_WORDS:
        return None
    understanding = understand(text, served().search, served().named)
    if understanding.status != "understood":
        return None
    (reading,) = understanding.readings
    try:
        return _answered(reading)
    except GraphError as error:
        here().log["problem"] = type(error).__name__
        here().storable = False
        return _unanswered(reading)


def _unanswered(reading: Reading) -> Asked:
    found = served().question(reading.question)
    assert found is not None
    return Asked(
        reading.sentence,
        found.title,
        csv=address_of(reading.question, reading.arguments, "asked_csv"),
        json=address_of(reading.question, reading.arguments),
    )


def _answered(reading: Reading) -> Asked:
    """Raises what the question raises."""
    plain = _unanswered(reading)
    found = served().question(reading.question)
    assert found is not None
    answer = answer_to(found, reading.arguments, steps_of({}))
    links = links_of(found, answer, reading.arguments)["links"]
    evident = any(row.get("evidence") for row in answer.rows[:MOST])
    aside = _IN_EVIDENCE if evident else ()
    shown = [
        one
        for one in answer.columns
        if one.kind != "evidence" and one.name not in aside and _says(one, answer)
    ]
    return Asked(
        plain.sentence,
        plain.title,
        plain.csv,
        plain.json,
        query=links.get("sparql", ""),
        answer=answer,
        columns=tuple(one.title for one in shown),
        rows=tuple(_line(shown, row) for row in answer.rows[:MOST]),
        total=len(answer.rows),
        evident=evident,
    )


def _says(column: Column, answer: Answer) -> bool:
    """Whether a column has anything, and not only what the first one has."""
    first = answer.columns[0]
    if column is first:
        return True
    told = [
        (_cell(column, row.get(column.name)), _cell(first, row[first.name])) for row in answer.rows
    ]
    return any(cell and cell != name for cell, name in told)


def _line(columns: list[Column], row: Mapping[str, Any]) -> Line:
    evidence = tuple(row.get("evidence") or ())
    return Line(tuple(_cell(one, row.get(one.name)) for one in columns), evidence)


def _cell(column: Column, value: Any) -> tuple[Link, ...]:
    things = value if isinstance(value, list | tuple) else (value,)
    if any(isinstance(one, Thing) for one in things):
        return tuple(
            (one.label, here_or_there(one.iri)) for one in things if isinstance(one, Thing)
        )
    text = text_of(value)
    if column.kind == "date" and text:
        return ((date_in_words(text), None),)
    return ((text, None),) if text else ()


def page_of(iri: str) -> str:
    """Return where a thing has its page."""
    return here_or_there(iri) or url_for("index")
