"""Put what was written since the current release into a new one.

`python -m graph.checkpoint --data FOLDER` prints the id of the release.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from graph.catalogue.files import keep_statistics
from graph.errors import GraphError
from graph.journal import Journal
from graph.network.files import keep_network
from graph.release import JSON, DataDirectory, Release, Written, data_directory
from graph.rules import derive, rules
from graph.terms import Iris
from graph.written import WrittenState, derived_from_written, written_state
from ontology.description import SCHEMA_VERSION


class NothingToCheckpoint(GraphError):
    """There is no release yet; the message says how to get one."""


def checkpoint(data: DataDirectory, *, strict: bool) -> Release:
    """Make a release of the current one and the writes since, make it current, prune the journal.

    What was built stays as it is. Rules run again, over the sources and the written graphs; not
    where `strict` (see `graph.written.load`), nor without any source: there nothing is added to
    what was written. Without writes since, the current release is returned as it is.

    Killed at any instant it has done nothing or all, but for pruning, which the next one does.
    Raises NothingToCheckpoint and the errors of publishing and of reading what was written.
    """
    with data.publishing() as publish:
        current = data.current()
        if current is None:
            raise NothingToCheckpoint(
                f"{data.path}: there is no release yet; run `therascape build`"
            )
        written = written_state(data, current, current.iris)
        release = current
        if written.number > current.written.journal:
            derives = not strict and bool(current.manifest.get("sources"))
            release = publish(
                list(_quads(current, written, derives=derives)),
                _details(current, written, derives=derives),
            )
        journal = Journal(data.journal)
        journal.begin(release.written.journal)
        journal.prune(release.written.journal)
        return release


def empty_release(data: DataDirectory, base: str) -> Release:
    """The current release; where there is none, one without a statement is made for this base."""
    iris = Iris(base)  # raises InvalidIri
    if there := data.current():
        return there  # without a lock: the folder may be read-only
    with data.publishing() as publish:
        current = data.current()
        if current is None:
            written = written_state(data, None, iris)
            says = Written(written.graphs, written.number).details()
            details: dict[str, JSON] = {
                "base": base,
                "rules": [],
                "schema": SCHEMA_VERSION,
                "sources": [],
            }
            current = publish(written.quads, details | says)
        return current


def _quads(current: Release, written: WrittenState, *, derives: bool) -> Iterator[Quad]:
    iris = current.iris
    yield from written.quads
    derived, computed = iris.graph("derived"), iris.graph("audit")
    former = set(current.written.graphs)
    built = [quad for quad in current.quads() if _graph(quad) not in former]
    if not derives:
        yield from built
        return
    yield from (quad for quad in built if quad.graph_name != derived)
    # What rests on superseded editions stays in the history as it is.
    apart = {derived.value, computed.value, *current.history}
    claimed = [quad for quad in built if _graph(quad) not in apart]
    yield from derive(claimed, iris)
    yield from derived_from_written(claimed, written, iris)


def _details(current: Release, written: WrittenState, *, derives: bool) -> dict[str, JSON]:
    build = current.written.build or current.id
    details = current.details | Written(written.graphs, written.number, build).details()
    return details | ({"rules": [rule.name for rule in rules()]} if derives else {})


def _graph(quad: Quad) -> str:
    assert isinstance(quad.graph_name, NamedNode)
    return quad.graph_name.value


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1, with the error, when nothing was done."""
    parser = argparse.ArgumentParser(prog="python -m graph.checkpoint", description=__doc__)
    parser.add_argument("--data", help="the data directory, as of `therascape`")
    parser.add_argument(
        "--default-graph",
        choices=("merged", "strict"),
        default="merged",
        help="as of `therascape serve`; strict adds nothing to what was written",
    )
    chosen = parser.parse_args(arguments)
    try:
        data = DataDirectory(Path(data_directory(chosen.data)))
        release = checkpoint(data, strict=chosen.default_graph == "strict")
        keep_network(data, release)  # in this process: who serves the release need not make it
        keep_statistics(data, release)
    except GraphError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{release.id}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
