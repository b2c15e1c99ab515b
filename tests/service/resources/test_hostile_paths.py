"""Whatever stands in a path: never a failure, never another resource."""

import http.client

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service.conftest import Server

HOSTILE = (
    "/id/agent/..%2f..%2fetc%2fpasswd",
    "/id/agent/../agent/terumo-bct",
    "/id/agent/alpha-bio%2F",
    "/id/agent/alpha-bio/",
    "/id%2Fagent%2Falpha-bio",
    "/id/agent/alpha-bio%00",
    "/id/agent/%00",
    "/id/agent/alpha-bio%0a",
    "/id/agent/alpha-bio.ttl.ttl",
    "/id/agent/alpha-bio.TTL",
    "/id/agent/alpha-bio.nq",
    "/id/agent/alpha-bio.",
    "/id/agent/.ttl",
    "/id/agent/alpha-bio;type=x",
    "/id/agent/ALPHA-BIO",
    "/id/agent/b%C3%AAta-cell",
    "/id/agent/%F0%9F%A7%AC",
    "/id/agent/%FF%FE",
    "/id/agent/" + "a" * 10_000,
    "/id/" + "a" * 10_000 + "/x",
    "/id/agent",
    "/id/agent/",
    "/id/nobody/alpha-bio",
    "/id//alpha-bio",
    "/source/..",
    "/source/first-report%23x",
    "/graph/..%2fderived",
    "/graph/" + "g" * 10_000,
    '/id/agent/x"}ASK{}',
    "/id/agent/<script>",
    "/id/agent/alpha-bio%3Finverse=x",
)


def status(server: Server, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.putheader("Accept", "text/turtle")
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path[:30])
def test_a_running_service(server: Server, path: str) -> None:
    raw = path if path.isascii() else path.encode().decode("latin-1")
    assert 400 <= status(server, raw.replace('"', "%22").replace("<", "%3C")) < 500


def test_a_running_service_answers_the_rest(server: Server) -> None:
    assert status(server, "/id/agent/alpha-bio") == 200
    assert status(server, "/id/agent/alpha%2Dbio") == 200  # the same (RFC 3986, 6.2.2.2)
    assert status(server, "/graph/first-report.nt") == 200


@given(st.text(max_size=40), st.sampled_from(["/id/agent/", "/source/", "/graph/", "/id/"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_refused_politely(client: FlaskClient, text: str, folder: str) -> None:
    assert client.get(folder + text).status_code in (200, 308, 400, 404, 406)
