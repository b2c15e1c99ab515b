"""A publisher that can be made to misbehave: a real HTTP server over a data directory."""

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graph.release import DataDirectory, Release
from graph.release.release import DATA, MANIFEST

Document = dict[str, Any]


@dataclass
class Faults:
    """What goes wrong. `cut` is after how many bytes of data a connection ends, once for each."""

    cut: list[int] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None
    manifest: bytes | None = None
    etag: str | None = None
    offer: Callable[[Document], Any] = lambda document: document


@dataclass
class Toy:
    """A running one. `asked` has every path, with the range that was asked for."""

    data: DataDirectory
    address: str
    faults: Faults
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    @property
    def sent(self) -> list[str | None]:
        """The ranges that were asked for of data, None where all of them were."""
        return [range_ for path, range_ in self.asked if path.endswith(".nq")]


def offer_of(release: Release) -> Document:
    """What a service says of the release that it serves."""
    manifest = (release.path / MANIFEST).read_bytes()
    files = [
        {"name": DATA, "bytes": release.manifest["bytes"], "sha256": release.id},
        {
            "name": MANIFEST,
            "bytes": len(manifest),
            "sha256": hashlib.sha256(manifest).hexdigest(),
        },
    ]
    return {"format": 1, "id": release.id, "files": files}


@contextlib.contextmanager
def toy_publisher(data: DataDirectory) -> Iterator[Toy]:
    """Serve the data directory until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    toy = Toy(data, f"http://127.0.0.1:{server.server_port}/", Faults())
    server.toy = toy  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield toy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        toy: Toy = self.server.toy  # type: ignore[attr-defined]
        toy.asked.append((self.path, self.headers["Range"]))
        faults = toy.faults
        if faults.status is not None:
            self._send(faults.status, b"", faults.headers)
        elif self.path == "/releases/current.json":
            current = toy.data.current()
            assert current is not None
            offer = faults.offer(offer_of(current))
            body = offer if isinstance(offer, bytes) else json.dumps(offer).encode()
            self._send(200, body, faults.headers)
        elif found := re.fullmatch(r"/exports/([0-9a-f]{64})/release\.nq", self.path):
            self._file(toy, found[1], DATA, faults.data)
        elif found := re.fullmatch(r"/releases/([0-9a-f]{64})/manifest\.json", self.path):
            self._file(toy, found[1], MANIFEST, faults.manifest)
        else:
            self._send(404, b"")

    def _file(self, toy: Toy, id_: str, name: str, instead: bytes | None) -> None:
        path = toy.data.release_folder(id_) / name
        if id_ in toy.faults.gone or not path.exists():
            self._send(404, b"")
            return
        body = path.read_bytes() if instead is None else instead
        etag = toy.faults.etag or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": etag}
        start, status = 0, 200
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        if wanted and self.headers["If-Range"] == etag:
            start, status = int(wanted[1]), 206
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        cut = toy.faults.cut.pop(0) if name == DATA and toy.faults.cut else None
        self._send(status, body[start:], headers, cut)

    def _send(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        cut: int | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        self.close_connection = True
