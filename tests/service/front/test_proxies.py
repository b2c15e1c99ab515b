"""Who is believed, and what: clients and schemes behind proxies."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from service.front.proxies import behind

ADDRESSES = "127.0.0.1,10.0.0.0/8"


def seen(proxies: str | None, peer: str, **forwarded: str) -> tuple[str, str]:
    """The client and the scheme that an application sees."""
    found: list[Mapping[str, Any]] = []

    async def app(scope: Mapping[str, Any], *_: object) -> None:
        found.append(scope)

    headers = [(f"x-forwarded-{k}".encode(), v.encode("latin-1")) for k, v in forwarded.items()]
    scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}

    async def never() -> Mapping[str, Any]:
        raise AssertionError

    async def nothing(_: Mapping[str, Any]) -> None:
        raise AssertionError

    asyncio.run(behind(app, proxies)(scope, never, nothing))  # type: ignore[arg-type]
    return str(found[0]["client"][0]), str(found[0]["scheme"])


def test_a_proxy_speaks_for_its_client() -> None:
    says = {"for": "192.0.2.1", "proto": "https"}
    assert seen(ADDRESSES, "127.0.0.1", **says) == ("192.0.2.1", "https")
    assert seen(ADDRESSES, "10.9.8.7", **says) == ("192.0.2.1", "https")


@pytest.mark.parametrize("proxies", [None, "10.0.0.0/8"])
def test_nobody_else_is_believed(proxies: str | None) -> None:
    says = {"for": "192.0.2.1", "proto": "https"}
    assert seen(proxies, "127.0.0.1", **says) == ("127.0.0.1", "http")


def test_what_a_client_says_of_itself_counts_for_nothing() -> None:
    chain = "198.51.100.7, 192.0.2.1, 10.1.1.1"
    assert seen(ADDRESSES, "127.0.0.1", **{"for": chain}) == ("192.0.2.1", "http")


def test_a_scheme_that_there_is_not_is_none() -> None:
    says = {"for": "192.0.2.1", "proto": "gopher"}
    assert seen(ADDRESSES, "127.0.0.1", **says) == ("192.0.2.1", "http")
