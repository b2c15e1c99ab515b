"""What queries answer: the evaluation tests of SPARQL 1.0 and 1.1."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.w3c.client import Client
from tests.w3c.expected import BY_VALUE, judge
from tests.w3c.manifests import MF, QT, State, address, entries, needs_suites, path_of
from tests.w3c.results import Graph, Table, difference, read_result
from tests.w3c.values import by_value

pytestmark = needs_suites

MANIFESTS = (
    "sparql10/manifest-evaluation.ttl",
    "sparql10/extended-manifest-evaluation.ttl",
    "sparql11/manifest-sparql11-query.ttl",
    "sparql11/manifest-sparql11-results.ttl",
)
KINDS = ("QueryEvaluationTest", "CSVResultFormatTest")
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".rdf": "application/rdf+xml",
    ".srj": "application/sparql-results+json",
    ".srx": "application/sparql-results+xml",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
}
FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
# After the last pattern, so not one of a query inside another.
ORDER = re.compile(r"\bORDER\s+BY\b[^}]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """One test: a query over a state, and the file with its result."""

    id: str
    query: Path
    state: State
    result: Path
    reduced: bool


def cases() -> list[Case]:
    found = list(read_cases())
    # Those over the same data follow each other: it is loaded once.
    first = {case.state: number for number, case in reversed(list(enumerate(found)))}
    return sorted(found, key=lambda case: first[case.state])


def read_cases() -> Iterator[Case]:
    for entry in entries(*MANIFESTS):
        if entry.kind not in KINDS:
            continue
        manifest = entry.manifest
        action = manifest.one(entry.node, MF + "action")
        assert action is not None
        query = manifest.text(action, QT + "query")
        result = manifest.text(entry.node, MF + "result")
        cardinality = manifest.text(entry.node, MF + "resultCardinality")
        yield Case(
            entry.id,
            path_of(query or ""),
            entry.state(action, QT),
            path_of(result or ""),
            reduced=cardinality == MF + "LaxCardinality",
        )


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_answers(client: Client, case: Case) -> None:
    judge(case.id, complaint(client, case))


def complaint(client: Client, case: Case) -> str | None:
    text = case.query.read_text("utf-8")
    base = address(case.query)
    client.load(with_named_in(text, base, case.state))
    media_type = MEDIA_TYPES[case.result.suffix]
    expected = read_result(case.result.read_bytes(), media_type, address(case.result))
    if isinstance(expected, Table) and ORDER.search(text):
        expected = Table(expected.variables, expected.solutions, ordered=True)
    accept = media_type
    if case.result.suffix in (".rdf", ".ttl") and not isinstance(expected, Graph):
        accept = MEDIA_TYPES[".srj"]
    answer = client.query(f"BASE <{base}>\n{text}".encode(), accept)
    if answer.status != 200 or answer.media_type != accept:
        return f"expected {accept}, got {answer}"
    actual = read_result(answer.body, accept, base)
    found = difference(expected, actual, reduced=case.reduced)
    if case.id not in BY_VALUE:
        return found
    assert found is not None, "this test passes to the letter; take it out of expected.toml"
    return difference(by_value(expected), by_value(actual), reduced=case.reduced)


def with_named_in(text: str, base: str, state: State) -> State:
    """Return the state with the files that the query names in FROM."""
    names = [urljoin(base, name) for name in FROM.findall(text)]
    new = [(name, path_of(name)) for name in dict.fromkeys(names)]
    return State(state.default, tuple(dict.fromkeys((*state.named, *new))))
