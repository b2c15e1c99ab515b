"""The SPARQL 1.1 Protocol, request by request."""

import pytest

from tests.w3c.client import Client
from tests.w3c.expected import judge
from tests.w3c.manifests import needs_suites
from tests.w3c.sequences import Sequence, sequences

pytestmark = needs_suites

MANIFESTS = ("sparql11/protocol/manifest.ttl",)
ENDPOINT = "/sparql/"  # as the suite calls it


def cases() -> list[Sequence]:
    return list(sequences("ProtocolTest", *MANIFESTS))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_protocol(client: Client, case: Sequence) -> None:
    client.load(case.state)
    judge(case.id, complaint(client, case))


def complaint(client: Client, case: Sequence) -> str | None:
    for step in case.steps:
        assert step.path.startswith(ENDPOINT)
        path = client.target.sparql + step.path.removeprefix(ENDPOINT)
        answer = client.send(step.method, path, step.headers, step.body)
        if found := step.expected.complaint(answer, client.target.endpoint):
            return found
    return None
