"""What the front tells about its work to whoever counts and logs."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol

from service.exchange import Exchange
from service.kinds import TYPE_BASE


@dataclass(slots=True)
class Outcome:
    """One request that is over.

    `path` is as it was sent, `status` 0 where the client left without an answer, `size` that of the
    body in bytes, `seconds` from the head of the request to the end of the answer, `problem` the
    URI of the problem that was answered, `generation` what the answer was made from.
    """

    exchange: Exchange
    method: str
    path: str
    status: int = 0
    size: int = 0
    seconds: float = 0.0
    problem: str | None = None
    generation: Hashable = None


Again = Callable[[Any, int, int, float], None]
"""Told when a kept answer was given again: the scope of the request, status, size and seconds."""


def first_prepared(prepare: Callable[[], Again]) -> Again:
    """Return what prepares itself when it is first told: most answers are never given again."""
    prepared: Again | None = None

    def again(scope: Any, status: int, size: int, seconds: float) -> None:
        nonlocal prepared
        if prepared is None:
            prepared = prepare()
        prepared(scope, status, size, seconds)

    return again


class Observer(Protocol):
    """Told of every request. It must be quick and never raise: it is called between answers."""

    def began(self) -> None:
        """A request arrived that has to be worked on."""

    def ended(self, outcome: Outcome) -> None:
        """Such a request is over."""

    def kept(self, outcome: Outcome) -> Again:
        """The answer is kept; return what is to be told each time that it is given again."""


class Unobserved:
    """An observer that takes no notice."""

    def began(self) -> None:
        """Do nothing."""

    def ended(self, outcome: Outcome) -> None:
        """Do nothing."""

    def kept(self, outcome: Outcome) -> Again:  # noqa: ARG002
        """Do nothing."""
        return lambda *_: None


class Observers:
    """Several observers as one."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def began(self) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.began()

    def ended(self, outcome: Outcome) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.ended(outcome)

    def kept(self, outcome: Outcome) -> Again:
        """Return what tells each."""
        told = [observer.kept(outcome) for observer in self._observers]

        def again(scope: Any, status: int, size: int, seconds: float) -> None:
            for one in told:
                one(scope, status, size, seconds)

        return again


def problem_of(outcome: Outcome) -> str | None:
    """Return the name of the problem that was answered, None if there was none."""
    if outcome.status < 400:
        return None
    if outcome.problem is not None and outcome.problem.startswith(TYPE_BASE):
        return outcome.problem.removeprefix(TYPE_BASE)
    return str(outcome.exchange.log.get("problem", outcome.status))
