"""Another application takes over while requests are under way."""

import threading
import time

from tests.service.front.conftest import Toy


def test_no_request_fails_when_the_application_changes(toy: Toy) -> None:
    answers: list[tuple[int, bytes]] = []
    stop = threading.Event()

    def load() -> None:
        while not stop.is_set():
            for path in ("/quick/", "/kept/10"):
                got = toy.ask(path)
                answers.append((got.status, got.body.split()[0]))

    threads = [threading.Thread(target=load) for _ in range(3)]
    slow: list[bytes] = []
    waiting = threading.Thread(target=lambda: slow.append(toy.ask("/wait/1").body))
    for thread in (*threads, waiting):
        thread.start()
    for name in ("second", "third", "first"):
        time.sleep(0.2)
        toy.ask(f"/move/{name}")
        assert toy.ask("/quick/").body.split()[0] == name.encode()
        assert toy.ask("/kept/10").body.split()[0] == name.encode()
    stop.set()
    for thread in (*threads, waiting):
        thread.join(5)
    assert slow == [b"waited"]
    assert {status for status, _ in answers} == {200}
    assert {name for _, name in answers} == {b"first", b"second", b"third"}
