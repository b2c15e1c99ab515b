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


class StoreUnreadable(QueryError):
    """The store on the disk could not be read, whatever was asked.

    The message is for those who asked, and names no file; the error's cause does.
    """

    def __str__(self) -> str:
        return (
            "a part of the store on the disk could not be read; the query is not at fault, and who "
            "runs the service finds in its log what to do"
        )


class DeadlineExceeded(QueryError):
    """The work was ended at its deadline; nothing of it is in any answer."""

    def __init__(self, seconds: float, waited: float = 0.0) -> None:
        super().__init__(seconds, waited)
        self.seconds = seconds
        self.waited = waited

    def __str__(self) -> str:
        rest = f", {self.waited:.1f} of them waiting for its turn" if self.waited >= 0.05 else ""
        return f"the query was ended after {self.seconds:g} seconds{rest}; there is no answer"


class MemoryExceeded(QueryError):
    """The work needed more memory than a worker may have."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(megabytes)
        self.megabytes = megabytes

    def __str__(self) -> str:
        return f"the query needed more than the {self.megabytes} MiB that one query may use"


class ResultTooLarge(QueryError):
    """The answer was complete, and larger than this service sends."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size = size
        self.limit = limit

    def __str__(self) -> str:
        return f"the answer has {self.size:,} bytes, and {self.limit:,} are the limit"


class QueueFull(QueryError):
    """Too many queries or writes wait already; `retry_after` is a guess in seconds."""

    def __init__(self, waiting: int, retry_after: int) -> None:
        super().__init__(waiting, retry_after)
        self.waiting = waiting
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.waiting} requests wait already; try again in {self.retry_after} seconds"


class QueryCancelled(QueryError):
    """The query was ended because somebody who may do so asked for it."""


class QueryIdInUse(QueryError):
    """Another query with this Query-Id is under way."""


class EngineUnavailable(QueryError):
    """The engine is not there at the moment: it starts, or is started again."""

    retry_after = 2
