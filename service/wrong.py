"""What the logs get to know of a request that is answered with a problem."""

import logging

from graph.remote import DatabaseUnavailable, RemoteError
from service.evaluation import here
from service.problems import Problem
from service.text import visible

_LOG = logging.getLogger("therascape.service")
_LONGEST = 1000


def note_problem(error: Exception, problem: Problem) -> None:
    """Note the problem of the request that is being answered; its answer is not kept.

    What a database said is told to nobody but the logs.
    """
    exchange = here()
    exchange.log["problem"] = problem.kind.name or str(problem.kind.status)
    exchange.storable = False
    if not isinstance(error, RemoteError | DatabaseUnavailable):
        return
    said = visible(str(error))[:_LONGEST]
    exchange.log["said"] = said
    if isinstance(error, RemoteError):  # that there is no database is said once, by who looks
        event = {"event": "database-failed", "id": exchange.id}
        _LOG.warning("%s", said, extra=event)
