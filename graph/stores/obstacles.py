"""Which releases cannot be served from a store on the disk."""

from graph.journal import Journal
from graph.release import DataDirectory, Release


def obstacle(data: DataDirectory, release: Release, *, strict: bool) -> str | None:
    """Why a release needs a store in memory, as a part of a sentence; None where it does not.

    Nothing writes to a store on the disk, and its default graph is the merge of one set of graphs.
    """
    if strict:
        return "a default graph of its own (--default-graph strict) is kept in memory only"
    if release.history:
        return "it has superseded editions, which are kept in memory only"
    if release.written.graphs:
        return "it has graphs that were written to a service, which are kept in memory only"
    if Journal(data.journal).last > release.written.journal:
        return "there are writes since, which are kept in memory only"
    return None
