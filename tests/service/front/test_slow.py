"""Clients that are slow, on purpose or not: each costs its own connection and nothing else."""

import contextlib
import json
import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.front.conftest import Toy, answer

GOAL = 0.1  # seconds
BODY = b"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"


def closed_after(sock: socket.socket) -> float:
    """Wait until the other side closes; return how long that took."""
    began = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        while sock.recv(65536):
            pass
    return time.monotonic() - began


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHost"])
def test_a_head_that_does_not_come_ends_the_connection(toy: Toy, start: bytes) -> None:
    with toy.connect() as sock:
        sock.sendall(start)
        assert 0.8 < closed_after(sock) < 8


def test_a_body_that_does_not_come_is_a_timeout(toy: Toy) -> None:
    with toy.connect() as sock:
        began = time.monotonic()
        sock.sendall(BODY % 10 + b"12345")
        got = answer(sock)
        assert 0.8 < time.monotonic() - began < 8
        assert (got.status, got["Connection"]) == (408, "close")
        assert json.loads(got.body)["type"].endswith("#request-timeout")
        assert sock.recv(1) == b""


def test_dripping_does_not_extend_the_deadline(toy: Toy) -> None:
    with toy.connect() as sock:
        began = time.monotonic()
        sock.sendall(BODY % 100)
        sock.settimeout(0.1)
        data = b""
        while not data:
            sock.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                data = sock.recv(65536)
        assert data.startswith(b"HTTP/1.1 408")
        assert time.monotonic() - began < 8


def test_a_body_cut_off_reaches_no_application(toy: Toy) -> None:
    sock = toy.connect()
    sock.sendall(BODY.replace(b"size", b"cut-off") % 100 + b"x")
    sock.close()
    until = time.monotonic() + 3
    while not (told := [e for e in toy.events("ended") if e[1][1] == "/cut-off"]):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert [event[1][2] for event in told] == [400]


def test_whoever_stops_in_the_middle_of_a_body_and_reads_on_is_told(toy: Toy) -> None:
    with toy.connect() as sock:
        sock.sendall(BODY % 100 + b"x")
        sock.shutdown(socket.SHUT_WR)
        reply = answer(sock)
    assert reply.status == 400
    assert "only 1 bytes of the body came, of 100" in json.loads(reply.body)["detail"]


def connections(toy: Toy) -> int:
    """How many connections the server has, its listening socket left out."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    here = f":{toy.port:04X}"
    return sum(1 for line in lines if line.split()[1].endswith(here) and line.split()[3] == "01")


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="asks Linux for its connections")
@pytest.mark.parametrize("path", ["/size/3000000", "/size/30000000", "/kept/68000"])
def test_a_reader_that_stalls_is_cut_off(toy: Toy, path: str) -> None:
    before = connections(toy)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(5)
    sock.connect(("127.0.0.1", toy.port))
    sock.settimeout(0.5)
    with contextlib.suppress(OSError):
        for _ in range(200):  # as many answers as no buffer of the system holds
            sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    until = time.monotonic() + 6
    while connections(toy) > before:
        assert time.monotonic() < until
        time.sleep(0.05)
    sock.close()


def test_a_reader_that_is_slow_but_reads_gets_everything(toy: Toy) -> None:
    with toy.connect() as sock:
        sock.sendall(b"GET /size/20000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        size = 0
        while data := sock.recv(1024 * 1024):
            size += len(data)
            time.sleep(0.02)
    assert 20_000_000 < size < 20_000_500


def test_large_answers_beyond_the_quota_come_from_a_file(toy: Toy) -> None:
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(toy.connect()) for _ in range(4)]
        for sock in socks:
            sock.sendall(b"GET /size/6000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(0.3)  # all four are being sent: three of them have no room in memory
        for sock in socks:
            assert len(answer(sock).body) == 6_000_000


@contextlib.contextmanager
def slow_crowd(toy: Toy, each: int) -> Iterator[None]:
    """Connections that are slow with the head, with the body, and with reading; replaced if cut."""
    requests = (
        b"GET /quick/x HTTP/1.1\r\nHo",
        BODY % 1000 + b"x",
        b"GET /size/4000000 HTTP/1.1\r\nHost: x\r\n\r\n",
    )
    with contextlib.ExitStack() as stack:
        for request in requests:
            for _ in range(each):
                sock = stack.enter_context(toy.connect())
                sock.sendall(request)
        yield


def test_quick_requests_stay_quick_beside_200_slow_ones() -> None:
    toy = Toy(header_seconds=20, body_seconds=20, send_seconds=20)
    try:
        times = []
        with slow_crowd(toy, 67):
            time.sleep(1)  # what they get has been made by then
            for number in range(300):
                began = time.perf_counter()
                assert toy.ask(f"/quick/{number}").body == f"first {number}".encode()
                times.append(time.perf_counter() - began)
        late = statistics.quantiles(times, n=100)[98]
        print(f"99 of 100 within {late * 1000:.1f} ms")
        assert late < 10 * GOAL
    finally:
        assert toy.stop() == ""
