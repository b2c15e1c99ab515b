"""Why something cannot be exported."""

from graph.errors import GraphError


class ExportError(GraphError):
    """Root of what exporting raises."""


class NoSuchScope(ExportError):
    """What is to be exported is not in the release; `near` are names that are."""

    def __init__(self, what: str, name: str, near: str) -> None:
        super().__init__(f"there is no {what} {name} in this release. {near}".rstrip())


class NotOfThisScope(ExportError):
    """A format that cannot hold what is to be exported; the message names others."""


class ExportFailed(ExportError):
    """The file could not be written; there is none, or the former one as it was."""
