"""What is SPARQL 1.1 and what is not: the syntax tests of queries and updates.

Of SPARQL 1.0 as well: what was valid then still is.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.w3c.client import Answer, Client
from tests.w3c.expected import judge
from tests.w3c.manifests import MF, State, entries, needs_suites, path_of

pytestmark = needs_suites

MANIFESTS = (
    "sparql10/manifest-syntax.ttl",
    "sparql11/manifest-sparql11-query.ttl",
    "sparql11/manifest-sparql11-update.ttl",
    "sparql11/syntax-fed/manifest.ttl",
)
KINDS = {
    "NegativeSyntaxTest": False,
    "NegativeSyntaxTest11": False,
    "NegativeUpdateSyntaxTest11": False,
    "PositiveSyntaxTest": True,
    "PositiveSyntaxTest11": True,
    "PositiveUpdateSyntaxTest11": True,
}
# What was read as SPARQL may still be refused: it asks for an unknown function, another machine,
# a graph that is not there (404) or to create one that is (409).
REFUSED_ONCE_READ = ("unsupported-function", "remote-access-refused")


@dataclass(frozen=True, slots=True)
class Case:
    """One test: a query or an update, by the ending of its file, and whether it is valid."""

    id: str
    path: Path
    valid: bool


def cases() -> list[Case]:
    return [
        Case(
            entry.id,
            path_of(entry.manifest.text(entry.node, MF + "action") or ""),
            KINDS[entry.kind],
        )
        for entry in entries(*MANIFESTS)
        if entry.kind in KINDS
    ]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_syntax(client: Client, case: Case) -> None:
    client.load(State())
    send = client.update if case.path.suffix == ".ru" else client.query
    answer = send(case.path.read_bytes())
    if is_read(answer) if case.valid else is_refused_as_invalid(answer):
        judge(case.id, None)
    else:
        judge(case.id, f"{'valid' if case.valid else 'invalid'}, but the answer is {answer}")


def is_read(answer: Answer) -> bool:
    return answer.status in (200, 204, 404, 409) or answer.problem in REFUSED_ONCE_READ


def is_refused_as_invalid(answer: Answer) -> bool:
    return answer.status == 400 and (answer.problem or "").endswith("-syntax")
