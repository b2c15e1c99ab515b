"""Why a replica stays with what it has; every message names the publisher, and the remedy."""

from graph.errors import GraphError


class ReplicaError(GraphError):
    """Root of this package's errors."""


class PublisherUnreachable(ReplicaError):
    """No answer, or one that ended before its time; what has arrived of a file is kept."""


class PublisherRefused(ReplicaError):
    """An answer with a status that is none of those expected; redirects are not followed."""


class GoesInCircles(ReplicaError):
    """What is offered came over the very replica that asks, so nobody publishes."""


class ReleaseWithdrawn(ReplicaError):
    """The publisher no longer has the release; what it has now is to be asked for."""


class OfferRefused(ReplicaError):
    """What the publisher says of its release cannot be right, or is more than is allowed."""


class CannotBeServed(ReplicaError):
    """The settings of the replica do not allow what is offered, so its data are not fetched."""


class ContentDiffers(ReplicaError):
    """A file is not what its digest says. It was removed, and is fetched anew the next time."""


class NotAReplica(ReplicaError):
    """The data directory has releases or writes of its own, which following would mix up."""


class AlreadyFollowing(ReplicaError):
    """Another process fetches into the same data directory at this moment."""
