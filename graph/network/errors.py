"""What can be wrong with a call on the network; every message says what to do."""

from graph.errors import GraphError


class NetworkError(GraphError):
    """Root of this package's errors."""


class UnknownCall(NetworkError):
    """A call that there is not."""

    def __init__(self, call: str, known: tuple[str, ...]) -> None:
        super().__init__(call, known)
        self.call = call
        self.known = known

    def __str__(self) -> str:
        return f"there is no call {self.call!r} on the network; there are {', '.join(self.known)}"


class InvalidArgument(NetworkError):
    """An argument that is missing, unknown, or has a value that it cannot have."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.name}`: {self.reason}"


class UnknownNode(NetworkError):
    """An IRI that is no node of the network."""

    def __init__(self, name: str, iri: str) -> None:
        super().__init__(name, iri)
        self.name = name
        self.iri = iri

    def __str__(self) -> str:
        return (
            f"`{self.name}`: <{self.iri}> is no node of this release's network; nodes are things, "
            "concepts, and the facts and events that tie them"
        )
