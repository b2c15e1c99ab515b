"""The address of a publisher, as it is given in a setting."""

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_PATH = re.compile(r"/(?:[A-Za-z0-9._~-]+/)*")
_LONGEST = 2000


def publisher_address(text: str) -> str:
    """Return the address of a service's first page, with a slash at its end.

    Raises ValueError, with the reason: only http and https, and neither a name, a password, a
    query nor a fragment in it.
    """
    given = text.strip()
    if len(given) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST} characters")
    parts = urlsplit(given if given.endswith("/") else f"{given}/")
    if parts.scheme not in ("http", "https"):
        raise ValueError("it must begin with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("it must have no name and no password, which others could see")
    if parts.query or parts.fragment or "?" in given or "#" in given:
        raise ValueError("it must have neither a query nor a fragment")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        raise ValueError("it has no host that can be asked")
    if not _PATH.fullmatch(parts.path) or "/../" in parts.path or "/./" in parts.path:
        raise ValueError("its path must be of letters, digits and -._~ between slashes")
    _ = parts.port  # raises ValueError for what is no port
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
