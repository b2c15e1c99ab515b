"""A database before which something stands that ends its answers early."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from urllib.request import Request, urlopen

from tests.remote.servers import Running


@contextmanager
def cut(
    running: Running,
    triples: int,
    *,
    rows: int | None = None,
    accept: str | None = None,
    asks: float = 0,
    port: int = 0,
) -> Iterator[Running]:
    """The same database, which gives so many triples of a graph at most, and says nothing of it.

    So too with rows in JSON. With `accept` it has no CSV, and gives that instead. To an ASK it
    answers after so many seconds. It listens at `port`, unless any will do.
    """

    class Cutting(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sleep(asks if b"=ASK" in body else 0)
            headers = {name: self.headers[name] for name in ("Accept", "Content-Type")}
            if accept is not None and "csv" in headers["Accept"]:
                headers["Accept"] = accept
            with urlopen(Request(running.address.query, body, headers)) as answer:
                given, kind = answer.read(), answer.headers["Content-Type"]
            if rows is not None and "json" in kind and b"bindings" in given:
                result = json.loads(given)
                del result["results"]["bindings"][rows:]
                given = json.dumps(result, indent=1).encode()  # a line is no row
            if "n-triples" in kind:
                given = b"".join(given.splitlines(keepends=True)[:triples])
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(given)))
            self.send_header("Connection", "close")  # what was kept would outlive the server
            self.end_headers()
            with suppress(OSError):  # who asked may have left
                self.wfile.write(given)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", port), Cutting) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        query = f"http://127.0.0.1:{server.server_address[1]}/query"
        try:
            yield replace(running, address=replace(running.address, query=query))
        finally:
            server.shutdown()
            thread.join()
