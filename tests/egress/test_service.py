"""The whole service over HTTP, with everything on: it refuses, or answers from its own data."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from tests.egress.attacks import QUERY, UPDATE, Attack
from tests.egress.conftest import Traps
from tests.egress.traps import SECRET, STOLEN
from tests.service.conftest import Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="files are watched with inotify")

TOKEN = "a-token-for-the-tests"
RESULTS = "application/sparql-results+json, application/n-triples;q=0.9"
DATA = b"""
    @prefix d: <http://data/> .
    d:s d:p d:o , "loot" , 1 , true , d:SERVICE ; a d:SERVICE ; d:endpoint d:x .
"""
FORM = "application/x-www-form-urlencoded"
PROBLEMS = "https://w3id.org/therascape/problems#"
REFUSED = "remote-access-refused"
# What an attack may be answered with besides success, by file of the corpus.
ALLOWED: dict[str, set[str]] = {
    "positions": {REFUSED},
    "endpoints": {REFUSED},
    "generated": {REFUSED},
    "loads": {REFUSED},
    "disguises": {REFUSED, "query-syntax"},
    "updates": {REFUSED, "graph-not-found", "unsupported-function"},
    "datasets": {"query-syntax", "unsupported-function"},
    "parameters": {"invalid-body", "malformed-request"},  # an address that is no IRI
    "documents": {"invalid-body"},
}
NEVER_ANSWERED = {"positions", "endpoints", "generated", "loads", "disguises"}


@dataclass
class Service:
    """A client of a running service; every answer is searched for what must not be in it."""

    connection: HTTPConnection
    leaks: list[str] = field(default_factory=list)

    def send(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Send a request with the token; return the status and the body."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        authorization = {"Authorization": f"Bearer {TOKEN}"}
        self.connection.request(method, path, body, authorization | names)
        response = self.connection.getresponse()
        data = response.read()
        if SECRET.encode() in data or STOLEN.encode() in data:
            self.leaks.append(f"{method} {path} {body!r}")
        return response.status, data

    def attack(self, attack: Attack, *, by_get: bool = False) -> str:
        """Return the name of the problem, or the status of success."""
        names = (
            ("default-graph-uri", "named-graph-uri")
            if attack.kind == "query"
            else ("using-graph-uri", "using-named-graph-uri")
        )
        graphs = [(names[0], graph) for graph in attack.default_graphs]
        graphs += [(names[1], graph) for graph in attack.named_graphs]
        if attack.kind == "body":
            path = "/store?" + urlencode({"graph": f"http://data/{attack.name}"})
            status, data = self.send(
                "PUT", path, attack.text.encode(), Content_Type=attack.media_type
            )
        elif by_get:
            path = "/sparql?" + urlencode([("query", attack.text), *graphs])
            status, data = self.send("GET", path, Accept=RESULTS)
        elif graphs:
            form = urlencode([(attack.kind, attack.text), *graphs]).encode()
            status, data = self.send("POST", "/sparql", form, Content_Type=FORM, Accept=RESULTS)
        else:
            text = attack.text.encode()
            status, data = self.send(
                "POST", "/sparql", text, Content_Type=attack.media_type, Accept=RESULTS
            )
        if status < 300:
            return str(status)
        assert 400 <= status < 500, (attack, status, data)
        problem = json.loads(data)
        assert problem["status"] == status
        assert (problem["type"] == PROBLEMS + REFUSED) == (status == 403)
        return str(problem["type"].removeprefix(PROBLEMS))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("egress")
    tokens = folder / "tokens"
    tokens.write_text(f"tests {TOKEN}\n")
    tokens.chmod(0o600)
    strict = ("--empty", "--default-graph", "strict")  # so that every graph can be written to
    server = Server(folder, *strict, "--write-token-file", str(tokens))
    try:
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
            service = Service(connection)
            for target in ("default", urlencode({"graph": "http://data/g"})):
                path = f"/store?{target}"
                status, said = service.send("PUT", path, DATA, Content_Type="text/turtle")
                assert status in (201, 204), said
            yield service
    finally:
        server.stop()


def unexpected(service: Service, attacks: Iterable[Attack]) -> dict[str, str]:
    """Attack them all; return the answers that none of them may have, by name of the attack."""
    found = {}
    for number, attack in enumerate(attacks):
        by_get = attack.kind == "query" and number % 3 == 0
        said = service.attack(attack, by_get=by_get)
        succeeded = said.isdecimal() and attack.file not in NEVER_ANSWERED
        if not succeeded and said not in ALLOWED[attack.file]:
            found[attack.name] = said
    return found


@pytest.mark.parametrize("file", [file for file in ALLOWED if file != "generated"])
def test_an_attack_is_refused_or_answered_from_what_is_there(
    traps: Traps, service: Service, file: str
) -> None:
    attacks = [attack for attack in traps.corpus if attack.file == file]
    assert attacks
    assert unexpected(service, attacks) == {}
    assert service.leaks == []
    assert traps.listener.hits == 0
    assert traps.watch.opened() == set()


def test_generated_attacks_are_refused(traps: Traps, service: Service) -> None:
    assert unexpected(service, traps.generated[:400]) == {}
    assert service.leaks == []
    assert traps.listener.hits == 0
    assert traps.watch.opened() == set()


def test_nothing_that_was_fetched_is_in_the_store(traps: Traps, service: Service) -> None:
    every = b"SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    status, data = service.send("POST", "/sparql", every, Content_Type=QUERY, Accept=RESULTS)
    assert status == 200
    assert len(json.loads(data)["results"]["bindings"]) > 14, "the data, and innocent documents"
    assert service.leaks == []
    assert traps.listener.hits == 0


def test_the_service_goes_on_and_takes_writes(service: Service) -> None:
    status, said = service.send(
        "POST", "/sparql", b"INSERT DATA { <a:s> <a:p> <a:o> }", Content_Type=UPDATE
    )
    assert status in (200, 204), said
    status, said = service.send("POST", "/sparql", b"ASK { <a:s> <a:p> <a:o> }", Content_Type=QUERY)
    assert (status, json.loads(said)["boolean"]) == (200, True)
