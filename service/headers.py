"""What every answer has: headers, a coding, a validator; and what OPTIONS is answered with.

Answers that may be kept are always to be asked about again (`no-cache`), which their ETag makes
cheap: the release may change at any time.
"""

from functools import lru_cache

from flask import Response, request

from graph.query import MEDIA_TYPES
from service.exchange import exchange
from service.notices import HEADER as NOTICE
from service.representation import has_already, represent
from service.served import served
from service.sparql import BODIES

RELEASE = "Therascape-Release"
WRITE = "Therascape-Write"
QUERY_ID = "Query-Id"

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_EXPOSED = (
    *("Allow", "Content-Disposition", "ETag", "Link", "Location", QUERY_ID, "Retry-After"),
    *("Accept-Ranges", "Content-Range", "Digest", "Repr-Digest"),
    *(NOTICE, RELEASE, WRITE, "WWW-Authenticate"),
)
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(_EXPOSED),
    "Content-Security-Policy": _CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_VARY = "Accept, Accept-Encoding"
_TAKEN = (
    "Accept, Authorization, Content-Type, If-Match, If-None-Match, If-Range, Query-Id, Range, "
    "Therascape-Release"
)
# What tells of the body that a 304 does not have (RFC 9110, 15.4.5).
_OF_BODY = ("Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition")
_READING = ("GET", "HEAD")
# What these answer depends on the release alone.
_SAME = ("examples", "document", "problems", "static_file")
_LINKING = ("index", "sparql", "store", "stored", "description", "api")
_ACCEPTED = {"sparql": BODIES, "store": MEDIA_TYPES["graph"], "stored": MEDIA_TYPES["graph"]}


def options() -> Response | None:
    """Answer OPTIONS for every address that there is, a preflight included; None for the rest."""
    if request.method != "OPTIONS" or request.url_rule is None:
        return None
    methods = ", ".join(sorted(request.url_rule.methods or ()))
    response = Response(status=204)
    response.headers["Allow"] = methods
    if accepted := _ACCEPTED.get(request.endpoint or ""):
        response.headers["Accept-Post"] = ", ".join(accepted)
    if "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = methods
        response.headers["Access-Control-Allow-Headers"] = _TAKEN
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def finish(response: Response) -> Response:
    """Give an answer what every answer has. The body must be complete."""
    headers, here = response.headers, exchange(request.environ)
    headers.extend(_HEADERS)
    if RELEASE not in headers:  # else the answer is of another one
        headers.add(RELEASE, served().release.id)
    headers.add(QUERY_ID, here.id)
    complete = response.status_code == 200
    headers.add("Vary", "Accept-Encoding" if request.endpoint == "static_file" else _VARY)
    if "Cache-Control" not in headers:
        headers.add("Cache-Control", "no-cache" if complete else "no-store")
    if request.endpoint in _LINKING:
        headers.add("Link", _links(request.root_path))
    if request.endpoint in _SAME and complete:
        here.storable = True
    if response.direct_passthrough:  # a file, which has its validator and is sent as it is
        return response
    _encode(response)
    here.log["bytes"] = len(response.get_data())
    return response


@lru_cache(maxsize=4)
def _links(root: str) -> str:
    """Where programs and people find out about the service (RFC 8631)."""
    return (
        f'<{root}/description>; rel="service-desc"; type="text/turtle", '
        f'<{root}/docs/service>; rel="service-doc"; type="text/html", '
        f'<{root}/health>; rel="status"; type="application/json"'
    )


def _encode(response: Response) -> None:
    body = response.get_data()
    if not body and response.status_code != 200:
        response.headers.pop("Content-Type", None)
        return
    accepted = request.headers.get("Accept-Encoding")
    sent = represent(body, response.mimetype or "", accepted)
    if sent.coding is not None:
        response.set_data(sent.body)
        response.headers["Content-Encoding"] = sent.coding
    if response.status_code != 200 or request.method not in _READING:
        return
    if "no-store" in response.headers["Cache-Control"]:
        return
    response.headers["ETag"] = sent.etag
    if has_already(request.headers.get("If-None-Match"), sent.etag):
        response.status_code = 304
        response.set_data(b"")
        for name in _OF_BODY:
            response.headers.pop(name, None)
