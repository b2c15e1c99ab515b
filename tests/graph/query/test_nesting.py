import threading
from collections.abc import Callable

import pytest

from graph.query import QueryError, QueryTooDeep
from graph.query.checks import admit
from graph.query.nesting import MAX_CHAIN, MAX_DEPTH, MAX_DOUBLING
from tests.graph.query.samples import ask, quads

# Each makes the engine recurse n times; without a bound, each ends the process.
DEEP: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: f"SELECT ({'(' * n}1{')' * n} AS ?x) {{}}",
    "groups": lambda n: f"SELECT * {'{' * n}{'}' * n}",
    "lists": lambda n: f"ASK {{ ?s ?p {'(' * n}1{')' * n} }}",
    "blank nodes": lambda n: f"ASK {{ ?s ?p {'[ex:p ' * n}1{']' * n} }}",
    "paths": lambda n: f"ASK {{ ?s {'(' * n}ex:p{')*' * n} ?o }}",
    "triple terms": lambda n: f"ASK {{ ?s ?p {'<<(ex:s ex:p ' * n}1{')>>' * n} }}",
    "reified triples": lambda n: f"ASK {{ ?s ?p {'<<ex:s ex:p ' * n}1{'>>' * n} }}",
    "annotations": lambda n: f"ASK {{ ?s ?p ?o {'{|?p ?o ' * n}{'|}' * n} }}",
    "EXISTS": lambda n: f"ASK {{ {'FILTER EXISTS {' * n}{'}' * n} }}",
    "functions": lambda n: f"SELECT ({'STR(' * n}1{')' * n} AS ?x) {{}}",
    "IF": lambda n: f"SELECT ({'IF(1,1,' * n}1{')' * n} AS ?x) {{}}",
    "unclosed": lambda n: f"SELECT ({'(' * n}",
}
CHAINS: dict[str, Callable[[int], str]] = {
    "or": lambda n: f"ASK {{ FILTER(?a{'||?a' * n}) }}",
    "and": lambda n: f"ASK {{ FILTER(?a{'&&?a' * n}) }}",
    "plus": lambda n: f"SELECT (1{'+1' * n} AS ?x) {{}}",
    "minus": lambda n: f"SELECT (1{'- -1' * n} AS ?x) {{}}",
    "times": lambda n: f"SELECT (1{'*1' * n} AS ?x) {{}}",
    "sequence": lambda n: f"ASK {{ ?s (ex:p{'/ex:p' * n})* ?o }}",
    "alternative": lambda n: f"ASK {{ ?s ex:p{'|ex:p' * n} ?o }}",
    "UNION": lambda n: f"ASK {{ {{}} {'UNION {}' * n} }}",
    "MINUS": lambda n: f"ASK {{ ?s ?p ?o {'MINUS {?s ?p 1}' * n} }}",
    "FILTER": lambda n: f"ASK {{ {'FILTER(?x)' * n} }}",
    "BIND": lambda n: f"ASK {{ {''.join(f'BIND(1 AS ?x{i})' for i in range(n))} }}",
    "columns": lambda n: f"SELECT {' '.join(f'(1 AS ?x{i})' for i in range(n))} {{}}",
    "HAVING": lambda n: f"SELECT (1 AS ?x) {{}} GROUP BY ?y HAVING {'(?y)' * n}",
    "resources": lambda n: f"DESCRIBE {'ex:a ' * n}",
}
DOUBLING: dict[str, Callable[[int], str]] = {
    "REGEX": lambda n: f"SELECT ({'REGEX(' * n}1{',1)' * n} AS ?x) {{}}",
    "SUBSTR": lambda n: f"SELECT ({'SUBSTR(' * n}1{',1)' * n} AS ?x) {{}}",
    "REPLACE": lambda n: f"SELECT ({'REPLACE(' * n}1{',1,1)' * n} AS ?x) {{}}",
    "GROUP_CONCAT": lambda n: f"SELECT ({'GROUP_CONCAT(' * n}1{')' * n} AS ?x) {{}}",
    "negation": lambda n: f"SELECT ({'!(' * n}1 1{')' * n} AS ?x) {{}}",
    "signs": lambda n: f"SELECT ({'!' * n}1 1 AS ?x) {{}}",
    "subqueries": lambda n: f"SELECT * {{ {'{SELECT (COUNT(*) AS ?x) {' * n}{'}}' * n} }}",
}


@pytest.mark.parametrize("shape", DEEP)
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
def test_brackets_beyond_the_limit_are_refused(shape: str, depth: int) -> None:
    with pytest.raises(QueryTooDeep, match=r"line 1, column \d+: .*500 brackets"):
        admit(DEEP[shape](depth), ("ex",))


@pytest.mark.parametrize("shape", CHAINS)
@pytest.mark.parametrize("length", [MAX_CHAIN + 1, 5_000])
def test_chains_beyond_the_limit_are_refused(shape: str, length: int) -> None:
    with pytest.raises(QueryTooDeep, match="1000 operators"):
        admit(CHAINS[shape](length), ("ex",))


@pytest.mark.parametrize("shape", DOUBLING)
def test_what_doubles_the_work_of_the_engine_is_refused(shape: str) -> None:
    with pytest.raises(QueryTooDeep, match="doubles the work"):
        admit(DOUBLING[shape](MAX_DOUBLING + 1), ("ex",))


def test_the_place_is_that_of_the_first_bracket_too_many() -> None:
    with pytest.raises(QueryTooDeep) as caught:
        admit("SELECT *\n" + "{" * 2000 + "}" * 2000, ())
    assert (caught.value.line, caught.value.column) == (2, 501)


def test_a_mixture_counts_both() -> None:
    chain = "||1" * 600
    admit(f"SELECT (({'(' * 150}1{')' * 150}){chain} AS ?x) {{}}", ())
    with pytest.raises(QueryTooDeep):
        admit(f"SELECT (({'(' * 250}1{')' * 250}){chain} AS ?x) {{}}", ())


def test_what_is_long_but_not_deep_is_welcome() -> None:
    many = range(3000)
    values = " ".join(f"(ex:a{i} {i})" for i in many)
    for query in (
        f"ASK {{ VALUES (?x ?y) {{ {values} }} }}",
        f"ASK {{ FILTER(?x IN ({', '.join(map(str, many))})) }}",
        f"SELECT (CONCAT({', '.join('STR(1)' for _ in many)}) AS ?x) {{}}",
        f"CONSTRUCT {{ {'?s ?p ?o .' * 3000} }} WHERE {{ ?s ?p ?o }}",
        "".join(f"PREFIX p{i}: <a:>" for i in many) + "ASK {}",
        "ASK { ?s ?p ?o . " + "".join(f"FILTER(!(?x{i} = 1)) " for i in range(300)) + "}",
        "ASK { ?s " + "/".join(f"!ex:p{i}" for i in range(30)) + " ?o }",
    ):
        admit(query, ("ex",))


SLOW = ("lists", "blank nodes", "reified triples", "annotations")  # joins of very many patterns


@pytest.mark.parametrize(
    "query",
    [make(MAX_DEPTH // 3) for shape, make in DEEP.items() if shape not in SLOW]
    + [make(MAX_CHAIN - 10) for make in CHAINS.values()]
    + [make(12) for make in DOUBLING.values()],
)
def test_the_engine_survives_what_is_admitted_on_the_smallest_stack(query: str) -> None:
    # A thread of a server may have much less stack than the bounds need.
    before = threading.stack_size(512 * 1024)
    outcomes: list[str] = []

    def work() -> None:
        try:
            outcomes.append(ask(query, quads({"g": [("s", "p", "o")]})).form)
        except QueryError as error:
            outcomes.append(str(error))

    try:
        thread = threading.Thread(target=work)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert outcomes
