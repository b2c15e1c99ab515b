"""What can go wrong where a synthetic landscape is made."""

from graph.errors import GraphError


class CannotGenerate(GraphError):
    """A number that no landscape can have, or a place where it cannot be written."""
