"""A comparison of two releases for people and programs: JSON, rows of a table."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from graph.diff import CAUSES, Change, Comparison, sentences
from graph.diff.statements import text_of

COLUMNS = ("thing", "graph", "what", "property", "before", "after", "cause", "because")
_BETWEEN = " | "


def rows(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    """Yield a row for each property that differs; those that follow come after their cause."""
    labels = comparison.labels
    for change in comparison.changes:
        yield from _rows(change, change.because or "", labels)
        for follower in change.follows:
            yield from _rows(follower, follower.because or "", labels)


def document(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison for JSON: changes, each with what follows from it."""
    patch = comparison.patch
    told = {id(change): sentence for change, sentence in sentences(comparison)}
    return {
        "before": patch.before,
        "after": patch.after,
        "removed": len(patch.removed),
        "added": len(patch.added),
        "causes": dict(CAUSES),
        "changes": [
            {"sentence": told[id(change)], **_change(change)} for change in comparison.changes
        ],
    }


def as_json(comparison: Comparison) -> str:
    """Return the JSON document, with a line feed at its end."""
    return json.dumps(document(comparison), ensure_ascii=False, indent=2) + "\n"


def as_text(comparison: Comparison) -> str:
    """Return the sentences, a line each, with the cause before."""
    lines = [f"{change.cause}: {sentence}\n" for change, sentence in sentences(comparison)]
    return "".join(lines) or "Nothing differs.\n"


def write_rows(comparison: Comparison) -> str:
    """Return the table as CSV (RFC 4180); no cell is taken for a formula by a spreadsheet."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([_harmless(cell) for cell in row] for row in rows(comparison))
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A text that a spreadsheet takes for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _rows(change: Change, because: str, labels: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for one in change.properties:
        yield (
            change.label,
            change.graph,
            change.kind,
            labels.get(one.property, one.property),
            _BETWEEN.join(text_of(term, labels) for term in one.before),
            _BETWEEN.join(text_of(term, labels) for term in one.after),
            change.cause,
            labels.get(because, because),
        )


def _change(change: Change) -> dict[str, Any]:
    found: dict[str, Any] = {
        "thing": change.thing,
        "label": change.label,
        "graph": change.graph,
        "source": change.source,
        "kind": change.kind,
        "cause": change.cause,
        "because": change.because,
        "properties": [
            {
                "node": one.node,
                "property": one.property,
                "before": list(one.before),
                "after": list(one.after),
            }
            for one in change.properties
        ],
    }
    if change.follows:
        found["follows"] = [_change(follower) for follower in change.follows]
    return found
