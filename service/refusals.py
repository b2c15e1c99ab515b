"""Why a request is refused before anything is evaluated; the messages say how to do better."""

from graph.errors import GraphError
from graph.landscape import InvalidParameter


class Refusal(GraphError):
    """Root of what is refused at the door."""


class MalformedRequest(Refusal):
    """A request that does not follow the protocols of SPARQL 1.1; the message says how to."""


class ParametersConflict(InvalidParameter):
    """Parameters that do not go together, or not with this release, each possible by itself."""


class UnsupportedBody(Refusal):
    """A request body of a type, charset or coding that the address does not read."""

    def __init__(self, message: str, offered: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.offered = offered


class BodyTooLarge(Refusal):
    """A request body beyond the limit; the message names the limit and its setting."""


class RequestTimeout(Refusal):
    """A request that did not arrive in time; the message names the setting."""


class WritesOff(Refusal):
    """A write where no token allows any."""


class AdministrationOff(Refusal):
    """A request for what only administrators see, where no token allows it."""


class ReleaseFixed(Refusal):
    """A write that names a release: those never change."""


class ReadOnly(Refusal):
    """A write where none are taken."""


class ForeignForm(Refusal):
    """A form that was not sent from a page of this service; the message says what tells so."""


class ProblemNotKept(Refusal):
    """A reported problem that could not be kept; the message says why."""


class TooManyProblems(Refusal):
    """More problems are reported than are taken at once; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many problems were reported of late; try again in {retry_after} s")
        self.retry_after = retry_after


class TokenNeeded(Refusal):
    """A request without the token that it needs."""

    challenge = 'Bearer realm="Therascape"'


class TokenUnknown(TokenNeeded):
    """A request with a token that is not one of those that allow it."""

    challenge = 'Bearer realm="Therascape", error="invalid_token"'


class PreconditionFailed(Refusal):
    """A condition of the request (If-Match, If-None-Match) does not hold."""


class NoSuchQuery(Refusal):
    """Nothing that runs or waits has this Query-Id."""


class ResourceNotFound(Refusal):
    """An IRI of ours that nothing is said of; `near` are addresses of others like it."""

    def __init__(self, message: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.near = near


class ResourceGone(Refusal):
    """An IRI of ours that was withdrawn, and nothing stands in its place; the message says why."""
