"""What pages show: cells of results, downloads, sources and counts, ready to be rendered."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from graph.query import Answer, Engine, Formats, Request
from graph.questions.executable import Example
from ontology.vocabulary import NAMESPACE, contract
from service.negotiation import FORMATS, Form
from service.results import (
    JSON_RESULTS,
    Rows,
    Term,
    is_true,
    number_columns,
    read_rows,
    short,
)
from service.served import Served

_FEW_EXAMPLES = 9
#: The worked question whose answer is on the first page.
FINDINGS = "computed-findings"
_BREAKS = re.compile(r"(?<=[/#?&])")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `text` is shown, `title` says the whole, `href` leads on."""

    text: str
    kind: str
    title: str = ""
    href: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A result for a page. `boolean` is set for ASK only; `numeric` tells columns of numbers."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    total: int
    boolean: bool | None
    downloads: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    milliseconds: float


def result_page(
    served: Served,
    answer: Answer,
    address: Mapping[str, Any],
    notices: tuple[str, ...],
    milliseconds: float,
) -> Result:
    """Return what a page shows of an answer; `address` has the parameters that led to it."""
    form: Form = "graph" if answer.form == "graph" else "bindings"
    boolean, rows = None, Rows((), (), 0)
    if answer.form == "boolean":
        boolean = is_true(answer)
    else:
        rows = read_rows(answer, served.settings.shown_rows)
    return Result(
        columns=rows.columns,
        numeric=tuple(number_columns(rows.rows)) or (False,) * len(rows.columns),
        rows=tuple(tuple(_cell(term, served.base) for term in row) for row in rows.rows),
        total=rows.total,
        boolean=boolean,
        downloads=tuple(
            (f.title, url_for("sparql", **{**address, "format": f.name}))
            for f in FORMATS
            if f.form == form and f.shown
        ),
        notices=notices,
        milliseconds=milliseconds,
    )


def classes(served: Served) -> Iterator[tuple[str, str, int]]:
    """Yield name, IRI and count of the classes of our own vocabulary, the largest first."""
    counts = served.counts["classes"].items()
    ours = [(iri, n) for iri, n in counts if iri.startswith(NAMESPACE)]
    for iri, number in sorted(ours, key=lambda item: (-item[1], item[0])):
        yield contract(iri), iri, number


def first_examples(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Return the first few examples: `graph.questions` puts those for the front first."""
    return tuple(examples[:_FEW_EXAMPLES])


def few_examples(examples: Sequence[Example]) -> dict[str, Any]:
    """Return what templates are told: `examples`, and how many there are if those are not all."""
    few, number = first_examples(examples), len(examples)
    return {"examples": few, "more_examples": number if number > len(few) else 0}


def findings(
    engine: Engine, examples: Sequence[Example], base: str
) -> tuple[Mapping[str, str], ...]:
    """Return what was computed from the reports: rows of `kind`, `finding` and `reports`."""
    asked = next((example for example in examples if example.id == FINDINGS), None)
    if asked is None:
        return ()
    request = Request(asked.query, Formats(JSON_RESULTS, None), base_iri=base)
    answer = read_rows(engine.evaluate(request))
    named = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
    return tuple({name: term.value for name, term in row.items() if term} for row in named)


def breakable(text: str) -> Markup:
    """Return the text of an IRI, escaped, with places where a line may break."""
    return Markup("<wbr>").join(escape(part) for part in _BREAKS.split(text))


def _cell(term: Term | None, base: str) -> Cell | None:
    match term:
        case None:
            return None
        case Term("iri", value):
            text = short(value, base)
            text = text[1:-1] if text.startswith("<") else text
            return Cell(text, "iri", value, url_for("sparql", query=f"DESCRIBE <{value}>"))
        case Term("blank", value):
            return Cell(f"_:{value}", "iri", "blank node: it has no address")
        case Term("triple", value):
            return Cell(value, "iri", "a triple")
        case Term(_, value, datatype, language):
            title = contract(datatype) if datatype else ""
            kind = "number" if term.is_number else "text"
            return Cell(value, kind, title, None, language)
