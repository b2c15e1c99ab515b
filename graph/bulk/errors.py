"""What keeps a file from becoming a release; every message names the file, the line, the remedy."""

from graph.errors import GraphError


class ImportRefused(GraphError):
    """The file, or the data directory, is not fit for it."""
