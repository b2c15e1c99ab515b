"""Parameters and bodies of requests, read whole and within a limit. All text is UTF-8."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from flask import Request as HttpRequest
from werkzeug.exceptions import RequestEntityTooLarge

from service.refusals import BodyTooLarge, MalformedRequest, UnsupportedBody
from service.settings import BY_NAME

FORM_BODY = "application/x-www-form-urlencoded"

_MOST_PARAMETERS = 1000
_UTF_8 = ("utf-8", "utf8", "us-ascii")

#: Values by name, in the order in which they were sent.
Parameters = Mapping[str, list[str]]


def read_query_string(http: HttpRequest) -> dict[str, list[str]]:
    """Return the parameters of the address. Raises MalformedRequest."""
    return read_form(http.query_string, "the address")


def read_form(text: bytes, place: str) -> dict[str, list[str]]:
    """Return the parameters of a text, percent-decoded once. Raises MalformedRequest."""
    try:
        return parse_qs(
            text.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        raise MalformedRequest(
            f"{place} has parameters that are not UTF-8, percent-encoded ({error.reason})"
        ) from None
    except ValueError:
        raise MalformedRequest(f"{place} has more than {_MOST_PARAMETERS} parameters") from None


def check_coding(http: HttpRequest, offered: tuple[str, ...]) -> None:
    """Raise UnsupportedBody for a body that is not UTF-8 as it is."""
    check_charset(http.mimetype_params, offered)
    coding = http.headers.get("Content-Encoding", "identity")
    if coding.lower() != "identity":
        raise UnsupportedBody(f"the body is said to be coded with {coding!r}", offered)


def check_charset(parameters: Mapping[str, str], offered: tuple[str, ...]) -> None:
    """Raise UnsupportedBody for a charset, among the parameters of a type, that is not UTF-8."""
    charset = parameters.get("charset", "utf-8")
    if charset.lower() not in _UTF_8:
        raise UnsupportedBody(f"the body is said to be in {charset!r}", offered)


def read_body(http: HttpRequest, limit: int, setting: str) -> bytes:
    """Return the body, which `setting` limits to so many bytes.

    Raises BodyTooLarge, and MalformedRequest for a body that is cut off.
    """
    # Of a body without a length, werkzeug returns what fits as if that were all.
    http.max_content_length = limit + 1
    try:
        data = http.get_data(cache=False)
    except RequestEntityTooLarge:
        data = None
    if data is None or len(data) > limit:
        raise too_large(limit, setting)
    if http.content_length not in (None, len(data)):
        raise MalformedRequest("the body ended before its Content-Length")
    return data


def too_large(limit: int, setting: str) -> BodyTooLarge:
    """Return the error of a body beyond a limit."""
    row = BY_NAME[setting]
    return BodyTooLarge(
        f"the body has more than {limit:,} bytes, the limit of {row.flag} ({row.variable})"
    )
