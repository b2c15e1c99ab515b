"""Why two releases cannot be compared; every message says what to do instead."""

from graph.errors import GraphError


class DiffError(GraphError):
    """Root of this package's errors."""


class DifferentBases(DiffError):
    """The IRIs of the two releases begin otherwise, so that nothing in them is the same thing."""


class TooManyDifferences(DiffError):
    """More statements differ than the caller takes; the message says how to get them all."""


class InvalidPatch(DiffError):
    """A text that is no patch of ours, or a patch of another release; the message has the line."""
