"""Starts all that can take part, and gives each the same data in its own best way."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen

from bench import native
from bench.peers import contenders as who
from bench.peers import programs
from bench.peers.asking import Endpoint
from bench.peers.contenders import Contender
from bench.peers.data import Data, merged_name
from bench.peers.programs import SECONDS
from graph.release import DataDirectory
from graph.remote import Address, Credentials, Database, Layout, Pointer, write_pointer
from graph.remote.layout import Held
from tests.hostile.server import ROOT, DidNotStart, Program

RDFLIB_MOST = 150_000
"""Statements in all graphs up to which rdflib-endpoint takes part."""
_OF_A_STATEMENT = 700
"""Bytes that a store in memory takes for each statement, with its merge (docs/scale.md)."""
_SPARE = 3 << 30
"""Bytes for those who compute in the same memory."""
NQUADS, NTRIPLES = "application/n-quads", "application/n-triples"
_OXIGRAPHS = (
    *(who.OXIGRAPH_DISK, who.OXIGRAPH_MEMORY, who.NGINX_DISK, who.NGINX_MEMORY),
    who.OVER_OXIGRAPH,
)


class Ours(Program):
    """`therascape serve` over a data directory, with the deadline that all have."""

    banner = "Therascape is on "

    def __init__(self, data: Path, *flags: str, password: str = "") -> None:
        command = [sys.executable, "-m", "service", "serve", "--port", "0", "--data", str(data)]
        command += ["--deadline", str(SECONDS), "--max-result", "1024", *flags]
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        environment = {"PYTHONPATH": path, "THERASCAPE_ENGINE_PASSWORD": password}
        super().__init__(command, {k: v for k, v in environment.items() if v}, 600)


class Field:
    """Contenders as they are added; `missing` says who is left out, and why."""

    def __init__(self, data: Data, folder: Path, stack: ExitStack) -> None:
        self.data, self.folder = data, folder
        self.found: list[Contender] = []
        self.missing: dict[str, str] = {}
        self._stack = stack

    def keep(self, program: Program) -> Program:
        """A program that is ended with the bench."""
        self._stack.callback(program.kill)
        return program

    def add(
        self,
        name: str,
        *servers: Program,
        path: str,
        ready: float | None = None,
        disk: Path | None = None,
        **parameters: str,
    ) -> None:
        """A contender, whose first server is asked."""
        sent = {key.replace("_", "-"): value for key, value in parameters.items()}
        endpoint = Endpoint(f"{servers[0].address}{path}", sent)
        self.found.append(Contender(name, endpoint, servers, ready, disk))

    def leave_out(self, why: str, *names: str) -> None:
        """Who does not take part."""
        self.missing.update(dict.fromkeys(names, why))

    def has_room(self, *names: str) -> bool:
        """Whether memory is free for one more store there, and for the files of who is on the disk,
        which are slow to read while they are not in it; else those are left out.
        """
        files = sum(one.stored() or 0 for one in self.found)
        needed, free = self.data.statements * _OF_A_STATEMENT + files + _SPARE, _free()
        if needed > free:
            gib = f"{needed / 2**30:.0f} GiB of memory, and {free / 2**30:.0f} are free"
            self.leave_out(f"it takes {gib}", *names)
        return needed <= free


@contextmanager
def started(data: Data, folder: Path, rdflib: str | None) -> Iterator[Field]:
    """All that can take part, running and loaded, and who is missing."""
    with ExitStack() as stack:
        field = Field(data, folder, stack)
        _ours(field)
        starts: dict[tuple[str, ...], Callable[[Field], None]] = {
            _OXIGRAPHS: _oxigraph,
            (who.CACHED,): _cached,
            (who.VIRTUOSO, who.OVER_VIRTUOSO): _virtuoso,
            (who.RDFLIB,): partial(_rdflib, named=rdflib),
        }
        for names, start in starts.items():
            try:
                start(field)
            except (DidNotStart, OSError, subprocess.CalledProcessError) as error:
                there = {one.name for one in field.found}
                why = f"it could not be started: {str(error).strip()[-200:]}"
                field.leave_out(why, *(name for name in names if name not in there))
        yield field


def _ours(field: Field) -> None:
    _served(field, who.OURS, "--cache", "0")
    if (field.data.directory / "stores" / field.data.release.id).exists():  # it has chosen so
        field.leave_out("for so many statements it is what Therascape is itself", who.ON_DISK)
    else:
        _served(field, who.ON_DISK, "--cache", "0", "--store", "disk")


def _cached(field: Field) -> None:
    if who.ON_DISK in field.missing or field.has_room(who.CACHED):
        _served(field, who.CACHED)


def _served(field: Field, name: str, *flags: str) -> None:
    begun = time.perf_counter()
    service = field.keep(Ours(field.data.directory, *flags))
    ready = field.data.imported + time.perf_counter() - begun
    field.add(name, service, path="sparql", ready=ready, disk=field.data.directory)


def _oxigraph(field: Field) -> None:
    program = native.find()
    if program is None:
        field.leave_out("oxigraph is not here (pip install oxigraph)", *_OXIGRAPHS)
        return
    data, store = field.data, field.folder / "oxigraph"
    begun = time.perf_counter()
    for file, form in ((data.nquads, "nq"), (data.merge, "nt")):
        command = [program, "load", "--location", str(store), "--file", str(file)]
        subprocess.run([*command, "--format", form], check=True, capture_output=True)
    command = [program, "optimize", "--location", str(store)]  # ours is compacted as well
    subprocess.run(command, check=True, capture_output=True)
    disk = field.keep(native.Native(program, seconds=SECONDS, location=store))
    ready = time.perf_counter() - begun
    field.add(who.OXIGRAPH_DISK, disk, path="query", ready=ready, disk=store)

    def filled(merge: Path, form: str, where: str) -> Program:
        server = field.keep(native.Native(program, seconds=SECONDS))
        _post(f"{server.address}store", data.nquads, NQUADS)
        _post(f"{server.address}{where}", merge, form)
        return server

    _behind_nginx(field, who.NGINX_DISK, disk)
    if field.has_room(who.OXIGRAPH_MEMORY, who.NGINX_MEMORY):
        begun = time.perf_counter()
        memory = filled(data.merge, NTRIPLES, "store?default")
        field.add(who.OXIGRAPH_MEMORY, memory, path="query", ready=time.perf_counter() - begun)
        _behind_nginx(field, who.NGINX_MEMORY, memory)
    if not field.has_room(who.OVER_OXIGRAPH):
        return
    engine = filled(data.named, NQUADS, "store")
    address = Address(f"{engine.address}query", None, f"{engine.address}store")
    _over(field, who.OVER_OXIGRAPH, engine, address, Credentials())


def _behind_nginx(field: Field, name: str, server: Program) -> None:
    cache = programs.find("nginx", ["/usr/sbin/nginx"])
    if cache is None:
        field.leave_out("nginx is not here (Debian's nginx-light)", name)
        return
    folder = field.folder / f"nginx-{server.port}"
    front = field.keep(programs.nginx(cache, folder, server.address))
    field.add(name, front, server, path="query")


def _virtuoso(field: Field) -> None:
    program, sql = programs.find("virtuoso-t"), programs.find("isql-vt")
    if program is None or sql is None:
        why = "virtuoso-t is not here (Debian's virtuoso-opensource-7-bin)"
        field.leave_out(why, who.VIRTUOSO, who.OVER_VIRTUOSO)
        return
    data, folder = field.data, field.folder / "virtuoso"
    files = folder / "files"
    files.mkdir(parents=True)
    for number, file in enumerate((data.nquads, data.named)):
        os.link(file, files / f"{number}.nq")  # what is a symbolic link is left out
    server, port = programs.virtuoso(program, folder, data.merge.parent)
    field.keep(server)

    def tell(text: str) -> None:
        command = [sql, f"127.0.0.1:{port}", "dba", programs.PASSWORD, f"exec={text}"]
        subprocess.run(command, check=True, capture_output=True)

    begun = time.perf_counter()
    tell(f"ld_dir('{files}', '*.nq', 'urn:unused');")
    # One loader: of two at once, one can fail over a datatype that both of them meet first.
    tell("rdf_loader_run();")
    tell("checkpoint;")
    ready = time.perf_counter() - begun
    merged = merged_name(data.release)
    field.add(
        who.VIRTUOSO, server, path="sparql", ready=ready, disk=folder, default_graph_uri=merged
    )
    base = server.address
    address = Address(f"{base}sparql-auth", None, f"{base}sparql-graph-crud-auth")
    _over(field, who.OVER_VIRTUOSO, server, address, Credentials("dba", programs.PASSWORD))


def _rdflib(field: Field, named: str | None) -> None:
    program = named or programs.find("rdflib-endpoint")
    if field.data.statements > RDFLIB_MOST:
        field.leave_out(f"it takes part up to {RDFLIB_MOST:,} statements", who.RDFLIB)
    elif program is None:
        why = "it is not here (pip install 'rdflib-endpoint[cli]', in an environment of its own)"
        field.leave_out(why, who.RDFLIB)
    else:
        begun = time.perf_counter()
        server = field.keep(programs.rdflib_endpoint(program, field.data.nquads))
        field.add(who.RDFLIB, server, path="", ready=time.perf_counter() - begun)


def _over(
    field: Field, name: str, engine: Program, address: Address, credentials: Credentials
) -> None:
    """A service over a database that was given the graphs: what `therascape publish` says there
    when it has loaded and verified them is said, too.
    """
    directory = field.folder / name.replace(" ", "-")
    shutil.copytree(field.data.directory, directory, symlinks=True, copy_function=os.link)
    release, layout = DataDirectory(directory).current(), Layout()
    assert release is not None
    held = Held(release.id, "1")
    graphs = [*release.manifest["counts"]["graphs"], *layout.merges(release)]
    said = {"release": [held.release], "publication": [held.publication], "graph": graphs}
    database = Database(address, credentials)
    try:
        for graph in (f"{layout.state}-again", layout.state):
            database.write_graph(graph, layout.triples(layout.state, said), replace=True)
    finally:
        database.close()
    write_pointer(directory, Pointer(address.query, held))
    flags = ["--cache", "0", "--engine", address.query]
    if credentials.user:
        flags += ["--engine-user", credentials.user]
    try:
        service = field.keep(Ours(directory, *flags, password=credentials.password or ""))
    except DidNotStart as error:
        field.leave_out(f"it does not start: {str(error).strip()[-200:]}", name)
        return
    field.add(name, service, engine, path="sparql")


def _post(address: str, file: Path, media_type: str) -> None:
    with file.open("rb") as body:
        headers = {"Content-Type": media_type, "Content-Length": str(file.stat().st_size)}
        with urlopen(Request(address, body, headers)) as response:
            response.read()


def _free() -> int:
    """Bytes of memory that programs can have without anything being moved to the disk."""
    told = Path("/proc/meminfo").read_text()
    return int(told.partition("MemAvailable:")[2].split()[0]) * 1024
