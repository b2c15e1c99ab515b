"""The bridge to a WSGI application (PEP 3333): a complete request in, a complete answer out."""

import io
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any
from urllib.parse import unquote_to_bytes

from service.exchange import KEY, Exchange
from service.filepart import FilePart
from service.front.replies import Headers, Reply, problem_reply
from service.kinds import INTERNAL
from service.problems import Problem

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_LOG = logging.getLogger("therascape.front")
_BROKEN = re.compile(rb"[\r\n\0]")
_VERSIONS = {"1": "HTTP/1.0", "1.0": "HTTP/1.0", "2": "HTTP/2.0"}
# Of these the front has the say: it knows the length, and the connection is its own.
_OURS = frozenset((b"connection", b"content-length", b"keep-alive", b"transfer-encoding"))

_Error = tuple[type[BaseException], BaseException, TracebackType]


class _Answer:
    """What an application says through start_response and the callable that this returns."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], error: _Error | None = None
    ) -> Callable[[bytes], object]:
        """Take status and headers; a second time only to tell of an error."""
        if self.status and error is None:
            raise AssertionError("start_response was called twice")
        self.status, self.headers = status, headers
        return self.written.append


def decoded_path(raw_path: bytes) -> str:
    """Return PATH_INFO: the path decoded, its bytes as if they were Latin-1."""
    return unquote_to_bytes(raw_path).decode("latin-1")


def environ_of(scope: Mapping[str, Any], body: bytes, exchange: Exchange) -> dict[str, Any]:
    """Return the WSGI environment of a request whose body is complete."""
    query = scope["query_string"].decode("latin-1")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": decoded_path(scope["raw_path"]),
        "QUERY_STRING": query,
        "REQUEST_URI": exchange.raw_path + (f"?{query}" if query else ""),
        "RAW_URI": exchange.raw_path + (f"?{query}" if query else ""),
        "SERVER_PROTOCOL": _VERSIONS.get(scope["http_version"], "HTTP/1.1"),
        "SERVER_SOFTWARE": "therascape",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        KEY: exchange,
    }
    server, client = scope.get("server") or ("localhost", "80"), scope.get("client")
    environ["SERVER_NAME"], environ["SERVER_PORT"] = str(server[0]), str(server[1])
    if client:
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = str(client[0]), str(client[1])
    _add_headers(environ, scope["headers"])
    if body or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _add_headers(environ: dict[str, Any], headers: Headers) -> None:
    for raw_name, raw_value in headers:
        if b"_" in raw_name:
            continue  # it would pass for the one with a hyphen
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        if name == "HTTP_TRANSFER_ENCODING":
            continue  # the body is whole by now
        value = raw_value.decode("latin-1")
        if name in environ and name.startswith("HTTP_"):
            value = f"{environ[name]}{';' if name == 'HTTP_COOKIE' else ','} {value}"
        environ[name] = value


def call(app: App, environ: dict[str, Any], heads: Mapping[bytes, bytes]) -> Reply:
    """Return the answer of the application; a problem where it fails. Raises nothing."""
    try:
        return _call(app, environ)
    except BaseException:  # noqa: BLE001 - a panic of the engine is no Exception
        _LOG.exception("the application failed on %s", environ["REQUEST_METHOD"])
        return failure(heads)


def failure(heads: Mapping[bytes, bytes]) -> Reply:
    """Return the answer to a request that the service failed on."""
    detail = "An unexpected error occurred while answering the request."
    return problem_reply(Problem(INTERNAL, detail), heads)


def _call(app: App, environ: dict[str, Any]) -> Reply:
    answer = _Answer()
    pieces = app(environ, answer.start)
    if isinstance(pieces, FilePart) and answer.status and not answer.written:
        return _reply(answer, environ, b"", pieces)
    try:
        body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    if answer.written:
        body = b"".join((*answer.written, body))
    if not answer.status:
        raise AssertionError("start_response was not called")
    return _reply(answer, environ, body)


def _reply(
    answer: _Answer, environ: Mapping[str, Any], body: bytes, file: FilePart | None = None
) -> Reply:
    status = int(answer.status.split(" ", 1)[0])
    if not 200 <= status <= 599:
        raise ValueError(f"{status} is no status of an answer")
    length = environ["REQUEST_METHOD"] == "HEAD"
    return Reply(status, _encoded(answer.headers, keep_length=length), body, file)


def _encoded(headers: list[tuple[str, str]], *, keep_length: bool) -> Headers:
    encoded = []
    for name, value in headers:
        pair = name.lower().encode("latin-1"), value.encode("latin-1")
        if _BROKEN.search(pair[0]) or _BROKEN.search(pair[1]):
            raise ValueError(f"the header {name!r} has a line break")
        if pair[0] not in _OURS or (keep_length and pair[0] == b"content-length"):
            encoded.append(pair)
    return encoded
