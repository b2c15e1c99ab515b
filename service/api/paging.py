"""What every list takes besides its own parameters: which part of it, in which order, and how."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from graph.landscape import InvalidParameter, Parameter, read_arguments
from graph.release import Editions
from service.api.tables import Table
from service.bodies import Parameters

DEFAULT_LIMIT, MOST = 100, 10_000
LIMIT = Parameter(
    *(
        "limit",
        "Rows",
        f"How many rows; {DEFAULT_LIMIT} unless told, in CSV and in a terminal all.",
    ),
    kind="integer",
    least=1,
    most=MOST,
)
OFFSET = Parameter(
    *("offset", "First row", "How many rows to pass over before."), kind="integer", default=0
)
SORT = Parameter(
    *("sort", "Order", "Columns to sort by, with commas between; `-` before one: from the end."),
    kind="text",
)
TIMEOUT = Parameter(
    *("timeout", "Time", "Seconds that it may take, such as 5 or 0.5; never more than usual."),
    kind="text",
)
SECONDS = r"[1-9][0-9]{0,8}(\.[0-9]{0,9})?|0?\.[1-9][0-9]{0,8}"
"""How `timeout` is written: a tenth of a second or more."""
FORMAT = Parameter(
    *("format", "Format", "Beats the header Accept."), kind="choice", choices=("json", "csv")
)
RELEASE = Parameter(
    *(
        "release",
        "Release",
        "Ask this stored release, by its id or six or more digits that it begins with.",
    ),
    kind="text",
)
EDITIONS = Parameter(
    *(
        "editions",
        "Editions",
        "Ask the current edition of each report, or superseded ones too; current unless given.",
    ),
    kind="choice",
    choices=("current", "all"),
)
SHARED = (LIMIT, OFFSET, SORT, TIMEOUT, FORMAT, RELEASE, EDITIONS)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client wants of a list: `limit` None where it did not say."""

    limit: int | None = None
    offset: int = 0
    sort: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: how many rows there are in all, and the addresses beside this one."""

    table: Table
    total: int
    limit: int | None
    offset: int
    next: str | None
    previous: str | None

    @property
    def links(self) -> str:
        """The value of the header Link (RFC 8288); empty where this is all."""
        named = (("next", self.next), ("prev", self.previous))
        return ", ".join(f'<{address}>; rel="{name}"' for name, address in named if address)


def shared_with(own: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters of every list, but for names that a question uses by itself."""
    taken = {parameter.name for parameter in own}
    return tuple(parameter for parameter in SHARED if parameter.name not in taken)


def split(
    given: Parameters, own: Sequence[Parameter], shared: Sequence[Parameter]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the parameters of a list itself, and those that it shares with every list.

    Raises InvalidParameter for one that is neither, and for one that is empty.
    """
    ours, others = ({parameter.name for parameter in found} for found in (own, shared))
    for name in given:
        if name not in ours | others:
            known = ", ".join(parameter.name for parameter in (*own, *shared))
            raise InvalidParameter(name, f"is no parameter here; there are {known}")
        if "" in given[name]:
            raise InvalidParameter(name, "is empty; give it a value, or leave it out")
    return (
        {name: values for name, values in given.items() if name in ours},
        {name: values for name, values in given.items() if name in others},
    )


def read_wish(given: Parameters) -> Wish:
    """Return what the parameters of every list say. Raises InvalidParameter."""
    read = read_parameters(given, (LIMIT, OFFSET, SORT, FORMAT))
    order = tuple(name.strip() for name in read["sort"].split(",")) if read["sort"] else ()
    if "" in order:
        raise InvalidParameter("sort", "has nothing before or after a comma")
    return Wish(read["limit"], read["offset"], order)


def read_seconds(given: Parameters) -> float | None:
    """Return the seconds that the client gives the work; None where it did not say.

    Raises InvalidParameter.
    """
    text = read_parameters(given, (TIMEOUT,))["timeout"]
    if text is None:
        return None
    if not re.fullmatch(SECONDS, text):
        raise InvalidParameter("timeout", f"{text!r} is no number of seconds such as 5 or 0.5")
    return float(text)


def read_editions(given: Parameters) -> Editions:
    """Return which editions of reports the client asks. Raises InvalidParameter."""
    return "all" if read_parameters(given, (EDITIONS,))["editions"] == "all" else "current"


def page_of(
    table: Table, wish: Wish, path: str, given: Mapping[str, Sequence[str]], *, whole: bool
) -> Page:
    """Return the part of a table that a client wants; of a `whole` one all, unless it said less.

    `path` and `given` make the addresses of the parts beside it. Raises InvalidParameter.
    """
    limit = wish.limit or (None if whole else DEFAULT_LIMIT)
    total = len(table.rows)
    part = table.ordered(wish.sort).part(wish.offset, limit)
    after = previous = None
    if limit is not None and wish.offset + limit < total:
        after = _address(path, given, wish.offset + limit, limit)
    if wish.offset > 0:
        # The rows before this one, and not some of these again.
        length = wish.offset if limit is None else min(limit, wish.offset)
        first = max(0, min(wish.offset, total) - length)
        previous = _address(path, given, first, min(length, MOST)) if total else None
    return Page(part, total, limit, wish.offset, after, previous)


def _address(path: str, given: Mapping[str, Sequence[str]], offset: int, limit: int) -> str:
    kept = {name: values for name, values in given.items() if name not in ("offset", "limit")}
    moved = {"offset": [str(offset)]} if offset else {}
    return f"{path}?{urlencode({**kept, 'limit': [str(limit)], **moved}, doseq=True)}"


def read_parameters(given: Parameters, parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    """Return the values of parameters, none of them an entity; others are left aside.

    Raises InvalidParameter.
    """
    names = {parameter.name for parameter in parameters}
    return read_arguments(
        parameters, {name: values for name, values in given.items() if name in names}, _never
    )


def _never(*_: Any) -> Any:
    raise AssertionError("no list is asked, and none takes an entity")
