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


def refusal(release: Release, why: str) -> str:
    """What to say of a release that is to be served so and cannot, with the remedy."""
    return (
        f"--store disk: release {release.id[:12]} cannot be served so: {why}; choose --store "
        "memory, or auto"
    )
