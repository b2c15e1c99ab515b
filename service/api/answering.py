"""Having a question with a name answered for a request."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import request

from graph.landscape import (
    AmbiguousEntity,
    Answer,
    Asking,
    InvalidParameter,
    Named,
    Parameter,
    UnknownEntity,
    read_arguments,
)
from service.api.asking import Steps
from service.api.naming import resolver
from service.api.paging import read_editions, read_seconds
from service.bodies import Parameters
from service.evaluation import here, job_within, note
from service.refusals import ParametersConflict
from service.served import served

_Made = TypeVar("_Made")


def answer_to(found: Named, given: Parameters, steps: Steps) -> Answer:
    """Return the answer to a question.

    Raises InvalidParameter, ParametersConflict, and what the question raises besides.
    """
    if found.editions == "all":
        steps.editions = "all"
    return having(found.name, found.parameters, given, steps, found.run)


def having(
    name: str,
    parameters: Sequence[Parameter],
    given: Parameters,
    steps: Steps,
    run: Callable[[Asking, Mapping[str, Any]], _Made],
) -> _Made:
    """Return what is made of parameters. Raises as `answer_to` does."""
    arguments = read_arguments(
        parameters, given, resolver(lambda: served().search_of(steps.editions))
    )
    note("question", f"{name} {request.query_string.decode('ascii', 'replace')}")
    try:
        made = run(steps.asking(served().base), arguments)
    except (UnknownEntity, AmbiguousEntity):
        raise
    except InvalidParameter as error:  # each was read without one
        raise ParametersConflict(error.name, error.reason) from error
    here().storable = steps.repeatable
    return made


def steps_of(shared: Parameters) -> Steps:
    """Return what evaluates the steps of a request, in the time that the client gives it."""
    limit = served().settings.deadline
    seconds = min(read_seconds(shared) or limit, limit)
    editions = read_editions(shared)
    return Steps(served().engine, served().network, job_within(), seconds, editions=editions)
