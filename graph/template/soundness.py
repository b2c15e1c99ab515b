"""Whether the store on the disk is still what was made, looked into when there is a doubt.

Where the engine meets a block that fails its checksum, it says so; but while it aggregates it
collects such errors without end, and the worker dies of memory. So a worker that died of either
raises a doubt, and another one, behind the same wall, reads all files and holds them against their
hashes. What is damaged loses its stamp: it is made again from the release at the next start. A
start that meets damage itself ends before all is read, so the doubt is kept for the next one.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

from graph.query import MemoryExceeded, QueryError, StoreUnreadable
from graph.stores.files import doubt, make_unsound, settle
from graph.template.frames import Frame
from graph.template.pool import Late, Pool
from graph.template.saying import say

_AGAIN = 3600.0
_LONGEST = 3600.0
_PATIENCE = 5.0


@dataclass(slots=True)
class Soundness:
    """What is known of the store that the workers of `pool` open."""

    pool: Pool
    damaged: bool = False
    _verified: float = field(default=-_AGAIN)
    _under_way: "asyncio.Task[None] | None" = None

    async def explained(self, error: QueryError, seconds: float) -> QueryError:
        """The error that a query ended with, or StoreUnreadable where that is what is behind it.

        Waits for a verification, which goes on without this, no longer than `seconds` and a few.
        """
        if self.pool.work.place is None or not isinstance(error, MemoryExceeded | StoreUnreadable):
            return error
        if self._under_way is None and not self.damaged and self._due:
            with contextlib.suppress(OSError):
                doubt(self.pool.work.place)  # this process may be ended before all is read
            self._under_way = asyncio.create_task(self._verify())
        if self._under_way is not None and isinstance(error, MemoryExceeded):
            await asyncio.wait([self._under_way], timeout=max(0.0, min(seconds, _PATIENCE)))
        return StoreUnreadable() if self.damaged else error

    @property
    def _due(self) -> bool:
        return time.monotonic() - self._verified >= _AGAIN

    async def _verify(self) -> None:
        try:
            worker = await self.pool.fork(verifies=True)
            reply = await self.pool.ask(worker, Frame({"op": "verify"}), _LONGEST)
            self.pool.end(worker)
            self._found(reply.header["damage"])
        except (Late, QueryError, OSError) as error:
            say("error", f"the store could not be verified: {error!r}")
        finally:
            self._verified = time.monotonic()
            self._under_way = None

    def _found(self, damage: str | None) -> None:
        place = self.pool.work.place
        assert place is not None
        store = str(place.parent)
        if damage is None:
            with contextlib.suppress(OSError):
                settle(place)
            say("info", f"{store}: the store is as it was made", event="store-verified")
            return
        self.damaged = True
        try:
            make_unsound(place)
            first = "check the disk"
        except OSError:
            first = "check the disk, remove that folder"
        message = (
            f"{store}: the store is damaged ({damage}); {first}, and start the service anew, which "
            "makes it again from the release"
        )
        say("error", message, event="store-damaged", store=store)
