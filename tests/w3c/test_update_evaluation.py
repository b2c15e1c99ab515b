"""What updates leave behind: the evaluation tests of SPARQL 1.1 Update."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from tests.w3c.client import Client
from tests.w3c.expected import judge
from tests.w3c.manifests import (
    MF,
    UT,
    State,
    address,
    entries,
    needs_suites,
    path_of,
    read_triples,
    value,
)
from tests.w3c.results import Table, difference_of_graphs, read_result

pytestmark = needs_suites

MANIFESTS = ("sparql11/manifest-sparql11-update.ttl",)
KINDS = ("UpdateEvaluationTest",)
JSON = "application/sparql-results+json"
# The last part finds empty graphs.
EVERYTHING = b"""SELECT ?g ?s ?p ?o {
  { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } UNION { GRAPH ?g {} }
}"""

Graphs = dict[str | None, list[Triple]]  # by name; the default graph has none


@dataclass(frozen=True, slots=True)
class Case:
    """One test: an update, and the states before and after it."""

    id: str
    request: Path
    before: State
    after: State


def cases() -> list[Case]:
    found = []
    for entry in entries(*MANIFESTS):
        if entry.kind not in KINDS:
            continue
        action = entry.manifest.one(entry.node, MF + "action")
        result = entry.manifest.one(entry.node, MF + "result")
        assert action is not None
        assert result is not None
        request = path_of(entry.manifest.text(action, UT + "request") or "")
        found.append(Case(entry.id, request, entry.state(action, UT), entry.state(result, UT)))
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_leaves(client: Client, case: Case) -> None:
    judge(case.id, complaint(client, case))


def complaint(client: Client, case: Case) -> str | None:
    client.load(case.before)
    text = f"BASE <{address(case.request)}>\n{case.request.read_text('utf-8')}"
    answer = client.update(text.encode())
    if answer.status not in (200, 204):
        return f"the update was refused: {answer}"
    expected, actual = graphs_of(case.after), dump(client)
    if expected.keys() != actual.keys():
        return f"expected the graphs {named(expected)}, got {named(actual)}"
    for name, triples in expected.items():
        if found := difference_of_graphs(triples, actual[name]):
            return f"in {name or 'the default graph'}:\n{found}"
    return None


def graphs_of(state: State) -> Graphs:
    graphs: Graphs = {None: [triple for path in state.default for triple in read_triples(path)]}
    for name, path in state.named:
        graphs.setdefault(name, []).extend(read_triples(path))
    return graphs


def dump(client: Client) -> Graphs:
    answer = client.query(EVERYTHING, JSON)
    assert answer.status == 200, str(answer)
    table = read_result(answer.body, answer.media_type, "")
    assert isinstance(table, Table)
    graphs: Graphs = defaultdict(list, {None: []})
    for row in table.solutions:
        graph = graphs[value(row["g"]) if "g" in row else None]
        if "s" in row:
            subject, predicate = row["s"], row["p"]
            assert not isinstance(subject, Literal)
            assert isinstance(predicate, NamedNode)
            graph.append(Triple(subject, predicate, row["o"]))
    return graphs


def named(graphs: Graphs) -> list[str]:
    return sorted(name for name in graphs if name)
