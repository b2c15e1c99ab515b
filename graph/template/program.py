"""The template program: a release in memory, and the workers that are forked from it.

It runs on one thread, since only then a fork is a sound copy, and evaluates nothing itself. Whoever
may open its socket may ask; the connections of those who leave end what they asked for.
"""

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from graph.errors import GraphError
from graph.journal import Author, Journal, JournalGap
from graph.network.files import served_network
from graph.query import EmbeddedEngine, EngineFailure, EngineUnavailable, QueryError
from graph.release import DataDirectory
from graph.stores.files import served_store
from graph.template.budget import resident_memory
from graph.template.frames import Connection, Frame
from graph.template.messages import error_frame
from graph.template.options import MIB, Options
from graph.template.pool import Pool
from graph.template.queue import Queue
from graph.template.saying import report, say
from graph.template.wall import check_wall, wall_available
from graph.template.warm import warm_network, warm_up
from graph.template.worker import Work
from graph.template.writes import Writes
from graph.update import Ownership
from graph.written import Served, as_published, load, load_current
from ontology.vocabulary import prefixes

_LONGEST_REQUEST = 1024 * MIB  # the front has a lower limit; this one keeps the program alive
_SHOWN_QUERY = 2000


@dataclass(slots=True)
class Template:
    """What the program has, and what it does for those who connect."""

    options: Options
    pool: Pool
    queue: Queue
    writes: Writes
    release: str
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: int = 0

    def __post_init__(self) -> None:
        self.quiet.set()

    @property
    def statements(self) -> int:
        """How many the store has, those of the default graph included."""
        stored = self.pool.work.counted
        return len(self.writes.store) if stored is None else stored

    def client(self) -> Connection:
        """Return a new client's end: one request at a time; leaving ends the one under way."""
        work: asyncio.Task[None] | None = None

        async def answer(request: Frame) -> None:
            self._begin()
            try:
                connection.send(await self.reply(request))
            finally:
                self._end()

        def received(request: Frame) -> None:
            nonlocal work
            if work is not None and not work.done():
                connection.close()  # nobody of ours asks again before the answer
                return
            work = asyncio.create_task(answer(request))

        def closed() -> None:
            if work is not None:
                work.cancel()

        connection = Connection(received, closed, _LONGEST_REQUEST)
        return connection

    def _begin(self) -> None:
        self._under_way += 1
        self.quiet.clear()

    def _end(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self.quiet.set()

    async def reply(self, request: Frame) -> Frame:
        """Return the reply to a request, whatever happens."""
        try:
            return await self._reply(request)
        except JournalGap:
            # Another service put what is missing here into a release. Begin again from that one.
            self.stopping.set()
            return error_frame(EngineUnavailable("the engine begins again from a later release"))
        except GraphError as error:
            return error_frame(error)
        except Exception as error:  # noqa: BLE001 - one request must not end the program
            say("error", f"{type(error).__name__}: {error}")
            return error_frame(EngineFailure(f"{type(error).__name__} in the template"))

    async def _reply(self, request: Frame) -> Frame:
        header = request.header
        match header["op"]:
            case "query" | "traverse":
                reply = await self.queue.answer(
                    header["id"], header["client"], request, header["seconds"]
                )
                return Frame({**reply.header, "number": self.writes.number}, reply.body)
            case "change" if self.options.on_disk:
                raise EngineFailure("a store on the disk takes in no writes")
            case "change" | "catch-up" if self.options.as_published:
                raise EngineFailure("a release as it was published takes in no writes")
            case "change":
                author = Author(*header["author"])
                return await self.writes.change(request, author, header["seconds"])
            case "cancel":
                return Frame({"found": self.queue.cancel(header["id"])})
            case "running":
                return Frame({"running": [*self._running()]})
            case "catch-up":
                self.writes.catch_up()
                return Frame({"number": self.writes.number})
            case "status":
                return Frame(self._status())
            case op:
                raise EngineFailure(f"the template knows no {op!r}")

    def _running(self) -> list[Mapping[str, Any]]:
        now = asyncio.get_running_loop().time()
        return [
            {
                "id": job.id,
                "client": job.client,
                "query": job.request.body[:_SHOWN_QUERY].decode(errors="replace"),
                "state": "waiting" if job.task is None else "running",
                "seconds": round(now - job.arrived, 3),
            }
            for job in self.queue.everybody()
        ]

    def _status(self) -> dict[str, Any]:
        return {
            "waiting": self.queue.waiting,
            "running": self.queue.running,
            "workers": self.options.workers,
            "idle": len(self.pool.idle),
            "deaths": dict(self.pool.deaths),
            "writes": self.writes.made,
            "number": self.writes.number,
            "release": self.release,
            "statements": self.statements,
            "store": "disk" if self.options.on_disk else "memory",
            "memory": resident_memory(),
            "wall": wall_available(),
        }


def prepare(options: Options) -> Template:
    """Load the release and what was written since. Raises the errors of graph.release and so on."""
    data = DataDirectory(Path(options.data))
    served = _loaded(data, options)
    release = served.release
    base = release.iris.base
    names = prefixes()
    if options.elsewhere:  # names are looked up there, not here
        engine = EmbeddedEngine(served.store, names)
    else:
        unchanged = served.number == release.written.journal and not options.strict
        engine = EmbeddedEngine.over(release, served.store, served.history, unchanged=unchanged)
    ownership = Ownership.of(release.manifest, strict=options.strict)
    network = served_network(data, release)
    everything = bool(release.history) and not options.strict
    whole = served_network(data, release, editions="all") if everything else network
    warm_network(network)
    place = served_store(data, release) if options.on_disk else None
    counts = release.manifest["counts"]
    work = Work(
        *(served.store, engine, network, whole, ownership, dict(names), options),
        apart=release.history,
        place=place,
        counted=counts["statements"] + counts["triples"] if place else None,
    )
    pool = Pool(work)
    journal = Journal(data.journal)
    if not (options.read_only or options.as_published or options.on_disk):
        journal.begin(served.number)
    writes = Writes(
        *(served.store, journal, pool, base, served.number),
        history=served.history,
        apart=release.history,
    )
    return Template(options, pool, Queue(pool), writes, release.id)


def _loaded(data: DataDirectory, options: Options) -> Served:
    release = data.release(options.release)
    if options.elsewhere or options.on_disk:
        return Served(Store(), release.written.journal, release)
    if options.as_published:
        return as_published(release, strict=options.strict)
    try:
        return load(data, release, strict=options.strict)
    except JournalGap:  # a later release was made meanwhile
        later = load_current(data, strict=options.strict)
        if later is None:
            raise
        return later


async def run(template: Template) -> None:
    """Serve until standard input ends, which is when whoever started the program is gone."""
    options = template.options
    _check_alone()
    gc.collect()
    gc.freeze()  # the copies need not look at what they share
    await template.pool.fill(1)
    former = os.umask(0o177)
    loop = asyncio.get_running_loop()
    server = await loop.create_unix_server(template.client, options.socket)
    os.umask(former)
    loop.add_reader(sys.stdin.fileno(), _ended, template)
    report(ready=True, memory=resident_memory(), number=template.writes.number)
    await template.stopping.wait()
    server.close()
    _remove_socket(Path(options.socket))
    await template.quiet.wait()  # what was begun is finished; its deadlines bound this


def _ended(template: Template) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        template.stopping.set()


def _remove_socket(path: Path) -> None:
    """Remove it and its folder: whoever made that may be gone."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        path.parent.rmdir()


def _check_alone() -> None:
    tasks = Path("/proc/self/task")
    if tasks.is_dir() and len(list(tasks.iterdir())) != 1:
        raise EngineFailure("the template has more than one thread, so no copy of it is sound")


def main() -> int:
    """Read the options from the first line of standard input, and serve."""
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as stream:
        options = Options.decode(stream.readline().decode())
    warm_up()
    try:
        check_wall()
        template = prepare(options)
        asyncio.run(run(template))
    except (GraphError, QueryError, OSError) as error:
        report(error=str(error))
        return 1
    except KeyboardInterrupt:
        pass
    return 0
