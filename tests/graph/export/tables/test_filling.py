"""Rows from statements that nobody has checked."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from graph.export.tables import filling
from ontology.namespaces import KG, RDF, RDFS, SKOS
from tests.graph.export.tables.reading import IRIS, cells, organisations, table_of

A, B = IRIS.thing("agent", "a"), IRIS.thing("agent", "b")


def test_rows_and_lists_are_in_the_order_of_code_points() -> None:
    store = organisations(
        {"b": "B", "a-2": "A2", "a": "A"},
        *((A, SKOS.altLabel, Literal(name)) for name in ("é", "z", "Z", "\U0001f9ec", "\uffdc")),
    )
    slugs = [str(iri).rpartition("/")[2] for iri in cells(store, "organisations", "organisation")]
    assert slugs == ["a", "a-2", "b"]
    assert cells(store, "organisations", "aliases")[0] == ("Z", "z", "é", "\uffdc", "\U0001f9ec")


def test_names_and_iris_of_a_list_are_in_the_same_order() -> None:
    therapies = [IRIS.thing("therapy", slug) for slug in ("x", "y", "z")]
    store = organisations({"a": "A"}, *((A, KG.develops, one) for one in therapies))
    for one, label in zip(therapies, ("Same", "Another", "Same"), strict=True):
        store.add(Quad(one, RDFS.label, Literal(label), DefaultGraph()))
    store.add(Quad(therapies[2], RDFS.label, Literal("Zed"), DefaultGraph()))
    x, y, z = (one.value for one in therapies)
    assert cells(store, "organisations", "develops") == [("Another", "Same", "Same")]
    assert cells(store, "organisations", "develops_iri") == [(y, x, z)]


def test_a_thing_without_a_name_is_called_by_its_iri() -> None:
    store = organisations({"a": "A"}, (A, KG.group, B))
    assert cells(store, "organisations", "group") == [B.value]
    assert cells(store, "organisations", "group_iri") == [B.value]


def test_what_cannot_be_read_is_left_out_and_said() -> None:
    store, year = Store(), NamedNode("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod")
    claim = IRIS.thing("claim", "one")
    for property_, text in ((KG.value, "many"), (year, "2025-01"), (KG.halfUnit, "0.5")):
        store.add(Quad(claim, property_, Literal(text), DefaultGraph()))
    store.add(Quad(claim, RDF.type, KG.MarketFigure, DefaultGraph()))
    with table_of(store, "figures") as rows:
        names = [field.name for field in rows.table.fields]
        (row,) = rows.rows()
        told = dict(zip(names, row, strict=True))
        assert (told["value"], told["year"], told["half_unit"]) == (None, None, Decimal("0.5"))
        assert rows.remarks == (
            "1 values of the column value are left out: they are no decimal.",
            "1 values of the column year are left out: they are no year.",
        )


def test_several_values_where_one_is_due_are_said() -> None:
    store = organisations({"a": "A"}, (A, RDFS.label, Literal("Another")))
    with table_of(store) as rows:
        assert [row[1] for row in rows.rows()] == ["A"]
        assert rows.remarks == (
            "1 cells of the column label have several values where one is due: the first is kept.",
        )


def test_a_blank_node_has_its_skolem_iri() -> None:
    store = Store()
    store.add(Quad(BlankNode("x"), RDF.type, KG.Organisation, DefaultGraph()))
    assert cells(store, "organisations", "organisation") == [f"{IRIS.genid}x"]


def test_reports_that_tell_one_event_have_a_row_each() -> None:
    store, event = Store(), IRIS.thing("event", "launch")
    for number, day in ((1, "2025-01"), (2, "2025-01-05")):
        graph, claim = IRIS.graph(f"source-{number}"), IRIS.thing("claim", f"claim-{number}")
        said = (
            (claim, KG.states, event),
            (event, RDF.type, KG.Event),
            (event, KG.date, Literal(day)),
            (
                event,
                KG.datePrecision,
                IRIS.thing("concept", ("precision-month", "precision-day")[number - 1]),
            ),
        )
        for subject, predicate, value in said:
            store.add(Quad(subject, predicate, value, graph))
            store.add(Quad(subject, predicate, value, DefaultGraph()))
    assert cells(store, "events", "date") == ["2025-01", "2025-01-05"]
    days = cells(store, "events", "day")
    assert days[0] is None
    assert str(days[1]) == "2025-01-05"
    assert cells(store, "events", "event") == [event.value] * 2


def test_rows_are_read_in_constant_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def watched(bindings: Iterator[object], most: int) -> Iterator[object]:
        batch = list(islice(bindings, most))
        taken.append(len(batch))
        return iter(batch)

    monkeypatch.setattr(filling, "_BATCH", 100)
    monkeypatch.setattr(filling, "islice", watched)
    store = organisations({f"a-{n}": "A" for n in range(500)})
    with table_of(store) as rows:
        assert rows.count == sum(1 for _ in rows.rows()) == 500
    assert max(taken) == 100
    assert sum(taken) == 1000
