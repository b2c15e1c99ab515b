"""The seam to the engine: one request in, one complete answer out."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Store

from graph.query.checks import Admitted, admit
from graph.query.complaints import is_of_engine, is_of_storage, refused_call
from graph.query.counting import Counted, from_counts
from graph.query.dataset import MERGE_BUDGET, Dataset, named_dataset, whole_dataset
from graph.query.errors import EngineFailure, NotAcceptable, QueryError, StoreUnreadable
from graph.query.formats import BINDINGS, MEDIA_TYPES, Form, Formats
from graph.query.hints import TermsOfStore, unknown_terms
from graph.query.iris import Resolver
from graph.query.job import Job
from graph.query.results import write_bindings, write_graph
from graph.query.sorting import sort_by_kind
from graph.query.stack import with_room
from graph.query.syntax import explain
from graph.release import LITERAL_CLASSES, Editions, Release
from ontology.vocabulary import NAMESPACE, prefixes

# What gives another value each time it is called (SPARQL 1.1, 17.4).
_VARYING = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))


@dataclass(frozen=True, slots=True)
class Request:
    """A query and how to answer it.

    `default_graphs` and `named_graphs` are the IRIs of default-graph-uri and named-graph-uri; if
    there are any, FROM and FROM NAMED of the query do not count (SPARQL 1.1 Protocol, 2.1.4).
    `base_iri` resolves relative IRIs of a query that has no BASE. `editions` says what the default
    graph has where neither the request nor the query names graphs. With `by_kind`, results are
    sorted by the kind of a value first: see graph.query.sorting.
    """

    query: str
    formats: Formats
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base_iri: str | None = None
    editions: Editions = "current"
    by_kind: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer. `notices` tell what its reader should know, such as a misspelt name.

    `missing_graphs` are those that the request named and the store does not have; `repeatable`
    tells whether the same request gives the same answer again from the same data.
    """

    form: Form
    media_type: str
    body: bytes
    notices: tuple[str, ...] = ()
    missing_graphs: tuple[str, ...] = ()
    repeatable: bool = True


class Engine(Protocol):
    """What answers queries; workers in other processes or a remote endpoint may do so too."""

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:
        """Return the answer, complete. Raises the errors of graph.query, and no others."""


class EmbeddedEngine:
    """An engine in this process, over a store whose default graph is the merge of its others.

    `ours` are the namespaces of the service: an answer says which terms in them the store lacks.
    `history` answers requests for all editions; without one, the store has all there are.
    `counted` is what is in the default graph of the store, as long as nobody writes to it.
    It can be used from several threads. A query runs to its end: there is no deadline here.
    """

    def __init__(
        self,
        store: Store,
        prefixes: Mapping[str, str],
        *,
        ours: Sequence[str] = (),
        merge_budget: int = MERGE_BUDGET,
        history: Store | None = None,
        counted: Counted | None = None,
    ) -> None:
        self._store = store
        self._counted = counted
        self._history = store if history is None else history
        self._prefixes = dict(prefixes)
        self._ours = tuple(ours)
        self._merge_budget = merge_budget

    @classmethod
    def over(
        cls,
        release: Release,
        store: Store | None = None,
        history: Store | None = None,
        *,
        unchanged: bool = False,
    ) -> "EmbeddedEngine":
        """An engine over a release, with the predefined prefixes. Raises ReleaseDamaged.

        `store` has its content, where that was loaded already or written to since, and `history`
        that with all editions in the default graph; `unchanged` where the default graph of `store`
        is that of the release.
        """
        ours = (NAMESPACE, *release.iris.namespaces)
        if store is None:  # an empty one counts as false
            store, unchanged = release.store(), True
            history = release.store(editions="all") if release.history else None
        counted = _counted(release) if unchanged else None
        return cls(store, prefixes(), ours=ours, history=history, counted=counted)

    def on(self, store: Store) -> "EmbeddedEngine":
        """The same engine over another store, which has all editions that there are."""
        return EmbeddedEngine(
            store,
            self._prefixes,
            ours=self._ours,
            merge_budget=self._merge_budget,
            counted=self._counted,
        )

    def changed(self) -> None:
        """Take notice that the store was written to."""
        self._counted = None

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:  # noqa: ARG002
        """Return the answer, complete. A job has no effect: nothing ends a query in one process.

        Raises QuerySyntaxError, UnsupportedFunction, RemoteAccessRefused, UpdateRefused,
        QueryTooDeep, DatasetTooLarge, NotAcceptable, NotExpressible, StoreUnreadable and
        EngineFailure.
        """
        query = admit(request.query, self._prefixes)
        return with_room(query.cost, partial(self._answer, request, query))

    def _answer(self, request: Request, query: Admitted) -> Answer:
        try:
            return self._evaluate(request, query)
        except QueryError:
            raise
        except BaseException as error:
            if is_of_engine(error):
                raise self._failure(error, request, query) from error
            raise

    def _evaluate(self, request: Request, query: Admitted) -> Answer:
        dataset = self._dataset(request, query)
        form, media_type, raw = self._serialized(dataset, request, query)
        if form == "graph":
            declared = self._resolver(request, query).namespaces(query.outline.prefixes)
            body = write_graph(raw, media_type, self._prefixes | declared)
        else:
            body = write_bindings(raw, media_type)
        hints: tuple[str, ...] = ()
        if self._ours:
            resolver = self._resolver(request, query)
            hints = tuple(unknown_terms(TermsOfStore(self._store), query, resolver, self._ours))
        return Answer(
            form,
            media_type,
            body,
            (*dataset.notices, *hints),
            dataset.missing,
            repeatable=_VARYING.isdisjoint(token.word for token in query.tokens),
        )

    def _serialized(
        self, dataset: Dataset, request: Request, query: Admitted
    ) -> tuple[Form, str, bytes]:
        """The form of the result, the media type wanted for it, and what the engine writes."""
        try:
            results = self._results(dataset, request, query)
        except SyntaxError as error:
            raise explain(error, query, request.base_iri, self._prefixes) from error
        try:
            if isinstance(results, QueryTriples):
                media_type = _acceptable(request.formats.graph, "graph")
                return "graph", media_type, results.serialize(format=RdfFormat.N_TRIPLES) or b""
            media_type = _acceptable(request.formats.bindings, "bindings")
            form: Form = "boolean" if isinstance(results, QueryBoolean) else "bindings"
            return form, media_type, results.serialize(format=BINDINGS[media_type]) or b""
        finally:
            # Results must end on the thread that made them; the traceback of an error, kept
            # elsewhere, would hold them.
            del results

    def _results(
        self, dataset: Dataset, request: Request, query: Admitted
    ) -> QueryBoolean | QuerySolutions | QueryTriples:
        """What the engine makes of a query, or of one that has the same solutions without reading.

        Raises SyntaxError, always of what was asked.
        """

        def ask(text: str) -> QueryBoolean | QuerySolutions | QueryTriples:
            return dataset.store.query(
                sort_by_kind(text) if request.by_kind else text,
                base_iri=request.base_iri,
                prefixes=self._prefixes,
                default_graph=dataset.default,
                named_graphs=dataset.named,
            )

        whole = dataset.store is self._store and dataset.named is None
        if whole and self._counted is not None:
            prologue = query.outline.prologue
            replaced = from_counts(query.tokens[len(prologue) :], self._counted)
            if replaced is not None:
                declared = " ".join(token.text for token in prologue)
                with suppress(SyntaxError):
                    return ask(f"{declared} {replaced}")
        return ask(query.text)

    def _dataset(self, request: Request, query: Admitted) -> Dataset:
        default: Sequence[str] = request.default_graphs
        named: Sequence[str] = request.named_graphs
        outline = query.outline
        if not (default or named) and (outline.default_graphs or outline.named_graphs):
            resolver = self._resolver(request, query)
            default = resolver.graphs(outline.default_graphs)
            named = resolver.graphs(outline.named_graphs)
        if not (default or named):
            everything = request.editions == "all"
            return whole_dataset(self._history if everything else self._store)
        return named_dataset(self._store, default, named, self._merge_budget)

    def _failure(self, error: BaseException, request: Request, query: Admitted) -> QueryError:
        if is_of_storage(error):
            return StoreUnreadable()
        refused = refused_call(error, query.tokens, self._resolver(request, query))
        return refused or EngineFailure(f"the engine failed on this query: {error}")

    def _resolver(self, request: Request, query: Admitted) -> Resolver:
        return Resolver(query.outline.prologue, request.base_iri, self._prefixes)


def _acceptable(media_type: str | None, form: Literal["bindings", "graph"]) -> str:
    if media_type is None or media_type not in MEDIA_TYPES[form]:
        raise NotAcceptable(form, MEDIA_TYPES[form])
    return media_type


def _counted(release: Release) -> Counted | None:
    """What the manifest says of the default graph; None where things may be of what has no IRI."""
    imported = release.manifest.get("imported", False)
    if release.written.graphs or release.manifest.get(LITERAL_CLASSES, int(imported)):
        return None
    counts = release.manifest["counts"]
    return Counted(counts["triples"], counts["classes"])
