"""Real databases that tests start: Debian's Virtuoso and the Oxigraph server."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from graph.remote import Address, Credentials, Database

_START_SECONDS = 60
_PASSWORD = "dba"
_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
ServerThreads = 20
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 7500
DirsAllowed = .
MaxSortedTopRows = 1048576
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""
PLENTY = 1_048_576
"""Rows of the largest result that Virtuoso can give."""


@dataclass(slots=True)
class Running:
    """A database that runs in a folder of its own, with nothing in it."""

    engine: str
    address: Address
    credentials: Credentials
    process: "subprocess.Popen[bytes]"
    folder: Path
    command: Callable[[], "subprocess.Popen[bytes]"]

    def database(self) -> Database:
        """A client of it, to be closed."""
        return Database(self.address, self.credentials)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        """Start it again on what it has on the disk."""
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)
        self.process = self.command()
        _wait(self)

    def stop(self) -> None:
        """End it, and remove what it had."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(engine: str, *, rows: int = PLENTY, disk: bool = False) -> Running:
    """Start a database. Skips where it is not installed."""
    folder = Path(tempfile.mkdtemp(prefix=f"{engine}-"))
    running = _STARTS[engine](folder, rows, disk)
    _wait(running)
    return running


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _oxigraph(folder: Path, _: int, disk: bool) -> Running:
    program = _needed("oxigraph", "the package oxigraph of PyPI")
    port = free_port()
    place = ["--location", str(folder / "store")] if disk else []

    def command() -> "subprocess.Popen[bytes]":
        return _begun(folder, program, "serve", "--bind", f"127.0.0.1:{port}", *place)

    base = f"http://127.0.0.1:{port}"
    address = Address(f"{base}/query", f"{base}/update", f"{base}/store")
    return Running("oxigraph", address, Credentials(), command(), folder, command)


def _virtuoso(folder: Path, rows: int, _: bool) -> Running:
    program = _needed("virtuoso-t", "Debian's virtuoso-opensource-7-bin")
    port = free_port()
    ini = _INI.format(sql=free_port(), port=port, rows=rows)
    (folder / "virtuoso.ini").write_text(ini)

    def command() -> "subprocess.Popen[bytes]":
        options = ("+configfile", "virtuoso.ini", "+foreground", "+pwddba", _PASSWORD)
        return _begun(folder, program, *options)

    base = f"http://127.0.0.1:{port}"
    store = f"{base}/sparql-graph-crud-auth"
    address = Address(f"{base}/sparql-auth", None, store)
    credentials = Credentials("dba", _PASSWORD)
    return Running("virtuoso", address, credentials, command(), folder, command)


_STARTS = {"oxigraph": _oxigraph, "virtuoso": _virtuoso}
ENGINES = tuple(_STARTS)


def _needed(program: str, what: str) -> str:
    # What pip installs lies beside the interpreter, which need not be in the path.
    found = shutil.which(program) or shutil.which(program, path=Path(sys.executable).parent)
    if found is None:
        pytest.skip(f"{program} is not here; {what} has it")
    return found


def _begun(folder: Path, *command: str) -> "subprocess.Popen[bytes]":
    with (folder / "output").open("ab") as output:
        return subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)


def _wait(running: Running) -> None:
    until = time.monotonic() + _START_SECONDS
    base = running.address.query.rpartition("/")[0]
    while time.monotonic() < until and running.process.poll() is None:
        try:
            with urlopen(f"{base}/", timeout=1):
                return
        except URLError as error:
            if isinstance(error.reason, str):  # it answers, whatever it says
                return
            time.sleep(0.05)
        except OSError:
            time.sleep(0.05)
    output = (running.folder / "output").read_text("utf-8", "replace")
    running.stop()
    raise AssertionError(f"{running.engine} did not start: {output[-2000:]}")
