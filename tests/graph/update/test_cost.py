"""What an update costs: with its own size, never with the square of it, nor with the store."""

import gc
import time
from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from tests.graph.update.samples import BASE, on


def _lines(n: int, line: str) -> str:
    return "\n".join(line.format(i) for i in range(n))


SHAPES: dict[str, Callable[[int], str]] = {
    "triples of one operation": lambda n: (
        f"INSERT DATA {{ GRAPH g:w {{ {_lines(n, 'ex:a{} ex:p ex:value .')} }} }}"
    ),
    "graphs of one operation": lambda n: (
        f"INSERT {{ {_lines(n, 'GRAPH g:w{} {{ ex:a ex:p 1 }}')} }} WHERE {{}}"
    ),
    "operations of data": lambda n: " ;\n".join(
        f"INSERT DATA {{ GRAPH g:w {{ ex:a ex:p {i} }} }}" for i in range(n)
    ),
    "operations with a pattern": lambda n: " ;\n".join(
        f"INSERT {{ GRAPH ?g {{ ex:a ex:p {i} }} }} WHERE {{ VALUES ?g {{ g:w{i} }} }}"
        for i in range(n)
    ),
    "declarations": lambda n: " ;\n".join(
        f"PREFIX p{i}: <http://e/{i}/> INSERT DATA {{ GRAPH g:w {{ ex:a p{i}:p {i} }} }}"
        for i in range(n)
    ),
}


def seconds(store: Store, text: str, *, inserted: int) -> float:
    gc.disable()  # what other tests left behind is not counted
    try:
        start = time.process_time()
        assert on(store, text).inserted == inserted
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_five_times_the_update_is_nowhere_near_25_times_the_work(shape: str) -> None:
    few = min(seconds(Store(), SHAPES[shape](1000), inserted=1000) for _ in range(3))
    many = (seconds(Store(), SHAPES[shape](5000), inserted=5000) for _ in range(3))
    assert any(one < 12 * few + 0.1 for one in many)  # the least of them, tried until it is enough


@pytest.mark.slow
def test_a_megabyte_of_data_takes_about_a_second() -> None:
    text = SHAPES["triples of one operation"](50_000)
    assert len(text) > 1_000_000
    assert seconds(Store(), text, inserted=50_000) < 10


@pytest.mark.slow
def test_a_small_change_to_a_large_store_is_a_small_change() -> None:
    store = Store()
    store.bulk_extend(
        Quad(
            NamedNode(f"{BASE}s{i // 10}"),
            NamedNode(f"{BASE}p{i % 10}"),
            Literal(i),
            NamedNode(f"{BASE}graph/g{i % 4}"),
        )
        for i in range(100_000)
    )
    began = time.process_time()
    assert sum(1 for _ in store) == 100_000
    whole = time.process_time() - began
    for text in (
        "INSERT DATA { GRAPH g:w { ex:a ex:p 1 } }",
        "DELETE WHERE { GRAPH ?g { ex:s7 ?p ?o } } ; INSERT DATA { GRAPH g:g1 { ex:a ex:b 2 } }",
    ):
        assert seconds(store, text, inserted=1) < whole
