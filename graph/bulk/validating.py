"""What is imported, held against the shapes: all of it, or of a large file a sample of the sources.

A file has no rows, so a problem names the node that does not fit.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from graph.bulk.errors import ImportRefused
from graph.bulk.reading import Progress
from graph.sampling import MOST_VALIDATED, Sample, named_in, sample
from graph.terms import Iris
from graph.validation import misfits
from ontology.namespaces import DCT, RDF

_COMPUTED = ("derived", "audit", "quality")
_SHOWN = 20
_REFUSED = (
    "statements of the file do not fit the shapes of their classes; mend them where it was made, "
    "or import it as it is with --no-shapes:"
)


def validate(
    path: Path,
    slugs: Sequence[str],
    statements: int,
    iris: Iris,
    part: Callable[[str], AbstractContextManager[Progress]],
) -> Sample | None:
    """Hold the graphs of sources against the shapes, with what is registered and computed.

    The file has so many statements, in order. Returns which sources that was, None where it was
    all of them. A `part` is begun for each of what it does: `sample`, where one is taken, and
    `shapes`. Raises ImportRefused with what does not fit.
    """
    chosen = sample(slugs, statements, MOST_VALIDATED)
    if statements > MOST_VALIDATED and chosen is None:
        return Sample((), 0, statements)  # no sources, and too much for all of it
    store = Store()
    if chosen is not None:
        with part("sample") as progress:
            store = _narrowed(path, chosen, iris, progress)
    with part("shapes") as progress:
        if chosen is None:
            store.bulk_load(path=str(path), format=RdfFormat.N_QUADS)
        sources = slugs if chosen is None else chosen.sources
        problems = [*misfits(store, sources, iris, progress=progress)]
    if problems:
        told = [str(problem) for problem in problems[:_SHOWN]]
        if more := len(problems) - len(told):
            told.append(f"and {more} more")
        raise ImportRefused("\n".join((_REFUSED, *told)))
    return chosen


def _narrowed(path: Path, chosen: Sample, iris: Iris, progress: Progress) -> Store:
    """What the sampled sources say, what is computed from them alone, and what is registered of
    that.
    """
    found = Store()
    found.bulk_load(b"".join(_kept(path, chosen, iris, progress)), format=RdfFormat.N_QUADS)
    reference = iris.graph("reference")
    said = [quad for quad in found if quad.graph_name != reference]
    store = Store()
    store.bulk_extend([*said, *named_in(found, said, iris)])
    return store


def _kept(path: Path, chosen: Sample, iris: Iris, progress: Progress) -> Iterator[bytes]:
    """The lines of sampled sources, of the registers, and of what is computed all that rests on
    sampled sources alone, or on none, as the rules do.
    """
    whole = {_written(iris.graph(slug)) for slug in (*chosen.sources, "reference")}
    computed = {_written(iris.graph(name)) for name in _COMPUTED}
    sampled = {_written(iris.source(slug)) for slug in chosen.sources}
    typed = b"> " + _written(RDF.type) + b" <"
    says = b"> " + _written(DCT.source) + b" "
    done = 0
    with path.open("rb") as file:
        for _, lines in groupby(file, lambda line: line[: line.index(b" ")]):
            some = [(line[line.rindex(b" <") + 1 : -3], line) for line in lines]
            done += len(some)
            progress(done, chosen.seed)
            yield from (line for graph, line in some if graph in whole)
            said = [line for graph, line in some if graph in computed]
            sources = {line.split(b" ", 3)[2] for line in said if says in line}
            if sources <= sampled and any(typed in line for line in said):
                yield from said


def _written(iri: object) -> bytes:
    return str(iri).encode()
