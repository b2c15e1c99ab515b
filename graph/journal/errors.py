"""What can go wrong with the journal; every message names the file, and the remedy."""

from graph.errors import GraphError


class JournalError(GraphError):
    """Root of this package's errors.

    Paths may hold bytes that are no UTF-8; they are shown escaped, so that every message can be
    printed, logged and sent.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message.encode("utf-8", "backslashreplace").decode("utf-8"))


class JournalFailure(JournalError):
    """The disk refused to read or write: full, broken, read-only. Nothing was acknowledged."""


class JournalDamaged(JournalError):
    """The file is not as appending left it, at a place where no killed writer can be the cause."""


class JournalTooNew(JournalError):
    """The file is of a format that this version cannot read."""


class JournalGap(JournalError):
    """Entries that are asked for were dropped, since a release contains them."""


class JournalAhead(JournalError):
    """The journal has entries that the writer did not know; it must take them in and try again."""


class JournalBehind(JournalError):
    """The journal lacks entries that the writer took in."""


class JournalBusy(JournalError):
    """Another process held a lock of the journal for longer than we waited."""
