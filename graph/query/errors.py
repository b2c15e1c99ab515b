"""What can go wrong with a query; every message names the place and the remedy."""

from graph.errors import GraphError


class QueryError(GraphError):
    """Root of this package's errors. All of them can be pickled: they may cross processes."""


class _Located(QueryError):
    """An error at one place of the query. Line and column count code points, from 1."""

    def __init__(self, line: int | None, column: int | None, message: str) -> None:
        super().__init__(line, column, message)
        self.line = line
        self.column = column
        self.message = message

    def __str__(self) -> str:
        if self.line is None or self.column is None:
            return self.message
        return f"line {self.line}, column {self.column}: {self.message}"


class QuerySyntaxError(_Located):
    """The query is not SPARQL 1.1, or not as the engine reads it."""


class UnsupportedFunction(QuerySyntaxError):
    """The query calls a function that the engine does not have."""


class RemoteAccessRefused(_Located):
    """The query would reach out to another machine: SERVICE, LOAD. Nothing was sent."""


class QueryTooDeep(_Located):
    """The query is nested, or chains operators, beyond what the engine survives."""


class UpdateRefused(QueryError):
    """An update where only queries are answered."""


class DatasetTooLarge(QueryError):
    """The graphs that a query wants merged hold more statements than the budget allows."""

    def __init__(self, budget: int) -> None:
        super().__init__(budget)
        self.budget = budget

    def __str__(self) -> str:
        return (
            f"the graphs of FROM or default-graph-uri, and those beside them, hold more than "
            f"{self.budget} statements, too many to merge for one query; name one graph, or none: "
            f"the default graph is the merge of all graphs already"
        )


class NotAcceptable(QueryError):
    """An answer of this form cannot be written as wanted; `offered` has the media types that can.

    `form` is "bindings" (SELECT, ASK) or "graph" (CONSTRUCT, DESCRIBE).
    """

    def __init__(self, form: str, offered: tuple[str, ...]) -> None:
        super().__init__(form, offered)
        self.form = form
        self.offered = offered

    def __str__(self) -> str:
        kind = "graph" if self.form == "graph" else "result of bindings"
        return f"this query gives a {kind}; ask for one of: {', '.join(self.offered)}"


class NotExpressible(NotAcceptable):
    """The format cannot hold this very answer; `offered` has those that can."""

    def __init__(self, form: str, offered: tuple[str, ...], reason: str) -> None:
        super().__init__(form, offered)
        self.args = (form, offered, reason)
        self.reason = reason

    def __str__(self) -> str:
        if not self.offered:
            return self.reason
        return f"{self.reason}; ask for one of: {', '.join(self.offered)}"


class EngineFailure(QueryError):
    """The engine failed on a query that it had accepted; the message is the engine's."""
