"""Static files: a closed list, read once, with media types of our own and addresses by content."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flask import Response, abort, request, url_for

_TYPES = {"therascape.css": "text/css; charset=utf-8", "favicon.svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    data: bytes
    content_type: str
    digest: str


@cache
def _assets() -> dict[str, _Asset]:
    folder = files("service") / "static"
    found = {}
    for name, content_type in _TYPES.items():
        data = (folder / name).read_bytes()
        found[name] = _Asset(data, content_type, hashlib.sha256(data).hexdigest()[:12])
    return found


def asset(name: str) -> str:
    """Return the address of a static file; it changes with the content, so it is cached for ever.

    Raises KeyError for a file that does not exist, so a wrong name fails where it is written.
    """
    return url_for("static_file", name=name, v=_assets()[name].digest)


def static_file(name: str) -> Response:
    """Return a static file."""
    found = _assets().get(name)
    if found is None:
        abort(404, f"there is no static file {name!r}")
    response = Response(found.data, content_type=found.content_type)
    current = request.args.get("v") == found.digest
    response.headers["Cache-Control"] = _FOR_EVER if current else "no-cache"
    return response
