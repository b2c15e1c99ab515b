"""Having the engine and the network work for a question that takes several steps.

The deadline is that of the request: each step gets the time that is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from graph.landscape import Asking, Traversal
from graph.query import Answer, DeadlineExceeded, Engine, Job, QueryCancelled, Request
from graph.release import Editions


@dataclass(slots=True)
class Steps:
    """The steps of one request: an engine and a traversal that share its time.

    `editions` says which editions of reports are asked. `repeatable` tells whether the same request
    gives the same answer again from the same data.
    """

    engine: Engine
    network: Traversal | None
    job: Job
    seconds: float
    repeatable: bool = True
    editions: Editions = "current"
    _began: float = field(default_factory=monotonic)

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:  # noqa: ARG002
        """Return an answer of the engine. Raises the errors of graph.query."""
        step = self._step()
        try:
            answer = self.engine.evaluate(request, step)
        finally:
            self._add(step)
        self.repeatable = self.repeatable and answer.repeatable
        return answer

    def traverse(
        self,
        call: str,
        arguments: Mapping[str, Any],
        job: Job | None = None,  # noqa: ARG002
        editions: Editions = "current",
    ) -> Mapping[str, Any]:
        """Return what a call on the network gives. Raises as the network does."""
        assert self.network is not None
        step = self._step()
        try:
            return self.network.traverse(call, arguments, step, editions)
        finally:
            self._add(step)

    def asking(self, base: str) -> Asking:
        """Return what a question is asked of."""
        network = self if self.network is not None else None
        return Asking(self, base, network, self.job, self.editions)

    def _step(self) -> Job:
        if self.job.cancellation.cancelled:
            raise QueryCancelled("nobody waits for the answer any more")
        left = self.seconds - (monotonic() - self._began)
        if left <= 0:
            raise DeadlineExceeded(self.seconds)
        return replace(self.job, seconds=left, timings={})

    def _add(self, step: Job) -> None:
        for name, seconds in step.timings.items():
            self.job.timings[name] = self.job.timings.get(name, 0.0) + seconds
