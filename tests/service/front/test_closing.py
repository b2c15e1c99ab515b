"""A server that is told to stop: nobody who has connected is cut off."""

import contextlib
import http.client
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service.front.conftest import Toy, answer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of connections")
ASK = b"GET /quick/a HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def toy() -> Iterator[Toy]:
    toy = Toy()
    yield toy
    if toy.process.poll() is None:
        toy.process.kill()
    toy.process.communicate()


def stopping(toy: Toy) -> ThreadPoolExecutor:
    """SIGTERM was sent when the executor's first task is over; shutting it down awaits the end."""
    threads = ThreadPoolExecutor(1)
    threads.submit(toy.process.terminate).result()
    threads.submit(toy.process.communicate)
    return threads


def test_who_connected_before_may_ask(toy: Toy) -> None:
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(toy.connect()) for _ in range(20)]
        stack.enter_context(stopping(toy))
        for turn, sock in enumerate(opened):
            time.sleep(0.02)  # the last one asks later than the shortest time there is
            sock.sendall(ASK)
            got = answer(sock)
            assert (turn, got.status, got.body) == (turn, 200, b"first a")
            assert got["Connection"] == "close"
            assert sock.recv(1) == b""
    assert toy.process.returncode == 0


def test_who_is_new_is_refused(toy: Toy) -> None:
    with toy.connect() as held, stopping(toy):
        time.sleep(0.2)
        with socket.socket() as late:
            late.settimeout(0.2)
            with pytest.raises((TimeoutError, ConnectionRefusedError)):
                late.connect(("127.0.0.1", toy.port))
        held.sendall(ASK)
        assert answer(held).status == 200
    with pytest.raises(ConnectionRefusedError):
        toy.connect()


def test_who_says_nothing_holds_it_up_for_a_moment_only(toy: Toy) -> None:
    with toy.connect() as silent:
        began = time.monotonic()
        with stopping(toy):
            assert silent.recv(1) == b""
        assert time.monotonic() - began < 5
    assert toy.process.returncode == 0


def test_who_asks_on_over_one_connection_is_told_to_leave(toy: Toy) -> None:
    """RFC 9112, section 9.6: no more is sent over a connection after `Connection: close`."""
    everyone = threading.Barrier(5)

    def ask() -> list[str | None]:
        said: list[str | None] = []
        with toy.connect() as sock:
            while "close" not in said:
                sock.sendall(ASK)
                got = answer(sock)
                assert got.body == b"first a"
                said.append(got["Connection"])
                if len(said) == 1:
                    everyone.wait(10)
        return said

    with ThreadPoolExecutor(4) as threads:
        clients = [threads.submit(ask) for _ in range(4)]
        everyone.wait(10)
        with stopping(toy):
            for client in clients:
                *others, last = client.result(10)
                assert last == "close"
                assert set(others) == {None}
    assert toy.process.returncode == 0


@pytest.mark.parametrize("_", range(3))
def test_a_storm_of_new_connections(toy: Toy, _: int) -> None:
    outcomes: Counter[object] = Counter()
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", toy.port, timeout=10)
            with contextlib.closing(connection):
                try:
                    connection.request("GET", "/quick/a")
                    answer = connection.getresponse()
                    outcomes[answer.status, answer.read()] += 1
                except ConnectionRefusedError:
                    outcomes["refused"] += 1
                    return
                except (OSError, http.client.HTTPException) as error:
                    outcomes[repr(error)] += 1
                    return

    with ThreadPoolExecutor(12) as threads:
        for _client in range(12):
            threads.submit(ask)
        time.sleep(0.3)
        with stopping(toy):
            pass
        time.sleep(0.1)
        over.set()
    assert outcomes[200, b"first a"] > 0
    assert set(outcomes) <= {(200, b"first a"), "refused"}, outcomes
