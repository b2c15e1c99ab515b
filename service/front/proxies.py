"""Proxies in front of the service: whom a request comes from, and how it was sent to them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from granian.utils.proxies import wrap_asgi_with_proxy_headers

from service.front.bodies import Receive
from service.front.outbox import Send

Asgi = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]


def behind(app: Asgi, proxies: str | None) -> Asgi:
    """Return the application for clients of these proxies, as the setting `proxies` names them.

    The client of a request is the last address of X-Forwarded-For that is no proxy, and its scheme
    what X-Forwarded-Proto says, where a proxy sent it; from others, both are as they look.
    """
    if proxies is None:
        return app
    wrapped: Asgi = wrap_asgi_with_proxy_headers(app, proxies)
    return wrapped
