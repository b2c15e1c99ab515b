"""`make bench`: how long a build and a start take, and our queries beside rdflib's.

Absolute times depend on the machine; the calibration loop printed first lets two machines be
compared. Answers are compared before they are timed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rdflib import Graph
from rich.console import Console
from rich.table import Table

from graph.build import build
from graph.query import EmbeddedEngine, Formats, Request
from graph.release import DataDirectory, Release
from ontology.vocabulary import prefixes

RUNS = 5
QUERIES = {
    "point: the label of one thing": (
        "SELECT ?l { <https://w3id.org/therascape/id/agent/iovance-biotherapeutics> rdfs:label ?l }"
    ),
    "join: players by place, with section": (
        "SELECT ?o ?p ?s { ?d rdf:predicate kg:activeIn ; rdf:subject ?o ; rdf:object ?p ;"
        " kg:premise ?f . ?f kg:statedIn ?s }"
    ),
    "aggregate: facts by class": (
        "SELECT ?c (COUNT(DISTINCT ?f) AS ?n) { ?f a ?c ; kg:mention ?m } GROUP BY ?c"
    ),
    "path: players in a region, rolled up": (
        "SELECT DISTINCT ?o ?r { ?o kg:activeIn/kg:placeWithin* ?r }"
    ),
}


def median_ms(work: Callable[[], object]) -> float:
    """The median of five runs after one that is not counted, in milliseconds."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def calibration() -> int:
    """A fixed amount of plain Python work."""
    return sum(i * i % 7 for i in range(1_000_000))


def start(data: Path) -> None:
    """One whole command: start, open the release, answer, end."""
    command = [sys.executable, "-m", "service", "query", "--data", str(data), "ASK {}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    if done.stdout.strip() != "true":
        raise SystemExit(f"therascape query answered {done.stdout!r}")


def query_table(release: Release) -> Table:
    """Each query on our engine and on rdflib, the same answers checked first."""
    engine = EmbeddedEngine.over(release)
    graph = Graph()
    lines = release.nquads.read_text("utf-8").split("\n")[:-1]
    triples = (line.rsplit(" ", 2)[0] for line in lines)  # without their graphs: the merge
    graph.parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")
    table = Table("query", "rows", "Therascape, ms", "rdflib, ms", "rdflib / Therascape")
    for name, query in QUERIES.items():
        request = Request(query, Formats("application/sparql-results+json", None))
        rows = len(json.loads(engine.evaluate(request).body)["results"]["bindings"])
        theirs = list(graph.query(query, initNs=prefixes()))
        if rows != len(theirs):
            raise SystemExit(f"{name}: {rows} rows here and {len(theirs)} from rdflib")
        ours_ms = median_ms(lambda request=request: engine.evaluate(request))  # type: ignore[misc]
        peer_ms = median_ms(lambda query=query: list(graph.query(query, initNs=prefixes())))  # type: ignore[misc]
        table.add_row(
            name, str(rows), f"{ours_ms:.2f}", f"{peer_ms:.2f}", f"{peer_ms / ours_ms:.0f}"
        )
    return table


def main() -> None:
    """Print the figures."""
    console = Console(width=120)
    console.print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, median of {RUNS} runs")
    console.print(f"calibration loop: {median_ms(calibration):.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        console.print(
            f"build of the shipped seeds: {median_ms(lambda: build(DataDirectory(data))):.0f} ms"
        )
        release = build(DataDirectory(data)).release
        console.print(f"therascape query, start to end: {median_ms(lambda: start(data)):.0f} ms")
        console.print(query_table(release))


if __name__ == "__main__":
    main()
