"""What can go wrong with releases; every message names the file or triple, and the remedy."""

from graph.errors import GraphError


class ReleaseError(GraphError):
    """Root of this package's errors.

    Paths may hold bytes that are no UTF-8; they are shown escaped, so that every message can be
    printed, logged and sent.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message.encode("utf-8", "backslashreplace").decode("utf-8"))


class StatementRefused(ReleaseError):
    """A statement that no release may hold: a blank node, a triple term, no named graph …"""


class DetailsRefused(ReleaseError):
    """Details that cannot go into a manifest: not JSON, or a key that publishing sets itself."""


class ReleaseDamaged(ReleaseError):
    """Files of a release, or the link `current`, are not as publishing left them."""


class ReleaseTooNew(ReleaseError):
    """The release is sound as far as we can tell, but of a format that this version cannot read."""


class DataDirectoryError(ReleaseError):
    """The data directory cannot be read or written: permissions, disk full, a file in the way …"""


class PublisherBusy(ReleaseError):
    """Another process kept publishing into the same data directory for longer than we waited."""
