"""What can be wrong with figures that somebody brings along."""

from collections.abc import Iterable

from graph.errors import GraphError
from graph.problems import Problem


class InvalidFigures(GraphError):
    """A table of figures has problems; each names file, line, column and remedy."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
