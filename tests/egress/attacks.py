"""The corpus: texts that would reach the network or a file if they could.

A file holds many, each after a line `### NAME`. In them `4321` stands for the port of the listener
and `/planted/` for the folder of the planted files.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
_BODIES = {
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
_NAME = re.compile(r"^### (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Attack:
    """`media_type` is that of a query, an update or a document.

    `file` is where it is from. The graphs are those of default-graph-uri and named-graph-uri, or of
    using-graph-uri and using-named-graph-uri.
    """

    name: str
    file: str
    media_type: str
    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """query, update or body."""
        return {QUERY: "query", UPDATE: "update"}.get(self.media_type, "body")

    def aimed(self, port: int, planted: Path) -> "Attack":
        """The same, at the traps of this run; requests have the attack's name in their path."""

        def aim(text: str) -> str:
            named = re.sub(r"4321/(?=[\w.%>])", f"{port}/{self.name}/", text)
            return named.replace("4321", str(port)).replace("/planted/", f"{planted}/")

        return dataclasses.replace(
            self,
            text=aim(self.text),
            default_graphs=tuple(map(aim, self.default_graphs)),
            named_graphs=tuple(map(aim, self.named_graphs)),
        )


QUERY, UPDATE = "application/sparql-query", "application/sparql-update"


def corpus() -> Iterator[Attack]:
    """Every attack; each has a name of its own."""
    for file in sorted(CORPUS.iterdir()):
        suffix = file.suffix[1:]
        media_type = {"rq": QUERY, "ru": UPDATE}.get(suffix) or _BODIES[suffix]
        _, *parts = _NAME.split(file.read_text())
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            yield Attack(name, file.stem, media_type, text.strip("\n"))
    yield from _parameters()


def _parameters() -> Iterator[Attack]:
    where = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    every = f"SELECT * {where}"
    copy = f"INSERT {{ GRAPH <a:copy> {{ ?s ?p ?o }} }} WHERE {where}"
    graphs = {
        "http": "http://127.0.0.1:4321/graph",
        "ipv6": "http://[::1]:4321/graph",
        "name": "http://localhost:4321/graph",
        "file": "file:///planted/secret.nt",
        "path": "/planted/secret.nt",
        "ftp": "ftp://127.0.0.1:4321/graph",
        "data": "data:text/turtle,<a:s><a:p><a:o>.",
    }
    for name, graph in graphs.items():
        yield Attack(f"default-graph-{name}", "parameters", QUERY, every, (graph,))
        yield Attack(f"named-graph-{name}", "parameters", QUERY, every, (), (graph,))
        yield Attack(f"using-graph-{name}", "parameters", UPDATE, copy, (graph,))
        yield Attack(f"using-named-graph-{name}", "parameters", UPDATE, copy, (), (graph,))
    both = (graphs["http"], graphs["file"])
    yield Attack("default-graphs-merged", "parameters", QUERY, every, both, both)
