"""What must hold between the cells of one row."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from graph.dates import StatedDate
from graph.numbers import Measure, shows, spelt
from graph.problems import Problem
from graph.sources.records import Record, Value
from ontology.description import MENTION_COLUMNS

#: Longest printed fragment, in characters: names and figures, never a sentence.
MAX_FRAGMENT = 120
#: Numbers that nobody prints: where a row stands.
_PLACES = frozenset({"paragraph", "position"})


def row_rules(record: Record) -> Iterator[Problem]:
    """Every problem of one row."""
    table = record.table
    if table.any_of and not any(name in record.values for name in table.any_of):
        message = f"needs one of {', '.join(table.any_of)}"
        yield record.problem(None, message, "Fill in what the row is about.")
    first, last = record.one("from_year"), record.one("to_year")
    if isinstance(first, StatedDate) and isinstance(last, StatedDate) and last.form < first.form:
        message = f"the period {first.form} to {last.form} ends before it begins"
        yield record.problem("to_year", message, "Exchange the years, or correct one of them.")
    fragments = [str(fragment) for fragment in record.values.get("printed", ())]
    for fragment in fragments:
        if len(fragment) > MAX_FRAGMENT:
            message = f"a fragment has {len(fragment)} characters; at most {MAX_FRAGMENT}"
            yield record.problem("printed", message, "Keep names and figures, not sentences.")
    if table.is_claim:
        yield from _implied(record)
        yield from _printed_digits(record, fragments)


def _implied(record: Record) -> Iterator[Problem]:
    for name in map(str, record.values.get("implied", ())):
        if name not in record.values or name in MENTION_COLUMNS:
            message = f"says that {name} is implied, and it states nothing in this row"
            yield record.problem("implied", message, "Fill that column in, or do not name it.")


def _printed_digits(record: Record, fragments: Sequence[str]) -> Iterator[Problem]:
    implied = {str(name) for name in record.values.get("implied", ())}
    for name, values in record.values.items():
        if name in implied or name in _PLACES:
            continue
        for value in values:
            forms = _forms(value)
            if forms and not any(shows(text, form) for text in fragments for form in forms):
                message = f"the digits {forms[0]} stand in no printed fragment"
                remedy = "Correct the value, or add what is printed."
                yield record.problem(name, message, remedy)


def _forms(value: Value) -> tuple[str, ...]:
    match value:
        case Measure():
            return (value.printed,)
        case Decimal() | int():
            return spelt(value)
        case _:
            return ()
