"""What other programs make of the files of tables."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.export.formats import format_named
from graph.export.model import Scope, silent
from graph.export.tables.catalogue import table_named
from graph.export.tables.filling import Filled, filled
from graph.release import Release
from graph.terms import Iris
from ontology.namespaces import KG, RDF, RDFS

IRIS = Iris()


@cache
def written(release: Release, name: str) -> bytes:
    format_ = format_named(name)
    assert format_ is not None
    file = io.BytesIO()
    format_.write(release, Scope(), file, silent)
    return file.getvalue()


def csv_rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))


def metadata(release: Release, table: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(written(release, f"{table}-csvw"))
    return told


def organisations(
    labels: Mapping[str, str], *more: tuple[NamedNode, NamedNode, NamedNode | Literal]
) -> Store:
    """A store with organisations of these names, by slug."""
    store = Store()
    for slug, label in labels.items():
        node = IRIS.thing("agent", slug)
        store.add(Quad(node, RDF.type, KG.Organisation, DefaultGraph()))
        store.add(Quad(node, RDFS.label, Literal(label), DefaultGraph()))
    for subject, predicate, value in more:
        store.add(Quad(subject, predicate, value, DefaultGraph()))
    return store


@contextmanager
def table_of(store: Store, name: str = "organisations") -> Iterator[Filled]:
    with filled(table_named(name), store, IRIS) as rows:
        yield rows


def cells(store: Store, name: str, column: str) -> list[object]:
    with table_of(store, name) as rows:
        position = [field.name for field in rows.table.fields].index(column)
        return [row[position] for row in rows.rows()]
