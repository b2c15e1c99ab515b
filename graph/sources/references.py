"""What rows name: that it is there, of the right kind, and not retired."""

from collections.abc import Iterable, Iterator

from graph.problems import Problem, candidates
from graph.sources.index import Index
from graph.sources.records import Record, Reference
from graph.sources.retired import Merges
from ontology.description import Column, tables

_CLASS_OF = {"organisation": "organisations", "person": "people"}


def references(record: Record, index: Index, merges: Merges) -> Iterator[Problem]:
    """What a row names that is not there, or not of the kind that the column takes."""
    yield from _retired(record, merges)
    for name, values in record.values.items():
        column = record.table.columns[name]
        for value in values:
            if isinstance(value, Reference):
                yield from _reference(record, column, value, index, merges)


def _reference(
    record: Record, column: Column, value: Reference, index: Index, merges: Merges
) -> Iterator[Problem]:
    if value.kind == "source":
        if value.slug not in index.sources:
            known = sorted(index.sources)
            near = candidates(value.slug, known) or f"The sources are {', '.join(known)}."
            yield record.problem(column.name, f"there is no source {value.slug!r}", near)
        return
    target = index.known.get(value)
    if target is None:
        if not index.may_exist(value):
            yield _dangling(record, column, value, index, merges)
    elif column.scheme and str(target.one("scheme")) != f"scheme:{column.scheme}":
        of_scheme = index.concepts(column.scheme)
        near = candidates(value.slug, of_scheme) or f"They are {', '.join(sorted(of_scheme))}."
        message = f"{value.slug!r} is a concept, but not of the scheme {column.scheme}"
        yield record.problem(column.name, message, near)
    elif column.only and value.slug not in column.only:
        message = f"must be {' or '.join(column.only)}, not {value.slug}"
        yield record.problem(column.name, message, f"It is: {column.comment}")
    elif (table := _CLASS_OF.get(column.type)) and target.table.name != table:
        message = f"{value.slug!r} stands in {target.table.name}, not in {table}"
        yield record.problem(column.name, message, f"Name a row of {table}.csv.")


def _dangling(
    record: Record, column: Column, value: Reference, index: Index, merges: Merges
) -> Problem:
    if (row := merges.decided.get(value)) is not None:
        message = f"{value} is retired in {row.file}:{row.line}, and nothing stands in its place"
        return record.problem(column.name, message, "Name another, or fill in replaced_by there.")
    remedy = index.remedy(value, _where(value.kind), column.scheme)
    return record.problem(column.name, f"there is no {value.kind} {value.slug!r}", remedy)


def _where(kind: str) -> str:
    names = [t.name for t in tables().values() if t.kind == kind and t.role != "notes"]
    return "a table of claims" if kind == "claim" else " or ".join(f"{name}.csv" for name in names)


def _retired(record: Record, merges: Merges) -> Iterator[Problem]:
    """A row whose subject is withdrawn and not merged contradicts retired.csv."""
    if record.table.role not in ("register", "claims", "notes"):
        return
    for subject, column in ((Reference("claim", record.id), "id"), (record.subject, None)):
        if (row := merges.decided.get(subject)) is not None:
            message = f"{subject} is retired in {row.file}:{row.line} and still has a row"
            remedy = "Delete the row, or the one that retires it."
            yield record.problem(column or record.table.key, message, remedy)
            return


def cycles(records: Iterable[Record]) -> Iterator[Problem]:
    """No thing is within, under or part of itself."""
    for column in ("within", "broader", "parent"):
        up = {r.subject: r for r in records if column in r.table.columns and r.key}
        for start, record in up.items():
            seen, queue = set[Reference](), list(_targets(record, column))
            while queue:
                reference = queue.pop()
                if reference == start:
                    message = f"{start.slug!r} stands above itself"
                    yield record.problem(column, message, "Break the circle.")
                    break
                if reference not in seen:
                    seen.add(reference)
                    queue += _targets(up[reference], column) if reference in up else ()


def _targets(record: Record, column: str) -> list[Reference]:
    return [v for v in record.values.get(column, ()) if isinstance(v, Reference)]
