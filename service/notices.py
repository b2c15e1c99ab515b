"""Remarks on a complete answer, as a header: a graph that is not in the store, for one."""

from flask import Response

HEADER = "Therascape-Notice"
_MOST = 10
_LONGEST = 400


def add_notices(response: Response, notices: tuple[str, ...]) -> None:
    """Add the header: a list of strings (RFC 9651, 3.1), with `%XX` for what is not ASCII."""
    shown = [_string(notice) for notice in notices[:_MOST]]
    if more := len(notices) - len(shown):
        shown.append(_string(f"and {more} more"))
    if shown:
        response.headers[HEADER] = ", ".join(shown)


def _string(text: str) -> str:
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return f'"{"".join(map(_character, cut))}"'


def _character(c: str) -> str:
    if c in '"\\':
        return f"\\{c}"
    return c if " " <= c <= "~" else "".join(f"%{byte:02X}" for byte in c.encode())
