"""What settings take: readers of text, one for each kind of value. They raise ValueError."""

import re
from collections.abc import Callable
from ipaddress import ip_network

from graph.terms import Iris


def text(value: str) -> str:
    """Any text but none."""
    if not value.strip():
        raise ValueError("it is empty")
    return value


def base(value: str) -> str:
    """What IRIs begin with, as `graph.terms.Iris` takes it."""
    return Iris(value).base


def prefix(value: str) -> str:
    """The beginning of an IRI."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/#-]*", value):
        raise ValueError("the beginning of an IRI is expected, such as urn:example:")
    return value


def between(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number from `lowest` to `highest`."""

    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError("a whole number is expected") from None
        if not lowest <= number <= highest:
            raise ValueError(f"it must be between {lowest} and {highest}")
        return number

    return read


def seconds(lowest: float, highest: float) -> Callable[[str], float]:
    """Seconds from `lowest` to `highest`."""

    def read(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            raise ValueError("a number of seconds is expected") from None
        if not lowest <= number <= highest:
            raise ValueError(f"it must be between {lowest:g} and {highest:g} seconds")
        return int(number) if number.is_integer() else number

    return read


def one_of(*values: str) -> Callable[[str], str]:
    """One of these words."""

    def read(value: str) -> str:
        if value not in values:
            raise ValueError(f"it must be {' or '.join(values)}")
        return value

    return read


def addresses(value: str) -> str:
    """IP addresses and networks, with commas between."""
    found = [part.strip() for part in value.split(",")]
    for part in found:
        try:
            ip_network(part)
        except ValueError:
            raise ValueError(
                f"{part!r} is neither an IP address nor a network such as 10.0.0.0/8"
            ) from None
    return ",".join(found)


def switch(value: str) -> bool:
    """Yes or no."""
    if value.lower() in ("true", "yes", "on", "1"):
        return True
    if value.lower() in ("false", "no", "off", "0"):
        return False
    raise ValueError("yes or no is expected")
