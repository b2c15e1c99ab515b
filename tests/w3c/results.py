"""Reading results of queries, and telling whether two of them are the same.

Blank nodes match when one mapping fits everywhere; everything else is compared to the letter.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from tests.w3c.manifests import Description, Term, value

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
XSD = "http://www.w3.org/2001/XMLSchema#"
_HERE = "urn:x-row:"  # names of ours in the graph that stands for a table
_TABLES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
_GRAPHS = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "text/turtle": RdfFormat.TURTLE,
}

Solution = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT; `ordered` when the order of the solutions is part of it."""

    variables: frozenset[str]
    solutions: tuple[Solution, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """The answer to a CONSTRUCT or DESCRIBE."""

    triples: tuple[Triple, ...]


Result = bool | Table | Graph


def read_result(data: bytes, media_type: str, base: str) -> Result:
    """Return the result in these bytes. RDF may be a graph, or describe a table or a boolean.

    Values of CSV have lost their types: all but blank nodes are read as plain strings.
    Raises SyntaxError or ValueError for what is not of this media type.
    """
    if media_type == "text/csv":
        return _read_csv(data)
    if media_type in _TABLES:
        found = parse_query_results(data, format=_TABLES[media_type])
        if isinstance(found, QueryBoolean):
            return bool(found)
        names = [variable.value for variable in found.variables]
        solutions = [
            {name: term for name in names if (term := solution[name]) is not None}
            for solution in found
        ]
        return Table(frozenset(names), tuple(solutions))
    if media_type not in _GRAPHS:
        raise ValueError(f"{media_type!r} is no format of results")
    quads = parse(data, format=_GRAPHS[media_type], base_iri=base, rename_blank_nodes=True)
    return described([quad.triple for quad in quads])


def described(triples: list[Triple]) -> Result:
    """Return the table or boolean that the DAWG's vocabulary of results says, or the graph."""
    sets = [
        t.subject for t in triples if t.predicate == TYPE and value(t.object) == RS + "ResultSet"
    ]
    if not sets:
        return Graph(tuple(triples))
    facts, head = Description(triples), sets[0]
    if (truth := facts.text(head, RS + "boolean")) is not None:
        return truth == "true"
    rows = [
        (
            facts.text(row, RS + "index"),
            {
                facts.text(binding, RS + "variable") or "": facts.all(binding, RS + "value")[0]
                for binding in facts.all(row, RS + "binding")
            },
        )
        for row in facts.all(head, RS + "solution")
    ]
    ordered = any(index is not None for index, _ in rows)
    if ordered:
        rows.sort(key=lambda row: int(row[0] or 0))
    variables = frozenset(value(name) for name in facts.all(head, RS + "resultVariable"))
    return Table(variables, tuple(solution for _, solution in rows), ordered)


def _read_csv(data: bytes) -> Table:
    names, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    return Table(
        frozenset(names),
        tuple(
            {name: _untyped(cell) for name, cell in zip(names, row, strict=True) if cell}
            for row in rows
        ),
    )


def _untyped(cell: str) -> Term:
    return BlankNode(cell[2:]) if cell.startswith("_:") else Literal(cell)


def difference(expected: Result, actual: Result, *, reduced: bool = False) -> str | None:
    """Return in what the results differ, or None.

    Order counts when `expected` says so. With `reduced`, solutions may occur less often than
    expected, but at least once.
    """
    if type(expected) is not type(actual):
        return f"expected a {type(expected).__name__}, not a {type(actual).__name__}"
    if isinstance(expected, Table) and isinstance(actual, Table):
        return _difference_of_tables(expected, actual, reduced=reduced)
    if isinstance(expected, Graph) and isinstance(actual, Graph):
        return difference_of_graphs(expected.triples, actual.triples)
    return None if expected == actual else f"expected {expected}, got {actual}"


def difference_of_graphs(expected: Iterable[Triple], actual: Iterable[Triple]) -> str | None:
    """Return which triples keep the two graphs from being isomorphic, or None."""
    expected, actual = list(expected), list(actual)
    if _canonical(map(_in_default_graph, expected)) == _canonical(map(_in_default_graph, actual)):
        return None
    return _told(map(_row_of_triple, expected), map(_row_of_triple, actual))


def _difference_of_tables(expected: Table, actual: Table, *, reduced: bool) -> str | None:
    if expected.variables != actual.variables:
        return f"expected variables {sorted(expected.variables)}, got {sorted(actual.variables)}"
    solutions = [expected.solutions, actual.solutions]
    if reduced:
        if len(solutions[1]) > len(solutions[0]):
            return f"expected at most {len(solutions[0])} solutions, got {len(solutions[1])}"
        solutions = [tuple(map(dict, set(map(_key, rows)))) for rows in solutions]
    if len({_canonical(_as_graph(rows, expected.ordered)) for rows in solutions}) == 1:
        return None
    return _told(*(map(_row, rows) for rows in solutions))


def _as_graph(solutions: Iterable[Solution], ordered: bool) -> Iterator[Quad]:
    """Describe a table such that two are the same just when their graphs are isomorphic.

    Each different solution is a blank node with its values, and how often it occurs or where.
    """
    if ordered:
        rows = [("place", place, _key(row)) for place, row in enumerate(solutions)]
    else:
        counted = Counter(map(_key, solutions))
        rows = [("times", times, row) for row, times in counted.items()]
    for what, number, row in rows:
        subject = BlankNode()
        yield Quad(subject, NamedNode(_HERE + what), Literal(number))
        for name, term in row:
            yield Quad(subject, NamedNode(f"{_HERE}value-{name}"), term)


def _key(solution: Solution) -> frozenset[tuple[str, Term]]:
    return frozenset(solution.items())


def _in_default_graph(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object)


def _canonical(quads: Iterable[Quad]) -> frozenset[Quad]:
    graph = Dataset(quads)
    graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(graph)


def _row(solution: Solution) -> str:
    return "  ".join(f"?{name} {_shown(term)}" for name, term in sorted(solution.items()))


def _row_of_triple(triple: Triple) -> str:
    return " ".join(map(_shown, (triple.subject, triple.predicate, triple.object)))


def _shown(term: Term) -> str:
    return "_:" if isinstance(term, BlankNode) else str(term).replace(XSD, "")


def _told(expected: Iterable[str], actual: Iterable[str]) -> str:
    """Tell what is missing and what is too much, as far as that shows without labels."""
    one, other = Counter(expected), Counter(actual)
    lines = [f"- {row}" for row in (one - other).elements()]
    lines += [f"+ {row}" for row in (other - one).elements()]
    return "\n".join(lines or ["the order differs, or which blank nodes are the same"])
