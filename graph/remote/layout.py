"""Where a release stands in a database: its own graphs, and a few of ours under a prefix.

The merge of its graphs is stored as a graph too. Databases differ in what they take for the
default graph, and most count a triple as often as graphs have it; one graph they all ask alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.release import Editions, Release
from graph.remote.database import Asked, Database
from graph.remote.errors import RemoteError
from graph.remote.wire import Bounds

PREFIX = "urn:therascape:"
_HEX = re.compile(r"[0-9a-f]{1,64}")


@dataclass(frozen=True, slots=True)
class Held:
    """What a database holds: a release, whole, since one publication of it. Both are digits."""

    release: str
    publication: str


def is_id(found: object) -> bool:
    """Whether it can be the id of a release or of a publication."""
    return isinstance(found, str) and _HEX.fullmatch(found) is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """The names of our own graphs in a database, and how its state is told in one of them."""

    prefix: str = PREFIX

    def merged(self, release: Release, editions: Editions) -> str:
        """The graph that is the merge of all, or of all but the history."""
        return f"{self.prefix}{editions if release.history else 'current'}"

    def merges(self, release: Release) -> Sequence[str]:
        """All graphs that are merges."""
        return list(dict.fromkeys(self.merged(release, which) for which in ("current", "all")))

    @property
    def state(self) -> str:
        """The graph that tells what the database holds; without it, it holds nothing whole."""
        return f"{self.prefix}state"

    @property
    def again(self) -> str:
        """A graph with the same as the state."""
        return f"{self.state}-again"

    @property
    def progress(self) -> str:
        """The graph that tells how far a publication has come."""
        return f"{self.prefix}progress"

    @property
    def nothing(self) -> str:
        """A graph that is never there, for a dataset without graphs."""
        return f"{self.prefix}nothing"

    def triples(self, graph: str, said: dict[str, list[str]]) -> bytes:
        """N-Triples that say something of a graph: texts by name."""
        subject = NamedNode(graph)
        lines = (
            f"{subject} {NamedNode(self.prefix + name)} {Literal(text)} .\n"
            for name, texts in said.items()
            for text in texts
        )
        return "".join(lines).encode()

    def said(
        self,
        database: Database,
        graph: str,
        bounds: Bounds | None = None,
        *,
        of: Sequence[str] = (),
        within: Sequence[str] = (),
    ) -> dict[str, list[str]]:
        """What `triples` said, as the database has it; by these names alone, if any.

        It stands in the graph itself, unless others are given.
        """
        these = " ".join(f"<{self.prefix}{name}>" for name in of)
        which = f"VALUES ?p {{ {these} }} " if of else ""
        query = f"SELECT ?p ?o {{ {which}<{graph}> ?p ?o }}"
        rows = database.select(Asked(query, within or [graph]), bounds)
        found: dict[str, list[str]] = {}
        names, texts = rows.values("p"), rows.values("o")
        if not len(names) == len(texts) == len(rows.bindings):
            raise RemoteError(f"what the database says of <{graph}> is nothing that we wrote")
        for name, text in zip(names, texts, strict=True):
            found.setdefault(name.removeprefix(self.prefix), []).append(text)
        return found

    def held(self, database: Database, bounds: Bounds | None = None) -> Held | None:
        """What the database holds; None where that is nothing, or not whole."""
        # It is asked after each query, and a large release has thousands of graphs.
        said = self.said(database, self.state, bounds, of=("release", "publication"))
        release, publication = said.get("release", []), said.get("publication", [])
        if len(release) != 1 or len(publication) != 1:
            return None
        if not (is_id(release[0]) and is_id(publication[0])):
            return None
        return Held(release[0], publication[0])
