"""The journal of acknowledged writes: appended to durably, read by anyone, pruned by releases."""

from graph.journal.entry import Author, Entry, now
from graph.journal.errors import (
    JournalAhead,
    JournalBehind,
    JournalBusy,
    JournalDamaged,
    JournalError,
    JournalFailure,
    JournalGap,
    JournalTooNew,
)
from graph.journal.journal import Journal
from graph.journal.provenance import provenance, with_provenance

__all__ = [
    "Author",
    "Entry",
    "Journal",
    "JournalAhead",
    "JournalBehind",
    "JournalBusy",
    "JournalDamaged",
    "JournalError",
    "JournalFailure",
    "JournalGap",
    "JournalTooNew",
    "now",
    "provenance",
    "with_provenance",
]
