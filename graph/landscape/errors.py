"""What can be wrong with a question that has a name; every message says what to do."""

from graph.errors import GraphError


class LandscapeError(GraphError):
    """Root of this package's errors."""


class InvalidParameter(LandscapeError):
    """A parameter that is missing, unknown, or has a value that it cannot have."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.name}`: {self.reason}"


class UnknownEntity(InvalidParameter):
    """Nothing is called so; `near` are names that are really there, the nearest first."""

    def __init__(self, name: str, text: str, near: tuple[str, ...] = ()) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(name, f"nothing is called {text!r}{hint}")
        self.args = (name, text, near)
        self.text = text
        self.near = near


class AmbiguousEntity(InvalidParameter):
    """Several things are called so; `candidates` are their IRIs."""

    def __init__(self, name: str, text: str, candidates: tuple[str, ...]) -> None:
        super().__init__(
            name, f"{text!r} is the name of several things; give one of {', '.join(candidates)}"
        )
        self.args = (name, text, candidates)
        self.text = text
        self.candidates = candidates


class NotAnswerable(LandscapeError):
    """What is served lacks something that the question needs; the message says what."""
