"""What is told about an error (RFC 9457): to programs as JSON, to people as a page.

Both say what went wrong, where, and how to mend it; `service.kinds` has the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.exceptions import HTTPException

from graph.landscape import AmbiguousEntity, InvalidParameter, UnknownEntity
from graph.network import InvalidArgument, UnknownNode
from graph.query import NotAcceptable
from graph.release.finding import UnknownRelease
from graph.remote import DatabaseUnavailable, RemoteError
from graph.update import UnsupportedBodyType
from service.kinds import INTERNAL, KINDS, METHOD, NOT_FOUND, Kind
from service.refusals import ResourceNotFound, TokenNeeded, UnsupportedBody
from service.text import token_at

_BY_EXCEPTION = {exception: kind for kind in KINDS for exception in kind.exceptions}
_BY_STATUS = {404: NOT_FOUND, 405: METHOD}
_KEPT_HEADERS = ("allow", "content-range", "location", "retry-after")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told about an error.

    `members` are extensions: `line`, `column`, `token`, `offered`, `retry_after`, and of parameters
    `parameter`, `near`, `candidates`. `headers` belong to the answer that tells of it.
    """

    kind: Kind
    detail: str
    members: Mapping[str, int | str | list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column in the query, from 1; 0 where there is none."""
        line, column = (self.members.get(name, 0) for name in ("line", "column"))
        return (line, column) if isinstance(line, int) and isinstance(column, int) else (0, 0)

    def as_dict(self) -> dict[str, object]:
        """The members of the JSON document, in order of name."""
        members = {
            "type": self.kind.type,
            "status": self.kind.status,
            "title": self.kind.title,
            "detail": self.detail,
            "help": self.kind.help,
            **self.members,
        }
        return dict(sorted(members.items()))


def describe(error: Exception, text: str = "") -> Problem:
    """Return the problem of an exception; one that is not in the table is an internal error.

    `text` is the query or update that places in the error refer to. An internal error tells nothing
    of the exception: that belongs into the log.
    """
    if isinstance(error, HTTPException):
        return _http(error)
    for class_ in type(error).__mro__:
        if kind := _BY_EXCEPTION.get(class_):
            return Problem(kind, _detail(error), _members(error, text), _headers(error))
    return Problem(INTERNAL, "An unexpected error occurred while answering the request.")


def _detail(error: Exception) -> str:
    """What clients may know: what a database said, and where it is, is for the log."""
    return error.told if isinstance(error, RemoteError | DatabaseUnavailable) else str(error)


def _members(error: Exception, text: str) -> dict[str, int | str | list[str]]:
    members: dict[str, int | str | list[str]] = {}
    for name in ("line", "column", "retry_after"):
        number = getattr(error, name, None)
        if isinstance(number, int):
            members[name] = number
    line, column = members.get("line"), members.get("column")
    if text and isinstance(line, int) and isinstance(column, int):
        members["token"] = token_at(text, line, column)
    if isinstance(error, NotAcceptable | UnsupportedBody | UnsupportedBodyType) and error.offered:
        members["offered"] = list(error.offered)
    if isinstance(error, InvalidParameter | InvalidArgument | UnknownNode):
        members["parameter"] = error.name
    if isinstance(error, UnknownEntity):
        members["near"] = list(error.near)
    if isinstance(error, ResourceNotFound) and error.near:
        members["near"] = list(error.near)
    if isinstance(error, UnknownRelease):
        members["known"] = list(error.known)
    if isinstance(error, AmbiguousEntity):
        members["candidates"] = list(error.candidates)
    return members


def _headers(error: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(retry := getattr(error, "retry_after", None), int):
        headers["Retry-After"] = str(retry)
    if isinstance(error, TokenNeeded):
        headers["WWW-Authenticate"] = error.challenge
    if isinstance(error, UnsupportedBody | UnsupportedBodyType) and error.offered:
        headers["Accept"] = ", ".join(error.offered)
    return headers


def _http(error: HTTPException) -> Problem:
    kind = _BY_STATUS.get(error.code or 500)
    if kind is None:
        kind = Kind("", error.code or 500, error.name, "")
    if error.code == 404 and error.description == type(error).description:
        return Problem(kind, "Nothing of this service has this address.")
    headers = {k: v for k, v in error.get_headers() if k.lower() in _KEPT_HEADERS}
    return Problem(kind, (error.description or error.name).strip(), headers=headers)
