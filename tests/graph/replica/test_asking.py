"""Connections that fail, end too early or drip are given up, and always closed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from graph.replica import asking
from graph.replica.asking import Publisher
from graph.replica.errors import OfferRefused, PublisherRefused, PublisherUnreachable


@contextmanager
def answering(*parts: bytes, pause: float = 0.0) -> Iterator[str]:
    """A server that sends these bytes to the first who connects, whatever is asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                for part in parts:
                    try:
                        connection.sendall(part)
                    except OSError:
                        return
                    over.wait(pause)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            over.set()
            thread.join()


def head(size: int) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PublisherUnreachable, match="--follow"):
        Publisher(f"http://127.0.0.1:{port}/").document("x", 10)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_answer(answer: bytes) -> None:
    with answering(answer) as address, pytest.raises(PublisherUnreachable):
        Publisher(address).document("x", 100)


def test_what_the_other_side_sent_breaks_no_line() -> None:
    answer = b"SSH-2.0-\x1b[31m\x00\x85OpenSSH\r\n"
    with answering(answer) as address, pytest.raises(PublisherUnreachable) as found:
        Publisher(address).document("x", 100)
    assert str(found.value).isprintable()
    assert "SSH-2.0-\\x1b" in str(found.value)


def test_too_much() -> None:
    much = answering(head(10**9), b"x" * 1000, b"x" * 1000)
    with much as address, pytest.raises(OfferRefused, match="more than 500"):
        Publisher(address).document("x", 500)


def test_silence_is_not_waited_for() -> None:
    with answering(head(5), pause=30) as address, pytest.raises(PublisherUnreachable):
        Publisher(address, wait_seconds=0.2).document("x", 100)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (head(1000), b"x"),
        (CHUNKED, b"1\r\nx\r\n"),
        (CHUNKED, b"0"),
        (CHUNKED + b"5;", b"x"),
        (CHUNKED + b"0\r\n", b"X: y\r\n" * 1000),
    ],
)
def test_drops_are_given_up(monkeypatch: pytest.MonkeyPatch, begin: bytes, drop: bytes) -> None:
    """Whatever they are of: nobody may hold a replica up, who may be asked for hours."""
    monkeypatch.setattr(asking, "_WINDOW_SECONDS", 0.2)
    drops = answering(begin, *[drop] * 200, pause=0.05)
    with drops as address, pytest.raises(PublisherUnreachable, match="hardly anything arrived"):
        Publisher(address).document("x", 2000)


def test_a_greeting_in_drops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_WINDOW_SECONDS", 0.2)
    record = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"
    with (
        answering(record, *[b"x"] * 200, pause=0.05) as address,
        pytest.raises(PublisherUnreachable, match="hardly anything arrived"),
    ):
        Publisher(address.replace("http:", "https:")).document("x", 2000)


def test_redirects_are_not_followed() -> None:
    answer = b"HTTP/1.1 307 See\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n"
    with answering(answer) as address, pytest.raises(PublisherRefused, match="leads elsewhere"):
        Publisher(address).document("x", 100)
