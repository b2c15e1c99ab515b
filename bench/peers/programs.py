"""The servers beside ours, each in processes of its own: how it is configured and started."""

import contextlib
import http.client
import os
import shutil
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.hostile.server import DidNotStart, Program

SECONDS = 30
"""After which every server is told to give up a query."""
BUFFERS = 340_000
"""Pages of 8 KiB that Virtuoso may keep: what its manual says for 4 GB of memory."""
MOST_ROWS = 1_048_576
PASSWORD = "dba"
_VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
ServerThreads = 20
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folders}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = {rows}
"""
_NGINX = """\
{user}
worker_processes auto;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/cache levels=1:2 keys_zone=answers:10m max_size=2g inactive=1h
    use_temp_path=off;
  server {{
    listen 127.0.0.1:{port};
    keepalive_requests 1000000;
    client_body_buffer_size 64k;
    location / {{
      proxy_pass {upstream};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffers 16 64k;
      proxy_read_timeout 40s;
      proxy_cache answers;
      proxy_cache_methods POST;
      proxy_cache_key "$request_method$request_uri$http_accept$request_body";
      proxy_cache_valid 200 1h;
    }}
  }}
}}
"""


class Listening(Program):
    """A server that says nothing we could wait for: it is there when it answers over HTTP."""

    def __init__(
        self, port: int, command: Sequence[str], environment: Mapping[str, str], patience: float
    ) -> None:
        self._awaited = port
        super().__init__(command, environment, patience)

    def _wait_for_address(self, patience: float) -> str:
        until = time.monotonic() + patience
        while time.monotonic() < until and self.process.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", self._awaited, timeout=5)
            missing = contextlib.suppress(OSError, http.client.HTTPException)
            with contextlib.closing(connection), missing:
                connection.request("HEAD", "/")
                connection.getresponse()
                return f"http://127.0.0.1:{self._awaited}/"
            time.sleep(0.05)
        raise DidNotStart(f"{self.output[-2000:]}\n{self.errors[-2000:]}")


def virtuoso(program: str, folder: Path, readable: Path) -> tuple[Listening, int]:
    """Virtuoso with memory for all of the data, and its port for SQL. It may read a folder."""
    port, sql = free_port(), free_port()
    text = _VIRTUOSO.format(
        folder=folder,
        folders=f"{folder}, {readable}",
        port=port,
        sql=sql,
        buffers=BUFFERS,
        dirty=BUFFERS * 3 // 4,
        rows=MOST_ROWS,
    )
    (folder / "virtuoso.ini").write_text(text)
    command = [program, "+configfile", str(folder / "virtuoso.ini"), "+foreground"]
    return Listening(port, [*command, "+pwddba", PASSWORD], {}, 60), sql


def nginx(program: str, folder: Path, upstream: str) -> Listening:
    """Nginx that keeps answers of a server by method, address, body and Accept."""
    folder.mkdir()
    port = free_port()
    file = folder / "nginx.conf"
    # Its workers would be somebody else otherwise, who may not write to our folder.
    user = "user root;" if os.geteuid() == 0 else ""
    text = _NGINX.format(folder=folder, port=port, upstream=upstream.rstrip("/"), user=user)
    file.write_text(text)
    command = [program, "-c", str(file), "-p", str(folder), "-g", "daemon off;"]
    return Listening(port, command, {}, 20)


def rdflib_endpoint(program: str, nquads: Path) -> Listening:
    """rdflib-endpoint over a file. Its default graph is the union of the graphs, which rdflib
    holds as a set: the RDF merge.
    """
    port = free_port()
    command = [program, "serve", str(nquads), "--host", "127.0.0.1", "--port", str(port)]
    return Listening(port, command, {}, 300)


def find(name: str, also: Sequence[str] = ()) -> str | None:
    """A program: what the variable of its name holds, on the path, or in other places."""
    named = os.environ.get(name.upper().replace("-", "_"))
    places = (place for place in also if Path(place).is_file())
    return named or shutil.which(name) or next(places, None)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
