"""Answers that are read while they come: what ends them, and what is read of lengths."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from graph.query import Cancellation, DeadlineExceeded, QueryCancelled
from graph.remote import Address, Database, RemoteError
from graph.remote.database import Asked
from graph.remote.results import bindings
from graph.remote.wire import Bounds
from tests.remote.scripted import Scripted

JSON = "application/sparql-results+json"
BODY = b'{"head":{"vars":["x"]},"results":{"bindings":[' + b",".join([b"{}"] * 500_000) + b"]}}"
ASKED = Asked("SELECT ?x {}")
BOUNDS = Bounds(20.0, 1 << 30)


def reply(body: bytes, kind: str = JSON, more: bytes = b"") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + more + b"\r\n" + body


@contextmanager
def database(*replies: bytes) -> Iterator[tuple[Database, Scripted]]:
    server = Scripted(*replies)
    made = Database(Address(f"{server.origin}/sparql"))
    try:
        yield made, server
    finally:
        made.close()
        server.close()


def number(parts: Iterator[bytes]) -> int:
    return bindings(parts, ["x"], "text/csv", 1 << 30)[1]


def test_a_connection_is_used_again_after_an_answer_that_was_read_to_its_end() -> None:
    with database(reply(BODY), reply(BODY)) as (made, server):
        assert made.rows(ASKED, number, BOUNDS) == 500_000
        assert made.rows(ASKED, lambda _: 0, BOUNDS) == 0
        assert server.connections == 1


@pytest.mark.parametrize(
    ("body", "error"), [(BODY[:-3], "no result of SELECT"), (b"[" + BODY, "not JSON")]
)
def test_an_answer_that_is_wrong_is_told_whatever_came_before(body: bytes, error: str) -> None:
    with database(reply(body)) as (made, _), pytest.raises(RemoteError, match=error):
        made.rows(ASKED, number, BOUNDS)


def test_an_answer_that_is_none_is_not_read() -> None:
    for more in (b"X-SQL-State: S1TAT\r\n", b"Content-Encoding: gzip\r\n"):
        read: list[object] = []
        with database(reply(BODY, more=more)) as (made, _), pytest.raises(RemoteError):
            made.rows(ASKED, read.append, BOUNDS)
        assert not read


def slowly(parts: Iterator[bytes]) -> int:
    """What makes something of an answer takes time, and takes an early end for a wrong answer."""
    try:
        for _ in parts:
            time.sleep(0.3)
    except OSError:
        raise RemoteError("wrong") from None
    return 0


def test_the_deadline_counts_for_what_is_made_of_an_answer() -> None:
    with database(reply(BODY)) as (made, _), pytest.raises(DeadlineExceeded):
        made.rows(ASKED, slowly, Bounds(0.2, 1 << 30))


def test_what_is_made_of_an_answer_ends_where_nobody_waits() -> None:
    cancellation = Cancellation()
    threading.Timer(0.2, cancellation.cancel).start()
    with database(reply(BODY)) as (made, _), pytest.raises(QueryCancelled):
        made.rows(ASKED, slowly, Bounds(20.0, 1 << 30, cancellation))


@pytest.mark.parametrize(
    ("body", "kind", "length"),
    [
        (b'"x"\r\n1\r\n2\r\n', "text/csv; charset=utf-8", 2),
        (b"x\n1\n2\n3", "text/csv", 3),
        (b"x\n", "text/csv", 0),
        (b'{"head":{"vars":["x"]},"results":{"bindings":[{},{}]}}', JSON, 2),
        (b"x\n1\nnone\n", "text/csv", None),
        (b"x\n1\n\n2\n", "text/csv", None),
        (b"x\n1\n", "text/html", None),
        (b'{"boolean":true}', JSON, None),
        (b"not JSON", JSON, None),
    ],
)
def test_lengths(body: bytes, kind: str, length: int | None) -> None:
    with database(reply(body, kind)) as (made, _):
        if length is not None:
            assert made.length(ASKED, BOUNDS) == length
            return
        with pytest.raises(RemoteError, match="no result"):
            made.length(ASKED, BOUNDS)
