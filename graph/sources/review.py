"""What was reviewed: source.toml may hold a digest of each table, as it was read last.

Counts notice a lost row; a changed cell they do not. A table whose `reviewed` differs from its rows
was changed since somebody held it against the text, and nothing is built from it until somebody
did so again and wrote the new digest down.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.problems import Problem
from graph.sources.manifest import FILE, Manifest
from graph.sources.records import Record


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A table of a source as it is: how many rows, and the digest of what they say."""

    rows: int
    digest: str


def digest(records: Iterable[Record]) -> str:
    """SHA-256 of what rows say, whatever their order, their files and the order of columns."""
    rows = sorted(
        repr((r.table.name, sorted((c, str(v)) for c, v in r.values.items()))) for r in records
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def as_it_is(records: Iterable[Record]) -> Mapping[str, Reviewed]:
    """Every table of a source by name, in alphabetical order."""
    by_table = defaultdict[str, list[Record]](list)
    for record in records:
        by_table[record.table.name].append(record)
    return {name: Reviewed(len(rows), digest(rows)[:16]) for name, rows in sorted(by_table.items())}


def changed_since(
    manifest: Manifest, records: Sequence[Record], name: str, unsound: Iterable[str]
) -> Iterator[Problem]:
    """A problem for each table whose rows are not those that were reviewed.

    Tables with `unsound` rows have problems of their own, and wrong counts are told elsewhere.
    """
    found = as_it_is(records)
    passed = set(unsound)
    for table, expected in manifest.tables.items():
        present = found.get(table, Reviewed(0, digest(())[:16]))
        same = expected.reviewed in (None, present.digest) or expected.rows != present.rows
        if same or table in passed:
            continue
        message = f"rows of {table} were changed since they were reviewed"
        remedy = f'Hold them against the text again, then write reviewed = "{present.digest}".'
        line = manifest.lines.get(f"tables.{table}")
        yield Problem(f"{name}/{FILE}", line, f"tables.{table}", message, remedy)
