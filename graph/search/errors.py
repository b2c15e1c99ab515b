"""What can be wrong with a name where one thing is meant; every message says what to do."""

from graph.errors import GraphError


class SearchError(GraphError):
    """Root of this package's errors. `name` is the parameter, `text` what was written."""

    def __init__(self, message: str, name: str, text: str) -> None:
        super().__init__(message)
        self.name = name
        self.text = text


class NoSuchName(SearchError):
    """Nothing is called so; `near` are names that are really there, the nearest first."""

    def __init__(self, name: str, text: str, near: tuple[str, ...] = ()) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"`{name}`: nothing is called {text!r}{hint}", name, text)
        self.args = (name, text, near)
        self.near = near

    def __str__(self) -> str:
        hint = f"; did you mean {', '.join(self.near)}?" if self.near else ""
        return f"`{self.name}`: nothing is called {self.text!r}{hint}"


class SeveralOfThatName(SearchError):
    """Several things are called so; `candidates` are their IRIs, the most connected first."""

    def __init__(self, name: str, text: str, candidates: tuple[str, ...]) -> None:
        super().__init__("", name, text)
        self.args = (name, text, candidates)
        self.candidates = candidates

    def __str__(self) -> str:
        return (
            f"`{self.name}`: {self.text!r} is the name of several things;"
            f" give one of {', '.join(self.candidates)}"
        )
