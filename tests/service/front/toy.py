"""A front over a toy application, in a server process of its own: `python -m … LIMITS`.

The first line of standard output is the port; what the application is told of cancellations and
what the observer sees is asked for over HTTP.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from service.exchange import exchange
from service.front import Again, Front, Limits, Outcome
from service.front.closing import leave_first
from service.front.sockets import bound_slow_readers
from service.listening import free_address

Start = Callable[[str, list[tuple[str, str]]], Any]


class Panic(BaseException):
    """What an engine may raise."""


class Toy:
    """A WSGI application; `name` tells it from another one. The first part of a path says what."""

    def __init__(self, name: str, server: "Server") -> None:
        self.name = name
        self.server = server
        self.calls = 0
        self.number = 1

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        self.calls += 1
        what, _, argument = environ["PATH_INFO"].lstrip("/").partition("/")
        view = getattr(self, f"do_{what}", self.do_echo)
        return view(environ, start, argument)

    def do_quick(self, _: Any, start: Start, argument: str) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [f"{self.name} {argument}".encode()]

    def do_echo(self, environ: dict[str, Any], start: Start, _: str) -> Iterable[bytes]:
        """What the application got."""
        body = environ["wsgi.input"].read()
        shown = {k: v for k, v in environ.items() if isinstance(v, str)}
        shown["body"] = body.decode("latin-1")
        shown["raw"] = exchange(environ).raw_path
        shown["id"] = exchange(environ).id
        data = json.dumps(shown).encode()
        start("200 OK", [("Content-Type", "application/json")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [data]

    def do_size(self, environ: dict[str, Any], start: Start, argument: str) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        start("200 OK", [("Content-Type", "text/plain"), ("X-Size", str(len(body)))])
        return [b"x" * int(argument or len(body))]

    def do_kept(self, environ: dict[str, Any], start: Start, argument: str) -> Iterable[bytes]:
        """An answer that may be kept; it tells how often the application was called."""
        environ["wsgi.input"].read()
        exchange(environ).storable = True
        exchange(environ).log.update(form="select", query="SELECT")
        body = f"{self.name} {self.number} {self.calls} ".encode()
        body += b"x" * int(argument or 0)
        headers = [
            ("Content-Type", "text/plain"),
            ("ETag", f'"{self.calls}"'),
            ("Vary", "Accept, Accept-Encoding"),
            ("Query-Id", exchange(environ).id),
        ]
        start("200 OK", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def do_varied(self, environ: dict[str, Any], start: Start, _: str) -> Iterable[bytes]:
        exchange(environ).storable = True
        start("200 OK", [("Vary", "User-Agent")])
        return [str(self.calls).encode()]

    def do_wait(self, environ: dict[str, Any], start: Start, argument: str) -> Iterable[bytes]:
        """Work until cancelled, or for some seconds."""
        stop = threading.Event()
        exchange(environ).cancellation.stopping(stop.set)
        self.server.note("began", argument)
        if stop.wait(float(argument or 10)):
            self.server.note("cancelled", argument)
        exchange(environ).cancellation.stopping(None)
        start("200 OK", [])
        return [b"waited"]

    def do_events(self, _: Any, start: Start, argument: str) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [
            json.dumps([event for event in self.server.events if event[0] == argument]).encode()
        ]

    def do_write(self, _: Any, start: Start, __: str) -> Iterable[bytes]:
        self.number += 1
        start("204 No Content", [])
        return []

    def do_move(self, _: Any, start: Start, argument: str) -> Iterable[bytes]:
        """Let another application take over."""
        done = threading.Event()
        self.server.loop.call_soon_threadsafe(self.server.move, argument, done)
        done.wait(5)
        start("200 OK", [])
        return [b"moved"]

    def do_raise(self, *_: Any) -> Iterable[bytes]:
        raise RuntimeError("on purpose")

    def do_panic(self, *_: Any) -> Iterable[bytes]:
        raise Panic("no Exception")

    def do_silent(self, *_: Any) -> Iterable[bytes]:
        return [b"without a status"]

    def do_split(self, _: Any, start: Start, __: str) -> Iterable[bytes]:
        start("200 OK", [("X-Evil", "a\r\nSet-Cookie: b")])
        return [b"split"]

    def do_pieces(self, _: Any, start: Start, __: str) -> Iterable[bytes]:
        write = start("200 OK", [("X-Latin", "caf\xe9"), ("Connection", "close")])
        write(b"first ")
        return Pieces(self.server)


class Pieces:
    """An iterable that says when it was closed, and fails on its last piece if told so."""

    def __init__(self, server: "Server") -> None:
        self.server = server

    def __iter__(self) -> Iterator[bytes]:
        yield b"second "
        yield b"third"

    def close(self) -> None:
        self.server.note("closed", "")


class Server:
    """The front, and what it is told; also its observer."""

    def __init__(self, limits: Limits, port: int) -> None:
        self.limits = limits
        self.port = port
        self.events: list[tuple[str, Any, float]] = []

    def load(self) -> Front:
        return Front(self.limits, observer=self, on_start=self.start)

    async def start(self, front: Front) -> None:
        self.loop = asyncio.get_running_loop()
        self.front = front
        seconds = self.limits.send_seconds
        self.waiting = self.loop.create_task(bound_slow_readers(self.port, seconds))
        leave_first(lambda: front.leave(self.port, 1))
        toy = Toy("first", self)
        front.serve(toy, lambda: ("first", toy.number))

    def move(self, name: str, done: threading.Event) -> None:
        toy = Toy(name, self)
        self.front.serve(toy, lambda: (name, toy.number))
        done.set()

    def note(self, what: str, argument: Any) -> None:
        self.events.append((what, argument, time.time()))

    def began(self) -> None:
        pass

    def ended(self, outcome: Outcome) -> None:
        told = (outcome.method, outcome.path, outcome.status, outcome.size, outcome.problem)
        self.note("ended", [*told, outcome.exchange.log])

    def kept(self, outcome: Outcome) -> Again:
        return lambda _, status, size, __: self.note("again", [outcome.path, status, size])


def main() -> None:
    settings = json.loads(sys.argv[1])
    head = int(settings.pop("header_seconds", 10) * 1000)
    host, port = free_address("127.0.0.1", 0)
    print(port, flush=True)
    Granian(
        "toy",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=head),
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=2,
    ).serve(target_loader=Server(Limits(**settings), port).load, wrap_loader=False)


if __name__ == "__main__":
    main()
