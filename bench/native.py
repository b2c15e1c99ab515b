"""The native Oxigraph server, to stand beside: the package `oxigraph` has it.

It is no dependency of ours. Install it into the environment of the bench with
`pip install oxigraph`; without it, its lines are left out, which is said.
"""

import contextlib
import os
import shutil
import socket
import sys
from pathlib import Path
from urllib.request import Request, urlopen

from tests.hostile.server import Program

MISSING = "the native server is not here (pip install oxigraph), so its lines are missing"


def find() -> str | None:
    """The server's program: what OXIGRAPH names, beside this Python, or on the path."""
    beside = Path(sys.executable).with_name("oxigraph")
    named = os.environ.get("OXIGRAPH")
    return named or (str(beside) if beside.is_file() else shutil.which("oxigraph"))


class Native(Program):
    """`oxigraph serve`: in memory, or on disk in a folder."""

    banner = "Listening for requests at "

    def __init__(self, program: str, *, seconds: int, location: Path | None = None) -> None:
        command = [program, "serve", "--bind", f"127.0.0.1:{_free_port()}"]
        if location is not None:
            command += ["--location", str(location)]
        super().__init__([*command, "--timeout-s", str(seconds)], {})


def fill(server: Native, nquads: Path) -> None:
    """Give it the statements in their graphs, and their merge as the default graph, as we do."""
    data = nquads.read_bytes()
    merge = b"".join(b"%s .\n" % line.rsplit(b" ", 2)[0] for line in data.split(b"\n")[:-1])
    _send(f"{server.address}store", "application/n-quads", data)
    _send(f"{server.address}store?default", "application/n-triples", merge)


def _send(address: str, media_type: str, body: bytes) -> None:
    with urlopen(Request(address, body, {"Content-Type": media_type})) as response:
        response.read()


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
