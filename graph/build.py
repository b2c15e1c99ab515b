"""From seed folders to a release: read, check, state, derive, validate, publish."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from graph.audit import audit
from graph.catalogue.files import keep_statistics
from graph.details import details_of
from graph.editions import GRAPH as HISTORY
from graph.editions import current, editions, history, links
from graph.figures.stored import merged, read_published, selecting
from graph.forecast.stating import statements as statements_of_forecasts
from graph.network.files import keep_network
from graph.origin import Origin, digest_of_inputs, record_origin
from graph.problems import InvalidSeeds, Problem
from graph.questions import questions
from graph.questions.executable import executables
from graph.release import DataDirectory, Release, ReleaseDamaged, Written
from graph.rules import derive
from graph.sampling import MOST_VALIDATED, Sample, narrowed, sample
from graph.sources.landscape import Landscape, Source, read_landscape
from graph.sources.records import Reference
from graph.sources.retired import retired_entity
from graph.statements import Statements
from graph.terms import DEFAULT_BASE, Iris
from graph.validation import violations
from graph.written import WrittenState, derived_from_written, written_state
from ontology.namespaces import DCT, KG, RDF


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: `done` of `total` steps are behind us; `name` is the one that begins."""

    name: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `rows` counts by source and table; `derived` edges by rule.

    `sample` has the sources that were held against the shapes; None where all were.
    """

    release: Release
    changed: bool
    rows: Mapping[str, Mapping[str, int]]
    derived: Mapping[str, int]
    sample: Sample | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found: all problems, the rows read by source and table, and the sample.

    That is of the sources that were held against the shapes; None where all were.
    """

    problems: tuple[Problem, ...]
    rows: Mapping[str, Mapping[str, int]]
    sample: Sample | None = None


_STEPS = (
    "reading sources",
    "making statements",
    "deriving edges",
    "auditing figures",
    "forecasting",
    "validating shapes",
    "publishing",
)
Listener = Callable[[Step], None]


def _silent(_: Step) -> None:
    return


class _Progress:
    def __init__(self, listener: Listener, total: int) -> None:
        self.listener = listener
        self.total = total
        self.done = 0

    def next(self) -> None:
        self.listener(Step(_STEPS[self.done], self.done, self.total))
        self.done += 1

    def finish(self) -> None:
        self.listener(Step("done", self.total, self.total))


def check(
    sources: Sequence[Path] = (), *, seeds: Path | None = None, listener: Listener = _silent
) -> CheckReport:
    """Read and validate the shipped seeds with the user's folders; nothing is written."""
    progress = _Progress(listener, len(_STEPS) - 1)
    try:
        landscape, _, sampled = _validated(sources, seeds, Iris(), progress)
    except InvalidSeeds as error:
        return CheckReport(error.problems, {})
    progress.finish()
    return CheckReport((), _rows(landscape), sampled)


def build(
    data: DataDirectory,
    sources: Sequence[Path] = (),
    *,
    base: str = DEFAULT_BASE,
    seeds: Path | None = None,
    exclude: Sequence[str] = (),
    listener: Listener = _silent,
) -> BuildReport:
    """Build a release and make it the current one; what was written to the service is in it too.

    Sources in `exclude`, by slug, are as if their folders were not there: the release is the one
    that is built without them. What shared registers say of them stays.

    Raises InvalidSeeds with every problem, and the errors of publishing and of reading what was
    written (graph.written); the former release then stays as it was.
    """
    progress = _Progress(listener, len(_STEPS))
    iris = Iris(base)
    # Before anything is read: a change meanwhile shows later.
    inputs = digest_of_inputs(sources, exclude)
    landscape, quads, sampled = _validated(sources, seeds, iris, progress, exclude)
    with data.publishing() as publish:
        former = _former(data)
        if former and (lost := list(_vanished(former[1], landscape, iris))):
            raise InvalidSeeds(lost)
        written = written_state(data, former[0] if former else None, iris)
        if taken := list(_taken(landscape, quads, written, iris)):
            raise InvalidSeeds(taken)
        progress.next()
        quads += dict.fromkeys(derived_from_written(quads, written, iris))
        says = Written(written.graphs, written.number).details()
        details = details_of(landscape, iris, sampled) | says
        release = publish([*quads, *written.quads], details)
        if seeds is None:
            folders = tuple(folder.absolute() for folder in sources)
            record_origin(data, Origin(release.id, base, folders, inputs, tuple(exclude)))
    keep_network(data, release)
    keep_statistics(data, release)
    progress.finish()
    changed = former is None or former[0].id != release.id
    return BuildReport(release, changed, _rows(landscape), _derived(quads, iris), sampled)


def statements(landscape: Landscape, iris: Iris) -> list[Quad]:
    """Every quad of a release but for what is derived: claimed, registered, and the ontology."""
    return [*Statements(landscape, iris).quads(), *_ontology(iris), *_examples(iris)]


def _validated(
    sources: Sequence[Path],
    seeds: Path | None,
    iris: Iris,
    progress: _Progress,
    exclude: Sequence[str] = (),
) -> tuple[Landscape, list[Quad], Sample | None]:
    progress.next()
    landscape = read_landscape(sources, seeds=seeds, exclude=exclude)
    found = editions(landscape)
    out = found.superseded
    views = (current(landscape, out), landscape) if out else (landscape,)
    progress.next()
    made = [statements(view, iris) for view in views]
    progress.next()
    for one in made:
        one.extend(dict.fromkeys(derive(one, iris)))  # two sources may support one edge alike
    progress.next()
    selects = [selecting(merged(quads), iris) for quads in made]
    for one, select in zip(made, selects, strict=True):
        one.extend(audit(select, iris))
    progress.next()
    # Of all editions: which of them is pooled, and when, is decided where figures are selected.
    forecasts = list(statements_of_forecasts(read_published(selects[-1]), iris))
    progress.next()
    everything = [*dict.fromkeys([quad for quads in made for quad in quads]), *forecasts]
    slugs = [source.slug for source in landscape.sources]
    sampled = sample(slugs, len(everything), MOST_VALIDATED)
    validated = (
        narrowed(landscape, everything, sampled, iris) if sampled else (landscape, everything)
    )
    if problems := list(violations(*validated, iris)):
        raise InvalidSeeds(problems)
    quads = made[0]
    if out:
        quads += [*history(made[0], made[-1], out, iris), *links(found, iris)]
    return landscape, [*quads, *forecasts], sampled


def _ontology(iris: Iris) -> Iterator[Quad]:
    graph = iris.graph("ontology")
    text = (files("ontology") / "therascape.ttl").read_bytes()
    for quad in parse(text, format=RdfFormat.TURTLE):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _examples(iris: Iris) -> Iterator[Quad]:
    graph = iris.example()
    for triple in executables(questions(), iris):
        yield Quad(triple.subject, triple.predicate, triple.object, graph)


def _former(data: DataDirectory) -> tuple[Release, Store] | None:
    """The current release. A damaged one says nothing, and building is its remedy."""
    try:
        release = data.current()
        return None if release is None else (release, release.store(strict=True))
    except ReleaseDamaged:
        return None


def _vanished(former: Store, landscape: Landscape, iris: Iris) -> Iterator[Problem]:
    """What a source of the former release had and has no more, unexplained.

    A source that is gone altogether is passed over: it may be a folder that was left out. So is a
    release under another base, which has other graphs.
    """
    retired = {retired_entity(r) for r in landscape.registers if r.table.role == "retired"}
    for source in landscape.sources:
        own = {Reference("claim", record.id) for record in source.records if record.id}
        own |= {r.subject for r in source.records if r.table.role == "claims"}
        for thing in sorted(_published(former, source, iris) - own - retired):
            message = f"{thing} was published and is gone"
            remedy = f"Restore its row, or add {thing} to reference/retired.csv with the reason."
            yield Problem(source.name, None, None, message, remedy)


def _taken(
    landscape: Landscape, quads: Sequence[Quad], written: WrittenState, iris: Iris
) -> Iterator[Problem]:
    """What is to be in a graph of its own, and is written to that graph already."""
    sources = {iris.graph(source.slug): source.name for source in landscape.sources}
    names = dict.fromkeys(quad.graph_name for quad in quads)
    for graph in (name for name in names if isinstance(name, NamedNode)):
        if graph.value in written.graphs:
            message = f"its graph {graph} has statements that were written to the service"
            remedy = f"Rename the folder, or move them first: MOVE GRAPH {graph} TO another graph."
            yield Problem(sources.get(graph, "graph"), None, None, message, remedy)


def _published(store: Store, source: Source, iris: Iris) -> set[Reference]:
    """The claims, notes, events and segments of a source in a release."""
    typed = store.quads_for_pattern(None, RDF.type, None, iris.graph(source.slug))
    of_source = store.quads_for_pattern(None, DCT.source, iris.source(source.slug), None)
    # Those on a superseded edition stand in the history.
    doubts = {iris.graph("quality"), iris.graph(HISTORY)}
    notes = [
        quad
        for quad in of_source
        if quad.graph_name in doubts and str(quad.subject).startswith(f"<{iris.base}id/claim/")
    ]
    iri = re.compile(re.escape(f"{iris.base}id/") + r"([a-z]+)/([a-z0-9-]+)")
    found = {
        iri.fullmatch(q.subject.value) for q in (*typed, *notes) if isinstance(q.subject, NamedNode)
    }
    return {Reference(match[1], match[2]) for match in found if match}


def _rows(landscape: Landscape) -> dict[str, dict[str, int]]:
    shared = Counter(record.table.name for record in landscape.registers)
    rows = {"shared registers": dict(sorted(shared.items()))}
    for source in landscape.sources:
        rows[source.slug] = dict(sorted(Counter(r.table.name for r in source.records).items()))
    return rows


def _derived(quads: Sequence[Quad], iris: Iris) -> dict[str, int]:
    prefix = iris.thing("rule", "x").value[:-1]
    counts = Counter(
        quad.object.value.removeprefix(prefix)
        for quad in quads
        if quad.predicate == KG.rule and isinstance(quad.object, NamedNode)
    )
    return dict(sorted(counts.items()))
