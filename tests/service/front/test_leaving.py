"""Clients that leave: what they asked for is given up."""

import time
from typing import Any

import pytest

from tests.service.front.conftest import Toy

LATE = 0.1


def wait_for(toy: Toy, kind: str, argument: str, number: int = 1) -> list[list[Any]]:
    until = time.monotonic() + 5
    while True:
        found = [event for event in toy.events(kind) if event[1] == argument]
        if len(found) >= number:
            return found
        assert time.monotonic() < until, f"{len(found)} of {number} {kind}"
        time.sleep(0.01)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_work_stops_when_its_client_leaves(toy: Toy, method: str) -> None:
    seconds = "8.1" if method == "GET" else "8.2"
    sock = toy.connect()
    body = b"" if method == "GET" else b"Content-Length: 5\r\n"
    sock.sendall(f"{method} /wait/{seconds} HTTP/1.1\r\nHost: x\r\n".encode() + body + b"\r\n")
    sock.sendall(b"" if method == "GET" else b"hello")
    wait_for(toy, "began", seconds)
    left = time.time()
    sock.close()
    (event,) = wait_for(toy, "cancelled", seconds)
    assert event[2] - left < LATE
    ended = [e[1] for e in toy.events("ended") if e[1][1] == f"/wait/{seconds}"]
    assert [(e[2], e[5]) for e in ended] == [(0, {"cut": True})]


def test_many_that_leave_at_once(toy: Toy) -> None:
    """More than there are threads: those that wait for one never begin."""
    socks = [toy.connect() for _ in range(60)]
    for sock in socks:
        sock.sendall(b"GET /wait/7.5 HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(0.3)
    left = time.time()
    for sock in socks:
        sock.close()
    events = wait_for(toy, "cancelled", "7.5", 30)
    time.sleep(0.2)
    events = wait_for(toy, "cancelled", "7.5", 30)
    assert max(event[2] for event in events) - left < 3 * LATE
    assert len(events) == len(wait_for(toy, "began", "7.5", 30))
    assert toy.ask("/quick/after").status == 200


def test_who_stays_gets_the_answer(toy: Toy) -> None:
    assert toy.ask("/wait/0.2").body == b"waited"
    assert not [event for event in toy.events("cancelled") if event[1] == "0.2"]
