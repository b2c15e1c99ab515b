"""What all contenders are given: a synthetic landscape as a release, and its merged graph as files.

The default graph of a query is the RDF merge of all graphs (docs/architecture.md). A server that
keeps a default graph of its own is given the merge there; one whose default graph is the union of
its graphs is given the merge as one more graph, which queries then name as their dataset.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.release import DataDirectory, Release
from graph.remote import Layout
from graph.synthetic.nquads import lines
from graph.synthetic.world import World
from graph.terms import Iris
from tests.hostile.server import ROOT

OF_A_REPORT = 4_100
"""Statements that a report comes to, with what the rules derive from it."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Data:
    """A release, and files of it. `imported`: seconds that importing took.

    `nquads` has the statements in their graphs, `merge` the merged graph as N-Triples and `named`
    the same as a graph with a name.
    """

    directory: Path
    release: Release
    imported: float
    merge: Path
    named: Path

    @property
    def nquads(self) -> Path:
        """The statements in their graphs."""
        return self.release.nquads

    @property
    def statements(self) -> int:
        """How many there are in all named graphs."""
        return int(self.release.manifest["counts"]["statements"])


def merged_name(release: Release) -> str:
    """The name of the merged graph where it has one: as `therascape publish` names it."""
    return Layout().merged(release, "current")


def make(statements: int, folder: Path) -> Data:
    """Make a landscape of about so many statements, and import it."""
    file = folder / "synthetic.nq"
    with file.open("wb") as out:
        world = World.of(max(4, round(statements / OF_A_REPORT)), SEED)
        out.writelines(lines(world, Iris(), lambda _: None))
    directory = folder / "data"
    begun = time.perf_counter()
    command = [sys.executable, "-m", "service", "import", str(file), "--data", str(directory)]
    # In a process of its own: what it has had of memory is for the servers afterwards.
    subprocess.run([*command, "--no-shapes"], check=True, capture_output=True, cwd=ROOT)
    imported = time.perf_counter() - begun
    file.unlink()
    release = DataDirectory(directory).current()
    assert release is not None
    merge, named = folder / "merge.nt", folder / "named.nq"
    end = f" <{merged_name(release)}> .\n".encode()
    with merge.open("wb") as plain, named.open("wb") as graph:
        for triple in _merge(release.nquads):
            plain.write(triple + b" .\n")
            graph.write(triple + end)
    return Data(directory, release, imported, merge, named)


def _merge(nquads: Path) -> Iterator[bytes]:
    """Each triple once: lines are in order, with the graph last, so equal ones are neighbours."""
    last = b""
    with nquads.open("rb") as file:
        for line in file:
            triple = line.rpartition(b" <")[0]
            if triple != last:
                yield triple
            last = triple
