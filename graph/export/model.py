"""What is exported (`Scope`), and how (`Format`).

Every format is in `graph.export.formats.FORMATS`, and the command and the addresses are made of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from graph.release import Release

Kind = Literal["dataset", "graph", "table", "network"]
What = Literal["release", "source", "graph", "entity", "query"]
EVERY: tuple[What, ...] = ("release", "source", "graph", "entity", "query")

Progress = Callable[[int, int], None]
"""Told now and then how much is done, of how much."""


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is exported of a release.

    `value` is the slug of a source, the name of a graph, the IRI of an entity or the text of a
    query; empty for the whole release. `hops` is how far around an entity.
    """

    what: What = "release"
    value: str = ""
    hops: int = 1


Write = Callable[[Release, Scope, BinaryIO, Progress], None]


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing an export.

    `kind`: a dataset has named graphs; a graph is their merge, where a triple counts once; a
    network has nodes and edges; a table rows. `stem` is what the file of a whole release is called
    before the dot; `scopes` what `write` takes.

    `write` puts bytes into a file that it only appends to. The same release and scope give the
    same bytes, on every machine and hash seed. It raises the errors of graph.export, of
    graph.release and of graph.query, and OSError.
    """

    name: str
    media_type: str
    ending: str
    kind: Kind
    title: str
    write: Write
    stem: str = "release"
    scopes: tuple[What, ...] = EVERY
