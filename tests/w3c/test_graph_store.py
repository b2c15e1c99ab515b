"""The SPARQL 1.1 Graph Store HTTP Protocol, request by request."""

from urllib.parse import quote, urljoin

import pytest

from tests.w3c.client import Client
from tests.w3c.expected import judge
from tests.w3c.manifests import needs_suites
from tests.w3c.sequences import Sequence, sequences

pytestmark = needs_suites

MANIFESTS = ("sparql11/graph-store-protocol/manifest.ttl",)
STORE = "/gsp"  # as the suite calls it


def cases() -> list[Sequence]:
    return list(sequences("GraphStoreProtocolTest", *MANIFESTS))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_graph_store(client: Client, case: Sequence) -> None:
    client.load(case.state)
    judge(case.id, complaint(client, case))


def complaint(client: Client, case: Sequence) -> str | None:
    """Send the requests under the name that the suite gives the service.

    A Location that it expects has a name like `$LOCATION$`, and later requests use that name.
    """
    locations: dict[str, str] = {}
    for step in case.steps:
        assert step.path.startswith(STORE)
        path = client.target.store + step.path.removeprefix(STORE)
        for name, location in locations.items():
            path = path.replace(name, quote(location, safe=""))
        headers = step.headers | {"host": case.authority}
        answer = client.send(step.method, path, headers, step.body)
        here = f"http://{case.authority}{path}"
        if found := step.expected.complaint(answer, here):
            return f"{step.method} {path}: {found}"
        if step.expected.location:
            locations[step.expected.location] = urljoin(here, answer.headers["location"])
    return None
