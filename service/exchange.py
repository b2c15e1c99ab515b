"""One request as the front sees it, and what a view tells the front about its answer."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from graph.query import Cancellation

#: Where the front puts it into the WSGI environment.
KEY = "therascape.exchange"
_ID = re.compile(r"[A-Za-z0-9._~-]{1,128}")
# What a path may hold besides letters, digits and "-._~" (RFC 3986, 3.3).
_PATH = "/:@!$&'()*+,;="


@dataclass(slots=True)
class Exchange:
    """One request over HTTP. Views set `storable` and add to `log`; the front reads both.

    `storable` says that the very same request may be answered again from memory, as long as the
    service answers from the same release.
    """

    id: str
    client: str
    raw_path: str
    cancellation: Cancellation
    storable: bool = False
    log: dict[str, object] = field(default_factory=dict)


def exchange(environ: Mapping[str, Any]) -> Exchange:
    """Return the exchange of the request; a fresh one under a server that makes none.

    A fresh one is kept in `environ`, where that can be changed.
    """
    found = environ.get(KEY)
    if isinstance(found, Exchange):
        return found
    made = Exchange(
        id=query_id(environ.get("HTTP_QUERY_ID")),
        client=str(environ.get("REMOTE_ADDR") or ""),
        raw_path=_raw_path(environ),
        cancellation=Cancellation(),
    )
    if isinstance(environ, dict):
        environ[KEY] = made
    return made


def query_id(header: str | None) -> str:
    """Return the Query-Id that the client chose; a new one when there is none that can be used."""
    return header if header and _ID.fullmatch(header) else uuid.uuid4().hex


def _raw_path(environ: Mapping[str, Any]) -> str:
    """The path with percent-encoding as it was sent, or as near to that as the server tells."""
    for name in ("RAW_URI", "REQUEST_URI"):
        path = str(environ.get(name) or "").partition("?")[0]
        if path.startswith("/"):
            return path
    decoded = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", ""))
    # WSGI hands bytes over as if they were Latin-1; what was %2F cannot be told from a slash.
    return quote(decoded.encode("latin-1"), safe=_PATH)
