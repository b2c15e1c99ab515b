"""What is told about an error (RFC 9457): to programs as JSON, to people as a page.

Both say what went wrong, where, and how to mend it; `service.kinds` has the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.exceptions import HTTPException

from graph.query import NotAcceptable
from service.kinds import INTERNAL, KINDS, METHOD, NOT_FOUND, Kind

_BY_EXCEPTION = {exception: kind for kind in KINDS for exception in kind.exceptions}
_BY_STATUS = {404: NOT_FOUND, 405: METHOD}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told about an error. `members` are extensions: `line`, `column`, `offered`."""

    kind: Kind
    detail: str
    members: Mapping[str, int | list[str]] = field(default_factory=dict)

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


def describe(error: Exception) -> Problem:
    """Return the problem of an exception; one that is not in the table is an internal error.

    An internal error tells nothing of the exception: that belongs into the log.
    """
    if isinstance(error, HTTPException):
        return _http(error)
    for class_ in type(error).__mro__:
        if kind := _BY_EXCEPTION.get(class_):
            return Problem(kind, str(error), _members(error))
    return Problem(INTERNAL, "An unexpected error occurred while answering the request.")


def _members(error: Exception) -> dict[str, int | list[str]]:
    members: dict[str, int | list[str]] = {}
    for name in ("line", "column"):
        place = getattr(error, name, None)
        if isinstance(place, int):
            members[name] = place
    if isinstance(error, NotAcceptable):
        members["offered"] = list(error.offered)
    return members


def _http(error: HTTPException) -> Problem:
    kind = _BY_STATUS.get(error.code or 500)
    if kind is None:
        kind = Kind("", error.code or 500, error.name, "")
    return Problem(kind, (error.description or error.name).strip())
