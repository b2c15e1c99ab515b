"""A complete answer, and those that the front gives by itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from service.filepart import FilePart
from service.kinds import KINDS, METHOD, Kind
from service.negotiation import PROBLEM, prefers_page
from service.problems import Problem

Headers = list[tuple[bytes, bytes]]

_BY_NAME = {kind.name: kind for kind in KINDS}
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<h1>{title}</h1>
<p>{detail}</p>
<p>{help}</p>
<p><a href="/">Therascape</a></p>
</html>
"""
_LATER = ("retry-after", "5")
_NO_LENGTH = frozenset((204, 304))


@dataclass(slots=True)
class Reply:
    """A complete answer. `headers` have no Content-Length, but for an answer to HEAD.

    The body is `body`, or else what is in `file`, which whoever has the reply closes.
    """

    status: int
    headers: Headers
    body: bytes
    file: FilePart | None = None

    @property
    def size(self) -> int:
        """The bytes of the body."""
        return len(self.body) if self.file is None else self.file.size

    def header(self, name: bytes) -> bytes:
        """Return the values of a header, its name in lower case, as one; empty if there is none."""
        return b", ".join(value for found, value in self.headers if found == name)

    def start(self, *, head: bool = False) -> dict[str, object]:
        """Return the message that begins the answer; `head` when the body will not be sent."""
        headers = self.headers
        if self.status not in _NO_LENGTH and not (head and not self.size):
            headers = [*headers, (b"content-length", b"%d" % self.size)]
        return {"type": "http.response.start", "status": self.status, "headers": headers}

    @property
    def problem(self) -> str | None:
        """The type of the problem that the answer tells of, None if it is none or a page."""
        if self.status < 400 or not self.header(b"content-type").startswith(PROBLEM.encode()):
            return None
        try:
            return str(json.loads(self.body)["type"])
        except (ValueError, KeyError, TypeError):
            return None


def kind_named(name: str) -> Kind:
    """Return a row of the table of problems. Raises KeyError."""
    return _BY_NAME[name]


def problem_reply(problem: Problem, heads: Mapping[bytes, bytes], *more: tuple[str, str]) -> Reply:
    """Return a problem: a page for people, JSON for programs; `more` are headers."""
    if prefers_page(heads.get(b"accept", b"").decode("latin-1")):
        kind, text = (
            "text/html; charset=utf-8",
            _PAGE.format(
                title=escape(problem.kind.title),
                detail=escape(problem.detail),
                help=escape(problem.kind.help),
            ),
        )
    else:
        kind, text = PROBLEM, json.dumps(problem.as_dict()) + "\n"
    headers = (
        ("content-type", kind),
        ("cache-control", "no-store"),
        ("access-control-allow-origin", "*"),
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        *more,
    )
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return Reply(problem.kind.status, encoded, text.encode())


def no_room(heads: Mapping[bytes, bytes]) -> Reply:
    """Return the answer when too many large answers are being sent."""
    detail = "too many large answers are being sent; try again in a few seconds"
    return problem_reply(Problem(kind_named("queue-full"), detail), heads, _LATER)


def unready(heads: Mapping[bytes, bytes]) -> Reply:
    """Return the answer when there is no application yet."""
    detail = "the service is starting; try again in a few seconds"
    return problem_reply(Problem(kind_named("engine-unavailable"), detail), heads, _LATER)


def unusable_target(method: str, target: bytes, heads: Mapping[bytes, bytes]) -> Reply:
    """Return the answer to a request whose target is no path (RFC 9112, 3.2)."""
    if method == "OPTIONS" and target == b"*":
        return Reply(204, [(b"allow", b"DELETE, GET, HEAD, OPTIONS, POST, PUT")], b"")
    if method == "CONNECT":
        problem = Problem(METHOD, "CONNECT is for proxies, and this is none")
        return problem_reply(problem, heads, ("allow", "DELETE, GET, HEAD, OPTIONS, POST, PUT"))
    detail = "the target of a request is a path that begins with a slash"
    return problem_reply(Problem(kind_named("malformed-request"), detail), heads)
