"""What is done before the first request and after the last."""

import logging
from collections.abc import Awaitable, Callable

from service.front.bodies import Receive
from service.front.outbox import Send

_LOG = logging.getLogger("therascape.front")


async def lifespan(
    receive: Receive,
    send: Send,
    start: Callable[[], Awaitable[None]],
    stop: Callable[[], Awaitable[None]],
) -> None:
    """Follow the lifespan protocol of ASGI. When `start` raises, the server does not serve."""
    await receive()
    try:
        await start()
    except Exception as error:  # noqa: BLE001 - the server is told
        _LOG.exception("the service could not start")
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    try:
        await stop()
    except Exception:  # noqa: BLE001 - it ends anyway
        _LOG.exception("the service did not stop as it should")
    await send({"type": "lifespan.shutdown.complete"})
