"""Reading tests that are sequences of requests over HTTP, and what is expected of each answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.w3c.client import Answer
from tests.w3c.manifests import MF, UT, Description, Entry, State, Term, entries, value
from tests.w3c.results import Result, difference, read_result

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
HTS = "http://www.w3.org/2011/http-statusCodes#"
STATUSES = {
    "Created": range(201, 202),
    "NoContent": range(204, 205),
    "NotFound": range(404, 405),
    "OK": range(200, 201),
    "StatusCode2xx": range(200, 300),
    "StatusCode3xx": range(300, 400),
    "StatusCode4xx": range(400, 500),
}
FORMATS = {
    "RDF": ("application/rdf+xml", "text/turtle", "application/n-triples"),
    "boolean": ("application/sparql-results+xml", "application/sparql-results+json"),
    "tabular": (
        "application/sparql-results+xml",
        "application/sparql-results+json",
        "text/csv",
        "text/tab-separated-values",
    ),
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an answer must be like; None where anything will do."""

    statuses: frozenset[str]
    form: str | None
    truth: bool | None
    content_type: str | None
    turtle: str | None
    location: str | None

    def complaint(self, answer: Answer, base: str) -> str | None:
        """Return in what the answer differs, or None; relative IRIs in both are below `base`."""
        return next(self._complaints(answer, base), None)

    def _complaints(self, answer: Answer, base: str) -> Iterator[str]:
        if not any(answer.status in STATUSES[status] for status in self.statuses):
            yield f"expected {sorted(self.statuses)}, got {answer}"
        if answer.status in (401, 403):
            yield f"refused before it was looked at: {answer}"
        if self.form and answer.media_type not in FORMATS[self.form]:
            yield f"expected a format for {self.form}, got {answer}"
        if self.content_type and not _same_type(self.content_type, answer):
            yield f"expected {self.content_type}, got {answer.headers['content-type']}"
        if self.location and not answer.headers["location"]:
            yield f"expected a Location, got {answer}"
        expected: Result | None = self.truth
        if self.turtle is not None:
            expected = read_result(self.turtle.encode(), "text/turtle", base)
        if expected is not None:
            actual = read_result(answer.body, answer.media_type, base)
            if found := difference(expected, actual):
                yield found


def _same_type(expected: str, answer: Answer) -> bool:
    """Tell whether the type is the expected one. UTF-8 need not be said: RDF is never else."""
    media_type, _, charset = expected.partition("; charset=")
    given = answer.headers.get_content_charset()
    return answer.media_type == media_type and given in (None, charset.lower())


@dataclass(frozen=True, slots=True)
class Step:
    """One request, and what is expected of the answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    expected: Expectation


@dataclass(frozen=True, slots=True)
class Sequence:
    """One test: requests to be sent in order, over a state; `authority` is the service's name."""

    id: str
    state: State
    authority: str
    steps: tuple[Step, ...]


def sequences(kind: str, *manifests: str) -> Iterator[Sequence]:
    """Yield the tests of this kind."""
    for entry in entries(*manifests):
        if entry.kind == kind:
            yield _sequence(entry)


def _sequence(entry: Entry) -> Sequence:
    manifest = entry.manifest
    connection = manifest.one(entry.node, MF + "action")
    assert connection is not None
    return Sequence(
        entry.id,
        entry.state(entry.node, UT),
        manifest.text(connection, HT + "connectionAuthority") or "",
        tuple(
            _step(manifest, request)
            for request in manifest.items(manifest.one(connection, HT + "requests"))
        ),
    )


def _step(manifest: Description, request: Term) -> Step:
    response = manifest.one(request, HT + "resp")
    assert response is not None
    return Step(
        manifest.text(request, HT + "methodName") or "",
        manifest.text(request, HT + "absolutePath") or "",
        _headers(manifest, request),
        _body(manifest, request),
        _expectation(manifest, response),
    )


def _expectation(manifest: Description, response: Term) -> Expectation:
    truth = manifest.text(response, MF + "expectedBoolean")
    body = manifest.one(response, HT + "body")
    return Expectation(
        frozenset(
            value(status).removeprefix(HTS)
            for status in manifest.all(response, MF + "expectedStatus")
        ),
        manifest.text(response, MF + "expectedFormat"),
        None if truth is None else truth == "true",
        _headers(manifest, response).get("content-type"),
        None if body is None else manifest.text(body, CNT + "chars"),
        manifest.text(response, MF + "expectedLocation"),
    )


def _headers(manifest: Description, message: Term) -> dict[str, str]:
    return {
        manifest.text(header, HT + "fieldName") or "": manifest.text(header, HT + "fieldValue")
        or ""
        for header in manifest.items(manifest.one(message, HT + "headers"))
    }


def _body(manifest: Description, message: Term) -> bytes | None:
    body = manifest.one(message, HT + "body")
    if body is None:
        return None
    coding = manifest.text(body, CNT + "characterEncoding") or ""
    return (manifest.text(body, CNT + "chars") or "").encode(coding)
