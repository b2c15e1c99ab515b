"""What a database may do to a call: be slow, end early, send too much, lead elsewhere."""

import socket
import threading
import time
from contextlib import ExitStack

import pytest

from graph.query import (
    Cancellation,
    DeadlineExceeded,
    EngineUnavailable,
    QueryCancelled,
    ResultTooLarge,
)
from graph.remote import Credentials, DatabaseUnavailable, RemoteError
from graph.remote.wire import Bounds, Message, Wire
from tests.remote.scripted import OK, Scripted, get, wire_to
from tests.remote.servers import free_port


def test_connections_are_kept() -> None:
    with wire_to(OK, OK, OK) as (wire, server):
        assert [get(wire), get(wire), get(wire)] == [b"ok"] * 3
        assert server.connections == 1


def test_a_kept_connection_that_died_is_made_anew() -> None:
    def leave(connection: socket.socket) -> None:
        connection.sendall(OK)
        connection.close()

    with wire_to(leave, OK) as (wire, server):
        assert get(wire) == b"ok"
        time.sleep(0.05)
        assert get(wire) == b"ok"
        assert server.connections == 2


def test_nobody_there() -> None:
    wire = Wire(f"http://127.0.0.1:{free_port()}", Credentials())
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        get(wire)


def test_a_deadline_is_that_of_all_addresses_of_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda *one, **more: asked(*one, **more) * 4)
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):  # nobody takes them, so later ones get no answer
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        time.sleep(0.1)
        wire = Wire(f"http://127.0.0.1:{full.getsockname()[1]}", Credentials())
        begun = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            get(wire, Bounds(0.3, 1000))
        assert time.monotonic() - begun < 0.8


def test_a_deadline_ends_a_call_that_says_nothing() -> None:
    with wire_to(lambda _: time.sleep(3)) as (wire, _):
        begun = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            get(wire, Bounds(0.3, 1000))
        assert time.monotonic() - begun < 2.5


def test_a_deadline_ends_an_answer_that_comes_by_drops() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(60):
            connection.sendall(b"x")
            time.sleep(0.05)

    with wire_to(drip) as (wire, _), pytest.raises(DeadlineExceeded):
        get(wire, Bounds(0.3, 10_000))


def test_a_deadline_ends_a_head_that_comes_by_drops() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(60):
            connection.sendall(f"X-{number}: x\r\n".encode())
            time.sleep(0.05)

    with wire_to(drip) as (wire, _), pytest.raises(DeadlineExceeded):
        get(wire, Bounds(0.3, 10_000))


def test_a_call_that_nobody_waits_for_ends() -> None:
    cancellation = Cancellation()
    threading.Timer(0.2, cancellation.cancel).start()
    with wire_to(lambda _: time.sleep(1)) as (wire, _), pytest.raises(QueryCancelled):
        get(wire, Bounds(5.0, 1000, cancellation))


def test_what_was_cancelled_before_is_not_waited_for() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with wire_to(lambda _: time.sleep(3)) as (wire, _), pytest.raises(QueryCancelled):
        get(wire, Bounds(5.0, 1000, cancellation))


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    ],
    ids=["length", "in a chunk", "after a chunk", "no size"],
)
def test_an_answer_that_ends_early_is_none(reply: bytes) -> None:
    def end(connection: socket.socket) -> None:
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_RDWR)

    with wire_to(end) as (wire, _), pytest.raises(RemoteError, match="broke its answer off"):
        get(wire)


@pytest.mark.parametrize(
    "reply",
    [b"", b"HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200],
    ids=["nothing", "no status", "not HTTP", "too many headers"],
)
def test_what_is_no_answer(reply: bytes) -> None:
    def end(connection: socket.socket) -> None:
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_RDWR)

    with wire_to(end) as (wire, _), pytest.raises(EngineUnavailable, match="does not answer"):
        get(wire)


def test_a_length_that_is_none_is_no_fault_of_ours() -> None:
    def end(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nok")
        connection.shutdown(socket.SHUT_RDWR)

    with wire_to(end) as (wire, _):
        assert get(wire) == b"ok"  # up to the end of the connection


def test_an_answer_that_is_too_large_is_not_read() -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    with wire_to(flood) as (wire, _), pytest.raises(ResultTooLarge):
        get(wire, Bounds(5.0, 100_000))


def test_redirects_are_told_and_not_followed() -> None:
    trap = Scripted(OK)
    moved = f"HTTP/1.1 302 Found\r\nLocation: {trap.origin}/\r\nContent-Length: 0\r\n\r\n".encode()
    with wire_to(moved) as (wire, _), pytest.raises(RemoteError, match="redirect"):
        get(wire)
    assert trap.connections == 0
    trap.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RemoteError),
        (401, RemoteError),
        (403, RemoteError),
        (500, RemoteError),
        (503, EngineUnavailable),
        (429, EngineUnavailable),
    ],
)
def test_each_status_is_told(status: int, error: type[Exception]) -> None:
    reply = f"HTTP/1.1 {status} No\r\nContent-Length: 8\r\n\r\nsome why".encode()
    with wire_to(reply) as (wire, _), pytest.raises(error, match=str(status)):
        get(wire)


@pytest.mark.parametrize("status", [b"500 Oops", b"503 Later", b"403 No", b"302 Found"])
def test_what_a_database_says_is_for_the_operator_alone(status: bytes) -> None:
    said = b"NullPointerException \x1b[31m at db.internal:1111 password=hunter2 " + b"x" * 9000
    head = b"HTTP/1.1 " + status + b"\r\nLocation: http://db.internal/%s\r\n" % (b"y" * 9000)
    reply = head + b"Content-Length: %d\r\n\r\n%s" % (len(said), said)
    with (
        wire_to(reply) as (wire, server),
        pytest.raises((RemoteError, DatabaseUnavailable)) as raised,
    ):
        wire.call(Message("POST", "/some/query?access-token=geheim"), Bounds(5.0, 20_000))
    assert f"{server.origin}/some/query" in str(raised.value)
    assert "geheim" not in str(raised.value)
    assert len(str(raised.value)) < 1000
    number = status[:3].decode()
    assert isinstance(raised.value, RemoteError | DatabaseUnavailable)
    assert raised.value.told == f"the database behind this service answers with status {number}"


def test_the_password_is_in_no_message() -> None:
    shown = repr(Credentials("user", "geheim", "token"))
    assert "geheim" not in shown
    assert "token" not in shown.replace("token=", "")
