"""What would notice an attack that succeeds: a listening server, planted files, and a watch."""

import asyncio
import contextlib
import ctypes
import json
import os
import secrets
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

STOLEN = f"stolen-{secrets.token_hex(8)}"
"""What the server answers; it must be in no answer of ours."""
RESULTS = json.dumps(
    {
        "head": {"vars": ["s", "o", "x"]},
        "results": {
            "bindings": [{v: {"type": "literal", "value": STOLEN} for v in ("s", "o", "x")}]
        },
    }
)
TRIPLES = f'<a:s> <a:p> "{STOLEN}" .\n'
SECRET = f"secret-{secrets.token_hex(8)}"
"""What the planted files hold; it must be in no answer of ours."""
PLANTED = {
    "secret.nt": f'<a:s> <a:p> "{SECRET}" .\n',
    "secret.ttl": f'<a:s> <a:p> "{SECRET}" .\n',
    "secret.srj": RESULTS.replace(STOLEN, SECRET),
    "secret.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description rdf:about="a:s"><p xmlns="a:">{SECRET}</p></rdf:Description></rdf:RDF>',
    "secret.txt": SECRET,
    "secret.dtd": f'<!ENTITY stolen "{SECRET}">',
    "context.jsonld": f'{{"@context":{{"p":"a:{SECRET}"}}}}',
}


@dataclass
class Listener:
    """Counts what comes in on one port: over TCP by IPv4 and IPv6, and as datagrams.

    `paths` are those of the requests; `datagrams` counts packets to the port.
    """

    port: int = 0
    ipv6: bool = True
    connections: int = 0
    datagrams: int = 0
    paths: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Count from 0."""
        self.connections = self.datagrams = 0
        self.paths.clear()

    @property
    def hits(self) -> int:
        """All that came in."""
        return self.connections + self.datagrams

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        errors = (OSError, TimeoutError, asyncio.IncompleteReadError)
        with contextlib.closing(writer), contextlib.suppress(*errors):
            async with asyncio.timeout(5):
                start = await reader.readexactly(1)
                if not start.isalpha():  # what begins TLS is no letter
                    return
                head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.paths.append(head.split(" ")[1])
            results = "sparql-results" in head
            body = RESULTS if results else TRIPLES
            kind = "application/sparql-results+json" if results else "text/turtle"
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
                f"Connection: close\r\n\r\n{body}".encode()
            )
            await writer.drain()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def datagram_received(self, *_: object) -> None:
        self._listener.datagrams += 1


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    """A server on one port of this machine."""
    listener = Listener()
    started = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        sockets, packets = _sockets(listener)
        servers = [await asyncio.start_server(listener._connected, sock=s) for s in sockets]
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(listener), sock=packets
        )
        started.set()
        await stop.wait()
        transport.close()
        for server in servers:
            server.close()
            await server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(others, timeout=1) if others else None

    def run() -> None:
        with contextlib.closing(loop):
            loop.run_until_complete(serve())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert started.wait(10)
        yield listener
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


def _sockets(listener: Listener) -> tuple[list[socket.socket], socket.socket]:
    """Sockets on one port, and the one for datagrams."""
    first = socket.create_server(("127.0.0.1", 0))
    listener.port = first.getsockname()[1]
    packets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    packets.bind(("127.0.0.1", listener.port))
    packets.setblocking(False)
    try:
        return [
            first,
            socket.create_server(("::1", listener.port), family=socket.AF_INET6),
        ], packets
    except OSError:
        listener.ipv6 = False
        return [first], packets


class Watch:
    """Notes which files in a folder are opened, with inotify: the kernel sees all who do."""

    _OPENED = 0x20
    _EVENT = struct.Struct("iIII")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = -1

    def __enter__(self) -> Self:
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        path = os.fsencode(self._folder)
        if libc.inotify_add_watch(self._descriptor, path, ctypes.c_uint32(self._OPENED)) < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def opened(self) -> set[str]:
        """The names of the files that were opened since this was asked last."""
        names: set[str] = set()
        while True:
            try:
                data = os.read(self._descriptor, 65536)
            except BlockingIOError:
                return names - {""}
            while data:
                *_, length = self._EVENT.unpack_from(data)
                end = self._EVENT.size + length
                names.add(data[self._EVENT.size : end].rstrip(b"\0").decode())
                data = data[end:]


def plant(folder: Path) -> None:
    """Put the files there whose content must not come out."""
    for name, text in PLANTED.items():
        (folder / name).write_text(text)
