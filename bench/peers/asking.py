"""HTTP to a contender: one kept connection, queries by POST as a form."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from bench.peers.cases import Case

PATIENCE = 40.0
"""Seconds that a client waits: longer than every server is told to."""
ROWS = "application/sparql-results+json"
GRAPH = "application/n-triples"


class Refused(Exception):
    """A server gave no answer; the text says what it gave."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where queries go, and what is sent with each of them."""

    address: str
    parameters: Mapping[str, str]


class Client:
    """One connection, opened again when the server has closed it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        parts = urlsplit(endpoint.address)
        self._path = parts.path
        self._connection = http.client.HTTPConnection(
            str(parts.hostname), parts.port, timeout=PATIENCE
        )

    def ask(self, case: Case) -> bytes:
        """The body of the answer. Raises Refused."""
        body = urlencode({"query": case.text, **self._endpoint.parameters})
        headers = {
            "Accept": GRAPH if case.graph else ROWS,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        kept = self._connection.sock is not None
        try:
            status, answer = self._exchange(body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not (kept and isinstance(error, ConnectionError)):
                raise Refused(f"{type(error).__name__}: {error}") from None
            return self.ask(case)  # it was closed while nothing was asked
        if status != http.client.OK:
            shown = " ".join(answer.decode("utf-8", "replace").split())
            raise Refused(f"{status}: {shown[:160]}")
        return answer

    def _exchange(self, body: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        self._connection.request("POST", self._path, body, headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def timed(self, case: Case) -> float:
        """Milliseconds from sending to the last byte. Raises Refused."""
        begun = time.perf_counter()
        self.ask(case)
        return 1000 * (time.perf_counter() - begun)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
