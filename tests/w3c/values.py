"""Literals by their value: for tests where the engine does not keep how a literal was written.

The engine stores numbers, booleans and times as values, and writes each in one form of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from pyoxigraph import Literal, Triple

from tests.w3c.manifests import Term
from tests.w3c.results import XSD, Graph, Result, Table

_FORMS: dict[str, Callable[[str], str]] = {
    "boolean": lambda text: str(text in ("1", "true")).lower(),
    "date": lambda text: text.replace("+00:00", "Z"),
    "decimal": lambda text: f"{Decimal(text).normalize():f}",
    "double": lambda text: repr(float(text)),
    "float": lambda text: repr(float(text)),
    "integer": lambda text: str(int(text)),
}


def by_value(result: Result) -> Result:
    """Return the result with each literal of these types in one form; types stay what they are."""
    if isinstance(result, Table):
        rows = ({name: _plain(term) for name, term in row.items()} for row in result.solutions)
        return replace(result, solutions=tuple(rows))
    if isinstance(result, Graph):
        triples = (Triple(t.subject, t.predicate, _plain(t.object)) for t in result.triples)
        return Graph(tuple(triples))
    return result


def _plain(term: Term) -> Term:
    if not isinstance(term, Literal):
        return term
    form = _FORMS.get(term.datatype.value.removeprefix(XSD))
    try:
        return Literal(form(term.value), datatype=term.datatype) if form else term
    except (ArithmeticError, ValueError):
        return term  # not one of its type: kept as it was written
