"""An HTTP client that sends just what it is told to send."""

import http.client
import json
from contextlib import closing
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import quote

from pyoxigraph import RdfFormat, Triple, serialize

from tests.w3c.manifests import State, read_triples

N_TRIPLES = "application/n-triples"
PROBLEMS = "https://w3id.org/therascape/problems#"
PATIENCE = 20  # seconds


@dataclass(frozen=True, slots=True)
class Target:
    """A running service: where it listens, its endpoints, and what lets a client write."""

    host: str
    port: int
    token: str
    sparql: str = "/sparql"
    store: str = "/store"

    @property
    def endpoint(self) -> str:
        """The address of the SPARQL endpoint."""
        return f"http://{self.host}:{self.port}{self.sparql}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response."""

    status: int
    headers: Message
    body: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """The media type, in lower case and without parameters."""
        return self.headers.get_content_type() if "content-type" in self.headers else ""

    @property
    def problem(self) -> str | None:
        """The name of the problem that this response describes, if it does."""
        if self.media_type != "application/problem+json":
            return None
        return str(json.loads(self.body)["type"]).removeprefix(PROBLEMS)

    def __str__(self) -> str:
        """The status and the beginning of the body: for messages."""
        kind = self.problem or self.media_type
        return f"{self.status} {kind}: {self.body[:300].decode(errors='replace')}"


class Client:
    """Talks to one target, and knows which state it has loaded there.

    Every request has a connection of its own, so a failed one spoils no other.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._loaded: State | None = None

    def send(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Send a request as it stands, with the token; afterwards the loaded state is unknown."""
        self._loaded = None
        return self._send(method, path, headers or {}, body)

    def query(self, text: bytes, accept: str = "*/*") -> Answer:
        """Send a query as the body of a POST."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self._send("POST", self.target.sparql, headers, text)

    def update(self, text: bytes) -> Answer:
        """Send an update as the body of a POST."""
        headers = {"Content-Type": "application/sparql-update"}
        return self.send("POST", self.target.sparql, headers, text)

    def load(self, state: State) -> None:
        """Make the store hold this and nothing else; do nothing if it does already."""
        if state == self._loaded:
            return
        answer = self.update(b"DROP ALL")
        assert answer.status in (200, 204), f"DROP ALL: {answer}"
        if state.default:
            self._put("?default", [t for path in state.default for t in read_triples(path)])
        for name in dict.fromkeys(name for name, _ in state.named):
            files = [path for other, path in state.named if other == name]
            self._put(
                f"?graph={quote(name, safe='')}", [t for path in files for t in read_triples(path)]
            )
        self._loaded = state

    def _put(self, graph: str, triples: list[Triple]) -> None:
        data = serialize(triples, format=RdfFormat.N_TRIPLES)
        answer = self._send("PUT", self.target.store + graph, {"Content-Type": N_TRIPLES}, data)
        assert answer.status in (200, 201, 204), f"PUT {graph}: {answer}"

    def _send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        authorized = {"Authorization": f"Bearer {self.target.token}"} | headers
        connection = http.client.HTTPConnection(
            self.target.host, self.target.port, timeout=PATIENCE
        )
        with closing(connection):
            connection.request(method, path, body, authorized)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
