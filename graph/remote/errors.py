"""What can go wrong with an engine elsewhere."""

from graph.errors import GraphError
from graph.query import EngineUnavailable, QueryError


class RemoteError(QueryError):
    """The database refused what it was asked, or what it said cannot be understood.

    The message is for whoever runs the service: it may have the address and what the database
    said. `told` is what others may know; the message itself, unless it is given.
    """

    def __init__(self, message: str, told: str = "") -> None:
        super().__init__(message)
        self.told = told or message


class DatabaseUnavailable(EngineUnavailable):
    """The database is not there at the moment. `told` is as in RemoteError.

    `refused`: nobody listens at its address, so it was ended, and may be another one later.
    """

    retry_after = 5

    def __init__(self, message: str, told: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.told = told
        self.refused = refused


class CutShort(QueryError):
    """The database ends results after so many rows, so that the answer would not be complete.

    Of a graph it may be so many triples (`what`).
    """

    def __init__(self, rows: int, what: str = "rows") -> None:
        super().__init__(rows, what)
        self.rows = rows
        self.what = what

    def __str__(self) -> str:
        return (
            f"the database behind this service ends a result after {self.rows:,} {self.what}, and "
            "this one may go on; ask for fewer with LIMIT, or for parts of it"
        )


class NotMerged(QueryError):
    """Several default graphs, in a database that counts a triple as often as graphs have it."""

    def __str__(self) -> str:
        return (
            "the database behind this service does not merge the graphs of several FROM or "
            "default-graph-uri; name one graph, or none: the default graph is the merge of all"
        )


class Maintenance(QueryError):
    """The database is being loaded, or holds another release than the service answers from."""

    retry_after = 5

    def __str__(self) -> str:
        return "the database behind this service is being loaded with another release"


class PublishFailed(GraphError):
    """A release could not be loaded into a database; the message says why and how to go on."""
