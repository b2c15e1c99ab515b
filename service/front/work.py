"""One request in the hands of the WSGI application, given up when the client leaves."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from service.exchange import Exchange
from service.front.bodies import Receive
from service.front.replies import Reply
from service.front.wsgi import App, call


class ClientGone(Exception):
    """The client closed the connection: nobody waits for an answer."""


class Workroom:
    """Runs applications in threads. `aside` is for cancelling, which may block for a moment."""

    def __init__(self, threads: Executor, aside: Executor) -> None:
        self._threads = threads
        self._aside = aside

    async def reply(
        self,
        app: App,
        environ: dict[str, Any],
        heads: Mapping[bytes, bytes],
        exchange: Exchange,
        receive: Receive,
    ) -> Reply:
        """Return the answer of the application.

        Raises ClientGone once the application has stopped, which it was told to, or where nobody
        is answered any more.
        """
        try:
            work = self._threads.submit(call, app, environ, heads)
        except RuntimeError:  # the service has stopped, and its threads with it
            raise ClientGone from None
        answer = asyncio.wrap_future(work)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return answer.result()
            if not work.cancel():
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._aside, exchange.cancellation.cancel)
                await asyncio.wait((answer,))
            raise ClientGone
        finally:
            gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
