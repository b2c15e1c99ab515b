"""The application that the front serves for a time, and when the last request has left it."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from service.front.wsgi import App


@dataclass(slots=True)
class Tenancy:
    """An application, entered by each request that it works on.

    `generation` is quick and never raises; whenever it gives another value, answers that were given
    before may be wrong by now.
    """

    app: App
    generation: Callable[[], Hashable]
    _guests: int = 0
    _over: bool = False
    _left: asyncio.Event = field(default_factory=asyncio.Event)

    def __enter__(self) -> Self:
        self._guests += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._guests -= 1
        self._look()

    async def ended(self) -> None:
        """Return when no request is left in it; to be asked when no new one can enter."""
        self._over = True
        self._look()
        await self._left.wait()

    def _look(self) -> None:
        if self._over and not self._guests:
            self._left.set()
