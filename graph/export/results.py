"""The result of a query as an export: the query is admitted as any other is."""

from graph.errors import GraphError
from graph.export.errors import NotOfThisScope
from graph.export.model import Scope
from graph.query import EmbeddedEngine, Formats, NotAcceptable, Request
from graph.release import Release


class QueryRefused(GraphError):
    """A query that the engine refuses or fails on: `cause` is its error, `query` the text."""

    def __init__(self, cause: GraphError, query: str) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.query = query


def result(release: Release, scope: Scope, media_type: str) -> bytes:
    """Return the graph that the query of the scope makes of the release.

    Nothing is fetched, nothing is written and no file is read, as for every query. Raises
    NotOfThisScope for a query that makes no graph, QueryRefused, and the errors of graph.release.
    """
    request = Request(scope.value, Formats(None, media_type), base_iri=release.iris.base)
    try:
        return EmbeddedEngine.over(release).evaluate(request).body
    except NotAcceptable:
        raise NotOfThisScope(
            "this query gives no graph: begin it with CONSTRUCT or DESCRIBE, or have its rows "
            "written by `therascape query --format csv`"
        ) from None
    except GraphError as error:
        raise QueryRefused(error, scope.value) from error
