"""Loading a release into a database: in pieces, resumable, and read back before it counts.

1. The database says that it holds nothing whole: its state is removed, so that services that ask
   it answer with Maintenance.
2. What it held before is removed, graph by graph, as its progress lists them.
3. Statements are sent in the order of the release, so many lines at a time; after each piece the
   progress says how many are there. A piece that is sent twice changes nothing, since a release has
   no blank nodes. Killed at any time, the next publication of the release goes on from there.
4. Each graph is read back: the number of its triples by query, and all of them through the graph
   store, compared by a hash that does not depend on their order.
5. The state says what is held, under a new publication number.

The progress also tells who loads. One that finds another's number there gives up, before and after
it writes the state: two that load one database would each take what the other sends for damage, or
for nothing.
"""

import hashlib
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import RdfFormat, parse

from graph.query import DeadlineExceeded, QueryError
from graph.release import Release
from graph.remote.database import Asked, Database
from graph.remote.errors import PublishFailed, RemoteError
from graph.remote.layout import Held, Layout

PIECE = 20_000
"""Lines of a release in one piece."""
_READ_SECONDS = 3600.0
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Progress:
    """What a publication does: `done` of `total` statements of a `step`."""

    step: str
    done: int
    total: int


Listener = Callable[[Progress], None]


@dataclass(slots=True)
class _Sum:
    """A number of triples and a hash of the set of them: the sum of their hashes."""

    count: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a line of N-Triples in."""
        self.count += 1
        digest = hashlib.sha256(line).digest()
        self.total = (self.total + int.from_bytes(digest, "big")) % _MODULUS


@dataclass(slots=True)
class _Reading:
    """N-Triples that come in parts, cut anywhere."""

    each: Callable[[bytes], None]
    rest: bytes = b""

    def take(self, part: bytes) -> None:
        whole, end, self.rest = (self.rest + part).rpartition(b"\n")
        self.read(whole + end)

    def end(self) -> None:
        self.read(self.rest)

    def read(self, text: bytes) -> None:
        for quad in parse(text, format=RdfFormat.N_TRIPLES, lenient=True):
            self.each(f"{quad.triple} .\n".encode())


@dataclass(slots=True)
class _Publication:
    database: Database
    layout: Layout
    release: Release
    listener: Listener
    sums: defaultdict[str, _Sum] = field(default_factory=lambda: defaultdict(_Sum))

    @property
    def where(self) -> str:
        return self.database.address.shown

    @property
    def total(self) -> int:
        return int(self.release.manifest["counts"]["statements"])

    def run(self) -> Held:
        done, publication = self.begun()
        if publication is None:
            publication = secrets.token_hex(16)
            self.clear(publication)
            done = 0
        self.load(done, publication)
        try:
            self.verify()
        except PublishFailed:
            # What is there cannot be built upon: the next publication begins from the start.
            self.say({"publication": [publication], "graph": self.graphs()})
            raise
        held = Held(self.release.id, publication)
        said = {"release": [held.release], "publication": [publication], "graph": self.graphs()}
        state = self.layout.triples(self.layout.state, said)
        self.check_alone(publication)
        for graph in (self.layout.again, self.layout.state):
            self.database.write_graph(graph, state, replace=True)
        try:
            self.check_alone(publication)
        except PublishFailed:
            self.database.drop_graph(self.layout.state)
            raise
        self.database.drop_graph(self.layout.progress)
        return held

    def check_alone(self, publication: str) -> None:
        """Raise PublishFailed if another publication into the database has begun."""
        said = self.layout.said(self.database, self.layout.progress, of=("publication",))
        if said.get("publication") != [publication]:
            raise PublishFailed(
                f"another publication into the database {self.where} has begun, perhaps from "
                "another data directory; this one was given up: let it end, and run `therascape "
                "publish` again if this release is the one that is wanted"
            )

    def check_ours(self, before: Collection[str]) -> None:
        """Raise PublishFailed if somebody else has a graph of the release in the database.

        Names of our own graphs may differ from one service to the other, and those of the release
        do not: what is loaded there would be part of the answers of both.
        """
        for graph in self.release.manifest["counts"]["graphs"]:
            if graph not in before and self.database.ask(Asked("ASK { ?s ?p ?o }", [graph])):
                raise PublishFailed(
                    f"the database {self.where} has <{graph}> already, and nothing under "
                    f"<{self.layout.prefix}> says that it was published: a database holds one "
                    "release, whatever the names of our graphs begin with (--engine-graphs); name "
                    "another database, or remove that graph there"
                )

    def graphs(self) -> list[str]:
        """Every graph that the release takes in the database."""
        counts: Mapping[str, int] = self.release.manifest["counts"]["graphs"]
        return [*sorted(counts), *self.layout.merges(self.release)]

    def begun(self) -> tuple[int, str | None]:
        """Pieces that are there already, and the publication that sent them, if there was one."""
        said = self.layout.said(self.database, self.layout.progress)
        publication, cleared = said.get("publication", []), "cleared" in said
        if said.get("release") != [self.release.id] or len(publication) != 1 or not cleared:
            return 0, None
        done = [int(text) for text in said.get("pieces", ()) if text.isdecimal()]
        return max(done, default=0), publication[0]

    def clear(self, publication: str) -> None:
        """Remove what the database says that it has of earlier publications."""
        before = {
            graph
            for name, within in (
                # Somebody may have removed the state alone, to have services wait.
                (self.layout.state, [self.layout.state, self.layout.again]),
                (self.layout.progress, [self.layout.progress]),
            )
            for graph in self.layout.said(self.database, name, within=within).get("graph", ())
        }
        self.check_ours(before)
        going = sorted(before | set(self.graphs()))
        said = {"publication": [publication], "graph": going}
        self.say(said)
        self.database.drop_graph(self.layout.state)
        self.database.drop_graph(self.layout.again)
        for number, graph in enumerate(going):
            self.listener(Progress("removing", number, len(going)))
            self.database.drop_graph(graph)
        self.say(self.came(publication, 0))

    def came(self, publication: str, pieces: int) -> dict[str, list[str]]:
        return {
            "release": [self.release.id],
            "publication": [publication],
            "cleared": ["yes"],
            "pieces": [str(pieces)],
            "graph": self.graphs(),
        }

    def say(self, said: dict[str, list[str]]) -> None:
        triples = self.layout.triples(self.layout.progress, said)
        self.database.write_graph(self.layout.progress, triples, replace=True)

    def load(self, done: int, publication: str) -> None:
        """Send the pieces after the first `done`, and sum up all of them."""
        sent = 0
        for number, piece in enumerate(self.pieces()):
            if number >= done:
                self.check_alone(publication)
            for graph, lines in piece.items():
                total = self.sums[graph]
                for line in lines:
                    total.add(line)
                if number >= done:
                    self.database.write_graph(graph, b"".join(lines))
            if number >= done:
                self.say(self.came(publication, number + 1))
            sent = min(sent + PIECE, self.total)
            self.listener(Progress("loading", sent, self.total))

    def pieces(self) -> Iterator[Mapping[str, list[bytes]]]:
        """The lines of the release, so many at a time, by the graph that they are for.

        Lines are sorted with the graph last, so that those of one triple are neighbours: the merge
        gets it once.
        """
        history = self.release.history
        merges = self.layout.merges(self.release)
        whole, current = merges[-1], merges[0]
        last = dict.fromkeys(merges, b"")
        piece: defaultdict[str, list[bytes]] = defaultdict(list)
        size = 0
        with self.release.nquads.open("rb") as file:
            for line in file:
                triple, _, rest = line.rpartition(b" <")
                graph = rest[: rest.index(b">")].decode()
                triple += b" .\n"
                piece[graph].append(triple)
                for merge in {whole} if graph in history else {whole, current}:
                    if last[merge] != triple:
                        last[merge] = triple
                        piece[merge].append(triple)
                size += 1
                if size == PIECE:
                    yield piece
                    piece, size = defaultdict(list), 0
        if piece:
            yield piece

    def verify(self) -> None:
        """Read every graph back. Raises PublishFailed."""
        total = sum(one.count for one in self.sums.values())
        done = 0
        for graph, expected in sorted(self.sums.items()):
            self.listener(Progress("verifying", done, total))
            counted = self.database.count(graph)
            if counted != expected.count:
                raise PublishFailed(
                    f"the database {self.where} has {counted:,} triples in <{graph}>, and "
                    f"{expected.count:,} were sent; it holds nothing that is served now: mend the "
                    "database, and run `therascape publish` again"
                )
            found = _Sum()
            self.read_back(graph, found.add)
            if found.count < expected.count == counted:
                raise PublishFailed(
                    f"the database {self.where} gives {found.count:,} of the {counted:,} triples "
                    f"of <{graph}> back, so it ends results early; raise its limit of rows, and "
                    "run `therascape publish` again"
                )
            if (found.count, found.total) != (expected.count, expected.total):
                raise PublishFailed(
                    f"the database {self.where} gives <{graph}> back otherwise than it was sent"
                    f"{self.difference(graph)}; it holds nothing that is served now"
                )
            done += expected.count

    def read_back(self, graph: str, each: Callable[[bytes], None]) -> None:
        """Give each triple of a graph, as a line of N-Triples, as the release would have it."""
        reading = _Reading(each)
        try:
            self.database.read_graph(graph, reading.take, _READ_SECONDS)
            reading.end()
        except SyntaxError as error:
            raise RemoteError(f"the database gives no N-Triples for <{graph}>: {error}") from None

    def difference(self, graph: str) -> str:
        """The first statement that is missing or foreign, in words."""
        sent = Counter(
            line
            for piece in self.pieces()
            for name, lines in piece.items()
            if name == graph
            for line in lines
        )
        self.read_back(graph, lambda line: sent.subtract([line]))
        for line, number in sorted(sent.items()):
            if number:
                what = "is missing" if number > 0 else "was not sent"
                return f": {line.decode('utf-8', 'replace').strip()} {what}"
        return ""


def publish(
    database: Database, layout: Layout, release: Release, listener: Listener = lambda _: None
) -> Held:
    """Load a release into a database, verify it, and have the database say that it holds it.

    Raises PublishFailed; the database then holds nothing whole, and says so.
    """
    publication = _Publication(database, layout, release, listener)
    try:
        return publication.run()
    except QueryError as error:
        raise PublishFailed(
            f"{_told(error, publication.where)}; once that is mended, run `therascape publish` "
            "again: it goes on where it ended"
        ) from None


def _told(error: QueryError, where: str) -> str:
    silent = isinstance(error, DeadlineExceeded)
    return f"the database {where} does not answer: {error}" if silent else str(error)


def held(database: Database, layout: Layout) -> Held | None:
    """What a database says that it holds. Raises the errors of graph.query."""
    return layout.held(database)
