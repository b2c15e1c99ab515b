"""What can go wrong with a write; every message names the place and the remedy."""

from graph.problems import shown
from graph.query.errors import QueryError


class UpdateError(QueryError):
    """Root of this package's own errors. All of them can be pickled."""


class CuratedGraph(UpdateError):
    """The graph is made from files that people keep; `where` says which, from the checkout on."""

    def __init__(self, graph: str, where: str) -> None:
        super().__init__(graph, where)
        self.graph = graph
        self.where = where

    def __str__(self) -> str:
        return (
            f"the graph <{self.graph}> is made from files, and the next build would undo a write to"
            f" it; change {self.where} and build, or write to a graph of your own"
        )


class DerivedGraph(UpdateError):
    """The graph is written by the system itself: computed, or a record of what was done."""

    def __init__(self, graph: str) -> None:
        super().__init__(graph)
        self.graph = graph

    def __str__(self) -> str:
        return (
            f"the graph <{self.graph}> is kept by the system itself; write to a graph of your own,"
            f" and what follows from it is computed with the next release"
        )


class DefaultGraphIsView(UpdateError):
    """The default graph shows the named graphs merged, so nothing can be written to it."""

    def __str__(self) -> str:
        return (
            "the default graph is the merge of all named graphs, so it cannot be written to; name"
            " the graph: GRAPH <…> { … } in the data or the template, WITH <…> before DELETE or"
            " INSERT, ?graph=… in the Graph Store Protocol"
        )


class GraphNotFound(UpdateError):
    """There is no such graph; None is the default graph."""

    def __init__(self, graph: str | None) -> None:
        super().__init__(graph)
        self.graph = graph

    def __str__(self) -> str:
        if self.graph is None:
            return "there is nothing in the default graph"
        return f"there is no graph <{self.graph}>; in an update, SILENT passes over that"


class GraphExists(UpdateError):
    """There is such a graph already."""

    def __init__(self, graph: str) -> None:
        super().__init__(graph)
        self.graph = graph

    def __str__(self) -> str:
        return f"there is a graph <{self.graph}> already; CREATE SILENT GRAPH passes over that"


class InvalidBody(UpdateError):
    """What was sent cannot become statements here. Line and column count from 1, if known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if self.line is None or self.column is None:
            return self.message
        return f"line {self.line}, column {self.column}: {self.message}"


class UnsupportedBodyType(UpdateError):
    """A body in a format that is not read here; `offered` has the media types that are."""

    def __init__(self, media_type: str, offered: tuple[str, ...]) -> None:
        super().__init__(media_type, offered)
        self.media_type = media_type
        self.offered = offered

    def __str__(self) -> str:
        return f"{shown(self.media_type)} is not read here; send one of: {', '.join(self.offered)}"


class UsingConflict(UpdateError):
    """The dataset is named twice: by parameters, and by USING or WITH in the update itself."""

    def __init__(self, clause: str, line: int, column: int) -> None:
        super().__init__(clause, line, column)
        self.clause = clause
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return (
            f"line {self.line}, column {self.column}: {self.clause} cannot stand beside the"
            f" parameters using-graph-uri and using-named-graph-uri; leave out one or the other"
        )
