"""Asking questions with a name for a page."""

from graph.landscape import Answer, read_arguments
from service.api.asking import Steps
from service.served import served

Given = dict[str, list[str]]


def answer_on(steps: Steps, name: str, given: Given) -> Answer | None:
    """Return the answer to a question about things that are given by their IRIs.

    None where this service has no such question. Raises the errors of graph.query.
    """
    found = served().question(name)
    if found is None:
        return None
    arguments = read_arguments(found.parameters, given, lambda _name, iri, _kinds: iri)
    return found.run(steps.asking(served().base), arguments)
